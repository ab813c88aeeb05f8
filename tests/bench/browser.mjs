// How fast the packed package is, for both WebAssembly builds: in headless Chromium (through the worker) and in Node (in this
// thread). Prints one table.
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { startBrowser } from "../browser/chromium.mjs";
import { at, drawSmears, installPackage, writeFiles } from "../support.mjs";
import { measure } from "./measure.mjs";

const builds = ["relaxed", "simd"];
const [image] = drawSmears({ count: 1, format: "jpg" });
const jpeg = readFileSync(image);
const { folder, entry } = installPackage();

async function measureInChromium() {
  copyFileSync(at("tests/bench/measure.mjs"), join(folder, "measure.js"));
  writeFiles(folder, { "index.html": "<!doctype html><title>Benchmark</title>" });
  const browser = await startBrowser(folder);
  try {
    const { page } = await browser.newPage();
    await page.goto(browser.origin);
    return await page.evaluate(
      async ([base64, builds]) => {
        const { Classifier } = await import("/node_modules/leukolens/index.js");
        const { measure } = await import("/measure.js");
        return measure(
          Classifier,
          Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)),
          builds,
        );
      },
      [jpeg.toString("base64"), builds],
    );
  } finally {
    await browser.close();
  }
}

async function measureInNode() {
  setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it, but hides it
  const { Classifier } = await import(pathToFileURL(entry));
  return measure(Classifier, jpeg, builds);
}

const milliseconds = ({ p50, p95 }) => `${p50.toFixed(2).padStart(6)} ${p95.toFixed(2).padStart(6)}`;

console.log(`JPEG ${jpeg.length} bytes, 320 x 240; milliseconds, median round of 5\n`);
console.log("                        inference      JPEG to answer");
console.log("runtime       build       p50    p95      p50    p95");
for (const [runtime, rows] of [
  ["Chromium", await measureInChromium()],
  ["Node", await measureInNode()],
]) {
  for (const { build, infer, whole } of rows) {
    console.log(`${runtime.padEnd(13)} ${build.padEnd(8)} ${milliseconds(infer)}   ${milliseconds(whole)}`);
  }
}
