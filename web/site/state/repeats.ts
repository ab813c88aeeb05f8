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
  readonly width: number;
  readonly height: number;
  /** The smallest square around the picture, in small; NaN where it lies beyond the picture. */
  readonly small: Square | undefined;
  readonly cells: readonly CellMarks[];
}

export interface CellMarks extends Place {
  readonly patch: Patch | undefined;
}

/** Where a cell lies. */
export interface Place {
  readonly key: CellKey;
  /** Centre and diameter in pixels of the picture. */
  readonly x: number;
  readonly y: number;
  readonly diameter: number;
}

/** A cell in small, ready to be held against many others. */
export interface Patch {
  readonly square: Square;
  /** Without a frame of `reach` pixels, less its mean and divided by its norm: its products with another's values sum up to their correlation times the other's norm. */
  readonly middle: Float32Array;
  /** Of the values under `middle`, less their mean, where it lies over the square in each of `shifts`. */
  readonly norms: Float32Array;
}

/** One picture shown over another: what lies at (x, y) of the second lies at (x + dx, y + dy) of the first. */
export interface Offset {
  readonly dx: number;
  readonly dy: number;
}

/** Cells of less likeness than this are not even tried as one and the same. */
const leastCellLikeness = 0.4;
/** Boxes around one cell differ a little: patches are moved over each other by so many pixels. */
const reach = 1;
/** In the middle first: whoever lies there needs no other. */
const shifts: readonly Offset[] = [-1, 0, 1]
  .flatMap((dy) => [-1, 0, 1].map((dx) => ({ dx: dx * reach, dy: dy * reach })))
  .sort((one, other) => Math.hypot(one.dx, one.dy) - Math.hypot(other.dx, other.dy));
/** What a first look, at one pixel in sixteen and without shifts, must find for a second one. */
const leastAtFirstSight = 0.35;
/** Nothing better is looked for. */
const certainLikeness = 0.9;

/** The cells that two pictures share, as [of the second, of the first], where `offset` shows the second over the first. */
export function sharedCells(
  first: readonly Place[],
  second: readonly Place[],
  offset: Offset,
): readonly (readonly [CellKey, CellKey])[] {
  const left = new Set(first);
  return second.flatMap((cell) => {
    const found = nearest(left, cell, offset);
    if (!found) return [];
    left.delete(found);
    return [[cell.key, found.key] as const];
  });
}

function nearest(cells: ReadonlySet<Place>, cell: Place, { dx, dy }: Offset): Place | undefined {
  const distance = ({ x, y }: Place) => Math.hypot(cell.x + dx - x, cell.y + dy - y);
  let best: Place | undefined;
  for (const one of cells) if (!best || distance(one) < distance(best)) best = one;
  return best && distance(best) < best.diameter / 2 ? best : undefined;
}

/** Of more places where a cell lies on a like one, the least promising are passed over: pictures of hundreds of cells have thousands. */
const mostTried = 400;

/** A cell of the first picture that lies on a like one of the second. */
interface Candidate {
  readonly offset: Offset;
  readonly cell: CellMarks;
  readonly likeness: number;
}

/**
 * Where the pictures overlap so that a cell of one lies on a like cell of the other and their surroundings agree. Pauses wherever
 * somebody may have better things to do.
 */
export function* offsetBetween(
  first: PictureMarks,
  second: PictureMarks,
): Generator<undefined, Offset | undefined> {
  const candidates: Candidate[] = [];
  for (const one of first.cells) {
    for (const other of second.cells) {
      const likeness = likenessOf(one, other);
      const offset = { dx: one.x - other.x, dy: one.y - other.y };
      if (likeness >= leastCellLikeness) candidates.push({ offset, cell: one, likeness });
    }
    yield;
  }
  let best: { readonly offset: Offset; readonly likeness: number } | undefined;
  for (const { offset, cell } of mostPromising(candidates)) {
    const likeness = likenessAt(first, second, offset, cell) ?? 0;
    if (likeness >= certainLikeness) return offset;
    if (likeness > (best?.likeness ?? 0)) best = { offset, likeness };
    yield;
  }
  return best?.offset;
}

/** Those first whose offset many cells agree on, then those that are most alike. */
function mostPromising(candidates: readonly Candidate[]): readonly Candidate[] {
  const near = (candidates[0]?.cell.diameter ?? 0) / 4;
  const placeOf = ({ offset: { dx, dy } }: Candidate) => `${Math.round(dx / near)} ${Math.round(dy / near)}`;
  const votes = new Map<string, number>();
  for (const candidate of candidates) {
    const place = placeOf(candidate);
    votes.set(place, (votes.get(place) ?? 0) + 1);
  }
  return candidates
    .map((candidate) => ({ candidate, votes: votes.get(placeOf(candidate)) ?? 0 }))
    .sort((one, other) => other.votes - one.votes || other.candidate.likeness - one.candidate.likeness)
    .slice(0, mostTried)
    .map(({ candidate }) => candidate);
}

/** The largest correlation of two cells in any of `shifts`; after a first look at the middle, 0 for those that nobody takes for one. */
function likenessOf(one: CellMarks, other: CellMarks): number {
  const [patch, second] = [one.patch, other.patch];
  if (!patch || !second || Math.abs(Math.log(one.diameter / other.diameter)) > 0.3) return 0;
  const atOnce = patchLikeness(patch, second, 0);
  if (atOnce < leastCellLikeness / 2) return 0;
  return Math.max(...shifts.map((_, index) => (index === 0 ? atOnce : patchLikeness(patch, second, index))));
}

/** Pearson's correlation of two patches in one of `shifts`. */
function patchLikeness({ middle }: Patch, { square: { side, values }, norms }: Patch, index: number): number {
  const norm = norms[index] ?? 0;
  if (norm < 1e-6) return -1;
  let sum = 0;
  let at = 0;
  for (let row = 0; row < side - 2 * reach; row++) {
    const start = startOf(row, side, index);
    for (let place = start; place < start + side - 2 * reach; place++)
      sum += (middle[at++] ?? 0) * (values[place] ?? 0);
  }
  return sum / norm;
}

/** Where a row of another's middle begins that lies over a patch in one of `shifts`. */
function startOf(row: number, side: number, index: number): number {
  const { dx, dy } = shifts[index] ?? { dx: 0, dy: 0 };
  return (row + reach + dy) * side + reach + dx;
}

/** What is not known of a patch counts as its mean. */
export function patchOf({ side, values }: Square): Patch {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const square = { side, values: values.map((value) => (Number.isNaN(value) ? mean : value)) };
  const centred = shifts.map((_, index) => centre(square, index));
  const [middle = new Float32Array()] = centred;
  const norms = Float32Array.from(centred, (part) =>
    Math.sqrt(part.reduce((sum, value) => sum + value ** 2, 0)),
  );
  const norm = Math.max(norms[0] ?? 0, 1e-6);
  return { square, norms, middle: middle.map((value) => value / norm) };
}

/** The part of a patch on which another's middle lies, less its mean. */
function centre({ side, values }: Square, index: number): Float32Array {
  const inner = side - 2 * reach;
  const part = new Float32Array(inner ** 2);
  for (let row = 0; row < inner; row++) {
    const start = startOf(row, side, index);
    part.set(values.subarray(start, start + inner), row * inner);
  }
  const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
  return part.map((value) => value - mean);
}

/**
 * The correlation of two pictures around `cell` of the first, where `offset` lays one over the other, the largest nearby; undefined
 * where it is no more than chance could make it. The cell itself is left out: two cells of one class may well look alike.
 */
function likenessAt(
  first: PictureMarks,
  second: PictureMarks,
  { dx, dy }: Offset,
  cell: CellMarks,
): number | undefined {
  if (!first.small || !second.small) return undefined;
  const isFirstCoarse = scaleOf(first) >= scaleOf(second);
  const [coarse, fine, sign] = isFirstCoarse ? ([first, second, -1] as const) : ([second, first, 1] as const);
  const hidden = isFirstCoarse ? cell : { ...cell, x: cell.x - dx, y: cell.y - dy };
  const step = scaleOf(coarse);
  const look = (row: number, column: number, stride: number) =>
    pairsAt(coarse, fine, {
      ...{ hidden, stride, dx: sign * dx + (column * step) / 2, dy: sign * dy + (row * step) / 2 },
    });
  if (look(0, 0, 4).correlation < leastAtFirstSight) return undefined;
  const shifts = [-1, 0, 1].flatMap((row) => [-1, 0, 1].map((column) => look(row, column, 1)));
  const best = shifts.reduce((one, other) => (other.correlation > one.correlation ? other : one));
  return best.correlation >= leastLikeness(best.count) ? best.correlation : undefined;
}

/**
 * The correlation of `count` pixels that chance does not make: five standard deviations by Fisher's transformation (R. A. Fisher,
 * Biometrika 10, 1915), a red cell being nine pixels that are not independent of each other. Never less than 0.7,
 * which overlapping pictures pass by far and others stay well below.
 */
function leastLikeness(count: number): number {
  const independent = count / 9 - 3;
  return independent <= 0 ? Number.POSITIVE_INFINITY : Math.max(0.7, Math.tanh(5 / Math.sqrt(independent)));
}

/** Pixels of the picture in a pixel of its small one. */
function scaleOf({ width, height, small }: PictureMarks): number {
  return Math.max(width, height) / (small?.side ?? 1);
}

/** The values of both where they lie over each other; what lies at (x, y) of the coarse one lies at (x + dx, y + dy) of the fine one. */
function pairsAt(
  coarse: PictureMarks,
  fine: PictureMarks,
  { dx, dy, hidden, stride }: Offset & { readonly hidden: CellMarks; readonly stride: number },
): Pairs {
  const pairs = new Pairs();
  const [one, other] = [coarse.small, fine.small];
  if (!one || !other) return pairs;
  const [step, fineStep] = [scaleOf(coarse), scaleOf(fine)];
  const [left, top] = originOf(coarse);
  const [fineLeft, fineTop] = originOf(fine);
  const farEnough = (0.7 * hidden.diameter) ** 2;
  /** The rows or columns of the coarse one that the fine one reaches. */
  const reached = (origin: number, shift: number, fineOrigin: number): readonly [number, number] => {
    const begin = (fineOrigin - shift - origin) / step;
    const from = stride * Math.floor((begin - 1) / stride);
    return [Math.max(0, from), Math.min(one.side, begin + (other.side * fineStep) / step)];
  };
  const [firstRow, rows] = reached(top, dy, fineTop);
  const [firstColumn, columns] = reached(left, dx, fineLeft);
  for (let row = firstRow; row < rows; row += stride)
    for (let column = firstColumn; column < columns; column += stride) {
      const value = one.values[row * one.side + column] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const x = left + column * step;
      const y = top + row * step;
      if ((x - hidden.x) ** 2 + (y - hidden.y) ** 2 < farEnough) continue;
      const fineX = (x + dx - fineLeft) / fineStep;
      const fineY = (y + dy - fineTop) / fineStep;
      pairs.add(value, meanOf(other, fineX, fineY, step / fineStep, stride));
    }
  return pairs;
}

/** Where the smallest square around a picture begins. */
function originOf({ width, height }: PictureMarks): readonly [x: number, y: number] {
  const side = Math.max(width, height);
  return [(width - side) / 2, (height - side) / 2];
}

/** Of the square of `size` pixels that begins at (x, y), by samples between the pixels; one is enough for a look at few of them. */
function meanOf(square: Square, x: number, y: number, size: number, stride: number): number {
  const samples = stride > 1 ? 1 : Math.max(1, Math.min(4, Math.round(2 * size)));
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
  const column = Math.floor(x);
  const row = Math.floor(y);
  if (column < 0 || row < 0 || column + 1 >= side || row + 1 >= side) return Number.NaN;
  const right = x - column;
  const down = y - row;
  const at = row * side + column;
  const above = (1 - right) * (values[at] ?? 0) + right * (values[at + 1] ?? 0);
  const below = (1 - right) * (values[at + side] ?? 0) + right * (values[at + side + 1] ?? 0);
  return (1 - down) * above + down * below;
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
  const sums = sumsOf(side, (place) => (Number.isNaN(values[place]) ? 0 : (values[place] ?? 0)));
  const counts = sumsOf(side, (place) => Number(!Number.isNaN(values[place])));
  return {
    side,
    values: values.map((value, index) => {
      const [x, y] = [index % side, Math.floor(index / side)];
      const [left, right] = [Math.max(0, x - reach), Math.min(side, x + reach + 1)];
      const [top, bottom] = [Math.max(0, y - reach), Math.min(side, y + reach + 1)];
      const within = (of: Float64Array) => {
        const at = (column: number, row: number) => of[row * (side + 1) + column] ?? 0;
        return at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
      };
      return value - within(sums) / within(counts);
    }),
  };
}

/** Summed-area table: at (x, y) the sum of all that is left of x and above y; a row and a column more than the square has. */
function sumsOf(side: number, valueAt: (place: number) => number): Float64Array {
  const sums = new Float64Array((side + 1) ** 2);
  for (let y = 0; y < side; y++) {
    let row = 0;
    for (let x = 0; x < side; x++) {
      row += valueAt(y * side + x);
      sums[(y + 1) * (side + 1) + x + 1] = row + (sums[y * (side + 1) + x + 1] ?? 0);
    }
  }
  return sums;
}
