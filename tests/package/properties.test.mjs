// The installed package, given whatever comes: an answer that keeps its contract, or the one error class with a known code; the next
// question is answered as if nothing had been. The worker answers each message once, whatever it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { blankBmp } from "../bmp.mjs";
import { drawAnswered, installPackage } from "../support.mjs";

const [image] = drawAnswered().map(({ path }) => path);
const sound = readFileSync(image);
const { entry } = installPackage();
const { Classifier, LeukolensError, errorCodes } = await import(pathToFileURL(entry));

const bytes = fc.uint8Array({ maxLength: 200 });

/** A sound file with bytes changed and cut off. */
const damaged = fc
  .record({
    edits: fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 6 }),
    length: fc.oneof({ weight: 3, arbitrary: fc.constant(sound.length) }, fc.nat(sound.length)),
  })
  .map(({ edits, length }) => {
    const file = new Uint8Array(sound);
    for (const [place, value] of edits) file[place] = value;
    return file.subarray(0, length);
  });

/** Whatever JavaScript has; what looks like an address is left out, for it would be fetched. */
const anything = fc
  .anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true })
  .filter((value) => typeof value !== "string");

const region = fc.record({ x: fc.double(), y: fc.double(), width: fc.double(), height: fc.double() });

const isKnown = (error) =>
  error instanceof LeukolensError && errorCodes.includes(error.code) && error.message !== "";

/** What the call gives, or undefined where it was refused as it should be. */
async function answerOf(call) {
  try {
    return await call();
  } catch (error) {
    assert.ok(isKnown(error), `${error?.stack ?? error}`);
  }
}

function assertSound({ verdict, label, confidence, predictions, cells }) {
  assert.ok(["classified", "unsure", "rejected"].includes(verdict));
  assert.equal(label === null, verdict === "rejected");
  const probabilities = predictions.map(({ probability }) => probability);
  for (const value of probabilities) assert.ok(value >= 0 && value <= 1);
  if (probabilities.length > 0) {
    assert.ok(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 1e-5);
    assert.equal(confidence, Math.max(...probabilities));
  }
  for (const { box } of cells) assert.ok(box.width > 0 && box.height > 0);
}

describe("the package", () => {
  let classifier;
  let untouched;
  before(async () => {
    classifier = await Classifier.load({ worker: false });
    untouched = await classifier.classify(sound);
  });
  after(() => classifier.dispose());

  const assertUnchanged = async () => {
    const { predictions, cells } = await classifier.classify(sound);
    assert.deepEqual(predictions, untouched.predictions);
    assert.deepEqual(cells, untouched.cells);
  };

  test("classifies what is an image and refuses what is none", async () => {
    const given = fc.oneof(bytes, damaged, anything, fc.constant(blankBmp(40, 30)));
    await fc.assert(
      fc.asyncProperty(given, async (input) => {
        const result = await answerOf(() => classifier.classify(input));
        if (result) assertSound(result);
      }),
      { numRuns: 200 },
    );
    await assertUnchanged();
  });

  test("takes numbers, texts, regions, examples and profiles of any value, or refuses them", async () => {
    const picture = await classifier.open(sound);
    const { cells } = await picture.classify();
    const label = fc.oneof(fc.string(), fc.constantFrom("eosinophil", "neutrophil"));
    const examples = fc.array(fc.record({ picture: fc.oneof(bytes, damaged), label }), { maxLength: 3 });
    const profiles = fc.oneof(bytes, fc.dictionary(fc.string(), fc.jsonValue()));
    const calls = {
      explain: [label, (label) => picture.explain(undefined, { label })],
      explainCell: [region, (box) => picture.explain({ ...cells[0], x: box.x, y: box.y, box })],
      thumbnails: [fc.array(region, { maxLength: 3 }), (regions) => picture.thumbnails(regions, 16)],
      sized: [fc.double(), (size) => picture.thumbnails([{ x: 0, y: 0, width: 8, height: 8 }], size)],
      framed: [fc.array(region, { maxLength: 3 }), (frames) => picture.classifyFramed(frames)],
      adapt: [examples, (examples) => classifier.adapt(examples)],
      use: [profiles, (profile) => classifier.use(profile)],
      load: [profiles, (profile) => Classifier.load({ worker: false, profile })],
      benchmark: [fc.double(), (value) => classifier.benchmark({ iterations: value % 3 })],
    };
    const call = fc.oneof(
      ...Object.entries(calls).map(([name, [value]]) => fc.tuple(fc.constant(name), value)),
    );
    await fc.assert(
      fc.asyncProperty(call, async ([name, value]) => {
        const made = await answerOf(() => calls[name][1](value));
        if (name === "load") assert.equal(made, undefined);
      }),
      { numRuns: 300 },
    );
    picture.close();
    assert.equal(classifier.profile, null);
    await assertUnchanged();
  });
});

test("the worker answers each message once, under its number", async () => {
  const worker = new Worker(new URL("worker.js", pathToFileURL(entry)));
  const replies = new Map();
  worker.on("message", (reply) => replies.get(reply.id)?.(reply));
  const ask = (message) =>
    new Promise((resolve, reject) => {
      worker.once("exit", () => reject(new Error("the worker ended")));
      replies.set(message.id, (reply) => {
        worker.removeAllListeners("exit");
        replies.set(message.id, () => assert.fail("answered twice"));
        resolve(reply);
      });
      worker.postMessage(message);
    });
  let id = 0;
  const message = fc.record({
    kind: fc.constantFrom("call", "other"),
    name: fc.oneof(fc.constantFrom("classify", "open", "constructor", "loaded", "useProfile"), fc.string()),
    args: fc.oneof(fc.array(fc.jsonValue(), { maxLength: 3 }), fc.jsonValue()),
  });
  await fc.assert(
    fc.asyncProperty(message, async (message) => {
      const reply = await ask({ ...message, id: ++id });
      assert.equal(reply.id, id);
      assert.ok(["failed", "crash"].includes(reply.kind), reply.kind);
      if (reply.kind === "failed") assert.ok(errorCodes.includes(reply.code));
    }),
    { numRuns: 200 },
  );
  await worker.terminate();
});
