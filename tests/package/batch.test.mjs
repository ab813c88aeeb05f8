// classifyAll in Node: order, back-pressure, errors as items, abort, progress.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { drawAnswered, installPackage } from "../support.mjs";

const files = drawAnswered().map(({ path }) => pathToFileURL(path));
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
    async function* brokenLater() {
      yield* broken();
    }
    const labels = [];
    for (const inputs of [broken(), brokenLater()])
      await assert.rejects(async () => {
        for await (const { label } of classifier.classifyAll(inputs)) labels.push(label);
      }, RangeError);
    assert.deepEqual(labels.map(Boolean), [true, true], "what was taken before is answered");
    const other = await Classifier.load();
    const items = other.classifyAll(files);
    await items.next();
    other.dispose();
    await assert.rejects(collect(items), failsWith("disposed"));
  });
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
