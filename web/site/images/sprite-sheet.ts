// Small pictures: one image file for a picture and all its cells, so that no list ever holds a large bitmap.
import type { Region } from "leukolens";
import { openPicture } from "./decode.js";

/** Each small picture is a square of this many pixels; the first is the whole picture. */
export const side = 96;
const columns = 16;
/** More cells than this and the sheet would pass what canvases can hold. */
const most = 2000;

/** Where the small picture number `index` lies: 0 is the picture, then its cells. */
export function tileOrigin(index: number): readonly [x: number, y: number] {
  return [side * (index % columns), side * Math.floor(index / columns)];
}

/** Undefined where the picture cannot be drawn. */
export async function makeSpriteSheet(
  picture: Blob,
  cells: readonly { readonly box: Region }[],
): Promise<Blob | undefined> {
  const image = await openPicture(picture).catch(() => undefined);
  if (!image) return undefined;
  try {
    const count = 1 + Math.min(cells.length, most);
    const canvas = new OffscreenCanvas(Math.min(count, columns) * side, Math.ceil(count / columns) * side);
    const context = canvas.getContext("2d");
    if (!context) return undefined;
    context.imageSmoothingQuality = "high";
    draw(context, image, square({ x: 0, y: 0, width: image.width, height: image.height }, 1), 0);
    for (const [index, { box }] of cells.slice(0, most).entries())
      draw(context, image, square(box, 1.35), index + 1);
    return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
  } catch {
    return undefined;
  } finally {
    image.close();
  }
}

/** The square around a region, `margin` times as large. */
export function square({ x, y, width, height }: Region, margin: number): Region {
  const size = Math.max(width, height) * margin;
  return { x: x + (width - size) / 2, y: y + (height - size) / 2, width: size, height: size };
}

/** What of `from` lies outside the picture stays empty. */
function draw(
  context: OffscreenCanvasRenderingContext2D,
  image: ImageBitmap,
  from: Region,
  index: number,
): void {
  const [left, top] = tileOrigin(index);
  const scale = side / from.width;
  context.save();
  context.beginPath();
  context.rect(left, top, side, side);
  context.clip();
  context.fillStyle = "#e8e2ea";
  context.fillRect(left, top, side, side);
  context.translate(left - from.x * scale, top - from.y * scale);
  context.scale(scale, scale);
  context.drawImage(image, 0, 0);
  context.restore();
}
