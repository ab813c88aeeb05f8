// A report of leukolens-train, opened from disk in Chromium: drawn whole, nothing fetched, nothing refused by its own policy.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { at, blankPng, drawSmears, scratch } from "../support.mjs";
import { screenshot, startBrowser } from "./chromium.mjs";
import { wordsOf } from "./words.mjs";

const { researchOnly } = await wordsOf("en", "first-load");
const say = (await wordsOf("en", "on-demand")).model.report;
const hostile = "<img src=x onerror=alert(1)>&quot;.png";
const axe = readFileSync(at("node_modules/axe-core/axe.min.js"), "utf8");

/** A folder of drawn cells, some of which lie in a wrong class's folder, and one of which has a name like markup. */
function drawData(seed) {
  const folder = scratch();
  for (const [index, path] of drawSmears({ count: 6, seed }).entries()) {
    const label = basename(dirname(path));
    const name = index === 0 ? hostile : basename(path);
    const shown = index % 6 === 1 ? "monocyte" : label;
    mkdirSync(join(folder, shown), { recursive: true });
    copyFileSync(path, join(folder, shown, name));
  }
  return folder;
}

const train = (...args) =>
  execFileSync(at("build/release/leukolens-train"), args, { encoding: "utf8", stdio: "pipe" });

/** The article's recipe, but for three epochs. */
function shortRecipe(folder) {
  const recipe = readFileSync(at("trainer/recipes/article.toml"), "utf8").replace(
    "epochs = 100",
    "epochs = 3",
  );
  writeFileSync(join(folder, "short.toml"), recipe);
  return join(folder, "short.toml");
}

describe("a report", () => {
  const out = scratch();
  const data = drawData();
  const second = drawData(8);
  const reports = {};
  let browser;

  before(async () => {
    const recipe = shortRecipe(out);
    const model = join(out, "short.safetensors");
    for (const name of ["fit", "crossval", "evaluate"]) reports[name] = join(out, `${name}.html`);
    train("fit", "--data", data, "--recipe", recipe, "--out", model, "--report", reports.fit);
    const both = ["--data", data, "--data", second];
    train("crossval", ...both, "--recipe", recipe, "--folds", "2", "--report", reports.crossval);
    train("evaluate", at("models/article.safetensors"), "--data", data, "--report", reports.evaluate);
    const blank = join(out, "blank");
    for (const label of ["monocyte", "neutrophil"]) {
      mkdirSync(join(blank, label), { recursive: true });
      writeFileSync(join(blank, label, "blank.png"), blankPng(300, 200));
    }
    reports.blank = join(out, "blank.html");
    train("evaluate", at("models/flagship.safetensors"), "--data", blank, "--report", reports.blank);
    browser = await startBrowser(out);
  });
  after(() => browser.close());

  async function open(name, options) {
    const opened = await browser.newPage(options);
    await opened.page.goto(pathToFileURL(reports[name]).href);
    return opened;
  }

  const measured = [say.reliability, say.roc];
  const learnt = [`${say.learning}: ${say.loss}`, `${say.learning}: ${say.accuracy}`];
  const drawings = { fit: [...measured, ...learnt], crossval: [...measured, ...learnt], evaluate: measured };
  for (const [name, expected] of Object.entries(drawings)) {
    test(`of ${name} opens from disk, draws itself, asks for nothing and has nothing refused`, async () => {
      const { page, requests, complaints } = await open(name);
      for (const drawing of expected)
        assert.ok(await page.getByRole("img", { name: drawing }).isVisible(), drawing);
      assert.equal(await page.getByText(researchOnly).count(), 2);
      assert.deepEqual(
        requests.filter((url) => !url.startsWith("data:")),
        [pathToFileURL(reports[name]).href],
      );
      assert.deepEqual(complaints, []);
      const broken = await page
        .locator("img")
        .evaluateAll((images) => images.filter((image) => image.naturalWidth === 0).length);
      assert.equal(broken, 0);
      await page.context().close();
    });
  }

  test("has an axis for the losses whose numbers differ, however little they do", async () => {
    const { page } = await open("fit");
    const curve = page.getByRole("img", { name: `${say.learning}: ${say.loss}` });
    const texts = await curve.locator("text").allTextContents();
    const ticks = texts.filter((text) => /^\d+\.\d+$/.test(text)); // epochs are whole
    assert.ok(ticks.length > 1);
    assert.equal(new Set(ticks).size, ticks.length, ticks.join(" "));
    await page.context().close();
  });

  test("draws the losses of all learning rates where none is suggested", async () => {
    const path = join(out, "rates.html");
    const recipe = join(out, "short.toml");
    train("learning-rate", "--data", data, "--recipe", recipe, "--steps", "50", "--report", path);
    // Whether one is suggested hangs on the drawings: the page is shown both.
    const found = readFileSync(path, "utf8");
    writeFileSync(path, found.replace(/"suggested":[^,]+/, '"suggested":null'));
    reports.rates = path;
    const { page, complaints } = await open("rates");
    assert.ok(await page.getByRole("img", { name: "Loss against learning rate" }).isVisible());
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test("shows command, recipe, hashes, machine and versions", async () => {
    const { page } = await open("fit");
    await page.getByText("leukolens-train fit --data").waitFor();
    await page.getByText('name = "article"').waitFor();
    const { facts, modelSha256 } = JSON.parse(readFileSync(join(out, "fit.json"), "utf8"));
    for (const fact of [facts.dataSha256, facts.machine, facts.versions, modelSha256])
      assert.ok(await page.getByText(fact).isVisible(), fact);
    await page.context().close();
  });

  test("says of each source by itself how good the model is, where there are several", async () => {
    const { page } = await open("crossval");
    const { metrics, sources } = JSON.parse(readFileSync(join(out, "crossval.json"), "utf8"));
    assert.deepEqual(
      sources.map(({ name }) => name),
      [data, second],
    );
    assert.equal(sources[0].metrics.images + sources[1].metrics.images, metrics.images);
    assert.equal(sources[0].metrics.correct + sources[1].metrics.correct, metrics.correct);
    const table = page.getByRole("table", { name: say.perSource });
    for (const { name, metrics: own } of sources)
      assert.match(
        await table.getByRole("row", { name }).textContent(),
        new RegExp(`${own.images}${own.accuracy.toFixed(3)}`),
      );
    await page.context().close();
    const { page: single } = await open("fit");
    assert.equal(await single.getByText(say.perSource).count(), 0);
    await single.context().close();
  });

  test("has a dash, and no zero, for a figure that is of nothing", async () => {
    const { page, complaints } = await open("blank");
    const figure = (name) =>
      page.locator("dl.figures > div").filter({ has: page.getByText(name, { exact: true }) });
    for (const name of [say.loss, say.brier, say.ece])
      assert.equal(await figure(name).textContent(), `${name}-`, name);
    const row = page.getByRole("table", { name: say.perClass }).getByRole("row", { name: "monocyte" });
    assert.deepEqual((await row.getByRole("cell").allTextContents()).slice(0, 5), [
      "1",
      "-",
      "-",
      "0.000",
      "0.000 to 0.793",
    ]);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test("shows a file's name as text, whatever it is", async () => {
    const { page } = await open("evaluate");
    assert.ok((await page.getByText(hostile).count()) > 0);
    assert.equal(await page.locator("img[src=x]").count(), 0);
    await page.context().close();
  });

  test("has the figures of evaluate --json, and every drawing's table", async () => {
    const printed = JSON.parse(train("evaluate", at("models/article.safetensors"), "--data", data, "--json"));
    const beside = JSON.parse(readFileSync(join(out, "evaluate.json"), "utf8"));
    assert.deepEqual(beside.metrics, printed.metrics);
    assert.deepEqual(beside.curves, printed.curves);
    assert.deepEqual(
      beside.first.map(({ source }) => source),
      printed.first.map(({ source }) => source),
    );
    const { page } = await open("evaluate");
    const table = page.getByRole("table", { name: say.confusion });
    const counts = await table.locator("td small").allTextContents();
    assert.deepEqual(counts.map(Number), printed.metrics.confusion.flat());
    await page.getByText(say.asTable).first().click();
    const bins = page.getByRole("table", { name: say.reliability }).locator("tbody tr");
    assert.equal(await bins.count(), printed.curves.reliability.length);
    await page.context().close();
  });

  test("is accessible in light and dark mode, on a desk and on a phone", async () => {
    // axe writes its own script into the page, which the report's policy rightly refuses.
    const { page } = await open("crossval", { bypassCSP: true });
    await page.evaluate(axe);
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [1100, 360]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
        assert.deepEqual(
          violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
          [],
          `${colorScheme}, ${width} px`,
        );
        assert.ok(
          await page.evaluate(
            () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
          ),
          `the page must not scroll sideways (${colorScheme}, ${width} px)`,
        );
        await screenshot(page, `report-${colorScheme}-${width}`);
      }
    }
    await page.context().close();
  });

  test("is printed dark on white, without what only a screen can open", async () => {
    const { page } = await open("crossval", { colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const [background, ink] = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      return [backgroundColor, color].map((text) => Math.max(...text.match(/\d+/g)));
    });
    assert.ok(background > 240 && ink < 60, `ink ${ink} on ${background}`);
    assert.equal(await page.locator("summary").first().isVisible(), false);
    await screenshot(page, "report-print");
    await page.context().close();
  });
});
