// How fast the packed package is, for both WebAssembly builds: in headless Chromium (through the worker) and in Node (in this
// thread), and of the network alone, natively. Prints one table.
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { browsers, startBrowser } from "../browser/chromium.mjs";
import { at, drawSmears, installPackage, writeFiles } from "../support.mjs";
import { measure } from "./measure.mjs";

const builds = ["relaxed", "simd"];
const [image] = drawSmears({ count: 1, format: "jpg" });
const jpeg = readFileSync(image);
const { folder, entry } = installPackage();

async function measureInChromium() {
  for (const name of ["measure.mjs", "peak.mjs"]) copyFileSync(at(`tests/bench/${name}`), join(folder, name));
  writeFiles(folder, { "index.html": "<!doctype html><title>Benchmark</title>" });
  const browser = await startBrowser(folder, [], { program: browsers.whole });
  try {
    const { page } = await browser.newPage();
    await page.goto(browser.origin);
    return await page.evaluate(
      async ([base64, builds]) => {
        const { Classifier } = await import("/node_modules/leukolens/index.js");
        const { measure } = await import("/measure.mjs");
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

const native = () =>
  JSON.parse(execFileSync(at("build/release/tests/bench/network_peak"), [at("models/flagship.safetensors")]));

const milliseconds = ({ p50, p95 }) => `${p50.toFixed(2).padStart(6)} ${p95.toFixed(2).padStart(6)}`;
/** Of what the machine multiplies and adds in that time, by 128 bits in one thread. */
const share = ({ peak, macs, infer }) =>
  `${((100 * macs) / peak / (infer.p50 / 1000)).toFixed(0).padStart(5)} %`;

console.log(`JPEG ${jpeg.length} bytes, 320 x 240; milliseconds, median round of 5\n`);
console.log("                        inference     of peak   JPEG to answer");
console.log("runtime       build       p50    p95                p50    p95");
for (const [runtime, rows] of [
  ["Chromium", await measureInChromium()],
  ["Node", await measureInNode()],
])
  for (const row of rows)
    console.log(
      `${runtime.padEnd(13)} ${row.build.padEnd(8)} ${milliseconds(row.infer)}   ${share(row)}   ${milliseconds(row.whole)}`,
    );
const { peak, macs, ...infer } = native();
console.log(`${"native".padEnd(22)} ${milliseconds(infer)}   ${share({ peak, macs, infer })}`);
console.log(
  `\nOf peak: of the 128-bit multiply-adds that one thread can do, ${(peak / 1e9).toFixed(1)} billion a second natively; inference takes ${(macs / 1e6).toFixed(2)} million.`,
);
