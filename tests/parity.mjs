// What tests of parity share: the same pictures, and what two builds of the engine may answer differently.
import assert from "node:assert/strict";
import { classifyNatively, drawSmears, largestDifference, soak } from "./support.mjs";

const tie = 1e-3;
const atOnce = 40;

/** Paths. LEUKOLENS_SOAK makes it so many times as many. */
export const drawPictures = () => drawSmears({ count: 10 * soak, seed: 11, size: "160x120" });

/**
 * Fails where `classify`, given some of the paths, gives other answers than the native engine and not by a hair, or probabilities that
 * are further from its own than a hair is wide; says how far they are. `rejection` is the model's.
 */
export async function assertParity(name, paths, rejection, classify) {
  let largest = 0;
  let ties = 0;
  for (let begin = 0; begin < paths.length; begin += atOnce) {
    const some = paths.slice(begin, begin + atOnce);
    const results = await classify(some);
    assert.equal(results.length, some.length);
    for (const [i, native] of classifyNatively(some).entries()) {
      const result = results[i];
      largest = Math.max(largest, largestDifference(result.predictions, native.predictions));
      if (isTie(result, rejection)) ties++;
      else assert.deepEqual([result.verdict, result.label], [native.verdict, native.label], native.source);
    }
  }
  console.log(
    `${name}: ${paths.length} pictures, largest difference from native ${largest.toExponential(1)}, ${ties} ties`,
  );
  assert.ok(largest < tie);
  assert.ok(ties <= paths.length / 20);
}

/** Whether another rounding may turn the answer. Typicalities are shares of a few hundred cells, and thresholds of them small. */
function isTie(
  { predictions, typicality },
  { min_confidence = 0, reject_confidence = 0, min_typicality = 0 },
) {
  const [first = 1, second = 0] = predictions.map(({ probability }) => probability);
  const distances = [first - second, first - min_confidence, first - reject_confidence];
  return (
    distances.some((distance) => Math.abs(distance) < tie) ||
    Math.abs((typicality ?? 1) - min_typicality) < tie * min_typicality
  );
}
