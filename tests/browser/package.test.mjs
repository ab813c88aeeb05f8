// The installed package in a plain page of Chromium, under the strict policy.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { after, before, describe, test } from "node:test";
import { cellModel } from "../cell-model.mjs";
import {
  assertAgree,
  defaultModel,
  drawAnswered,
  drawFields,
  drawGolden,
  drawSmears,
  installPackage,
  largestDifference,
} from "../support.mjs";
import { writeTiff } from "../tiff.mjs";
import { startBrowser, waitUntil, writeConsumer } from "./chromium.mjs";

const answered = drawAnswered();
const encoded = answered.map(({ path }) => readFileSync(path).toString("base64"));
const { folder } = installPackage();
writeConsumer(folder);

describe("the package in Chromium", () => {
  let browser;
  let page;
  let requests;
  let complaints;

  before(async () => {
    browser = await startBrowser(folder);
    ({ page, requests, complaints } = await browser.newPage());
    await page.goto(browser.origin);
    await page.waitForFunction("window.leukolens");
  });
  after(() => browser.close());

  test("nothing is fetched before load, and then only its own files", async () => {
    assert.ok(!requests.some((url) => /wasm|safetensors|worker/.test(url)));
    await page.evaluate(async () => {
      window.classifier = await leukolens.Classifier.load({ workers: 1 });
    });
    assert.ok(requests.every((url) => url.startsWith(browser.origin)));
    const own = requests
      .filter((url) => url.includes("/leukolens/"))
      .map((url) => url.split("/leukolens/")[1]);
    const names = [
      "index.js",
      "leukolens-relaxed.wasm",
      `models/${defaultModel}.safetensors`,
      "models/locator.safetensors",
      "worker.js",
    ];
    assert.deepEqual([...new Set(own)].sort(), names);
  });

  test("a model that sees the whole image fetches a locator only to locate, once for all workers", async () => {
    const fetched = () => requests.filter((url) => url.endsWith("locator.safetensors")).length;
    const before = fetched();
    await page.evaluate(async () => {
      window.article = await leukolens.Classifier.load({ model: "article", workers: 2 });
    });
    const cells = (count) =>
      page.evaluate(
        async ([base64, count]) => {
          const all = await Promise.all(Array.from({ length: count }, () => article.locate(bytesOf(base64))));
          return all.map(({ cells }) => cells.length);
        },
        [encoded[0], count],
      );
    await page.evaluate((base64) => article.classify(bytesOf(base64)), encoded[0]);
    assert.equal(fetched(), before);
    assert.deepEqual(await cells(4), [1, 1, 1, 1]);
    assert.equal(page.workers().length, 3, "two of them are the article's");
    assert.equal(fetched(), before + 1);
    await page.evaluate(() => article.dispose());
  });

  for (const options of [{ build: "relaxed" }, { build: "simd" }, { build: "simd", worker: false }])
    for (const [model, expected, whose] of [
      ["article", drawGolden("article"), "libtorch's"],
      ["flagship", answered, "the native engine's"],
    ])
      test(`${whose} probabilities within 1e-5 with ${JSON.stringify({ model, ...options })}`, async () => {
        const images = expected.map(({ path }) => readFileSync(path).toString("base64"));
        const { build, results } = await page.evaluate(
          async ([options, images]) => {
            const classifier = await leukolens.Classifier.load(options);
            const results = [];
            for (const image of images) results.push(await classifier.classify(bytesOf(image)));
            classifier.dispose();
            return { build: classifier.build, results };
          },
          [{ model, ...options }, images],
        );
        assert.equal(build, options.build);
        assertAgree(results, expected, `Chromium, ${build}, ${model}`);
      });

  test("image, bitmap, canvas, OffscreenCanvas, ImageData and VideoFrame give what the file's bytes give", async () => {
    const results = await page.evaluate(async (base64) => {
      const blob = new Blob([bytesOf(base64)], { type: "image/png" });
      const image = new Image();
      image.src = URL.createObjectURL(blob);
      await image.decode();
      const bitmap = await createImageBitmap(blob);
      const canvas = Object.assign(document.createElement("canvas"), {
        width: bitmap.width,
        height: bitmap.height,
      });
      const context = canvas.getContext("2d");
      context.drawImage(bitmap, 0, 0);
      const offscreen = new OffscreenCanvas(bitmap.width, bitmap.height);
      offscreen.getContext("2d").drawImage(bitmap, 0, 0);
      const data = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const frame = new VideoFrame(canvas, { timestamp: 0 });
      const answers = [];
      for (const input of [blob, image, bitmap, canvas, offscreen, data, frame]) {
        const { predictions, decoder } = await classifier.classify(input);
        answers.push({ kind: input.constructor.name, predictions, decoder });
      }
      frame.close();
      return { answers, stillUsable: bitmap.width > 0 && data.data.length > 0 };
    }, encoded[0]);
    const [file, ...others] = results.answers;
    for (const { kind, predictions } of others) {
      // A video frame may pass through another colour encoding; everything else holds the same pixels.
      const tolerance = kind === "VideoFrame" ? 0.05 : 0;
      assert.ok(largestDifference(predictions, file.predictions) <= tolerance, kind);
    }
    const decoders = ["engine", "browser", "none", "none", "none", "none", "browser"];
    assert.deepEqual(
      results.answers.map(({ decoder }) => decoder),
      decoders,
    );
    assert.ok(results.stillUsable);
  });

  test("explain gives the same map in a worker, in this thread, and for what the browser decoded", async () => {
    const { maps, code } = await page.evaluate(async (base64) => {
      const blob = new Blob([bytesOf(base64)], { type: "image/png" });
      const bitmap = await createImageBitmap(blob);
      const here = await leukolens.Classifier.load({ worker: false });
      const options = { label: "lymphocyte" };
      const maps = [];
      for (const [by, input] of [
        [classifier, blob],
        [classifier, bitmap],
        [here, blob],
      ]) {
        const { timings, decoder, ...map } = await by.explain(input, options);
        maps.push({ ...map, typed: map.values instanceof Float32Array, values: [...map.values] });
      }
      here.dispose();
      return { maps, code: await codeOf(classifier.explain(blob, { label: "platypus" })) };
    }, encoded[0]);
    assert.ok(maps.every(({ typed }) => typed));
    assert.equal(maps[0].label, "lymphocyte");
    assert.equal(maps[0].values.length, maps[0].width * maps[0].height);
    assert.deepEqual(maps[1], maps[0]);
    assert.deepEqual(maps[2], maps[0]);
    assert.equal(code, "invalid_argument");
  });

  test("the cells of a field are the same in a worker, in this thread, and for what the browser decoded", async () => {
    const field = readFileSync(drawFields(1)[0]).toString("base64");
    const model = Buffer.from(cellModel()).toString("base64");
    const { answers, located } = await page.evaluate(
      async ([field, model]) => {
        const blob = new Blob([bytesOf(field)], { type: "image/png" });
        const bitmap = await createImageBitmap(blob);
        const load = (worker) => leukolens.Classifier.load({ model: bytesOf(model), worker });
        const [there, here] = [await load(true), await load(false)];
        const answers = [];
        for (const [by, input] of [
          [there, blob],
          [there, bitmap],
          [here, blob],
        ]) {
          const { cells, width, height, differential } = await by.classifyField(input);
          answers.push({ cells, width, height, differential });
        }
        const located = await there.locate(bitmap);
        there.dispose();
        here.dispose();
        return { answers, located };
      },
      [field, model],
    );
    assert.ok(answers[0].cells.length > 1);
    assert.deepEqual(answers[1], answers[0]);
    assert.deepEqual(answers[2], answers[0]);
    assert.deepEqual(
      located.cells.map(({ box }) => box),
      answers[0].cells.map(({ box }) => box),
    );
    assert.deepEqual([located.width, located.height, located.decoder], [640, 480, "none"]);
  });

  for (const worker of [true, false]) {
    test(`an opened picture keeps what its input showed, with worker: ${worker}`, async () => {
      const { before, after } = await page.evaluate(
        async ([images, worker]) => {
          const classifier = await leukolens.Classifier.load({ worker, workers: 1 });
          const bitmap = await createImageBitmap(new Blob([bytesOf(images[0])]));
          const { width, height } = bitmap;
          const canvas = new OffscreenCanvas(width, height);
          const context = canvas.getContext("2d");
          context.drawImage(bitmap, 0, 0);
          const webp = await canvas.convertToBlob({ type: "image/webp", quality: 1 });
          const data = context.getImageData(0, 0, width, height);
          const inputs = [canvas, bitmap, data, webp];
          const pictures = [];
          for (const input of inputs) pictures.push(await classifier.open(input));
          const ask = async () => {
            const answers = [];
            for (const picture of pictures) {
              const { label, predictions, decoder } = await picture.classify();
              answers.push({ label, predictions, decoder });
            }
            return answers;
          };
          const before = await ask();
          bitmap.close();
          context.clearRect(0, 0, width, height);
          data.data.fill(0);
          for (let i = 0; i < 4; i++) await classifier.open(bytesOf(images[1])); // all others make room
          const after = await ask();
          classifier.dispose();
          return { before, after };
        },
        [encoded.slice(0, 2), worker],
      );
      assert.deepEqual(
        before.map(({ decoder }) => decoder),
        ["none", "none", "none", "browser"],
      );
      assert.deepEqual(after, before);
    });
  }

  test("WebP goes through the browser's decoder, and what it cannot read either is unsupported_format", async () => {
    const { decoder, label, code } = await page.evaluate(async (base64) => {
      const bitmap = await createImageBitmap(new Blob([bytesOf(base64)]));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
      const webp = await canvas.convertToBlob({ type: "image/webp", quality: 0.95 });
      const text = new Blob(["no image"]);
      return { ...(await classifier.classify(webp)), code: await codeOf(classifier.classify(text)) };
    }, encoded[0]);
    assert.equal(decoder, "browser");
    assert.ok(label);
    assert.equal(code, "unsupported_format");
  });

  test("a TIFF gives what the same picture gives as PNG, and only the first one fetches what reads it", async () => {
    const reader = () => requests.filter((url) => url.endsWith("leukolens-tiff.wasm")).length;
    const pixels = await page.evaluate(async (base64) => {
      const { width, height, rgba } = await classifier.decode(bytesOf(base64));
      return { width, height, rgba: [...rgba] };
    }, encoded[0]);
    assert.equal(reader(), 0);
    const tiff = writeTiff(pixels).toString("base64");
    const { results, rgba } = await page.evaluate(
      async ([png, tiff]) => {
        const here = await leukolens.Classifier.load({ worker: false });
        const results = [];
        for (const by of [classifier, here])
          for (const file of [png, tiff]) {
            const { predictions, decoder } = await by.classify(new Blob([bytesOf(file)]));
            results.push({ predictions, decoder });
          }
        here.dispose();
        return { results, rgba: [...(await classifier.decode(bytesOf(tiff))).rgba] };
      },
      [encoded[0], tiff],
    );
    assert.deepEqual(
      results.map(({ decoder }) => decoder),
      ["engine", "tiff", "engine", "tiff"],
    );
    for (const { predictions } of results) assert.deepEqual(predictions, results[0].predictions);
    assert.deepEqual(rgba, pixels.rgba);
    assert.equal(reader(), 2, "once for each classifier");
  });

  test("a microscope is learnt in the worker, and its profile corrects the answers of this thread too", async () => {
    const swapped = { lymphocyte: "monocyte", monocyte: "lymphocyte" };
    const examples = drawSmears({ seed: 5, count: 4 }).map((path) => {
      const drawn = basename(dirname(path));
      return { image: readFileSync(path).toString("base64"), label: swapped[drawn] ?? drawn };
    });
    const { profile, answers } = await page.evaluate(async (examples) => {
      const pictures = examples.map(({ image, label }) => ({ picture: new Blob([bytesOf(image)]), label }));
      const profile = await classifier.adapt(pictures);
      await classifier.use(profile);
      const here = await leukolens.Classifier.load({
        worker: false,
        profile: new Blob([JSON.stringify(profile)]),
      });
      const answers = [];
      for (const { picture } of pictures)
        answers.push([
          (await classifier.classify(picture)).predictions,
          (await here.classify(picture)).predictions,
        ]);
      await classifier.use(null);
      here.dispose();
      return { profile, answers };
    }, examples);
    assert.ok(profile.after.accuracy > profile.before.accuracy);
    for (const [there, here] of answers) assert.deepEqual(there, here);
    const right = answers.filter(([[{ label }]], i) => label === examples[i].label);
    assert.ok(right.length >= 14, `${right.length} of ${answers.length}`);
  });

  test("after a trap only the call that trapped fails, and a new worker takes the next", async () => {
    const [first] = page.workers();
    await first.evaluate(() => {
      performance.now = () => {
        throw new WebAssembly.RuntimeError("unreachable");
      };
    });
    const codes = await page.evaluate((base64) => {
      const calls = [1, 2, 3].map(() => codeOf(classifier.classify(bytesOf(base64))));
      return Promise.all(calls);
    }, encoded[0]);
    assert.deepEqual(codes, ["worker_failed", "none", "none"]);
    assert.equal(page.workers().length, 1);
    assert.notEqual(page.workers()[0], first);
  });

  test("work is aborted while it waits, and disposing ends the worker", async () => {
    const codes = await page.evaluate(async (base64) => {
      const controller = new AbortController();
      const calls = [1, 2].map(() =>
        codeOf(classifier.classify(bytesOf(base64), { signal: controller.signal })),
      );
      controller.abort();
      const aborted = await Promise.all(calls);
      const underWay = codeOf(classifier.benchmark({ iterations: 100_000 }));
      classifier.dispose();
      return [...aborted, await underWay, await codeOf(classifier.classify(bytesOf(base64)))];
    }, encoded[0]);
    assert.deepEqual(codes, ["aborted", "aborted", "disposed", "disposed"]);
    await waitUntil(() => page.workers().length === 0);
  });

  test("progress reaches the size of what was fetched", async () => {
    const { reports, sizes } = await page.evaluate(async (model) => {
      const reports = [];
      const classifier = await leukolens.Classifier.load({
        onProgress: (progress) => reports.push(progress),
      });
      classifier.dispose();
      const names = ["leukolens-relaxed.wasm", `models/${model}.safetensors`, "models/locator.safetensors"];
      const bodies = names.map(async (name) => (await fetch(`node_modules/leukolens/${name}`)).arrayBuffer());
      return { reports, sizes: (await Promise.all(bodies)).map((body) => body.byteLength) };
    }, defaultModel);
    const total = sizes.reduce((sum, size) => sum + size);
    assert.deepEqual(reports.at(-1), { loaded: total, total });
  });

  test("nothing broke the page's policy, and no foreign host was asked", () => {
    assert.deepEqual(complaints, []);
    assert.ok(requests.every((url) => url.startsWith(browser.origin) || url.startsWith("blob:")));
  });
});
