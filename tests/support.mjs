// What the package's and the page's tests share: drawn smears, the native command line, the installed package.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";
import { installIn } from "../web/install.mjs";

export const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The model that `Classifier.load()` takes when none is named. */
export const defaultModel = "flagship";

/** How many times as much the tests of memory do as they do among the others. */
export const soak = Number(process.env.LEUKOLENS_SOAK ?? 1);

/** What `./dev pack` makes, and `npm publish` would send. */
export const tarball = at(
  `dist/leukolens-${JSON.parse(readFileSync(at("package.json"), "utf8")).version}.tgz`,
);

/** The native programs; the command line of another build where LEUKOLENS_PRESET names one. */
export const programs = {
  leukolens: at(`build/${process.env.LEUKOLENS_PRESET ?? "release"}/leukolens`),
  smear: at("build/release/leukolens-smear"),
  train: at("build/release/leukolens-train"),
};

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
  execFileSync(programs.smear, options);
  return readdirSync(out, { recursive: true })
    .filter((name) => name.endsWith(format))
    .sort()
    .map((name) => join(out, name));
}

/**
 * The scenes of a model's golden outputs, drawn: [{ path, predictions }], the predictions being libtorch's. Those of a model that
 * looks at cells are of the cells as they were drawn, not as they are located.
 */
export function drawGolden(model) {
  const file = at(`models/${model}.golden.json`);
  const { labels, images } = JSON.parse(readFileSync(file, "utf8"));
  const out = scratch();
  execFileSync(programs.smear, ["--out", out, "--scenes", file]);
  return images.map(({ probabilities }, index) => ({
    path: join(out, `scene_${String(index + 1).padStart(5, "0")}.png`),
    predictions: probabilities.map((probability, i) => ({ label: labels[i], probability })),
  }));
}

/** The same scenes of the default model, with the native engine's answers, which tests of the engine hold against libtorch's. */
export function drawAnswered() {
  const paths = drawGolden(defaultModel).map(({ path }) => path);
  return classifyNatively(paths).map(({ source, predictions }) => ({ path: source, predictions }));
}

/** Draws `count` fields of 640 x 480 px with several white cells each; the list of their boxes, beside them. */
export function drawFieldList(count) {
  const out = scratch();
  const options = ["--field", "--out", out, "--count", String(count), "--seed", "4", "--size", "640x480"];
  execFileSync(programs.smear, options);
  return join(out, "boxes.csv");
}

/** The same fields; their paths. */
export function drawFields(count) {
  const out = dirname(drawFieldList(count));
  return readdirSync(out)
    .filter((name) => name.endsWith("png"))
    .sort()
    .map((name) => join(out, name));
}

/** A light grey picture. */
export function blankPng(width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const rows = Buffer.alloc(height * (1 + 3 * width), 235);
  for (let y = 0; y < height; y++) rows[y * (1 + 3 * width)] = 0; // no filter
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const chunks = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

/** What the native command line prints as JSON. */
export function native(verb, ...options) {
  return JSON.parse(execFileSync(programs.leukolens, [verb, "--json", ...options], { encoding: "utf8" }));
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

/** Fails if `results` are further than 1e-5 from what is expected of them; says how far they are. */
export function assertAgree(results, expected, name) {
  assert.equal(results.length, expected.length);
  const differences = results.map((result, i) =>
    largestDifference(result.predictions, expected[i].predictions),
  );
  const largest = Math.max(...differences);
  console.log(`${name}: largest difference ${largest.toExponential(1)}`);
  assert.ok(largest <= 1e-5);
}

/** The largest difference between two lists of predictions, label by label. */
export function largestDifference(one, other) {
  if (one.length !== other.length) return Infinity;
  const probability = new Map(other.map((prediction) => [prediction.label, prediction.probability]));
  return Math.max(
    0,
    ...one.map((prediction) =>
      Math.abs(prediction.probability - (probability.get(prediction.label) ?? Infinity)),
    ),
  );
}
