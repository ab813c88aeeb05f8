// dist/leukolens.html opened from disk: no server, no network, the whole page.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { at, drawSmears, scratch } from "../support.mjs";
import { launch, screenshot } from "./chromium.mjs";
import { launchFirefox } from "./firefox.mjs";

// Alone in a folder, under a name that has to be escaped.
const file = join(scratch(), "Leukolens of today & tomorrow.html");
copyFileSync(at("dist/leukolens.html"), file);
const address = pathToFileURL(file).href;
const [image] = drawSmears({ count: 1, format: "jpg" });
const researchOnly = "For research and education only.";

/** All text that is on the page, inside its components too. Runs in the page. */
const readAll = () => {
  const read = (node) =>
    [...node.childNodes]
      .map((child) => (child.nodeType === 3 ? child.data : read(child.shadowRoot ?? child)))
      .join(" ");
  return read(document.body);
};

/** The page's file input, inside whatever component. Runs in the page. */
const findInput = () => {
  const find = (root) =>
    root.querySelector("input[type=file]") ??
    [...root.querySelectorAll("*")].map(({ shadowRoot }) => shadowRoot && find(shadowRoot)).find(Boolean);
  return find(document);
};

const answered = /\d\s?%/;

test("the file holds everything, and says nothing of where it was made", () => {
  const html = readFileSync(file, "utf8");
  console.log(`${(statSync(file).size / 1e6).toFixed(2)} MB`);
  assert.doesNotMatch(html.replace(/[\w+/]{200,}/g, ""), /(src|href)="(?!data:)|file:\/\/|\/work\/|\/home\//);
});

describe("the single file in Chromium", () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  test("classifies a picture from disk with the network off, and asks for nothing", async () => {
    const context = await browser.newContext();
    await context.setOffline(true);
    const page = await context.newPage();
    const complaints = [];
    const requests = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("request", (request) => requests.push(request.url()));
    const start = performance.now();
    await page.goto(address);
    await page.locator("input[type=file]").first().setInputFiles(image);
    await page.getByText(answered).first().waitFor();
    console.log(`first answer after ${(performance.now() - start).toFixed(0)} ms`);
    await page.getByText(researchOnly).first().waitFor();
    await screenshot(page, "single-file");
    assert.deepEqual(complaints, []);
    for (const url of requests) assert.match(url, /^(blob:|data:)|^file:.*\.html$/);
    await context.close();
  });
});

describe("the single file in Firefox", () => {
  let browser;
  before(async () => {
    browser = await launchFirefox();
  });
  after(() => browser?.close());

  test("classifies a picture from disk, and asks for nothing", async () => {
    const page = await browser.newPage();
    const complaints = [];
    const requests = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("request", (request) => requests.push(request.url()));
    const start = performance.now();
    await page.goto(address);
    const input = await page.evaluateHandle(findInput);
    await input.uploadFile(image);
    let text = "";
    while (!answered.test(text) && performance.now() - start < 10_000) text = await page.evaluate(readAll);
    console.log(`first answer after ${(performance.now() - start).toFixed(0)} ms`);
    assert.match(text, answered);
    assert.ok(text.includes(researchOnly));
    assert.deepEqual(complaints, []);
    for (const url of requests) assert.match(url, /^(blob:|data:)|^file:.*\.html$/);
  });
});
