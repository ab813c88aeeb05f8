// The same pictures natively and in Node, by both builds: one answer but where it hangs by a thousandth, and the same bits each time.
// LEUKOLENS_SOAK makes it so many times as many.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { classifyNatively, drawSmears, installPackage, largestDifference, soak } from "../support.mjs";

setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it, but hides it

const { Classifier } = await import(pathToFileURL(installPackage().entry));

const paths = drawSmears({ count: 10 * soak, seed: 11, size: "160x120" });
const tie = 1e-3;

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

let classifiers;
before(async () => {
  classifiers = await Promise.all(
    ["simd", "relaxed"].map((build) => Classifier.load({ build, worker: false })),
  );
});
after(() => {
  for (const classifier of classifiers) classifier.dispose();
});

test(`${paths.length} pictures get one answer natively, with SIMD128 and with relaxed SIMD`, async () => {
  const largest = new Map();
  let ties = 0;
  for (let begin = 0; begin < paths.length; begin += 40) {
    const some = paths.slice(begin, begin + 40);
    for (const native of classifyNatively(some)) {
      for (const classifier of classifiers) {
        const result = await classifier.classify(pathToFileURL(native.source));
        const difference = largestDifference(result.predictions, native.predictions);
        largest.set(classifier.build, Math.max(largest.get(classifier.build) ?? 0, difference));
        if (isTie(result, classifier.model.rejection)) ties++;
        else assert.deepEqual([result.verdict, result.label], [native.verdict, native.label], native.source);
      }
    }
  }
  for (const [build, difference] of largest)
    console.log(`${build}: largest difference from native ${difference.toExponential(1)}`);
  console.log(`${ties} answers hung by a thousandth`);
  assert.ok(Math.max(...largest.values()) < tie);
  assert.ok(ties <= paths.length / 20);
});

test("the same picture gets the same bits each time", async () => {
  for (const classifier of classifiers) {
    const { timings: _, ...first } = await classifier.classify(pathToFileURL(paths[0]));
    await classifier.classify(pathToFileURL(paths[1]));
    const { timings: __, ...second } = await classifier.classify(pathToFileURL(paths[0]));
    assert.deepEqual(second, first);
  }
});
