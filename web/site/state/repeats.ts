// Finds cells that were photographed twice: in the same picture given again, in crops of one picture, in fields that overlap. Plain
// functions on what is small of each picture, without state.
import type { CellKey } from "./store.js";

/** A square of grey values, row by row. */
export interface Square {
  readonly side: number;
  readonly values: Float32Array;
}

/** What a picture is recognised by. */
export interface PictureMarks {
  readonly id: string;
  /** Of the file's bytes. */
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  /** The smallest square around the picture, in small; NaN where it lies beyond the picture. */
  readonly small: Square | undefined;
  readonly cells: readonly CellMarks[];
}

export interface CellMarks {
  readonly key: CellKey;
  /** Centre and diameter in pixels of the picture. */
  readonly x: number;
  readonly y: number;
  readonly diameter: number;
  readonly patch: Square | undefined;
}

/** One picture shown over another: what lies at (x, y) of the second lies at (x + dx, y + dy) of the first. */
export interface Offset {
  readonly dx: number;
  readonly dy: number;
}

/** Pictures of less likeness than this, where they would overlap, show different places; see tests/site/repeats.test.mjs. */
const leastLikeness = 0.6;
/** Nothing better is looked for. */
const certainLikeness = 0.9;
/** Cells of less likeness than this are not even tried as one and the same. */
const leastCellLikeness = 0.75;
/** What a first look, at one pixel in four and without shifts, must find for a second one. */
const leastAtFirstSight = 0.25;
/** An overlap narrower than this, in pixels of the small picture, says nothing. */
const leastOverlap = 10;

/**
 * The cells that two pictures share, as [of the second, of the first]; undefined where the pictures do not overlap. The same file
 * shares all.
 */
export function sharedCells(
  first: PictureMarks,
  second: PictureMarks,
): readonly (readonly [CellKey, CellKey])[] | undefined {
  const offset = first.hash === second.hash ? { dx: 0, dy: 0 } : offsetBetween(first, second);
  if (!offset) return undefined;
  const left = new Set(first.cells);
  return second.cells.flatMap((cell) => {
    const found = nearest(left, cell, offset);
    if (!found) return [];
    left.delete(found);
    return [[cell.key, found.key] as const];
  });
}

function nearest(cells: ReadonlySet<CellMarks>, cell: CellMarks, { dx, dy }: Offset): CellMarks | undefined {
  const distance = ({ x, y }: CellMarks) => Math.hypot(cell.x + dx - x, cell.y + dy - y);
  let best: CellMarks | undefined;
  for (const one of cells) if (!best || distance(one) < distance(best)) best = one;
  return best && distance(best) < best.diameter / 2 ? best : undefined;
}

/** Where the pictures overlap so that a cell of one lies on a like cell of the other and their surroundings agree. */
export function offsetBetween(first: PictureMarks, second: PictureMarks): Offset | undefined {
  let best: { readonly offset: Offset; readonly likeness: number } | undefined;
  for (const one of first.cells)
    for (const other of second.cells) {
      if (!areLike(one, other)) continue;
      const offset = { dx: one.x - other.x, dy: one.y - other.y };
      const likeness = likenessAt(first, second, offset);
      if (likeness >= leastLikeness && likeness > (best?.likeness ?? 0)) best = { offset, likeness };
      if (likeness >= certainLikeness) return offset;
    }
  return best?.offset;
}

function areLike(one: CellMarks, other: CellMarks): boolean {
  if (!one.patch || !other.patch) return false;
  if (Math.abs(Math.log(one.diameter / other.diameter)) > 0.2) return false;
  return patchLikeness(one.patch, other.patch) >= leastCellLikeness;
}

/** The largest correlation of two patches over shifts by a few pixels, for boxes around one cell differ a little. */
function patchLikeness(one: Square, other: Square): number {
  const reach = 2;
  let best = shiftedLikeness(one, other, 0, 0, reach);
  if (best < leastCellLikeness / 2) return best;
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++)
      best = Math.max(best, shiftedLikeness(one, other, dx, dy, reach));
  return best;
}

/** But for a frame of `reach` pixels. */
function shiftedLikeness(one: Square, other: Square, dx: number, dy: number, reach: number): number {
  const pairs = new Pairs();
  for (let y = reach; y < one.side - reach; y++)
    for (let x = reach; x < one.side - reach; x++)
      pairs.add(
        one.values[y * one.side + x] ?? Number.NaN,
        other.values[(y + dy) * other.side + x + dx] ?? Number.NaN,
      );
  return pairs.correlation;
}

/** How alike the pictures are where `offset` lays one over the other: a correlation, the largest nearby. -1 where they do not meet. */
export function likenessAt(first: PictureMarks, second: PictureMarks, { dx, dy }: Offset): number {
  if (!first.small || !second.small) return -1;
  const [coarse, fine, sign] =
    scaleOf(first) >= scaleOf(second) ? ([first, second, -1] as const) : ([second, first, 1] as const);
  const step = scaleOf(coarse);
  let best = correlationAt(coarse, fine, { dx: sign * dx, dy: sign * dy }, 2);
  if (best < leastAtFirstSight) return best;
  for (let row = -1; row <= 1; row++)
    for (let column = -1; column <= 1; column++) {
      const offset = { dx: sign * dx + (column * step) / 2, dy: sign * dy + (row * step) / 2 };
      best = Math.max(best, correlationAt(coarse, fine, offset));
    }
  return best;
}

/** Pixels of the picture in a pixel of its small one. */
function scaleOf({ width, height, small }: PictureMarks): number {
  return Math.max(width, height) / (small?.side ?? 1);
}

/** `offset` leads from the coarse picture into the fine one; `stride`: only every so many rows and columns are looked at. */
function correlationAt(coarse: PictureMarks, fine: PictureMarks, { dx, dy }: Offset, stride = 1): number {
  const [one, other] = [coarse.small, fine.small];
  if (!one || !other) return -1;
  const [step, fineStep] = [scaleOf(coarse), scaleOf(fine)];
  const [left, top] = originOf(coarse);
  const [fineLeft, fineTop] = originOf(fine);
  const pairs = new Pairs();
  for (let y = 0; y < one.side; y += stride)
    for (let x = 0; x < one.side; x += stride) {
      const value = one.values[y * one.side + x] ?? Number.NaN;
      const fx = (left + x * step + dx - fineLeft) / fineStep;
      const fy = (top + y * step + dy - fineTop) / fineStep;
      pairs.add(value, meanOf(other, fx, fy, step / fineStep));
    }
  return pairs.count < (leastOverlap / stride) ** 2 ? -1 : pairs.correlation;
}

/** Where the smallest square around a picture begins. */
function originOf({ width, height }: PictureMarks): readonly [x: number, y: number] {
  const side = Math.max(width, height);
  return [(width - side) / 2, (height - side) / 2];
}

/** Of the square of `size` pixels that begins at (x, y), by a few samples between the pixels. */
function meanOf(square: Square, x: number, y: number, size: number): number {
  const samples = Math.max(1, Math.min(4, Math.round(2 * size)));
  let sum = 0;
  for (let row = 0; row < samples; row++)
    for (let column = 0; column < samples; column++)
      sum += between(
        square,
        x + ((column + 0.5) / samples) * size - 0.5,
        y + ((row + 0.5) / samples) * size - 0.5,
      );
  return sum / samples ** 2;
}

function between({ side, values }: Square, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column + 1 >= side || row + 1 >= side) return Number.NaN;
  const at = (dx: number, dy: number) => values[(row + dy) * side + column + dx] ?? Number.NaN;
  const [right, down] = [x - column, y - row];
  return (
    (1 - down) * ((1 - right) * at(0, 0) + right * at(1, 0)) +
    down * ((1 - right) * at(0, 1) + right * at(1, 1))
  );
}

/** Pearson's correlation of pairs as they come; those that lack a value are passed over. */
class Pairs {
  count = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #yy = 0;
  #xy = 0;

  add(x: number, y: number): void {
    if (Number.isNaN(x + y)) return;
    this.count++;
    this.#x += x;
    this.#y += y;
    this.#xx += x * x;
    this.#yy += y * y;
    this.#xy += x * y;
  }

  get correlation(): number {
    const { count } = this;
    const covariance = this.#xy - (this.#x * this.#y) / count;
    const spread = Math.sqrt((this.#xx - this.#x ** 2 / count) * (this.#yy - this.#y ** 2 / count));
    return count > 1 && spread > 1e-6 ? covariance / spread : -1;
  }
}

/** Without what changes slowly across it, such as light that falls off towards the edges: each value less the mean around it. */
export function withoutShading({ side, values }: Square, reach = 6): Square {
  const around = (x: number, y: number) => {
    let [sum, count] = [0, 0];
    for (let row = Math.max(0, y - reach); row <= Math.min(side - 1, y + reach); row++)
      for (let column = Math.max(0, x - reach); column <= Math.min(side - 1, x + reach); column++) {
        const value = values[row * side + column] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
      }
    return sum / count;
  };
  return {
    side,
    values: values.map((value, index) => value - around(index % side, Math.floor(index / side))),
  };
}
