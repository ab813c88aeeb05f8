// What the package takes, whatever realm or path it comes from, where its files may lie, and what it says of all else: only ever a
// LeukolensError.
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { at, drawAnswered, installConsumers, installPackage, scratch } from "../support.mjs";
import { load } from "./consumers/load.mjs";

const [{ path: image, predictions }] = drawAnswered();
const best = predictions.toSorted((a, b) => b.probability - a.probability)[0].label;
const bytes = readFileSync(image);
const { entry } = installPackage();
const { Classifier, LeukolensError, errorCodes } = await import(pathToFileURL(entry));

installConsumers();
const { reactive, ref } = await load("@vue/reactivity");

const packed = dirname(entry);
const failsWith =
  (code, text = /\.$/) =>
  (error) => {
    assert.ok(error instanceof LeukolensError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, text);
    return true;
  };

describe("an input", () => {
  let classifier;
  before(async () => {
    classifier = await Classifier.load();
  });
  after(() => classifier.dispose());

  const classify = async (input) => (await classifier.classify(input)).label;

  test("of another realm is taken for what it is", async () => {
    const source = { numbers: [...bytes], URL, url: pathToFileURL(image).href };
    assert.equal(await classify(runInNewContext("Uint8Array.from(numbers)", source)), best);
    assert.equal(await classify(runInNewContext("Uint8Array.from(numbers).buffer", source)), best);
    class File extends Blob {} // as jsdom has one: no instance of ours
    assert.equal(await classify(Object.setPrototypeOf(new Blob([bytes]), File.prototype)), best);
  });

  test("may be a path, relative or not, and shared memory", async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const before = process.cwd();
    process.chdir(dirname(image));
    try {
      for (const input of [image, basename(image), `./${basename(image)}`, shared, shared.buffer])
        assert.equal(await classify(input), best);
    } finally {
      process.chdir(before);
    }
  });

  test("that is gone, of no kind, or cannot be drawn here has a code", async () => {
    const gone = new Uint8Array(bytes);
    structuredClone(gone, { transfer: [gone.buffer] });
    await assert.rejects(classify(gone), failsWith("invalid_argument", /detached/));
    await assert.rejects(classify(gone.buffer), failsWith("invalid_argument", /detached/));
    await assert.rejects(classify("C:\\nowhere\\cell.jpg"), failsWith("unreadable_file", /cell\.jpg/));
    await assert.rejects(classify("nowhere.jpg"), failsWith("unreadable_file", /nowhere\.jpg/));
    const drawn = {
      get [Symbol.toStringTag]() {
        return "HTMLCanvasElement";
      },
    };
    await assert.rejects(classify(drawn), failsWith("unsupported_environment", /pass the file/));
    const treacherous = {
      get [Symbol.toStringTag]() {
        throw new TypeError("no");
      },
    };
    for (const input of [null, undefined, 42, {}, [], Symbol("cell"), () => 0])
      await assert.rejects(classify(input), failsWith("invalid_argument"));
    await assert.rejects(classify(treacherous), failsWith("internal"));
  });

  test("of pixels that are no bytes is refused, as is one that has fewer or more of them than its size says", async () => {
    for (const data of [
      new Float32Array(400),
      new Uint16Array(400),
      new Uint8Array(399),
      new Uint8Array(401),
    ]) {
      const pixels = { [Symbol.toStringTag]: "ImageData", data, width: 10, height: 10 };
      await assert.rejects(classify(pixels), failsWith("invalid_argument", /4 x width x height/));
    }
  });

  test("whatever it is does not end a batch", async () => {
    const treacherous = {
      get [Symbol.toStringTag]() {
        throw new TypeError("no");
      },
    };
    const codes = [];
    for await (const { error, label } of classifier.classifyAll([treacherous, null, gone(), bytes]))
      codes.push(error?.code ?? label);
    assert.deepEqual(codes, ["internal", "invalid_argument", "invalid_argument", best]);
  });

  test("with options that are none is no reason for another error", async () => {
    for (const call of ["classify", "classifyField", "locate", "decode", "explain"])
      await classifier[call](bytes, null);
    assert.equal((await classifier.benchmark(null)).iterations, 100);
    await assert.rejects(Classifier.load(null), failsWith("invalid_argument"));
    await assert.rejects(Classifier.load(42), failsWith("invalid_argument"));
    await assert.rejects(
      Classifier.load({ build: "fast" }),
      failsWith("invalid_argument", /build must be auto/),
    );
    await assert.rejects(classifier.adapt(null), failsWith("invalid_argument", /examples/));
    const batch = classifier.classifyAll([bytes], { onProgress: "often" });
    await assert.rejects(batch.next(), failsWith("invalid_argument", /onProgress/));
    const opened = await classifier.open(bytes);
    await assert.rejects(opened.classifyFramed(null), failsWith("invalid_argument", /frames/));
    await assert.rejects(opened.thumbnails(null, 32), failsWith("invalid_argument", /regions/));
    opened.close();
  });
});

test("a signal that is none is refused, and leaves the classifier as it was", async () => {
  const noSignal = failsWith("invalid_argument", /must be an AbortSignal/);
  const classifier = await Classifier.load({ workers: 1 });
  const picture = await classifier.open(bytes);
  for (const signal of [new AbortController(), {}, "stop", 1]) {
    for (const call of ["classify", "classifyField", "locate", "decode", "explain", "open"])
      for (const input of [bytes, new Blob([bytes])])
        await assert.rejects(classifier[call](input, { signal }), noSignal, call);
    for (const call of ["classify", "classifyField", "locate", "pixels"])
      await assert.rejects(picture[call]({ signal }), noSignal, call);
    await assert.rejects(classifier.classifyAll([bytes], { signal }).next(), noSignal);
    await assert.rejects(classifier.adapt([{ picture: bytes, label: best }], { signal }), noSignal);
    await assert.rejects(Classifier.load({ signal }), noSignal);
    assert.equal((await classifier.classify(bytes, { signal: null })).label, best);
  }
  classifier.dispose();
});

test("a classifier and its pictures work through Vue's proxies", async () => {
  const classifier = ref(await Classifier.load());
  const shown = reactive({ picture: await classifier.value.open(bytes), cells: [] });
  shown.cells = (await shown.picture.classifyField()).cells;
  assert.equal((await classifier.value.classify(bytes)).label, best);
  assert.ok((await shown.picture.explain(shown.cells[0])).label);
  shown.picture.close();
  classifier.value.dispose();
});

function gone() {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

test("what was aborted and does not come to an end is replaced, and the next call is answered", async () => {
  const stuck = await Classifier.load({ workers: 1 });
  const controller = new AbortController();
  const { width } = await stuck.decode(bytes);
  // The network of an image after another: as long as the worker is not replaced, the last call waits for all of it.
  const busy = stuck.benchmark({ iterations: 100_000 }).catch(({ code }) => code);
  const waiting = stuck.classify(bytes, { signal: controller.signal }).catch(({ code }) => code);
  controller.abort();
  assert.equal(await waiting, "aborted");
  assert.ok(width > 0);
  stuck.dispose();
  assert.equal(await busy, "disposed");
});

describe("the package's files", () => {
  const folder = join(scratch(), "files");
  cpSync(packed, folder, { recursive: true });
  const single = (name) => pathToFileURL(join(folder, name));

  test("lie where one option says, or single ones", async () => {
    for (const options of [
      { baseUrl: folder, workers: 1 },
      { baseUrl: pathToFileURL(`${folder}/`), model: "article" },
      { workerUrl: single("worker.js"), workers: 1, wasmUrl: single("leukolens-simd.wasm") },
      {
        baseUrl: "/nowhere",
        workerUrl: single("worker.js"),
        wasmUrl: single("leukolens-simd.wasm"),
        model: single("models/flagship.safetensors"),
        locator: single("models/locator.safetensors"),
        workers: 1,
      },
    ]) {
      const classifier = await Classifier.load(options);
      assert.ok((await classifier.classify(bytes)).label);
      classifier.dispose();
    }
    await assert.rejects(
      Classifier.load({ baseUrl: "/nowhere" }),
      failsWith("unreadable_file", /\/nowhere\//),
    );
  });

  test("may be given compiled, to this thread and to workers", async () => {
    const wasmBinary = await WebAssembly.compile(readFileSync(join(packed, "leukolens-simd.wasm")));
    const tiffBinary = await WebAssembly.compile(readFileSync(join(packed, "leukolens-tiff.wasm")));
    for (const options of [{}, { workers: 1 }]) {
      const classifier = await Classifier.load({ wasmBinary, tiffBinary, ...options });
      assert.equal((await classifier.classify(bytes)).label, best);
      await assert.rejects(classifier.classify(Buffer.from("BM no bitmap")), failsWith("corrupt_image"));
      classifier.dispose();
    }
    const wrong = Classifier.load({ wasmBinary: Buffer.from("no module") });
    await assert.rejects(wrong, failsWith("invalid_argument", /no WebAssembly/));
  });

  test("under addresses that answer something else are named, with what came", async () => {
    const server = createServer((request, response) => {
      if (request.url.startsWith("/cut")) {
        const file = readFileSync(join(packed, "leukolens-simd.wasm"));
        response.writeHead(200, { "content-type": "application/wasm", "content-length": file.length });
        response.write(file.subarray(0, 50_000), () => response.destroy());
        return;
      }
      const isMissing = request.url.startsWith("/missing");
      const type = request.url.endsWith("text") ? "text/plain" : "text/html; charset=utf-8";
      response.writeHead(isMissing ? 404 : 200, { "content-type": type });
      response.end("\n <!doctype html><title>Everything else</title>");
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    const origin = `http://127.0.0.1:${server.address().port}`;
    try {
      for (const [options, text] of [
        [{ baseUrl: origin }, /http:.*leukolens-\w+\.wasm answered with a page \(text\/html/],
        [{ wasmUrl: `${origin}/text` }, /http:.*\/text is no WebAssembly/],
        [{ wasmUrl: `${origin}/cut` }, /http:.*\/cut could not be read/],
        [{ model: `${origin}/cut` }, /http:.*\/cut could not be read/],
        [{ model: `${origin}/model` }, /http:.*\/model answered with a page/],
        [{ model: `${origin}/text` }, /http:.*\/text is no model/],
        [{ locator: `${origin}/missing` }, /http:.*\/missing could not be fetched: status 404/],
        [{ profile: `${origin}/profile` }, /http:.*\/profile answered with a page/],
      ])
        await assert.rejects(Classifier.load(options), failsWith("network", text));
      const classifier = await Classifier.load();
      await assert.rejects(
        classifier.classify(`${origin}/cell.png`),
        failsWith("network", /answered with a page/),
      );
      await assert.rejects(classifier.classify(`${origin}/text`), failsWith("unsupported_format"));
      classifier.dispose();
      const noWorker = Classifier.load({ workerUrl: single("README.md"), workers: 1 });
      await assert.rejects(
        noWorker,
        failsWith("unsupported_environment", /README\.md did not start.*worker: false/),
      );
    } finally {
      server.close();
    }
  });
});

test("without WebAssembly the reason is said", async () => {
  const { WebAssembly } = globalThis;
  globalThis.WebAssembly = undefined;
  try {
    await assert.rejects(Classifier.load(), failsWith("unsupported_environment", /lockdown/));
  } finally {
    globalThis.WebAssembly = WebAssembly;
  }
});

test("the README says of each code what it means and what to do", () => {
  const readme = readFileSync(at("web/README.md"), "utf8");
  const documented = Array.from(readme.matchAll(/^\| `(\w+)` \| [^|]+ \| [^|]+ \|$/gm), ([, code]) => code);
  assert.deepEqual(
    errorCodes.filter((code) => !documented.includes(code)),
    [],
  );
});
