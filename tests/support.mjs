// What the package's and the page's tests share: drawn smears, the native command line, the installed package.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** An empty folder that is gone when the process ends. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "leukolens-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Draws `count` smears of each of the article's classes; their paths, sorted. */
export function drawSmears({ count = 2, seed = 7, format = "png" } = {}) {
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
  ];
  execFileSync(at("build/release/leukolens-smear"), options);
  return readdirSync(out, { recursive: true })
    .filter((name) => name.endsWith(format))
    .sort()
    .map((name) => join(out, name));
}

/** What the native command line prints for `images`. */
export function classifyNatively(images) {
  const options = ["classify", "--json", "--model", at("models/article.safetensors"), ...images];
  return JSON.parse(execFileSync(at("build/release/leukolens"), options, { encoding: "utf8" }));
}

/** A new project in which the packed tarball is installed, as a user would. */
export function installPackage() {
  const folder = scratch();
  const { version } = JSON.parse(readFileSync(at("package.json"), "utf8"));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" }),
  );
  const options = ["install", "--offline", "--no-audit", "--no-fund", at(`dist/leukolens-${version}.tgz`)];
  execFileSync("npm", options, { cwd: folder, stdio: "pipe" });
  return { folder, entry: join(folder, "node_modules/leukolens/index.js") };
}

export function writeFiles(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
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
