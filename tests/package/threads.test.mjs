// Worker threads in Node: the same answers beside the calling thread, and a process that ends when it may.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { assertAgree, drawAnswered, installPackage } from "../support.mjs";

const answered = drawAnswered();
const files = answered.map(({ path }) => pathToFileURL(path));
const { folder, entry } = installPackage();
const { Classifier, LeukolensError } = await import(pathToFileURL(entry));

test("threads give the native engine's probabilities within 1e-5, in order", async () => {
  const classifier = await Classifier.load({ workers: 2 });
  const results = [];
  for await (const item of classifier.classifyAll(files)) results.push(item);
  classifier.dispose();
  assertAgree(results, answered, "Node, two threads");
});

test("a thread at work leaves this one free, which the engine here does not", async () => {
  for (const [options, free] of [
    [{ workers: 1 }, true],
    [{ worker: false }, false],
  ]) {
    const classifier = await Classifier.load(options);
    let turned = false;
    setImmediate(() => {
      turned = true;
    });
    await classifier.benchmark({ iterations: 100 });
    assert.equal(turned, free);
    classifier.dispose();
  }
});

test("errors cross from the thread, and disposing ends what is under way", async () => {
  const classifier = await Classifier.load({ worker: true, workers: "auto" });
  const failsWith = (code) => (error) => error instanceof LeukolensError && error.code === code;
  await assert.rejects(classifier.classify(new Uint8Array([1, 2, 3])), failsWith("unsupported_format"));
  const work = classifier.benchmark({ iterations: 100_000 });
  setTimeout(() => classifier.dispose(), 20);
  await assert.rejects(work, failsWith("disposed"));
});

test("a script that is no worker of ours, and says nothing, is refused after a minute", async (context) => {
  const silent = join(folder, "silent.mjs");
  writeFileSync(silent, "setInterval(() => undefined, 1000);");
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const refused = assert.rejects(
    Classifier.load({ workers: 1, workerUrl: pathToFileURL(silent) }),
    ({ code, message }) =>
      code === "unsupported_environment" && /silent\.mjs did not start: it says nothing/.test(message),
  );
  let settled = false;
  refused.then(
    () => {
      settled = true;
    },
    () => {
      settled = true;
    },
  );
  while (!settled) {
    await new Promise(setImmediate);
    context.mock.timers.tick(1000); // nothing is waited for before all is loaded
  }
  await refused;
});

test("a process waits for its threads while they work, and ends without dispose", () => {
  const script = join(folder, "main.mjs");
  writeFileSync(
    script,
    `import { Classifier } from "leukolens";
    const classifier = await Classifier.load({ workers: 2 });
    const images = process.argv.slice(2).map((path) => classifier.classify(new URL(path)));
    for (const { label } of await Promise.all(images)) console.log(label);`,
  );
  const options = { encoding: "utf8", timeout: 8_000 };
  const output = execFileSync(process.execPath, [script, ...files.slice(0, 4).map(String)], options);
  assert.equal(output.trim().split("\n").length, 4);
});
