// What the studies share: the networks of a cross-validation (`crossval --out-json FILE --models DIR`), each for what it
// has not seen, and intervals.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Returns a function from an image's path to the model file of the fold that the image was kept out of, if there is one. */
export function foldModels(folder, crossval) {
  const { predictions } = JSON.parse(readFileSync(crossval, "utf8"));
  const folds = new Map(predictions.map(({ source, fold }) => [basename(source), fold]));
  return (image) => {
    const fold = folds.get(basename(image));
    return fold && join(folder, `fold-${fold}.safetensors`);
  };
}

/** Wilson's score interval at 95 % of `count` of `total`, as shares (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927). */
export function interval(count, total) {
  const z = 1.959964,
    share = count / total;
  const middle = share + z ** 2 / (2 * total),
    reach = z * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2));
  return [middle - reach, middle + reach].map((bound) => bound / (1 + z ** 2 / total));
}
