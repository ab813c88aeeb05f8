// How each cell was photographed, measured from its thumbnail when somebody looks at it, and kept.
import { margin, side, tileOrigin } from "../images/sprite-sheet.js";
import { measure, type Quality } from "./quality.js";
import type { Checked } from "./store.js";

const known = new WeakMap<Checked["cell"], Promise<Quality | undefined>>();

/** Undefined where there is no thumbnail of it alone: models that see whole pictures have none. */
export function qualityOf(checked: Checked): Promise<Quality | undefined> {
  const before = known.get(checked.cell);
  if (before) return before;
  const quality = look(checked).catch(() => undefined); // a thumbnail that cannot be read warns of nothing
  known.set(checked.cell, quality);
  return quality;
}

async function look({ sheet, tile, picture: { outcome } }: Checked): Promise<Quality | undefined> {
  if (!sheet || outcome?.kind !== "found" || outcome.whole) return undefined;
  const [x, y] = tileOrigin(tile);
  const bitmap = await createImageBitmap(sheet, x, y, side, side);
  const context = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
  context?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const rgba = context?.getImageData(0, 0, side, side).data;
  return rgba && measure({ rgba, side, share: 1 / margin });
}
