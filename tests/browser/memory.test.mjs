// What must not grow, in Chromium: memory, after many images and many visitors. LEUKOLENS_SOAK makes it so many times as many.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, describe, test } from "node:test";
import { cellModel } from "../cell-model.mjs";
import { at, drawSmears, installPackage, soak } from "../support.mjs";
import { startBrowser, waitUntil, writeConsumer } from "./chromium.mjs";
import { button, en, landscape, play } from "./kiosk.mjs";

const visits = 12 * soak;
const images = drawSmears({ count: 1, size: "96x96" }).map((path) => readFileSync(path).toString("base64"));
const { folder } = installPackage();
writeConsumer(folder);

describe("memory", () => {
  let browser; // of its own for each test, because it is measured whole
  afterEach(() => browser.close());

  async function openPage(folder, path, options) {
    browser = await startBrowser(folder);
    const opened = await browser.newPage(options);
    await opened.page.goto(`${browser.origin}/${path}`);
    return opened;
  }

  /** A page that holds `images` and a `model`, small ones: what a call could leave behind is the same as with any. */
  async function openConsumer() {
    const opened = await openPage(folder, "");
    await opened.page.waitForFunction("window.leukolens");
    await opened.page.evaluate(
      ([model, images]) => {
        window.model = bytesOf(model);
        window.images = images.map(bytesOf);
      },
      [cellModel().toString("base64"), images],
    );
    return opened;
  }

  /** Waits until no more is held than before, and a little: what is freed is given back in its own time. */
  async function memoryAfter(page, before) {
    let after;
    await waitUntil(async () => {
      after = await memory(page);
      return after - before < 16e6;
    });
    return after;
  }

  async function memory(page) {
    await browser.collectGarbage(page);
    return browser.residentMemory();
  }

  test(`${2000 * soak} images leave memory as it was`, async () => {
    const { page, complaints } = await openConsumer();
    await page.evaluate(async () => {
      window.classifier = await leukolens.Classifier.load({ workers: 2, model });
    });
    const run = (count) =>
      page.evaluate(async (count) => {
        function* many() {
          for (let i = 0; i < count; i++) yield images[i % images.length];
        }
        const start = performance.now();
        let done = 0;
        for await (const { verdict } of classifier.classifyAll(many())) if (verdict) done++;
        return { done, perSecond: (1000 * count) / (performance.now() - start) };
      }, count);
    await run(500);
    const before = await memory(page);
    const halves = [await run(1000 * soak), await run(1000 * soak)];
    const after = await memoryAfter(page, before);
    console.log(
      `images/s ${halves.map(({ perSecond }) => perSecond.toFixed(0)).join(", then ")}; resident ${megabytes(before)} before, ${megabytes(after)} after ${2000 * soak}`,
    );
    for (const { done } of halves) assert.equal(done, 1000 * soak);
    assert.deepEqual(complaints, []);
  });

  test(`${20 * soak} classifiers loaded and disposed leave memory as it was`, async () => {
    const { page, complaints } = await openConsumer();
    // Of what is fetched, the inspector that the tests look through keeps a copy.
    await page.evaluate(async () => {
      const own = (name) => fetch(`./node_modules/leukolens/${name}`);
      const wasmBinary = await WebAssembly.compileStreaming(own("leukolens-simd.wasm"));
      window.given = { model, wasmBinary, locator: await (await own("models/locator.safetensors")).blob() };
    });
    const run = async (count) => {
      const done = await page.evaluate(async (count) => {
        let done = 0;
        for (let i = 0; i < count; i++) {
          const classifier = await leukolens.Classifier.load(given);
          if ((await classifier.classify(images[0])).verdict) done++;
          classifier.dispose();
        }
        return done;
      }, count);
      await waitUntil(() => page.workers().length === 0);
      return done;
    };
    await run(10);
    const before = await memory(page);
    const done = await run(20 * soak);
    const after = await memoryAfter(page, before);
    console.log(`resident ${megabytes(before)} after 10 loads, ${megabytes(after)} after ${20 * soak} more`);
    assert.equal(done, 20 * soak);
    assert.deepEqual(complaints, []);
  });

  test(`${visits} visitors, one of them without a worker, leave memory as it was`, async () => {
    const { page, complaints } = await openPage(at("dist/site"), "kiosk/?language=en", {
      viewport: landscape,
      hasTouch: true,
    });
    await button(page, en.invitation).waitFor();
    const heap = async () => {
      await browser.collectGarbage(page);
      return page.evaluate(() => performance.memory.usedJSHeapSize);
    };
    for (let i = 0; i < 4; i++) await play(page);
    const before = await heap();
    const own = () => browser.residentMemory({ shared: false });
    const ownBefore = await own();
    for (let i = 0; i < visits; i++) {
      if (i % 10 === 5) await page.workers()[0].evaluate(() => self.close());
      await play(page);
    }
    const after = await heap();
    const elements = await page.evaluate(() => document.querySelectorAll("*").length);
    console.log(
      `${visits} visits: heap ${megabytes(before)} before, ${megabytes(after)} after; resident of its own ${megabytes(ownBefore)}, ${megabytes(await own())}; ${elements} elements`,
    );
    assert.ok(after - before < 2e6);
    assert.equal(page.workers().length, 1);
    assert.deepEqual(complaints, []);
  });
});

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
