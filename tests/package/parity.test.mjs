// The same pictures natively and in Node, by both builds: one answer but where it hangs by a thousandth, and the same bits each time.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { assertParity, drawPictures } from "../parity.mjs";
import { installPackage } from "../support.mjs";

setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it, but hides it

const { Classifier } = await import(pathToFileURL(installPackage().entry));

const paths = drawPictures();

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
  for (const classifier of classifiers)
    await assertParity(`Node, ${classifier.build}`, paths, classifier.model.rejection, (some) =>
      Promise.all(some.map((path) => classifier.classify(pathToFileURL(path)))),
    );
});

test("the same picture gets the same bits each time", async () => {
  for (const classifier of classifiers) {
    const { timings: _, ...first } = await classifier.classify(pathToFileURL(paths[0]));
    await classifier.classify(pathToFileURL(paths[1]));
    const { timings: __, ...second } = await classifier.classify(pathToFileURL(paths[0]));
    assert.deepEqual(second, first);
  }
});
