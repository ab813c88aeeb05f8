// The same pictures natively, in Chromium and in Firefox: one answer but where it hangs by a thousandth.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { serve } from "../../web/serve.mjs";
import { assertParity, drawPictures } from "../parity.mjs";
import { installPackage } from "../support.mjs";
import { launch, writeConsumer } from "./chromium.mjs";
import { launchFirefox } from "./firefox.mjs";

const paths = drawPictures();
const { folder } = installPackage();
writeConsumer(folder);

describe("parity in browsers", () => {
  let server;
  before(async () => {
    server = await serve(folder, 0);
  });
  after(() => server.close());

  for (const [browserName, start] of [
    ["Chromium", () => launch()],
    ["Firefox", () => launchFirefox()],
  ])
    test(`${paths.length} pictures get the native engine's answers in ${browserName}`, async () => {
      const browser = await start();
      try {
        const page = await browser.newPage();
        await page.goto(`http://localhost:${server.port}`);
        await page.waitForFunction("window.leukolens");
        for (const wanted of ["relaxed", "simd"]) {
          const { build, rejection } = await page.evaluate(async (build) => {
            window.classifier?.dispose();
            window.classifier = await leukolens.Classifier.load({ build, workers: 1 });
            return { build: classifier.build, rejection: classifier.model.rejection };
          }, wanted);
          assert.equal(build, wanted);
          await assertParity(`${browserName}, ${build}`, paths, rejection, (some) =>
            page.evaluate(
              (images) => Promise.all(images.map((image) => classifier.classify(bytesOf(image)))),
              some.map((path) => readFileSync(path).toString("base64")),
            ),
          );
        }
      } finally {
        await browser.close();
      }
    });
});
