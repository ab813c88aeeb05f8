// The installed package in Firefox, told to refuse relaxed SIMD as older ones do, so that the fallback build runs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { serve } from "../../web/serve.mjs";
import { assertAgree, drawAnswered, installPackage } from "../support.mjs";
import { writeConsumer } from "./chromium.mjs";
import { launchFirefox } from "./firefox.mjs";

const answered = drawAnswered();
const images = answered.map(({ path }) => readFileSync(path).toString("base64"));
const { folder } = installPackage();
writeConsumer(folder);

describe("the package in Firefox", () => {
  const complaints = [];
  let server;
  let browser;
  let page;
  before(async () => {
    server = await serve(folder, 0);
    browser = await launchFirefox({ "javascript.options.wasm_relaxed_simd": false });
    page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await page.goto(`http://localhost:${server.port}`);
  });
  after(async () => {
    await browser?.close();
    server.close();
  });

  for (const worker of [true, false]) {
    test(`the native engine's probabilities within 1e-5 with worker: ${worker}`, async () => {
      const { build, results } = await page.evaluate(
        async (images, worker) => {
          const classifier = await leukolens.Classifier.load({ worker });
          const results = [];
          for await (const item of classifier.classifyAll(images.map(bytesOf))) results.push(item);
          classifier.dispose();
          return { build: classifier.build, results };
        },
        images,
        worker,
      );
      assert.equal(build, "simd");
      assertAgree(results, answered, `Firefox, worker: ${worker}`);
    });
  }

  test("a canvas gives what the file's bytes give, and what is no image is refused", async () => {
    const { predictions, code } = await page.evaluate(async (base64) => {
      const classifier = await leukolens.Classifier.load();
      const bitmap = await createImageBitmap(new Blob([bytesOf(base64)]));
      const { width, height } = bitmap;
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
      const { predictions } = await classifier.classify(canvas);
      const code = await codeOf(classifier.classify(new Blob(["no image"])));
      classifier.dispose();
      return { predictions, code };
    }, images[0]);
    assertAgree([{ predictions }], [answered[0]], "Firefox, canvas");
    assert.equal(code, "unsupported_format");
  });

  test("nothing broke the page's policy", () => {
    assert.deepEqual(complaints, []);
  });
});
