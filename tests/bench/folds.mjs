// The networks of a cross-validation (`crossval --out-json FILE --models DIR`), each for what it has not seen.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Returns a function from an image's path to the model file of the fold that the image was kept out of. */
export function foldModels(folder, crossval) {
  const { predictions } = JSON.parse(readFileSync(crossval, "utf8"));
  const folds = new Map(predictions.map(({ source, fold }) => [basename(source), fold]));
  return (image) => join(folder, `fold-${folds.get(basename(image))}.safetensors`);
}
