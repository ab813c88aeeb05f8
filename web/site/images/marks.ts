// What pictures and cells are recognised by when they come again, taken from what the page keeps of them anyway: nothing is decoded anew.
import type { PictureMarks, Square } from "../state/repeats.js";
import { patchOf, withoutShading } from "../state/repeats.js";
import { type Findings, keyOf, type Picture } from "../state/store.js";
import { side, tileOrigin } from "./sprite-sheet.js";

const patchSide = 16;

/** `comparable`: with what a look needs, which takes 40 kB for each picture; else only equal files are recognised. */
export async function marksOf(
  picture: Picture,
  outcome: Findings,
  { comparable = true } = {},
): Promise<PictureMarks> {
  const { id } = picture;
  const { width, height, cells, spriteSheet } = outcome;
  const sheet = comparable && spriteSheet ? await greyOf(spriteSheet).catch(() => undefined) : undefined;
  const small = sheet && withoutShading(within(shrink(sheet, 0, side), width, height));
  return {
    ...{ id, width, height, small },
    cells: cells.map((cell, index) => ({
      ...{ key: keyOf(id, outcome, cell), x: cell.x, y: cell.y, diameter: cell.diameter },
      patch: sheet && patchOf(shrink(sheet, index + 1, patchSide)),
    })),
  };
}

interface Grey {
  readonly width: number;
  readonly values: Float32Array;
}

async function greyOf(file: Blob): Promise<Grey> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Float32Array(width * height);
  for (let pixel = 0; pixel < values.length; pixel++)
    values[pixel] =
      ((data[4 * pixel] ?? 0) + 2 * (data[4 * pixel + 1] ?? 0) + (data[4 * pixel + 2] ?? 0)) / 4;
  return { width, values };
}

/** A thumbnail, in squares of pixels each averaged. */
function shrink({ width, values }: Grey, index: number, to: number): Square {
  const [left, top] = tileOrigin(index);
  const block = side / to;
  const mean = (column: number, row: number) => {
    let sum = 0;
    for (let y = 0; y < block; y++)
      for (let x = 0; x < block; x++)
        sum += values[(top + row * block + y) * width + left + column * block + x] ?? 0;
    return sum / block ** 2;
  };
  return {
    side: to,
    values: Float32Array.from({ length: to * to }, (_, place) => mean(place % to, Math.floor(place / to))),
  };
}

/** The smallest square around a picture reaches beyond it; there, and where its edge blurs, are no values. */
function within({ side, values }: Square, width: number, height: number): Square {
  const large = Math.max(width, height);
  const [left, top] = [width, height].map((length) => ((1 - length / large) / 2) * side) as [number, number];
  const lies = (place: number, margin: number) =>
    margin === 0 || (place >= margin + 0.5 && place + 1.5 <= side - margin);
  return {
    side,
    values: values.map((value, index) =>
      lies(index % side, left) && lies(Math.floor(index / side), top) ? value : Number.NaN,
    ),
  };
}
