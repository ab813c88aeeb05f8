// What the package's and the page's tests share: drawn smears, the native command line, the installed package.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installIn } from "../web/install.mjs";

export const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The model that `Classifier.load()` takes when none is named. */
export const defaultModel = "flagship";

/** What `./dev pack` makes, and `npm publish` would send. */
export const tarball = at(
  `dist/leukolens-${JSON.parse(readFileSync(at("package.json"), "utf8")).version}.tgz`,
);

/** An empty folder that is gone when the process ends. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "leukolens-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Draws `count` smears of each of the article's classes; their paths, sorted. */
export function drawSmears({ count = 2, seed = 7, format = "png", size = "320x240" } = {}) {
  const out = scratch();
  const cells = "eosinophil,lymphocyte,monocyte,neutrophil";
  const options = [
    "--out",
    out,
    "--cells",
    cells,
    "--count",
    String(count),
    "--seed",
    String(seed),
    "--format",
    format,
    "--size",
    size,
  ];
  execFileSync(at("build/release/leukolens-smear"), options);
  return readdirSync(out, { recursive: true })
    .filter((name) => name.endsWith(format))
    .sort()
    .map((name) => join(out, name));
}

/** The scenes of a model's golden outputs, drawn: [{ path, predictions }], the predictions being libtorch's. */
export function drawGolden() {
  const file = at(`models/${defaultModel}.golden.json`);
  const { labels, images } = JSON.parse(readFileSync(file, "utf8"));
  const out = scratch();
  execFileSync(at("build/release/leukolens-smear"), ["--out", out, "--scenes", file]);
  return images.map(({ probabilities }, index) => ({
    path: join(out, `scene_${String(index + 1).padStart(5, "0")}.png`),
    predictions: probabilities.map((probability, i) => ({ label: labels[i], probability })),
  }));
}

/** Draws `count` fields of 640 x 480 px with several white cells each; their paths. */
export function drawFields(count) {
  const out = scratch();
  const options = ["--field", "--out", out, "--count", String(count), "--seed", "4", "--size", "640x480"];
  execFileSync(at("build/release/leukolens-smear"), options);
  return readdirSync(out)
    .filter((name) => name.endsWith("png"))
    .sort()
    .map((name) => join(out, name));
}

/** What the native command line prints as JSON. */
export function native(verb, ...options) {
  const output = execFileSync(at("build/release/leukolens"), [verb, "--json", ...options], {
    encoding: "utf8",
  });
  return JSON.parse(output);
}

const model = ["--model", at(`models/${defaultModel}.safetensors`)];

export const classifyNatively = (images) => native("classify", ...model, ...images);

/** For one image and, if any, one label. */
export const explainNatively = (image, label) =>
  native("explain", ...model, image, ...(label ? ["--label", label] : []));

/** A new project in which the packed tarball is installed, as a user would. */
export function installPackage() {
  const folder = scratch();
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" }),
  );
  const options = ["install", "--offline", "--no-audit", "--no-fund", tarball];
  execFileSync("npm", options, { cwd: folder, stdio: "pipe" });
  return { folder, entry: join(folder, "node_modules/leukolens/index.js") };
}

/** Installs the bundlers, frameworks and the like that the package is tried with, unless they are there. */
export const installConsumers = () => installIn(at("tests/package/consumers"));

export function writeFiles(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Fails if `results` are further than 1e-5 from libtorch's; says how far they are. */
export function assertGolden(results, golden, name) {
  assert.equal(results.length, golden.length);
  const differences = results.map((result, i) =>
    largestDifference(result.predictions, golden[i].predictions),
  );
  const largest = Math.max(...differences);
  console.log(`${name}: largest difference from libtorch ${largest.toExponential(1)}`);
  assert.ok(largest <= 1e-5);
}

/** The largest difference between two lists of predictions, label by label. */
export function largestDifference(one, other) {
  const probability = new Map(other.map((prediction) => [prediction.label, prediction.probability]));
  return Math.max(
    ...one.map((prediction) =>
      Math.abs(prediction.probability - (probability.get(prediction.label) ?? Infinity)),
    ),
  );
}
