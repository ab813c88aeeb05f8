// How densely red cells lie in a field, and about how many are seen, from its thumbnail and the diameter that the engine measured. Bounds
// were chosen on drawn fields whose red cells were counted, and tried on photographs: tests/research/red-cells.mjs.
import type { Cell, Region } from "leukolens";

export interface Field {
  /** Of the picture. */
  readonly width: number;
  readonly height: number;
  /** The diameter of its red cells in pixels; null where none can be made out. */
  readonly redCell: number | null;
  /** Boxes of the white cells. */
  readonly whiteCells: readonly Region[];
  /** The picture in small, in the middle of a square: red, green, blue and alpha of each pixel, rows from the top. */
  readonly rgba: Uint8ClampedArray;
  /** Of that square, in pixels. */
  readonly side: number;
}

export interface RedCells {
  /** In an area where cells lie on each other, or where there are hardly any, white cells are not to be judged. */
  readonly area: "thick" | "thin" | undefined;
  /** About how many red cells are seen, those at the edges in part; undefined where that cannot be trusted. */
  readonly count: number | undefined;
}

/** Of what is seen beside white cells, how much absorbs light. */
const bounds = { thick: 0.75, thin: 0.15 };

/** Where red cells cover more, their diameter is not known: too few lie alone. */
const mostToCount = 0.62;

/** Of what absorbs light, how much a single layer of red cells covers at least: the rest is as light as the seam of a cell. */
const leastInOneLayer = 0.8;

/** A field has room for at least so many red cells: fewer fit into a picture of one white cell. */
const fewest = 25;

/** How wide a red cell is at most, in widths of the largest white cell beside it. */
const ofWhiteCell = 0.6;

/** Pixels of the thumbnail that red cells must be wide, to be counted and to tell whether glass is seen between them. */
const smallest = { counted: 3, apart: 4 };

/** What absorbs less of the light does not count. */
const leastAbsorbed = 0.1;

/** The rim of an eyepiece is darker than this in every colour, and blurred over so many pixels. */
const rim = { light: 64, reach: 2 };

/** Red cells that would be smaller than this part of the white ones are pieces, as in a tight crop, or dirt: as the engine has it. */
const wholeRedCell = 0.28;

/** White cells; what is doubtful may be red cells. */
export function whiteCellsOf(cells: readonly Cell[]): readonly Cell[] {
  return cells.filter(({ score }) => score >= 0.5);
}

/** The diameter of red cells as it was measured, where it can be that of whole ones. */
export function redCellOf({
  redCell,
  cells,
}: {
  redCell: number | null;
  cells: readonly Cell[];
}): number | null {
  const diameters = whiteCellsOf(cells).map(({ diameter }) => diameter);
  diameters.sort((one, other) => one - other);
  const usual = diameters[Math.floor(diameters.length / 2)] ?? 0;
  return redCell !== null && redCell >= wholeRedCell * usual ? redCell : null;
}

/** Undefined of what is no field. */
export function measureRedCells(field: Field): RedCells | undefined {
  const { width, height, redCell, side } = field;
  const scale = Math.max(width, height) / side;
  const counts = new Array<number>(256).fill(0);
  for (const green of seen(field, scale)) counts[green] = (counts[green] ?? 0) + 1;
  const all = sum(counts);
  const diameter = (redCell ?? 0) / scale; // in pixels of the thumbnail
  const cell = (Math.PI / 4) * diameter ** 2;
  if (cell === 0 || all < fewest * roomOf(field, scale)) return undefined;
  const absorbing = sum(counts.slice(0, Math.floor((1 - leastAbsorbed) * glassOf(counts)))) / all;
  const covered = sum(counts.slice(0, otsu(counts) + 1)) / all;
  if (absorbing < bounds.thin) return { area: "thin", count: undefined };
  const area = absorbing > bounds.thick && diameter >= smallest.apart ? "thick" : undefined;
  const isCounted =
    diameter >= smallest.counted && covered <= mostToCount && covered >= leastInOneLayer * absorbing;
  return { area, count: isCounted ? (covered * all) / cell : undefined };
}

/** The area of a red cell in pixels of the thumbnail: where they lie on each other, a white cell says better what it is at most. */
function roomOf({ redCell, whiteCells }: Field, scale: number): number {
  const sides = whiteCells.map(({ width, height }) => Math.max(width, height));
  const most = sides.length > 0 ? Math.max(...sides) * ofWhiteCell : Number.POSITIVE_INFINITY;
  return (Math.PI / 4) * (Math.min(redCell ?? 0, most) / scale) ** 2;
}

/** The green of empty glass: of the brightest twentieth. */
function glassOf(counts: readonly number[]): number {
  const all = sum(counts);
  let brighter = 0;
  for (let green = counts.length - 1; green > 0; green--) {
    brighter += counts[green] ?? 0;
    if (brighter >= all / 20) return green;
  }
  return 0;
}

/** The green of what is neither white cell nor rim: red cells absorb it most. */
function* seen({ width, height, whiteCells, rgba, side }: Field, scale: number): Generator<number> {
  const [left, top] = [(side - width / scale) / 2, (side - height / scale) / 2];
  const isOut = (x: number, y: number) => {
    const at = 4 * (y * side + x);
    return Math.max(rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0) < rim.light;
  };
  const hidden = new Uint8Array(side * side);
  const hide = (x0: number, y0: number, x1: number, y1: number) => {
    for (let y = Math.max(0, Math.floor(y0)); y < Math.min(side, y1); y++)
      hidden.fill(1, y * side + Math.max(0, Math.floor(x0)), y * side + Math.min(side, Math.ceil(x1)));
  };
  for (const { x, y, width, height } of whiteCells)
    hide(left + x / scale, top + y / scale, left + (x + width) / scale, top + (y + height) / scale);
  // What lies half beyond the picture shows nothing either.
  const [x0, y0, x1, y1] = [Math.ceil(left), Math.ceil(top), Math.floor(side - left), Math.floor(side - top)];
  for (let y = y0; y < y1; y++)
    for (let x = x0; x < x1; x++)
      if (isOut(x, y)) hide(x - rim.reach, y - rim.reach, x + rim.reach + 1, y + rim.reach + 1);
  for (let y = y0; y < y1; y++)
    for (let x = x0; x < x1; x++) if (hidden[y * side + x] === 0) yield rgba[4 * (y * side + x) + 1] ?? 0;
}

/** The last value of the lower of the two classes into which values divide best (Otsu 1979). */
function otsu(counts: readonly number[]): number {
  const all = sum(counts);
  const total = all * mean(counts);
  let [below, sumBelow, best, at] = [0, 0, 0, 0];
  for (const [value, count] of counts.entries()) {
    below += count;
    sumBelow += value * count;
    const above = all - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sumBelow / below - (total - sumBelow) / above) ** 2;
    if (between > best) [best, at] = [between, value];
  }
  return at;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

/** Of values that are each there so many times. */
function mean(counts: readonly number[]): number {
  return counts.reduce((all, count, value) => all + value * count, 0) / sum(counts);
}
