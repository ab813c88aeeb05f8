// The built page in Chromium, as a person works with it: what all tests of the page share.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { after, afterEach, before } from "node:test";
import { zipSync } from "fflate";
import { cellModel } from "../cell-model.mjs";
import { at } from "../support.mjs";
import { startBrowser, waitUntil } from "./chromium.mjs";

export const researchOnly = "For research and education only. Not for use in diagnostic procedures.";

/** For a `describe`: a browser on the built site. After each test nothing may have complained or left the site. */
export function servePage() {
  const site = { browser: undefined, opened: undefined, isShared: false };
  before(async () => {
    site.browser = await startBrowser(at("dist/site"));
  });
  after(() => site.browser.close());
  afterEach(async () => {
    const { complaints, requests, page } = site.opened;
    assert.deepEqual(complaints, []);
    for (const url of requests)
      assert.ok(url.startsWith(site.browser.origin) || url.startsWith("blob:"), url);
    if (!site.isShared) await page.context().close();
  });

  site.share = (open) => share(site, open);

  /** Opens the page and waits for the engine. */
  site.open = async (options, query = "") => {
    site.opened = await site.browser.newPage({ locale: "en", ...options });
    const { page } = site.opened;
    await page.goto(`${site.browser.origin}/${query}`);
    await page.getByText(/WebAssembly, /).waitFor({ state: "attached" });
    return page;
  };

  /** The same with a model that finds cells, whatever the shipped one does. `model`: options of `cellModel()`. */
  site.openWithCells = async ({ model, ...options } = {}, query) => {
    const page = await site.open(options, query);
    await give(page, { name: "cells.safetensors", buffer: cellModel(model) });
    await page.getByText("Now classifying with cells.safetensors.").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    return page;
  };
  return site;
}

/**
 * For a `describe` inside one whose `afterEach` closes the page of `site` unless it `isShared`: its tests share the page that `open`
 * opens, each from where the one before left it.
 */
export function share(site, open) {
  before(async () => {
    await open();
    site.isShared = true;
  });
  after(async () => {
    site.isShared = false;
    await site.opened.page.context().close();
  });
}

/** Chooses files, by path or as { name, buffer }. */
export function give(page, ...files) {
  const chosen = files.map((file) =>
    typeof file === "string"
      ? { name: basename(file), mimeType: "", buffer: readFileSync(file) }
      : { mimeType: "", ...file },
  );
  return page.locator("input#files").setInputFiles(chosen);
}

/** A saved session of one picture: of each cell the upper left corner of its box, its label, and what else is not as usual. */
export function sessionOf(path, cells) {
  const outcome = {
    ...{ kind: "found", model: "cells", whole: false, width: 640, height: 480, decoder: "engine" },
    timings: { decodeMs: 1, locateMs: 1, prepareMs: 1, inferMs: 1 },
    cells: cells.map(({ place: [x, y], label, ...more }) => ({
      ...{
        box: { x, y, width: 40, height: 40 },
        x: x + 20,
        y: y + 20,
        diameter: 40,
        outline: [],
        score: 0.9,
      },
      ...{ verdict: "classified", label, confidence: 0.9, typicality: 0.5 },
      predictions: [{ label, probability: 0.9 }],
      ...more,
    })),
  };
  const picture = { entry: "pictures/000001", name: basename(path), drawn: false, outcome, corrections: [] };
  const session = JSON.stringify({ format: 1, note: "", pictures: [picture] });
  return Buffer.from(
    zipSync({ "leukolens.json": Buffer.from(session), "pictures/000001": readFileSync(path) }),
  );
}

export const headline = (page) => page.locator("leuko-cell").getByRole("status").locator("h2");

/** The headline, once it is about a picture. */
export async function answer(page) {
  const settled = headline(page).filter({ hasNotText: "Analysing" });
  await settled.waitFor();
  return settled.textContent();
}

export async function percentages(page) {
  const texts = await page.locator("leuko-cell .bar .number").allTextContents();
  return texts.map((text) => text.trim());
}

/** Dispatches a drop or paste that carries a file, or nothing. */
export function dispatch(page, event, path) {
  return page.evaluate(
    ([event, base64]) => {
      const transfer = new DataTransfer();
      const bytes = base64 && Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      if (bytes) transfer.items.add(new File([bytes], "cell.jpg", { type: "image/jpeg" }));
      const init = { bubbles: true, cancelable: true, dataTransfer: transfer, clipboardData: transfer };
      window.dispatchEvent(
        event === "drop" ? new DragEvent("drop", init) : new ClipboardEvent("paste", init),
      );
    },
    [event, path && readFileSync(path).toString("base64")],
  );
}

/** Once the browser keeps so many pictures, and so many corrections, for the next visit. */
export const waitUntilKept = (page, pictures, corrections) =>
  waitUntil(async () => {
    const kept = await page.evaluate(async () => {
      const result = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await result(indexedDB.open("leukolens"));
      const stored = database.transaction(["pictures", "edits"]);
      const count = result(stored.objectStore("pictures").count());
      const edits = result(stored.objectStore("edits").get("corrections"));
      const kept = [await count, (await edits)?.size ?? 0];
      database.close();
      return kept;
    });
    return kept[0] === pictures && kept[1] === corrections;
  });

/** The text of the file that `action` makes the page download. */
export async function downloadBy(page, action) {
  const waiting = page.waitForEvent("download");
  await action();
  const download = await waiting;
  const path = await download.path();
  return { name: download.suggestedFilename(), path, bytes: readFileSync(path) };
}

/** Saves the session of one image, clears it and opens the file. */
export async function saveAndOpenAgain(page) {
  const { bytes } = await downloadBy(page, () => page.getByRole("button", { name: "Save session" }).click());
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
  await give(page, { name: "kept.leukolens", buffer: bytes });
  await page.getByText(/opened: 1 image/).waitFor();
}

/** From now on, and of what was before. */
export function watchShifts(page) {
  return page.evaluate(() => {
    window.shift = 0;
    const add = (list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    };
    new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
  });
}
