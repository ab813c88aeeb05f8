// What the page costs: bytes and times of the first load, and a batch of drawn cells through it, with the memory that it holds.
// `node tests/bench/page.mjs [COUNT] [--fields]` after `./dev pack`; --fields: of fields of 640 x 480 px instead. Prints two tables.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { browsers, startBrowser } from "../browser/chromium.mjs";
import { at, drawFields, drawSmears } from "../support.mjs";
import { slowDown, slowLine } from "./slow-line.mjs";

const { values, positionals } = parseArgs({
  options: { fields: { type: "boolean" } },
  allowPositionals: true,
});
const count = Number(positionals[0] ?? 1000);
const site = at("dist/site");
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

/** Bytes as a host with brotli sends them, by kind of file. */
function sizes(urls) {
  const sums = new Map();
  for (const url of urls) {
    const path = new URL(url).pathname;
    const name = path.endsWith("/") ? `${path}index.html` : path;
    const kind = /\.(\w+)$/.exec(name)[1];
    sums.set(kind, (sums.get(kind) ?? 0) + brotliCompressSync(readFileSync(join(site, name))).length);
  }
  return sums;
}

/** Until the engine stands, with nothing in the cache; what an idle page fetches afterwards is not of the first load. */
async function firstLoad(browser, line) {
  const { page, requests } = await browser.newPage({ locale: "en" });
  if (line) await slowDown(page, line);
  await page.addInitScript(() => {
    window.shift = 0;
    const add = (list) =>
      list.getEntries().forEach(({ value }) => {
        window.shift += value;
      });
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
  });
  const start = performance.now();
  await page.goto(browser.origin);
  await page.getByRole("button", { name: "Choose images" }).waitFor();
  const interactive = performance.now() - start;
  await page.getByText(/WebAssembly, /).waitFor({ state: "attached" });
  const ready = performance.now() - start;
  const urls = [...new Set(requests)].filter((url) => url.startsWith(browser.origin));
  await page.waitForTimeout(500);
  const shift = await page.evaluate(() => window.shift);
  await page.context().close();
  return { urls, interactive, ready, shift };
}

async function batch(browser) {
  const { page } = await browser.newPage({ locale: "en" });
  await page.goto(browser.origin);
  await page.getByText(/WebAssembly, /).waitFor({ state: "attached" });
  await browser.collectGarbage(page);
  const before = await browser.residentMemory();
  const files = values.fields
    ? drawFields(count)
    : drawSmears({ count: Math.ceil(count / 4), format: "jpg" }).slice(0, count);
  page.setDefaultTimeout(600_000);
  await page.locator("input#files").setInputFiles(files);
  const start = performance.now();
  const done = page.getByText(/^Done: \d+ images, /);
  await done.waitFor({ state: "attached" });
  const seconds = (performance.now() - start) / 1000;
  const said = await done.textContent();
  await page.waitForTimeout(2000);
  await browser.collectGarbage(page);
  const after = await browser.residentMemory();
  await page.getByRole("button", { name: "Clear" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
  await page.waitForTimeout(12_000); // engines beyond the first are let go after ten seconds
  await browser.collectGarbage(page);
  return { seconds, said, before, after, cleared: await browser.residentMemory() };
}

const browser = await startBrowser(site, [], { program: browsers.whole });
try {
  const loads = [];
  for (let i = 0; i < 5; i++) loads.push(await firstLoad(browser));
  const median = (pick) => loads.map(pick).sort((a, b) => a - b)[2];
  const bytes = sizes(loads[0].urls);
  console.log("First load, brotli");
  for (const [kind, sum] of bytes) console.log(`  ${kind.padEnd(12)} ${kilobytes(sum).padStart(10)}`);
  console.log(`  ${"all".padEnd(12)} ${kilobytes([...bytes.values()].reduce((a, b) => a + b)).padStart(10)}`);
  console.log(
    `  button there ${median((load) => load.interactive).toFixed(0)} ms, engine ready ${median((load) => load.ready).toFixed(0)} ms (medians of 5)`,
  );
  const slow = [];
  for (let i = 0; i < 3; i++) slow.push((await firstLoad(browser, slowLine)).ready);
  console.log(`  engine ready at 1.6 Mbit/s ${slow.sort((a, b) => a - b)[1].toFixed(0)} ms (median of 3)`);
  console.log(`  layout shift ${Math.max(...loads.map((load) => load.shift))}\n`);
  const { seconds, said, before, after, cleared } = await batch(browser);
  console.log(
    `${count} drawn ${values.fields ? "fields of 640 x 480" : "pictures of 320 x 240"} px: ${said}`,
  );
  console.log(`  ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} images/s`);
  console.log(
    `  resident memory of the page and its workers, without the browser's program: ${megabytes(before)} before, ${megabytes(after)} with them, ${megabytes(cleared)} cleared`,
  );
} finally {
  await browser.close();
}
