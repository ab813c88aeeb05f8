// The model page: facts and reports of the shipped models, a model of one's own, two models side by side.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import { cellModel } from "../cell-model.mjs";
import { at, drawSmears, native } from "../support.mjs";
import { writeTiff } from "../tiff.mjs";
import { screenshot, settle, startBrowser } from "./chromium.mjs";
import { share } from "./page.mjs";
import { wordsOf } from "./words.mjs";
import { callsOf, recordCalls } from "./worker-calls.mjs";

const { researchOnly, shell } = await wordsOf("en", "first-load");
const { model: say } = await wordsOf("en", "on-demand");
const report = JSON.parse(readFileSync(at("models/article.report.json"), "utf8"));
const decimals = (value) =>
  value.toLocaleString("en", { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const own = { name: "cells.safetensors", mimeType: "application/octet-stream", buffer: cellModel() };

describe("the model page", () => {
  let browser;
  const site = { opened: undefined, isShared: false };
  before(async () => {
    browser = await startBrowser(at("dist/site"));
  });
  after(() => browser.close());

  /** `tamper` runs in the page before anything else. */
  async function open({ tamper, ...options } = {}) {
    site.opened = await browser.newPage(options);
    if (tamper) await site.opened.page.addInitScript(tamper);
    await site.opened.page.goto(`${browser.origin}/#model`);
    await site.opened.page.getByRole("heading", { name: say.details.title }).waitFor();
    return site.opened.page;
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
    assert.deepEqual(site.opened.complaints, []);
    for (const url of site.opened.requests)
      assert.ok(url.startsWith(browser.origin) || url.startsWith("blob:"), url);
    if (!site.isShared) await site.opened.page.context().close();
  });

  describe("with the article's report", () => {
    let page;
    share(site, async () => {
      page = await openReport();
    });

    test("shows the facts that the native command line reads from the same file", async () => {
      const { parameters, macs, model } = native("inspect", at("models/article.safetensors"));
      const facts = page.locator("leuko-model-facts");
      await facts.getByText(parameters.toLocaleString("en")).waitFor();
      await facts.getByText(`${(macs / 1e6).toFixed(1)} million`).waitFor();
      await facts.getByText(say.details.ofWhole(64, 64)).waitFor();
      await facts.getByText(`${say.details.layers} (${model.layers.length})`).click();
      assert.equal(await facts.getByRole("table").getByRole("row").count(), 1 + model.layers.length);
    });

    test("shows the report's figures with intervals, each class and the confusions", async () => {
      const shown = page.locator("leuko-model-report");
      const { metrics } = report;
      await shown.getByText(decimals(metrics.accuracy), { exact: true }).first().waitFor();
      const [low, high] = metrics.accuracyInterval.map(decimals);
      assert.match(await shown.locator(".figures").textContent(), new RegExp(say.report.interval(low, high)));
      const classes = shown.getByRole("table", { name: say.report.perClass });
      for (const { label, f1 } of metrics.classes) {
        const row = classes.getByRole("row", { name: new RegExp(label, "i") });
        assert.match(await row.textContent(), new RegExp(decimals(f1)));
      }
      const counts = await shown
        .getByRole("table", { name: say.report.confusion })
        .locator("td small")
        .allTextContents();
      assert.deepEqual(
        counts.map((text) => Number(text.replace(",", ""))),
        metrics.confusion.flat(),
      );
      await shown.getByText(researchOnly).waitFor();
    });

    test("draws reliability, ROC and learning curves under the page's policy, each with its table or key", async () => {
      const { reliability, roc, learning, loss, accuracy } = say.report;
      for (const name of [reliability, roc, `${learning}: ${loss}`, `${learning}: ${accuracy}`])
        assert.ok(await page.getByRole("img", { name }).isVisible(), name);
      assert.equal(await page.locator("leuko-curves style").count(), 0);
      await page.getByText(say.report.asTable).first().click();
      const rows = page.getByRole("table", { name: reliability }).getByRole("row");
      assert.equal(await rows.count(), 1 + report.curves.reliability.length);
    });

    for (const tag of ["de", "es", "zh"]) {
      test(`changes to ${tag} in place, drawings included`, async () => {
        await page.getByRole("combobox").first().selectOption(tag);
        const { model } = await wordsOf(tag, "on-demand");
        await page.getByRole("img", { name: model.report.reliability }).waitFor();
        assert.equal(await page.getByRole("img", { name: say.report.reliability }).count(), 0);
      });
    }
  });

  test("shows what must be known before the figures are trusted, and each source by itself", async () => {
    const page = await open();
    await page.getByRole("radio", { name: "flagship" }).check();
    const shown = page.locator("leuko-model-report");
    const { notes, sources } = JSON.parse(readFileSync(at("models/flagship.report.json"), "utf8"));
    assert.ok(notes.length > 0);
    for (const note of notes) await shown.getByText(note).waitFor();
    assert.ok(sources.length > 1);
    const table = shown.getByRole("table", { name: say.report.perSource });
    for (const { name, metrics } of sources) {
      const row = await table.getByRole("row", { name }).textContent();
      assert.match(row, new RegExp(`${decimals(metrics.accuracy)}.*${decimals(metrics.eceInterval[1])}`));
    }
  });

  test("gives no figure to a class without images", async () => {
    site.opened = await browser.newPage();
    const { page } = site.opened;
    const [empty, ...others] = report.metrics.classes;
    const json = structuredClone(report);
    json.metrics.classes = [{ ...empty, support: 0, recall: 0, f1: 0, auc: 0 }, ...others];
    await page.route(/article\.report/, (route) => route.fulfill({ json }));
    await page.goto(`${browser.origin}/#model`);
    await page.getByRole("radio", { name: "article" }).check();
    const key = page.locator("leuko-curves .legend li").filter({ hasText: `${say.report.auc} -` });
    await key.waitFor();
    const row = page.getByRole("table", { name: say.report.perClass }).getByRole("row").nth(1);
    await row.getByRole("cell", { name: "-", exact: true }).nth(3).waitFor(); // recall, its interval, F1 and AUC
  });

  test("fetches reports and plots only here", async () => {
    site.opened = await browser.newPage();
    const { page, asked } = site.opened;
    await page.goto(browser.origin);
    await page.getByRole("link", { name: shell.part.model }).waitFor();
    await page.waitForLoadState("networkidle");
    assert.deepEqual(
      asked.filter((url) => /report|plots/.test(url)),
      [],
    );
    await page.getByRole("link", { name: shell.part.model }).click();
    await page.getByRole("radio", { name: "article" }).check();
    await page.getByRole("img", { name: "ROC" }).waitFor();
    assert.equal(asked.filter((url) => url.includes("article.report")).length, 1);
    assert.equal(asked.filter((url) => url.includes("plots")).length, 1);
  });

  test("opens a model file of one's own, says that it has no report, and classifies with it when asked to", async () => {
    const page = await open();
    await openFile(page, own);
    await page.getByText(say.opened("cells.safetensors")).waitFor();
    assert.match(await chosen(page).evaluate((radio) => radio.labels[0].textContent), /cells/);
    await page.getByText(say.details.ofCell(24, 24)).waitFor();
    await page.getByText(say.report.missing).waitFor();
    await page.getByRole("button", { name: say.use }).click();
    const choice = page.locator(".choice", { hasText: "cells" });
    await choice.getByText(say.inUse).waitFor();
    await page.getByRole("link", { name: shell.part.atlas }).click();
    await page.getByRole("link", { name: shell.part.model }).click();
    await page.locator(".choice", { hasText: "cells" }).getByText(say.inUse).waitFor();
  });

  test("opens a dropped model file, and takes it from the list again", async () => {
    const page = await open();
    await drop(page, { name: "dropped.safetensors", type: "", base64: own.buffer.toString("base64") });
    await page.getByText(say.opened("dropped.safetensors")).waitFor();
    await page.getByRole("button", { name: say.forget("dropped") }).click();
    assert.equal(await page.getByText("dropped").count(), 0);
    assert.equal(await chosen(page).count(), 1);
  });

  for (const [what, file, reason] of [
    [
      "a damaged model",
      { ...own, buffer: own.buffer.subarray(0, 900) },
      /cells\.safetensors cannot be used.*\w+\./s,
    ],
    ["a file of another kind", { ...own, name: "cells.onnx" }, /cells\.onnx is not a \.safetensors file/],
    ["an empty file", { ...own, buffer: Buffer.alloc(0) }, /cells\.safetensors cannot be used/],
  ]) {
    test(`refuses ${what} with its reason and keeps what was chosen`, async () => {
      const page = await open();
      const before = await chosen(page).getAttribute("id");
      await openFile(page, file);
      assert.match(await page.getByRole("alert").textContent(), reason);
      assert.equal(await chosen(page).getAttribute("id"), before);
      await page.getByRole("heading", { name: say.details.title }).waitFor();
      await openFile(page, own);
      await page.getByText(say.opened("cells.safetensors")).waitFor();
      assert.equal(await page.getByRole("alert").count(), 0);
    });
  }

  /** Own models are compared with the article's, so that the page's default does not matter. */
  async function compare(page) {
    await openFile(page, own);
    await page.getByText(say.opened("cells.safetensors")).waitFor();
    await page.getByLabel(say.compare.first).selectOption({ label: "article" });
    await page.getByLabel(say.compare.second).selectOption({ label: "cells" });
    await page.getByRole("button", { name: say.compare.run, exact: true }).click();
    await page.getByText(/Same answer for \d+ of \d+ images/).waitFor();
  }

  test("decodes each picture once for each of the two models, its thumbnail included", async () => {
    const page = await open({ tamper: recordCalls });
    await compare(page);
    const calls = await callsOf(page);
    const pictures = await page.locator("leuko-answers tbody tr").count();
    assert.ok(pictures > 1);
    assert.equal(calls.filter((name) => name === "open").length, 2 * pictures);
    assert.deepEqual([...new Set(calls)].sort(), ["classify", "close", "open", "thumbnails"]);
  });

  test("shows the speed of the models that are chosen, not of those that were when it was measured", async () => {
    const page = await open();
    await openFile(page, own);
    await page.getByText(say.opened("cells.safetensors")).waitFor();
    const second = page.getByLabel(say.compare.second);
    const measured = page.getByRole("row", { name: say.compare.inference });
    await page.getByRole("button", { name: say.compare.benchmark }).click();
    await second.selectOption({ label: "cells" });
    await page.getByRole("button", { name: say.compare.benchmark, disabled: false }).waitFor();
    assert.equal(await measured.count(), 0);
    await page.getByRole("button", { name: say.compare.benchmark }).click();
    await measured.waitFor();
  });

  test("shows no facts of another model where one cannot be loaded", async () => {
    const page = await open();
    const facts = page.getByRole("heading", { name: say.details.title });
    await page.route(/article.*safetensors/, (route) => route.fulfill({ status: 404 }));
    await page.getByRole("radio", { name: "article" }).check();
    await page.getByText(say.refused("article")).waitFor();
    assert.equal(await facts.count(), 0);
    const [complaint] = site.opened.complaints.splice(0);
    assert.match(complaint, /404/);
    await page.getByRole("radio", { name: "flagship" }).check();
    await facts.waitFor();
  });

  describe("with two models compared", () => {
    let page;
    share(site, async () => {
      page = await open();
      await compare(page);
      await page.getByRole("radio", { name: "article" }).check();
      await page.getByRole("img", { name: "ROC" }).waitFor();
    });

    test("compares two models on the drawn samples and marks where they differ", async () => {
      const rows = page.locator("leuko-answers tbody tr");
      const told = await page.getByText(/Same answer for/).textContent();
      const [, same, all] = /for (\d+) of (\d+)/.exec(told).map(Number);
      assert.equal(await rows.count(), all);
      const differing = rows.filter({ hasText: say.compare.differ });
      assert.equal(await differing.count(), all - same);
      const together = await page
        .getByRole("table", { name: say.compare.answers })
        .locator("td")
        .allTextContents();
      assert.equal(
        together.map(Number).reduce((a, b) => a + b),
        all,
      );
      await page.getByLabel(say.compare.onlyDifferent).check();
      assert.equal(await rows.count(), all - same);
      await page.getByLabel(say.compare.onlyDifferent).uncheck();
      await page.locator("leuko-compare").getByText(researchOnly).waitFor();
    });

    test("measures the speed of both on this device", async () => {
      await page.getByRole("button", { name: say.compare.benchmark }).click();
      for (const name of [say.compare.inference, say.compare.slowest]) {
        const row = page.getByRole("row", { name });
        await row.waitFor();
        const times = (await row.getByRole("cell").allTextContents()).map(Number.parseFloat);
        assert.equal(times.length, 2);
        assert.ok(times[0] > 0 && times[1] >= 0, `${times} ms`); // the small network may take less than the clock can tell
      }
    });

    for (const [device, width] of [
      ["phone", 390],
      ["desktop", 1280],
    ]) {
      for (const colorScheme of ["light", "dark"]) {
        test(`fits a ${device} in ${colorScheme} colours`, async () => {
          await page.setViewportSize({ width, height: 844 });
          await page.emulateMedia({ colorScheme });
          await settle(page);
          await screenshot(page, `${device}-${colorScheme}-model`);
          assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
        });
      }
    }

    test("compares on added pictures too, with the native engine's answer, and names one that cannot be read", async () => {
      const [image] = drawSmears({ count: 1, format: "jpg" });
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
      assert.match(
        await page.getByRole("row", { name: /notes\.txt/ }).textContent(),
        new RegExp(say.compare.failed),
      );
      await page.getByText(/Same answer for/).waitFor();
      await page.getByRole("button", { name: say.compare.clear }).click();
      assert.equal(await row.count(), 0);
    });

    test("shows an added TIFF, which the browser cannot, beside its answers", async () => {
      const [rgba, width] = [new Uint8Array(4 * 32 * 32).fill(200), 32];
      const tiff = {
        name: "grey.tif",
        mimeType: "image/tiff",
        buffer: writeTiff({ rgba, width, height: 32 }),
      };
      await page.locator("leuko-compare input[type=file]").setInputFiles([tiff]);
      const image = page.getByRole("row", { name: /grey\.tif/ }).locator("img");
      await image.waitFor();
      await page.waitForFunction((image) => image.naturalWidth > 0, await image.elementHandle());
    });
  });
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
