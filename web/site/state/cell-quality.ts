// How each cell was photographed and how densely the red cells of its field lie, measured from thumbnails when somebody looks, and kept.
import { margin, side, tileOrigin } from "../images/sprite-sheet.js";
import { measure, type Quality } from "./quality.js";
import { measureRedCells, type RedCells, redCellOf, whiteCellsOf } from "./red-cells.js";
import type { Checked, Findings, Picture } from "./store.js";

const known = new WeakMap<Checked["cell"] | Findings, Promise<unknown>>();

/** Undefined where there is no thumbnail of it alone: models that see whole pictures have none. */
export function qualityOf({
  cell,
  sheet,
  tile,
  picture: { outcome },
}: Checked): Promise<Quality | undefined> {
  return once(cell, async () => {
    if (!sheet || outcome?.kind !== "found" || outcome.whole) return undefined;
    const rgba = await readTile(sheet, tile);
    return rgba && measure({ rgba, side, share: 1 / margin });
  });
}

/** Undefined where no red cells can be made out, or too few would fit into the picture. */
export function redCellsOf(found: Findings): Promise<RedCells | undefined> {
  return once(found, async () => {
    const { spriteSheet, width, height, cells } = found;
    const rgba = spriteSheet && (await readTile(spriteSheet, 0));
    const redCell = redCellOf(found);
    const whiteCells = whiteCellsOf(cells).map(({ box }) => box);
    return rgba && measureRedCells({ width, height, redCell, whiteCells, rgba, side });
  });
}

/** Of those pictures in which it can be told. */
export async function redCellsIn(pictures: readonly Picture[]): Promise<ReadonlyMap<Picture, RedCells>> {
  const known = new Map<Picture, RedCells>();
  for (const picture of pictures) {
    const redCells = picture.outcome?.kind === "found" && (await redCellsOf(picture.outcome));
    if (redCells) known.set(picture, redCells);
  }
  return known;
}

/** A thumbnail that cannot be read tells nothing. */
function once<T>(of: Checked["cell"] | Findings, look: () => Promise<T>): Promise<T | undefined> {
  const before = known.get(of) as Promise<T | undefined> | undefined;
  if (before) return before;
  const found = look().catch(() => undefined);
  known.set(of, found);
  return found;
}

async function readTile(sheet: Blob, tile: number): Promise<Uint8ClampedArray | undefined> {
  const [x, y] = tileOrigin(tile);
  const bitmap = await createImageBitmap(sheet, x, y, side, side);
  const context = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
  context?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context?.getImageData(0, 0, side, side).data;
}
