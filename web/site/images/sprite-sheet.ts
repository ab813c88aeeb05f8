// Thumbnails: one image file for a picture and all its cells, so that no list ever holds a large bitmap.
import type { Pixels, Region } from "leukolens";
import { encode } from "./encode.js";

/** Each thumbnail is a square of this many pixels; the first is the whole picture. */
export const side = 96;
/** As the engine lays them out. */
const columns = 16;
/** How much of its surroundings a cell's thumbnail shows: sides are so many times as long as its box's. */
export const margin = 1.35;

/** Where thumbnail number `index` lies: 0 is the picture, then its cells. */
export function tileOrigin(index: number): readonly [x: number, y: number] {
  return [side * (index % columns), side * Math.floor(index / columns)];
}

/** What the thumbnails show, in their order. */
export function thumbnailRegions(
  { width, height }: Pick<Region, "width" | "height">,
  cells: readonly { readonly box: Region }[],
): readonly Region[] {
  return [{ x: 0, y: 0, width, height }, ...cells.map(({ box }) => enlarge(box))];
}

function enlarge({ x, y, width, height }: Region): Region {
  const [right, down] = [(width * (margin - 1)) / 2, (height * (margin - 1)) / 2];
  return { x: x - right, y: y - down, width: width * margin, height: height * margin };
}

/** The engine's sheet as a file. What lies beyond the picture has the colour of an empty slide. */
export function encodeSpriteSheet(sheet: Pixels): Promise<Blob> {
  return encode(sheet, { type: "image/jpeg", quality: 0.85, ground: "#e8e2ea" });
}
