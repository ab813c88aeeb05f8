// The model page: facts and reports of the shipped models, a model of one's own, two models side by side.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import { cellModel } from "../cell-model.mjs";
import { at, drawSmears, native } from "../support.mjs";
import { writeTiff } from "../tiff.mjs";
import { screenshot, startBrowser } from "./chromium.mjs";

const researchOnly = "For research and education only. Not for use in diagnostic procedures.";
const report = JSON.parse(readFileSync(at("models/article.report.json"), "utf8"));
const share = (value) => value.toLocaleString("en", { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const own = { name: "cells.safetensors", mimeType: "application/octet-stream", buffer: cellModel() };

describe("the model page", () => {
  let browser;
  let opened;
  before(async () => {
    browser = await startBrowser(at("dist/site"));
  });
  after(() => browser.close());

  async function open(options) {
    opened = await browser.newPage(options);
    await opened.page.goto(`${browser.origin}/#model`);
    await opened.page.getByRole("heading", { name: "What it is" }).waitFor();
    return opened.page;
  }

  /** With the article's model chosen and all of its report drawn. */
  async function openReport(options) {
    const page = await open(options);
    await page.getByRole("radio", { name: "article" }).check();
    await page.getByRole("img", { name: "ROC" }).waitFor();
    return page;
  }

  const openFile = (page, file) =>
    page.locator("leuko-model input[accept='.safetensors']").setInputFiles(file);
  const chosen = (page) => page.getByRole("radio", { checked: true });

  afterEach(async () => {
    assert.deepEqual(opened.complaints, []);
    for (const url of opened.requests)
      assert.ok(url.startsWith(browser.origin) || url.startsWith("blob:"), url);
    await opened.page.context().close();
  });

  test("shows the facts that the native command line reads from the same file", async () => {
    const page = await openReport();
    const { parameters, macs, model } = native("inspect", at("models/article.safetensors"));
    const facts = page.locator("leuko-model-facts");
    await facts.getByText(parameters.toLocaleString("en")).waitFor();
    assert.ok(await facts.getByText(`${(macs / 1e6).toFixed(1)} million`).isVisible());
    assert.ok(await facts.getByText("64 × 64 px, the whole picture").isVisible());
    await facts.getByText(`Layers (${model.layers.length})`).click();
    assert.equal(await facts.getByRole("table").getByRole("row").count(), 1 + model.layers.length);
  });

  test("shows the report's figures with intervals, each class and the confusions", async () => {
    const page = await openReport();
    const shown = page.locator("leuko-model-report");
    const { metrics } = report;
    assert.ok(await shown.getByText(share(metrics.accuracy), { exact: true }).first().isVisible());
    const [low, high] = metrics.accuracyInterval.map(share);
    assert.match(await shown.locator(".figures").textContent(), new RegExp(`${low} to ${high}`));
    const classes = shown.getByRole("table", { name: "Each class" });
    for (const { label, f1 } of metrics.classes) {
      const row = classes.getByRole("row", { name: new RegExp(label, "i") });
      assert.match(await row.textContent(), new RegExp(share(f1)));
    }
    const counts = await shown
      .getByRole("table", { name: "Confusion" })
      .locator("td small")
      .allTextContents();
    assert.deepEqual(
      counts.map((text) => Number(text.replace(",", ""))),
      metrics.confusion.flat(),
    );
    assert.ok(await shown.getByText(researchOnly).isVisible());
  });

  test("shows what must be known before the figures are trusted, and each source by itself", async () => {
    const page = await open();
    await page.getByRole("radio", { name: "flagship" }).check();
    const shown = page.locator("leuko-model-report");
    const { notes, sources } = JSON.parse(readFileSync(at("models/flagship.report.json"), "utf8"));
    assert.ok(notes.length > 0);
    for (const note of notes) assert.ok(await shown.getByText(note).isVisible());
    assert.ok(sources.length > 1);
    const table = shown.getByRole("table", { name: "Each source" });
    for (const { name, metrics } of sources) {
      const row = await table.getByRole("row", { name }).textContent();
      assert.match(row, new RegExp(`${share(metrics.accuracy)}.*${share(metrics.eceInterval[1])}`));
    }
  });

  test("draws reliability, ROC and learning curves under the page's policy, each with its table or key", async () => {
    const page = await openReport();
    for (const name of ["Reliability", "ROC", "Learning curves: Loss", "Learning curves: Accuracy"])
      assert.ok(await page.getByRole("img", { name }).isVisible(), name);
    assert.equal(await page.locator("leuko-curves style").count(), 0);
    await page.getByText("The same as a table").first().click();
    const rows = page.getByRole("table", { name: "Reliability" }).getByRole("row");
    assert.equal(await rows.count(), 1 + report.curves.reliability.length);
  });

  test("fetches reports and plots only here", async () => {
    opened = await browser.newPage();
    const { page, asked } = opened;
    await page.goto(browser.origin);
    await page.getByRole("link", { name: "Model" }).waitFor();
    await page.waitForLoadState("networkidle");
    assert.deepEqual(
      asked.filter((url) => /report|plots/.test(url)),
      [],
    );
    await page.getByRole("link", { name: "Model" }).click();
    await page.getByRole("radio", { name: "article" }).check();
    await page.getByRole("img", { name: "ROC" }).waitFor();
    assert.equal(asked.filter((url) => url.includes("article.report")).length, 1);
  });

  test("opens a model file of one's own, says that it has no report, and classifies with it when asked to", async () => {
    const page = await open();
    await openFile(page, own);
    await page.getByText("cells.safetensors is open.").waitFor();
    assert.match(await chosen(page).evaluate((radio) => radio.labels[0].textContent), /cells/);
    assert.ok(await page.getByText("24 × 24 px, the cell that was located").isVisible());
    assert.ok(await page.getByText("No report comes with this model").isVisible());
    await page.getByRole("button", { name: "Use this model for pictures" }).click();
    const choice = page.locator(".choice", { hasText: "cells" });
    await choice.getByText("Used for pictures").waitFor();
    await page.getByRole("link", { name: "Atlas" }).click();
    await page.getByRole("link", { name: "Model" }).click();
    await page.locator(".choice", { hasText: "cells" }).getByText("Used for pictures").waitFor();
  });

  test("opens a dropped model file, and takes it from the list again", async () => {
    const page = await open();
    await drop(page, { name: "dropped.safetensors", type: "", base64: own.buffer.toString("base64") });
    await page.getByText("dropped.safetensors is open.").waitFor();
    await page.getByRole("button", { name: "Remove dropped" }).click();
    assert.equal(await page.getByText("dropped").count(), 0);
    assert.equal(await chosen(page).count(), 1);
  });

  for (const [what, file, reason] of [
    [
      "a damaged model",
      { ...own, buffer: own.buffer.subarray(0, 900) },
      /cells\.safetensors is not a model.*\w+\./s,
    ],
    [
      "a file of another kind",
      { ...own, name: "cells.onnx" },
      /cells\.onnx is no \.safetensors file: choose/,
    ],
    ["an empty file", { ...own, buffer: Buffer.alloc(0) }, /cells\.safetensors is not a model/],
  ]) {
    test(`refuses ${what} with its reason and keeps what was chosen`, async () => {
      const page = await open();
      const before = await chosen(page).getAttribute("id");
      await openFile(page, file);
      assert.match(await page.getByRole("alert").textContent(), reason);
      assert.equal(await chosen(page).getAttribute("id"), before);
      assert.ok(await page.getByRole("heading", { name: "What it is" }).isVisible());
      await openFile(page, own);
      await page.getByText("cells.safetensors is open.").waitFor();
      assert.equal(await page.getByRole("alert").count(), 0);
    });
  }

  /** Own models are compared with the article's, so that the page's default does not matter. */
  async function compare(page) {
    await openFile(page, own);
    await page.getByText("cells.safetensors is open.").waitFor();
    await page.getByLabel("First model").selectOption({ label: "article" });
    await page.getByLabel("Second model").selectOption({ label: "cells" });
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByText(/The same answer for \d+ of \d+ pictures/).waitFor();
  }

  test("compares two models on the drawn samples and marks where they differ", async () => {
    const page = await open();
    await compare(page);
    const rows = page.locator("leuko-answers tbody tr");
    const told = await page.getByText(/The same answer for/).textContent();
    const [, same, all] = /for (\d+) of (\d+)/.exec(told).map(Number);
    assert.equal(await rows.count(), all);
    const differing = rows.filter({ hasText: "different answers" });
    assert.equal(await differing.count(), all - same);
    const together = await page
      .getByRole("table", { name: /go together/ })
      .locator("td")
      .allTextContents();
    assert.equal(
      together.map(Number).reduce((a, b) => a + b),
      all,
    );
    await page.getByLabel("Show only where they differ").check();
    assert.equal(await rows.count(), all - same);
    assert.ok(await page.locator("leuko-compare").getByText(researchOnly).isVisible());
  });

  test("shows an added TIFF, which the browser cannot, beside its answers", async () => {
    const page = await open();
    await compare(page);
    const [rgba, width] = [new Uint8Array(4 * 32 * 32).fill(200), 32];
    const tiff = { name: "grey.tif", mimeType: "image/tiff", buffer: writeTiff({ rgba, width, height: 32 }) };
    await page.locator("leuko-compare input[type=file]").setInputFiles([tiff]);
    const image = page.getByRole("row", { name: /grey\.tif/ }).locator("img");
    await image.waitFor();
    await page.waitForFunction((image) => image.naturalWidth === 32, await image.elementHandle());
  });

  test("compares on added pictures too, with the native engine's answer, and names one that cannot be read", async () => {
    const [image] = drawSmears({ count: 1, format: "jpg" });
    const page = await open();
    await compare(page);
    const broken = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") };
    const picture = { name: "mine.jpg", mimeType: "image/jpeg", buffer: readFileSync(image) };
    await page.locator("leuko-compare input[type=file]").setInputFiles([picture, broken]);
    const row = page.getByRole("row", { name: /mine\.jpg/ });
    await row.waitFor();
    const article = ["--model", at("models/article.safetensors")];
    const [{ label, confidence }] = native("classify", ...article, image);
    const cell = await row.getByRole("cell").first().textContent();
    assert.match(cell, new RegExp(label, "i"));
    assert.match(cell, new RegExp(`${(100 * confidence).toFixed(1)}%`));
    assert.match(await page.getByRole("row", { name: /notes\.txt/ }).textContent(), /could not be read/);
    await page.getByText(/The same answer for/).waitFor();
    await page.getByRole("button", { name: "Remove my pictures" }).click();
    assert.equal(await row.count(), 0);
  });

  test("measures the speed of both on this device", async () => {
    const page = await open();
    await compare(page);
    await page.getByRole("button", { name: "Measure the speed" }).click();
    const median = page.getByRole("row", { name: /Inference alone, median/ });
    await median.waitFor();
    const times = (await median.getByRole("cell").allTextContents()).map(Number.parseFloat);
    assert.equal(times.length, 2);
    assert.ok(times[0] > 0 && times[1] < times[0], `${times} ms: the article's network is the larger`);
  });

  for (const tag of ["de", "es", "zh"]) {
    test(`changes to ${tag} in place, drawings included`, async () => {
      const page = await openReport();
      await page.getByRole("combobox").first().selectOption(tag);
      const names = { de: "Verlässlichkeit", es: "Fiabilidad", zh: "可靠性" };
      await page.getByRole("img", { name: names[tag] }).waitFor();
      assert.equal(await page.getByRole("img", { name: "Reliability" }).count(), 0);
    });
  }

  for (const [device, width] of [
    ["phone", 390],
    ["desktop", 1280],
  ]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`fits a ${device} in ${colorScheme} colours`, async () => {
        const page = await openReport({ colorScheme, viewport: { width, height: 844 } });
        await compare(page);
        await page.getByRole("radio", { name: "article" }).check();
        await page.getByRole("img", { name: "ROC" }).waitFor();
        await screenshot(page, `${device}-${colorScheme}-model`);
        assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
      });
    }
  }
});

/** Dispatches a drop of one file on the window. */
function drop(page, file) {
  return page.evaluate(({ name, type, base64 }) => {
    const dataTransfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    dataTransfer.items.add(new File([bytes], name, { type }));
    window.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
  }, file);
}
