// How fast the packed package is, for both WebAssembly builds: in headless Chromium (through the worker) and in Node (in this
// thread), and natively. Prints two tables.
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { browsers, startBrowser } from "../browser/chromium.mjs";
import { at, drawSmears, installPackage, programs, writeFiles } from "../support.mjs";
import { measure } from "./measure.mjs";

const builds = ["relaxed", "simd"];
const sizes = ["320x240", "640x480"];
const images = sizes.flatMap((size) => drawSmears({ count: 1, format: "jpg", size }).slice(0, 1));
const jpegs = images.map((image) => readFileSync(image));
const { folder, entry } = installPackage();

async function measureInChromium() {
  for (const name of ["measure.mjs", "peak.mjs"]) copyFileSync(at(`tests/bench/${name}`), join(folder, name));
  writeFiles(folder, { "index.html": "<!doctype html><title>Benchmark</title>" });
  const browser = await startBrowser(folder, [], { program: browsers.whole });
  try {
    const { page } = await browser.newPage();
    await page.goto(browser.origin);
    return await page.evaluate(
      async ([pictures, builds]) => {
        const { Classifier } = await import("/node_modules/leukolens/index.js");
        const { measure } = await import("/measure.mjs");
        return measure(
          Classifier,
          pictures.map((base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))),
          builds,
        );
      },
      [jpegs.map((jpeg) => jpeg.toString("base64")), builds],
    );
  } finally {
    await browser.close();
  }
}

async function measureInNode() {
  setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it, but hides it
  const { Classifier } = await import(pathToFileURL(entry));
  return measure(Classifier, jpegs, builds);
}

/** The network alone, and the parts of each picture's answer by the command line. */
function measureNatively() {
  const print = (program, ...options) => JSON.parse(execFileSync(program, options, { encoding: "utf8" }));
  const model = at("models/flagship.safetensors");
  const { peak, macs, ...infer } = print(at("build/release/tests/bench/network_peak"), model);
  const parts = images.map((image) => print(programs.leukolens, "bench", model, "--image", image, "--json"));
  return { build: "", peak, macs, infer, parts };
}

const milliseconds = ({ p50, p95 }) => `${p50.toFixed(2).padStart(6)} ${p95.toFixed(2).padStart(6)}`;
/** Of what the machine multiplies and adds in that time, by 128 bits in one thread. */
const share = ({ peak, macs, infer }) =>
  `${((100 * macs) / peak / (infer.p50 / 1000)).toFixed(0).padStart(5)} %`;
const name = (runtime, { build }) => `${runtime.padEnd(13)} ${build.padEnd(8)}`;

const measured = [
  ...(await measureInChromium()).map((row) => ["Chromium", row]),
  ...(await measureInNode()).map((row) => ["Node", row]),
  ["native", measureNatively()],
];
console.log(`JPEG ${jpegs[0].length} bytes, 320 x 240; milliseconds, median round of 5\n`);
console.log("                        inference     of peak   JPEG to answer");
console.log("runtime       build       p50    p95                p50    p95");
for (const [runtime, row] of measured)
  console.log(
    `${name(runtime, row)} ${milliseconds(row.infer)}   ${share(row)}   ${row.whole ? milliseconds(row.whole) : ""}`,
  );
const [, { peak, macs }] = measured.at(-1);
console.log(
  `\nOf peak: of the 128-bit multiply-adds that one thread can do, ${(peak / 1e9).toFixed(1)} billion a second natively; inference takes ${(macs / 1e6).toFixed(2)} million. Native code may use wider vectors.`,
);
console.log("\nPart of the answer                decode           locate");
for (const [place, size] of sizes.entries())
  for (const [runtime, row] of measured) {
    const { decode, locate } = row.parts[place];
    console.log(`${size.padEnd(9)} ${name(runtime, row)} ${milliseconds(decode)}   ${milliseconds(locate)}`);
  }
