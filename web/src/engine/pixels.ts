// A picture's pixels, whole or in small, on their way out of the engine.
import { LeukolensError } from "../shared/errors.js";
import type { Pixels, Region } from "../shared/results.js";
import type { RawModule } from "./leukolens.js";

/** Rows that are copied at once: memory of WebAssembly does not shrink, so a large picture is never there as RGBA. */
const band = 64;

/** Thumbnails in a row of a sprite sheet. */
const columns = 16;

const mostPixels = 40_000_000;

/** How much longer than its box a cell's thumbnail is. */
const margin = 1.35;

export function copyPixels(
  module: RawModule,
  picture: number,
  { width, height }: { readonly width: number; readonly height: number },
): Pixels["rgba"] {
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y += band) {
    const rows = Math.min(band, height - y);
    rgba.set(module.pixels(picture, 0, y, width, rows, width, rows), 4 * width * y);
  }
  return rgba;
}

/** At most `wanted`: how large so many thumbnails can be in one sheet. */
export function largestSize(wanted: number, count: number): number {
  return Math.min(wanted, Math.floor(Math.sqrt(mostPixels / (columns * Math.ceil(count / columns)))));
}

/** The smallest square around each region, in squares of `size` pixels. Errors: invalid_argument. */
export function drawSheet(
  module: RawModule,
  picture: number,
  regions: readonly Region[],
  size: number,
): Pixels {
  const width = size * Math.min(columns, regions.length);
  const height = size * Math.ceil(regions.length / columns);
  if (width === 0 || width * height > mostPixels)
    throw new LeukolensError("invalid_argument", "A sheet has from 1 thumbnail to 40 million pixels.");
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (const [index, region] of regions.entries()) {
    const { x, y, side } = squareAround(region);
    const one = module.pixels(picture, x, y, side, side, size, size);
    const place = size * (width * Math.floor(index / columns) + (index % columns));
    for (let row = 0; row < size; row++)
      rgba.set(one.subarray(4 * size * row, 4 * size * (row + 1)), 4 * (place + width * row));
  }
  return { width, height, rgba };
}

export function withMargin({ x, y, width, height }: Region): Region {
  const half = (margin - 1) / 2;
  return { x: x - half * width, y: y - half * height, width: margin * width, height: margin * height };
}

function squareAround({ x, y, width, height }: Region): { x: number; y: number; side: number } {
  const side = Math.round(Math.max(width, height));
  const square = { x: Math.round(x + (width - side) / 2), y: Math.round(y + (height - side) / 2), side };
  if (!(width > 0 && height > 0 && Object.values(square).every((value) => Math.abs(value) < 2 ** 20)))
    throw new LeukolensError("invalid_argument", "A region is empty, or too far from the picture.");
  return { ...square, side: Math.max(side, 1) };
}
