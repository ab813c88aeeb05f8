// Many images and many workers in Chromium: order, growth, killed workers. LEUKOLENS_SOAK kills so many times as many.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import { assertAgree, drawAnswered, installPackage, soak } from "../support.mjs";
import { startBrowser, waitUntil, writeConsumer } from "./chromium.mjs";

const answered = drawAnswered();
const encoded = answered.map(({ path }) => readFileSync(path).toString("base64"));
const { folder } = installPackage();
writeConsumer(folder);

describe("the pool of workers", () => {
  let browser;
  let page;

  before(async () => {
    browser = await startBrowser(folder);
  });
  after(() => browser.close());
  beforeEach(async () => {
    await page?.context().close();
    ({ page } = await browser.newPage());
    await page.goto(browser.origin);
    await page.waitForFunction("window.leukolens");
    await page.evaluate((images) => {
      window.images = images.map(bytesOf);
      /** Counts how often a picture is decoded. */
      window.CountedFile = class extends Blob {
        reads = 0;
        arrayBuffer() {
          this.reads++;
          return super.arrayBuffer();
        }
      };
      window.openAll = async (images) => {
        window.files = images.map((image) => new CountedFile([image]));
        window.pictures = await Promise.all(files.map((file) => classifier.open(file)));
      };
      /** What becomes of a call on each opened picture, and how often each was decoded by then. */
      window.askAll = async () => {
        const calls = pictures.map((picture) => codeOf(picture.classify()));
        return [await Promise.all(calls), files.map(({ reads }) => reads)];
      };
    }, encoded);
  });

  /** Loads `window.classifier` in the page. */
  const load = (options) =>
    page.evaluate(async (options) => {
      window.classifier = await leukolens.Classifier.load(options);
    }, options);
  const until = (count) => waitUntil(() => page.workers().length === count);

  test("grows only when a call would have to wait, and shrinks when it rests", async () => {
    await page.clock.install();
    await load({ workers: 3 });
    await page.evaluate(async () => {
      for (const image of images.slice(0, 4)) await classifier.classify(image);
    });
    assert.equal(page.workers().length, 1);
    await page.evaluate(() => Promise.all(images.map((image) => classifier.classify(image))));
    assert.equal(page.workers().length, 3);
    await page.clock.runFor(10_001);
    await until(1);
    assert.equal(await page.evaluate(() => codeOf(classifier.classify(images[0]))), "none");
    await page.evaluate(() => classifier.dispose());
    await until(0);
  });

  test("classifyAll keeps the order on several workers, and reports progress", async () => {
    await load({ workers: 3 });
    const { items, reports } = await page.evaluate(async () => {
      const reports = [];
      const files = images.map((image, i) => new File([image], `${i}.png`));
      files.splice(2, 0, new File(["text"], "bad.txt"));
      const items = [];
      const all = classifier.classifyAll(files, { onProgress: (progress) => reports.push(progress) });
      for await (const { source, error, predictions } of all)
        items.push({ name: source.name, code: error?.code, predictions });
      return { items, reports };
    });
    const [bad] = items.splice(2, 1);
    assert.deepEqual([bad.name, bad.code], ["bad.txt", "unsupported_format"]);
    assert.deepEqual(
      items.map(({ name }) => name),
      answered.map((_, i) => `${i}.png`),
    );
    assertAgree(items, answered, "Chromium, three workers");
    assert.deepEqual(reports.at(-1), { done: answered.length + 1, failed: 1, total: answered.length + 1 });
  });

  test("a worker killed at work fails its own call alone; one killed at rest, none", async () => {
    await load({ workers: 1 });
    const [worker] = page.workers();
    await worker.evaluate(() => {
      self.postMessage = () => self.close(); // dies without a word, when the first answer is due
    });
    const calls = () => page.evaluate(() => Promise.all(images.map((i) => codeOf(classifier.classify(i)))));
    const [first, ...others] = await calls();
    assert.equal(first, "worker_failed");
    assert.deepEqual(new Set(others), new Set(["none"]));
    await page.workers()[0].evaluate(() => self.close());
    await until(0);
    assert.equal(await page.evaluate(() => codeOf(classifier.classify(images[0]))), "none");
  });

  test(`${4 * soak} workers killed at any moment of a batch cost one image each at most`, async () => {
    await load({ workers: 2 });
    await page.evaluate(async () => {
      const answerOf = ({ predictions }) => JSON.stringify(predictions);
      const right = [];
      for (const image of images) right.push(answerOf(await classifier.classify(image)));
      function* endless() {
        for (let i = 0; !window.isEnough; i++) yield new File([images[i % images.length]], i % images.length);
      }
      window.counts = { right: 0, wrong: 0, worker_failed: 0, other: 0 };
      window.batch = (async () => {
        for await (const { source, error, ...item } of classifier.classifyAll(endless()))
          if (!error) counts[answerOf(item) === right[source.name] ? "right" : "wrong"]++;
          else counts[error.code in counts ? error.code : "other"]++;
      })();
    });
    const right = () => page.evaluate("counts.right");
    let slowest = 0;
    for (let kill = 0; kill < 4 * soak; kill++) {
      await page.waitForTimeout((37 * kill) % 61);
      const workers = page.workers();
      await workers[kill % workers.length]?.evaluate(() => self.close()).catch(() => undefined); // it may be gone
      const start = performance.now();
      const before = await right();
      await waitUntil(async () => (await right()) > before);
      slowest = Math.max(slowest, performance.now() - start);
    }
    const counts = await page.evaluate(async () => {
      window.isEnough = true;
      await batch;
      return counts;
    });
    console.log(`${4 * soak} kills: answers went on after at most ${slowest.toFixed(0)} ms;`, counts);
    assert.equal(counts.wrong + counts.other, 0);
    assert.ok(counts.worker_failed <= 4 * soak);
  });

  test("an opened picture stays in its worker, and is opened again in another where that was killed", async () => {
    await load({ workers: 2 });
    const ask = () => page.evaluate("askAll()");
    await page.evaluate(() => openAll(images.slice(0, 2)));
    assert.equal(page.workers().length, 2);
    for (let i = 0; i < 3; i++)
      assert.deepEqual(await ask(), [
        ["none", "none"],
        [1, 1],
      ]);
    for (const worker of page.workers()) await worker.evaluate(() => self.close());
    await until(0);
    assert.deepEqual(await ask(), [
      ["none", "none"],
      [2, 2],
    ]);
    for (const worker of page.workers())
      await worker.evaluate(() => {
        self.postMessage = () => self.close();
      });
    assert.deepEqual((await ask())[0], ["worker_failed", "worker_failed"]);
    assert.deepEqual(await ask(), [
      ["none", "none"],
      [3, 3],
    ]);
    const same = await page.evaluate(async () => {
      const { predictions } = await pictures[1].classify();
      return (
        JSON.stringify(predictions) === JSON.stringify((await classifier.classify(images[1])).predictions)
      );
    });
    assert.ok(same);
  });

  test("a call on an opened picture waits for its worker, rather than for any", async () => {
    await load({ workers: 2 });
    const order = await page.evaluate(async () => {
      await openAll(images.slice(0, 1));
      const order = [];
      const note = (name) => () => order.push(name);
      await Promise.all([
        classifier.benchmark({ iterations: 500 }).then(note("benchmark")),
        pictures[0].classify().then(note("picture")),
      ]);
      return order;
    });
    assert.deepEqual(order, ["benchmark", "picture"]);
    assert.equal(await page.evaluate("files[0].reads"), 1);
    assert.equal(page.workers().length, 1);
  });

  test("of the workers that rest, the one that worked last stays, with its pictures", async () => {
    await page.clock.install();
    await load({ workers: 3 });
    await page.evaluate(async () => {
      await openAll(images.slice(0, 1));
      await Promise.all(images.map((image) => classifier.classify(image)));
    });
    assert.equal(page.workers().length, 3);
    await page.evaluate("askAll()");
    await page.clock.runFor(10_001);
    await until(1);
    assert.deepEqual(await page.evaluate("askAll()"), [["none"], [1]]);
  });

  test("disposing twice with work waiting rejects all of it and ends every worker", async () => {
    await load({ workers: 2 });
    const codes = await page.evaluate(async () => {
      const calls = images.map((image) => codeOf(classifier.classify(image)));
      await classifier.classify(images[0]);
      calls.push(codeOf(classifier.benchmark({ iterations: 100_000 })));
      classifier.dispose();
      classifier.dispose();
      return Promise.all(calls);
    });
    assert.equal(codes.at(-1), "disposed");
    assert.ok(codes.every((code) => ["none", "disposed"].includes(code)));
    await until(0);
  });

  test("a classifier that nobody holds any more frees its worker, but not while it works", async () => {
    await page.evaluate(async () => {
      window.answer = (await leukolens.Classifier.load()).benchmark({ iterations: 500 });
    });
    await page.evaluate(() => gc());
    assert.equal(await page.evaluate(async () => (await answer).iterations), 500);
    await waitUntil(async () => {
      await page.evaluate(() => gc());
      return page.workers().length === 0;
    });
  });
});
