// A picture on the page is decoded once for its answer, and once more for all that is asked of it after that, if anything is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, test } from "node:test";
import { cellModel } from "../cell-model.mjs";
import { at, drawFields } from "../support.mjs";
import { writeTiff } from "../tiff.mjs";
import { waitUntil } from "./chromium.mjs";
import { answer, downloadBy, give, servePage } from "./page.mjs";

const { Classifier } = await import(at("dist/package/index.js"));
const fields = drawFields(4);

/** Whoever decodes a file, reads it: in the page before anything else, counts how often each is. */
function countReads() {
  window.reads = {};
  const count = (blob) => {
    if (blob instanceof File) window.reads[blob.name] = (window.reads[blob.name] ?? 0) + 1;
  };
  for (const method of ["arrayBuffer", "bytes", "stream", "text"]) {
    const read = Blob.prototype[method];
    if (read)
      Blob.prototype[method] = function () {
        count(this);
        return read.call(this);
      };
  }
  const { createImageBitmap } = window;
  window.createImageBitmap = (input, ...rest) => {
    if (input instanceof Blob) count(input);
    return createImageBitmap(input, ...rest);
  };
}

describe("the page decodes", () => {
  const site = servePage();
  const cells = (page) => page.getByRole("listbox", { name: /^Cells/ });
  const reads = (page) => page.evaluate("reads");

  async function openCounting() {
    site.opened = await site.browser.newPage({ locale: "en", viewport: { width: 1680, height: 1050 } });
    const { page } = site.opened;
    await page.addInitScript(countReads);
    await page.goto(site.browser.origin);
    await give(page, { name: "cells.safetensors", buffer: cellModel() });
    await page.getByText("Now classifying with cells.safetensors.").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    return page;
  }

  async function makeTiff() {
    const classifier = await Classifier.load();
    const pixels = await classifier.decode(readFileSync(fields[0]));
    classifier.dispose();
    return { name: "field.tif", buffer: writeTiff(pixels) };
  }

  test("each picture of a batch once, a TIFF too, and has its thumbnails and the selected one's scale of that", async () => {
    const page = await openCounting();
    const tiff = await makeTiff();
    await give(page, ...fields, tiff);
    await page.getByText(/^Done: 5 images, \d+ cells, \d+ to review\.$/).waitFor({ state: "attached" });
    const small = page.locator("leuko-picture-list leuko-thumbnail img");
    await waitUntil(async () => (await small.count()) === 5);
    const drawn = await small.evaluateAll((all) => Promise.all(all.map((img) => img.decode())));
    assert.equal(drawn.length, 5);
    const { "cells.safetensors": _, ...pictures } = await reads(page);
    await page.locator("leuko-scale .line").waitFor();
    const counted = [...fields.map((path) => pictures[basename(path)]), pictures[tiff.name]];
    assert.deepEqual(counted, [1, 1, 1, 1, 1]);
  });

  test("a selected picture once more for all of its heatmaps, for showing it and for its export", async () => {
    const page = await openCounting();
    await give(page, await makeTiff());
    await cells(page).getByRole("option").nth(2).waitFor();
    await page.locator("leuko-viewer .content > canvas").waitFor();
    await page.getByLabel("Show heatmap").check();
    const heatmap = page.locator("leuko-viewer .over canvas");
    await cells(page).focus();
    for (const key of ["Home", "ArrowRight", "ArrowRight"]) {
      await page.keyboard.press(key);
      await heatmap.waitFor();
    }
    await downloadBy(page, async () => {
      await page.locator("leuko-toolbar summary").click();
      await page.getByRole("button", { name: "Annotated image (PNG)" }).click();
    });
    assert.equal((await reads(page))["field.tif"], 2);
  });

  test("what a heatmap explains: exactly the cell that is selected and the answer that is shown", async () => {
    const page = await openCounting();
    await give(page, fields[0]);
    await answer(page);
    await page.getByLabel("Sort").selectOption("found");
    await page.getByLabel("Show heatmap").check();
    await cells(page).focus();
    await page.keyboard.press("Home");
    const classifier = await Classifier.load({ model: cellModel() });
    const picture = await classifier.open(readFileSync(fields[0]));
    const { width, height } = picture;
    const field = await picture.classifyField();
    for (const [index, cell] of field.cells.entries()) {
      if (index > 0) await page.keyboard.press("ArrowRight");
      const { values, region } = await picture.explain(cell);
      const expected = {
        left: (100 * region.x) / width,
        top: (100 * region.y) / height,
        width: (100 * region.width) / width,
        height: (100 * region.height) / height,
      };
      await waitUntil(async () => sameHeatmap(await shownHeatmap(page), { place: expected, values }));
    }
    classifier.dispose();
  });
});

/** Where it lies, in percent of the picture, and how strong it is at each of its places; undefined where there is none. */
function shownHeatmap(page) {
  return page.locator("leuko-viewer .over").evaluate((over) => {
    const canvas = over.querySelector("canvas");
    if (!canvas) return undefined;
    const place = Object.fromEntries(
      ["left", "top", "width", "height"].map((side) => [side, Number.parseFloat(canvas.style[side])]),
    );
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return { place, strengths: Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 3]) };
  });
}

/** To a thousandth of the picture, and to a step of the 255 that a canvas has. */
function sameHeatmap(shown, { place, values }) {
  if (!shown || shown.strengths.length !== values.length) return false;
  return (
    Object.entries(place).every(([side, percent]) => Math.abs(shown.place[side] - percent) < 0.1) &&
    shown.strengths.every((strength, i) => Math.abs(strength - 255 * Math.abs(values[i]) ** 0.75) <= 1.5)
  );
}
