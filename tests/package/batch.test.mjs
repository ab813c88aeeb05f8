// classifyAll in Node: order, back-pressure, errors as items, abort, progress, memory.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { blankBmp } from "../bmp.mjs";
import { cellModel } from "../cell-model.mjs";
import { drawGolden, drawSmears, installPackage } from "../support.mjs";

const files = drawGolden().map(({ path }) => pathToFileURL(path));
const { Classifier, LeukolensError } = await import(pathToFileURL(installPackage().entry));

const failsWith = (code) => (error) => error instanceof LeukolensError && error.code === code;

async function collect(items) {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("classifyAll", () => {
  let classifier;
  before(async () => {
    classifier = await Classifier.load();
  });
  after(() => classifier.dispose());

  test("yields what classify gives, in the order of the input, with its source", async () => {
    const items = await collect(classifier.classifyAll(files));
    assert.deepEqual(
      items.map(({ source }) => source),
      files,
    );
    for (const { source, predictions } of items) {
      assert.deepEqual(predictions, (await classifier.classify(source)).predictions);
    }
  });

  test("takes arrays, sets, generators and async generators", async () => {
    function* generate() {
      yield* files;
    }
    async function* generateLater() {
      for (const file of files) {
        await sleep(1);
        yield file;
      }
    }
    for (const inputs of [files, new Set(files), generate(), generateLater()]) {
      assert.equal((await collect(classifier.classifyAll(inputs))).length, files.length);
    }
    assert.deepEqual(await collect(classifier.classifyAll([])), []);
    await assert.rejects(collect(classifier.classifyAll(42)), failsWith("invalid_argument"));
  });

  test("one bad input is one item with its error, and progress counts it", async () => {
    const text = new TextEncoder().encode("not an image");
    const inputs = [files[0], text, new URL("file:///nowhere.png"), 42, files[1]];
    const reports = [];
    const onProgress = (progress) => reports.push(progress);
    const items = await collect(classifier.classifyAll(inputs, { onProgress }));
    const codes = items.map(({ error }) => error?.code);
    const expected = [undefined, "unsupported_format", "unreadable_file", "invalid_argument", undefined];
    assert.deepEqual(codes, expected);
    assert.equal(items[1].source, text);
    assert.ok(items[4].label);
    assert.deepEqual(
      reports.map(({ done }) => done),
      [1, 2, 3, 4, 5],
    );
    assert.deepEqual(reports.at(-1), { done: 5, failed: 3, total: 5 });
  });

  test("takes at most two images ahead of the one that is looked at", async () => {
    let taken = 0;
    function* endless() {
      for (;;) yield files[taken++ % files.length];
    }
    let seen = 0;
    for await (const item of classifier.classifyAll(endless())) {
      assert.ok(item.verdict);
      await sleep(5);
      assert.ok(taken - ++seen <= 2, `${taken} taken when ${seen} were seen`);
      if (seen === 10) break;
    }
  });

  test("yields an image before the next one is there", async () => {
    async function* camera() {
      yield files[0];
      await new Promise(() => undefined);
    }
    const items = classifier.classifyAll(camera());
    assert.ok((await items.next()).value.label);
  });

  test("leaving the loop ends the source", async () => {
    let ended = false;
    function* source() {
      try {
        yield* files;
      } finally {
        ended = true;
      }
    }
    for await (const _ of classifier.classifyAll(source())) break;
    assert.ok(ended);
  });

  test("an abort ends the iteration, even while the source is waited for", async () => {
    const already = classifier.classifyAll(files, { signal: AbortSignal.abort() });
    await assert.rejects(collect(already), failsWith("aborted"));
    const controller = new AbortController();
    async function* stuck() {
      yield files[0];
      await new Promise(() => undefined);
    }
    const items = [];
    await assert.rejects(async () => {
      for await (const item of classifier.classifyAll(stuck(), { signal: controller.signal })) {
        items.push(item);
        setImmediate(() => controller.abort()); // by then nothing but the source is waited for
      }
    }, failsWith("aborted"));
    assert.equal(items.length, 1);
  });

  test("an error of the source, and disposing, end the iteration", async () => {
    function* broken() {
      yield files[0];
      throw new RangeError("the folder is gone");
    }
    await assert.rejects(collect(classifier.classifyAll(broken())), RangeError);
    const other = await Classifier.load();
    const items = other.classifyAll(files);
    await items.next();
    other.dispose();
    await assert.rejects(collect(items), failsWith("disposed"));
  });
});

// A small network and small images: what a call could leave behind is the same as with any.
describe("memory", () => {
  const images = drawSmears({ count: 1, size: "96x96" }).map((path) => readFileSync(path));
  let classifier;
  before(async () => {
    classifier = await Classifier.load({ model: cellModel() });
  });
  after(() => classifier.dispose());

  test("2,000 images leave memory as it was", async () => {
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
    const after = await run(2000);
    console.log(`after 200 images ${megabytes(before)}, after 2,000 more ${megabytes(after)}`);
    assert.ok(after - before < 8e6);
  });

  test("1,000 opened pictures leave memory as it was, whether they are closed or forgotten", async () => {
    const run = async (count) => {
      for (let i = 0; i < count; i++) {
        const picture = await classifier.open(images[i % images.length]);
        await picture.classify();
        if (i % 2) picture.close();
      }
      memory(); // finds those that are forgotten
      await sleep(50);
      return memory();
    };
    const before = await run(100);
    const after = await run(1000);
    console.log(`after 100 pictures ${megabytes(before)}, after 1,000 more ${megabytes(after)}`);
    assert.ok(after - before < 8e6);
  });
});

test("a picture that nobody holds any more is closed", async () => {
  const classifier = await Classifier.load({ model: cellModel() });
  const before = memory();
  let file = new Blob([blankBmp(6000, 6000)]);
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
  await classifier.classify(files[0]);
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
  assert.ok((await classifier.classify(files[0])).label);
  classifier.dispose();
});

test("several models work side by side", async () => {
  const one = await Classifier.load();
  const other = await Classifier.load({
    model: new URL("../../models/article.safetensors", import.meta.url),
  });
  const [a, b] = await Promise.all([one.classify(files[0]), other.classify(files[0])]);
  assert.deepEqual([a.predictions.length, b.predictions.length], [8, 4]);
  assert.deepEqual((await other.classify(files[0])).predictions, b.predictions);
  one.dispose();
  assert.ok((await other.classify(files[0])).label);
  other.dispose();
});

/** Bytes that JavaScript and WebAssembly hold after a collection. */
function memory() {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
