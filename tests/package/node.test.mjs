// The packed tarball, installed in an empty project and used in Node.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { crc32 } from "node:zlib";
import { blankBmp } from "../bmp.mjs";
import { cellModel } from "../cell-model.mjs";
import { assertAgree, at, drawAnswered, drawGolden, explainNatively, installPackage } from "../support.mjs";

setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it, but hides it

const golden = drawGolden("article");
const answered = drawAnswered();
const images = answered.map(({ path }) => path);
const [image] = images;
const { entry } = installPackage();
const { Classifier, LeukolensError, errorCodes } = await import(pathToFileURL(entry));

const failsWith = (code) => (error) =>
  error instanceof LeukolensError && error.code === code && error.message.endsWith(".");

describe("the package in Node", () => {
  let classifier;
  before(async () => {
    classifier = await Classifier.load();
  });
  after(() => classifier.dispose());

  for (const build of ["simd", "relaxed"]) {
    for (const [model, expected, whose] of [
      ["article", golden, "libtorch's"],
      ["flagship", answered, "the native command line's"],
    ])
      test(`the ${build} build gives ${whose} probabilities within 1e-5 with the model ${model}`, async () => {
        const classifier = await Classifier.load({ build, model });
        assert.equal(classifier.build, build);
        const results = [];
        for (const { path } of expected) results.push(await classifier.classify(pathToFileURL(path)));
        classifier.dispose();
        assertAgree(results, expected, `Node, ${build}, ${model}`);
      });
  }

  test("a result has a verdict, sorted probabilities that sum to 1, the decoder and timings", async () => {
    const result = await classifier.classify(readFileSync(image));
    assert.ok(["classified", "unsure"].includes(result.verdict));
    assert.equal(result.label, result.predictions[0].label);
    assert.equal(result.confidence, result.predictions[0].probability);
    assert.equal(result.decoder, "engine");
    const probabilities = result.predictions.map(({ probability }) => probability);
    assert.deepEqual(
      probabilities,
      probabilities.toSorted((a, b) => b - a),
    );
    assert.ok(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 1e-6);
    for (const ms of Object.values(result.timings)) assert.ok(ms >= 0);
  });

  test("File, Blob, ArrayBuffer, typed array, Response, data URL and file URL give the same answer", async () => {
    const bytes = readFileSync(image);
    const buffer = new Uint8Array(bytes).buffer;
    const inputs = [
      new Blob([bytes]),
      new File([bytes], "cell.png"),
      buffer,
      new Uint8Array(buffer),
      new DataView(buffer),
      new Response(bytes),
      pathToFileURL(image),
      pathToFileURL(image).href,
      `data:image/png;base64,${bytes.toString("base64")}`,
    ];
    const expected = (await classifier.classify(bytes)).predictions;
    for (const input of inputs) assert.deepEqual((await classifier.classify(input)).predictions, expected);
    assert.equal(buffer.byteLength, bytes.length, "the caller's buffer must not be detached");
  });

  test("what is not a readable image is refused with a typed error", async () => {
    const png = readFileSync(image);
    await assert.rejects(classifier.classify(new Uint8Array()), failsWith("empty_input"));
    await assert.rejects(
      classifier.classify(new TextEncoder().encode("not an image")),
      failsWith("unsupported_format"),
    );
    await assert.rejects(classifier.classify(png.subarray(0, png.length / 2)), failsWith("corrupt_image"));
    await assert.rejects(classifier.classify(hugePng()), failsWith("image_too_large"));
    await assert.rejects(classifier.classify(42), failsWith("invalid_argument"));
    await assert.rejects(classifier.classify("no file"), failsWith("unreadable_file"));
    await assert.rejects(classifier.classify(pathToFileURL("/nowhere.png")), failsWith("unreadable_file"));
    await assert.rejects(classifier.classify("http://127.0.0.1:1/cell.png"), failsWith("network"));
    await assert.rejects(classifier.classify(new Response("", { status: 404 })), failsWith("network"));
  });

  test("explain maps the most probable label, or the one asked for, as the native command line does", async () => {
    for (const label of [undefined, "monocyte"]) {
      const native = explainNatively(image, label);
      const { values, ...map } = await classifier.explain(pathToFileURL(image), { label });
      assert.ok(values instanceof Float32Array);
      assert.equal(values.length, map.width * map.height);
      assert.equal(Math.max(...values.map(Math.abs)), 1);
      for (const [i, value] of values.entries()) assert.ok(Math.abs(value - native.values[i]) < 1e-3);
      assert.ok(Math.abs(map.scale / native.scale - 1) < 1e-3);
      assert.ok(Math.abs(map.probability - native.probability) < 1e-5);
      assert.equal(map.label, native.label);
      assert.deepEqual([map.width, map.height, map.region], [native.width, native.height, native.region]);
      assert.equal(map.decoder, "engine");
      assert.deepEqual(Object.keys(map.timings), [
        "decodeMs",
        "locateMs",
        "prepareMs",
        "inferMs",
        "explainMs",
      ]);
    }
    const { label, confidence } = await classifier.classify(readFileSync(image));
    const map = await classifier.explain(readFileSync(image));
    assert.deepEqual([map.label, map.probability], [label, confidence]);
  });

  test("explain refuses a label that the model lacks, and what is not an image", async () => {
    await assert.rejects(
      classifier.explain(readFileSync(image), { label: "platypus" }),
      failsWith("invalid_argument"),
    );
    await assert.rejects(classifier.explain(new Uint8Array()), failsWith("empty_input"));
    const signal = AbortSignal.abort();
    await assert.rejects(classifier.explain(readFileSync(image), { signal }), failsWith("aborted"));
  });

  test("an abort signal ends waiting work with its reason as the cause", async () => {
    const reason = new Error("changed my mind");
    const aborted = AbortSignal.abort(reason);
    await assert.rejects(classifier.classify(readFileSync(image), { signal: aborted }), (error) => {
      return failsWith("aborted")(error) && error.cause === reason;
    });
    await assert.rejects(Classifier.load({ signal: aborted }), failsWith("aborted"));
  });

  test("the model describes itself", async () => {
    const article = await Classifier.load({ model: "article" });
    const { model, build } = article;
    article.dispose();
    assert.equal(model.name, "article");
    assert.equal(model.parameters, 89_140);
    assert.deepEqual(
      model.labels.map(({ id }) => id),
      ["eosinophil", "lymphocyte", "monocyte", "neutrophil"],
    );
    assert.deepEqual([model.input.width, model.input.height, model.input.region], [64, 64, "whole"]);
    assert.ok(["simd", "relaxed"].includes(build));
  });

  test("benchmark times the iterations asked for and refuses nonsense", async () => {
    const { iterations, p50, p95, build } = await classifier.benchmark({ iterations: 20 });
    assert.equal(iterations, 20);
    assert.equal(build, classifier.build);
    assert.ok(p50 > 0 && p95 >= p50);
    for (const wrong of [0, -1, 1.5, Number.NaN]) {
      await assert.rejects(classifier.benchmark({ iterations: wrong }), failsWith("invalid_argument"));
    }
  });

  for (const build of ["simd", "relaxed"]) {
    test(`a network whose output is not finite gives no answer and no times, in the ${build} build`, async () => {
      const broken = await Classifier.load({ build, model: cellModel({ overflowing: true }) });
      const notFinite = (error) => failsWith("corrupt_model")(error) && /not finite/.test(error.message);
      const file = readFileSync(image);
      const picture = await broken.open(file);
      const { cells } = await picture.locate();
      assert.ok(cells.length > 0);
      for (const ask of [
        () => broken.classify(file),
        () => broken.classifyField(file),
        () => broken.explain(file),
        () => picture.explain(cells[0]),
        () => broken.benchmark({ iterations: 3 }),
      ])
        await assert.rejects(ask(), notFinite);
      for await (const { error } of broken.classifyAll([file])) assert.ok(notFinite(error));
      assert.deepEqual((await picture.locate()).cells, cells);
      broken.dispose();
    });
  }

  test("calls may overlap", async () => {
    const results = await Promise.all(images.map((path) => classifier.classify(pathToFileURL(path))));
    for (const [index, path] of images.entries()) {
      assert.deepEqual(
        results[index].predictions,
        (await classifier.classify(pathToFileURL(path))).predictions,
      );
    }
  });

  test("after a trap only the call that trapped fails, and the next one finds a new engine", async () => {
    const expected = (await classifier.classify(readFileSync(image))).predictions;
    const calls = await trapping(() => Promise.allSettled([classifier.classify(readFileSync(image))]));
    assert.ok(failsWith("worker_failed")(calls[0].reason));
    assert.deepEqual((await classifier.classify(readFileSync(image))).predictions, expected);
  });
});

describe("loading", () => {
  test("bytes serve instead of URLs", async () => {
    const wasmBinary = readFileSync(at("dist/package/leukolens-simd.wasm"));
    const model = readFileSync(at("dist/package/models/flagship.safetensors"));
    const locator = readFileSync(at("dist/package/models/locator.safetensors"));
    const classifier = await Classifier.load({ wasmBinary, model, locator });
    assert.equal(classifier.build, "simd");
    assert.equal((await classifier.classify(readFileSync(image))).cells.length, 1);
    classifier.dispose();
  });

  test("a damaged model, engine or option is refused with a typed error", async () => {
    const model = readFileSync(at("dist/package/models/article.safetensors"));
    await assert.rejects(Classifier.load({ model: model.subarray(0, 1000) }), failsWith("corrupt_model"));
    await assert.rejects(
      Classifier.load({ wasmBinary: Uint8Array.of(0, 0x61, 0x73, 0x6d, 9, 9, 9, 9) }),
      failsWith("unsupported_environment"),
    );
    await assert.rejects(Classifier.load({ workers: 65 }), failsWith("invalid_argument"));
    await assert.rejects(Classifier.load({ worker: false, workers: 2 }), failsWith("invalid_argument"));
    await assert.rejects(
      Classifier.load({ wasmUrl: "data:,", build: "simd" }),
      failsWith("invalid_argument"),
    );
    await assert.rejects(Classifier.load({ model: pathToFileURL("/nowhere") }), failsWith("unreadable_file"));
  });

  test("a damaged locator, or a model that is none, is refused and named", async () => {
    const locator = readFileSync(at("dist/package/models/locator.safetensors"));
    const names = (code) => (error) => failsWith(code)(error) && /^The locator/.test(error.message);
    for (const [options, code] of [
      [{ locator: locator.subarray(0, -1) }, "corrupt_model"],
      [{ locator: cellModel() }, "unsupported_model"],
      [{ model: cellModel(), locator: new Uint8Array() }, "corrupt_model"],
    ])
      await assert.rejects(Classifier.load(options), names(code));
    await assert.rejects(
      Classifier.load({ locator: pathToFileURL("/nowhere") }),
      failsWith("unreadable_file"),
    );
    const asModel = Classifier.load({ model: locator });
    await assert.rejects(
      asModel,
      (error) => failsWith("unsupported_model")(error) && /locator/.test(error.message),
    );
  });

  test("a model that sees the whole image needs a locator only to locate", async () => {
    const file = readFileSync(image);
    const whole = await Classifier.load({ model: "article", locator: cellModel() });
    const { label } = await whole.classify(file);
    for (let i = 0; i < 2; i++) await assert.rejects(whole.locate(file), failsWith("unsupported_model"));
    assert.equal((await whole.classify(file)).label, label);
    whole.dispose();

    const article = await Classifier.load({ model: "article" });
    const { cells } = await article.locate(file);
    assert.equal(cells.length, 1);
    await article.decode(blankBmp(6000, 5000)); // the engine is replaced, since it has grown so large
    assert.deepEqual((await article.locate(file)).cells, cells);
    article.dispose();
  });

  test("a disposed classifier refuses work, twice disposed it stays quiet", async () => {
    const classifier = await Classifier.load();
    const underWay = classifier.classify(readFileSync(image));
    classifier.dispose();
    classifier[Symbol.dispose]();
    await assert.rejects(underWay, failsWith("disposed"));
    await assert.rejects(classifier.classify(readFileSync(image)), failsWith("disposed"));
    await assert.rejects(classifier.explain(readFileSync(image)), failsWith("disposed"));
    await assert.rejects(classifier.benchmark(), failsWith("disposed"));
  });
});

test("the union of error codes holds the engine's list, in its order, and five of its own", async () => {
  const { default: createLeukolens } = await import(at("build/wasm/leukolens.js"));
  const engine = await createLeukolens({ wasmBinary: readFileSync(at("build/wasm/leukolens.wasm")) });
  const codes = engine.errorCodes();
  assert.deepEqual(errorCodes.slice(0, codes.length), codes);
  assert.deepEqual(errorCodes.slice(codes.length), [
    "aborted",
    "disposed",
    "network",
    "unsupported_environment",
    "worker_failed",
  ]);
});

/** While `work` runs, the clock that the engine reads throws what a trap throws. */
async function trapping(work) {
  const { now } = performance;
  performance.now = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  try {
    return await work();
  } finally {
    performance.now = now;
  }
}

/** A PNG whose header promises 20000 x 20000 pixels. */
function hugePng() {
  const png = readFileSync(image);
  png.writeUInt32BE(20_000, 16);
  png.writeUInt32BE(20_000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}
