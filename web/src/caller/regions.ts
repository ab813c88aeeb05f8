// Parts of pictures as calls name them.
import { assertThat } from "../shared/errors.js";
import type { CellPlace } from "../shared/protocol.js";
import type { LocatedCell, Region } from "../shared/results.js";

/** The side of the largest thumbnail, in pixels. */
export const largestThumbnail = 512;

/** A cell carries more than an engine needs to know it by. */
export function placeOf(cell: LocatedCell | undefined): CellPlace | undefined {
  if (!cell) return undefined;
  const { x, y, box } = cell;
  return isFramed(cell) ? { x, y, box: roundRegion(box) } : { x, y };
}

/** By somebody, who gave it no outline. Errors: invalid_argument where it is no cell. */
export function isFramed({ outline }: LocatedCell): boolean {
  assertThat(outline, "A cell", "one of another call");
  return outline.length === 0;
}

export function roundRegion({ x, y, width, height }: Region): Region {
  const [left, top] = [Math.round(x), Math.round(y)];
  return { x: left, y: top, width: Math.round(x + width) - left, height: Math.round(y + height) - top };
}
