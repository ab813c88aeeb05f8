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

  test(`${2000 * soak} images leave memory as it was`, async () => {
    // A small network and small images: what a call could leave behind is the same as with any.
    const { page, complaints } = await openPage(folder, "");
    await page.waitForFunction("window.leukolens");
    const model = cellModel().toString("base64");
    await page.evaluate(
      async ([model, images]) => {
        window.classifier = await leukolens.Classifier.load({ workers: 2, model: bytesOf(model) });
        window.images = images.map(bytesOf);
      },
      [model, images],
    );
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
    const memory = async () => {
      await browser.collectGarbage(page);
      return browser.residentMemory();
    };
    await run(500);
    const before = await memory();
    const { done, perSecond } = await run(2000 * soak);
    let after;
    // What is freed is given back in its own time.
    await waitUntil(async () => {
      after = await memory();
      return after - before < 16e6;
    });
    console.log(
      `${perSecond.toFixed(0)} images/s; resident ${megabytes(before)} before, ${megabytes(after)} after ${2000 * soak}`,
    );
    assert.equal(done, 2000 * soak);
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
    const residentBefore = await browser.residentMemory();
    for (let i = 0; i < visits; i++) {
      if (i % 10 === 5) await page.workers()[0].evaluate(() => self.close());
      await play(page);
    }
    const after = await heap();
    const elements = await page.evaluate(() => document.querySelectorAll("*").length);
    console.log(
      `${visits} visits: heap ${megabytes(before)} before, ${megabytes(after)} after; resident ${megabytes(residentBefore)}, ${megabytes(await browser.residentMemory())}; ${elements} elements`,
    );
    assert.ok(after - before < 2e6);
    assert.equal(page.workers().length, 1);
    assert.deepEqual(complaints, []);
  });
});

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
