// ONNX files in ONNX Runtime, against libtorch's answers to the same inputs, as trainer_tests writes both; and
// what `import` makes of a file from elsewhere, against that file.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { installIn } from "../../../web/install.mjs";
import { at, scratch } from "../../support.mjs";

installIn(at("tests/trainer/onnx"));
const ort = await import("onnxruntime-web");
ort.env.wasm.numThreads = 1;

const cases = scratch();
execFileSync(
  at("build/release/tests/trainer_tests"),
  ["every kind of layer becomes ONNX *,the article's network is imported as tf2onnx writes it"],
  { env: { ...process.env, LEUKOLENS_ONNX_CASES: cases } },
);
const floats = (name) => new Float32Array(new Uint8Array(readFileSync(join(cases, `${name}.f32`))).buffer);

/** The outputs for as many images as there are in `inputs`. */
async function run(model, inputs) {
  const session = await ort.InferenceSession.create(readFileSync(model));
  const [{ name, shape }] = session.inputMetadata;
  const [, height, width, channels] = shape;
  const dims = [inputs.length / (height * width * channels), height, width, channels];
  return session.run({ [name]: new ort.Tensor("float32", inputs, dims) });
}

function assertClose(name, actual, expected) {
  assert.equal(actual.length, expected.length);
  const largest = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  console.log(`${name}: largest difference from libtorch ${largest.toExponential(1)}`);
  assert.ok(largest <= 1e-4);
}

for (const name of ["article", "flattening", "pooling"]) {
  test(`ONNX Runtime gives libtorch's logits and probabilities for ${name}`, async () => {
    const { logits, probabilities } = await run(join(cases, `${name}.onnx`), floats(`${name}.image`));
    assertClose(`${name}, logits`, logits.data, floats(`${name}.logits`));
    assertClose(`${name}, probabilities`, probabilities.data, floats(`${name}.probabilities`));
  });
}

test("the command exports the article's network, and ONNX Runtime gives its golden outputs", async () => {
  const out = join(scratch(), "article.onnx");
  execFileSync(at("build/release/leukolens-train"), [
    "export",
    at("models/article.safetensors"),
    "--out",
    out,
  ]);
  const { images } = JSON.parse(readFileSync(at("models/article.golden.json"), "utf8"));
  const { logits, probabilities } = await run(out, floats("article.image"));
  assertClose(
    "golden logits",
    logits.data,
    images.flatMap((image) => image.logits),
  );
  assertClose(
    "golden probabilities",
    probabilities.data,
    images.flatMap((image) => image.probabilities),
  );
});

test("an imported Keras network answers as ONNX Runtime does with the file that it came from", async () => {
  const [answers] = Object.values(await run(join(cases, "keras.onnx"), floats("article.image")));
  const { labels, images } = JSON.parse(readFileSync(join(cases, "keras.golden.json"), "utf8"));
  assert.deepEqual(labels, ["eosinophil", "lymphocyte", "monocyte", "neutrophil"]);
  assertClose(
    "imported",
    answers.data,
    images.flatMap((image) => image.probabilities),
  );
});
