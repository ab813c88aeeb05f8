// What must not grow, in Node: memory, after many images, and after large ones. LEUKOLENS_SOAK makes it so many times as many.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { cellModel } from "../cell-model.mjs";
import { blankPng, drawSmears, installPackage, soak } from "../support.mjs";

const { Classifier } = await import(pathToFileURL(installPackage().entry));

const images = drawSmears({ count: 1, size: "96x96" }).map((path) => readFileSync(path));

// A small network and small images: what a call could leave behind is the same as with any.
describe("memory", () => {
  let classifier;
  before(async () => {
    classifier = await Classifier.load({ model: cellModel() });
  });
  after(() => classifier.dispose());

  test(`${2000 * soak} images leave memory as it was`, async () => {
    function* many(count) {
      for (let i = 0; i < count; i++) yield images[i % images.length];
    }
    const run = async (count) => {
      let done = 0;
      for await (const { verdict } of classifier.classifyAll(many(count))) if (verdict) done++;
      assert.equal(done, count);
      return memory();
    };
    const before = await run(200);
    const start = performance.now();
    await run(1000 * soak);
    const middle = performance.now();
    const after = await run(1000 * soak);
    const perSecond = (from, to) => ((1e6 * soak) / (to - from)).toFixed(0);
    console.log(
      `after 200 images ${megabytes(before)}, after ${2000 * soak} more ${megabytes(after)}; images/s ${perSecond(start, middle)} in the first half, ${perSecond(middle, performance.now())} in the second`,
    );
    assert.ok(after - before < 8e6);
  });

  test(`${1000 * soak} opened pictures leave memory as it was, whether they are closed or forgotten`, async () => {
    const run = async (count) => {
      for (let i = 0; i < count; i++) {
        const picture = await classifier.open(images[i % images.length]);
        await picture.classify();
        if (i % 2) picture.close();
        if (i % 100 === 0) await turn(); // what is forgotten, and node:test's notes of promises, go between turns
      }
    };
    await run(100);
    const before = await memoryAtRest();
    await run(1000 * soak);
    const after = await memoryAtRest(before + 8e6);
    console.log(`after 100 pictures ${megabytes(before)}, after ${1000 * soak} more ${megabytes(after)}`);
    assert.ok(after - before < 8e6);
  });
});

test(`${20 * soak} classifiers loaded and disposed leave memory as it was`, async () => {
  const model = cellModel();
  const run = async (count) => {
    for (let i = 0; i < count; i++) {
      const classifier = await Classifier.load({ model });
      assert.ok((await classifier.classify(images[0])).verdict);
      classifier.dispose();
    }
  };
  await run(10);
  const before = await memoryAtRest();
  await run(20 * soak);
  const after = await memoryAtRest(before + 8e6);
  console.log(`after 10 loads ${megabytes(before)}, after ${20 * soak} more ${megabytes(after)}`);
  assert.ok(after - before < 8e6);
});

test("a picture that nobody holds any more is closed", async () => {
  const classifier = await Classifier.load({ model: cellModel() });
  const before = memory();
  let file = new Blob([blankPng(6000, 6000)]);
  let picture = await classifier.open(file);
  await picture.locate();
  const open = memory();
  picture = file = undefined;
  for (let i = 0; i < 100 && memory() > before + 32e6; i++) await sleep(20);
  const after = memory();
  console.log(`before ${megabytes(before)}, open ${megabytes(open)}, forgotten ${megabytes(after)}`);
  assert.ok(open - before > 108e6 && after - before < 32e6);
  classifier.dispose();
});

test("an engine that a large image made grow gives the memory back", async () => {
  const classifier = await Classifier.load();
  await classifier.classify(images[0]);
  const before = memory();
  const side = 6000;
  const picture = { data: new Uint8ClampedArray(4 * side * side), width: side, height: side };
  globalThis.ImageData = class {};
  await classifier.classify(Object.setPrototypeOf(picture, ImageData.prototype));
  delete globalThis.ImageData;
  picture.data = undefined;
  await sleep(50);
  const after = memory();
  console.log(`before ${megabytes(before)}, after 36 megapixels ${megabytes(after)}`);
  assert.ok(after - before < 32e6);
  assert.ok((await classifier.classify(images[0])).verdict);
  classifier.dispose();
});

/** Bytes that JavaScript and WebAssembly hold after a collection. */
function memory() {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * The same once what a collection found is closed. Much of it takes long: until less than `most` is held, where that is given, or half
 * a minute has passed.
 */
async function memoryAtRest(most) {
  memory();
  await sleep(50);
  for (let i = 0; i < 600 && memory() >= most; i++) await sleep(50);
  return memory();
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
