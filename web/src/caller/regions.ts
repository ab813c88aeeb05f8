// Parts of pictures as calls name them.
import type { CellPlace } from "../shared/protocol.js";
import type { LocatedCell, Region } from "../shared/results.js";

/** The side of the largest thumbnail, in pixels. */
export const largestThumbnail = 512;

/** A cell carries more than an engine needs to know it by. What somebody framed has no outline. */
export function placeOf(cell: LocatedCell | undefined): CellPlace | undefined {
  if (!cell) return undefined;
  const { x, y, box, outline } = cell;
  return outline.length > 0 ? { x, y } : { x, y, box: roundRegion(box) };
}

export function roundRegion({ x, y, width, height }: Region): Region {
  const [left, top] = [Math.round(x), Math.round(y)];
  return { x: left, y: top, width: Math.round(x + width) - left, height: Math.round(y + height) - top };
}
