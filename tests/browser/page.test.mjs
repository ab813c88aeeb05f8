// One picture with one cell: in by every way, and out comes an answer that says how sure it is, and why.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { classifyNatively, drawSmears } from "../support.mjs";
import { screenshot, settle, waitUntil } from "./chromium.mjs";
import {
  answer,
  dispatch,
  give,
  headline,
  percentages,
  researchOnly,
  servePage,
  watchShifts,
} from "./page.mjs";
import { wordsOf } from "./words.mjs";

const { shell, workbench } = await wordsOf("en", "first-load");
const images = drawSmears({ format: "jpg" });
const [image] = images;

describe("the page", () => {
  const site = servePage();
  const { open } = site;

  test("a chosen file is shown with the native engine's probabilities, its times and the research-only line", async () => {
    const page = await open();
    assert.ok((await percentages(page)).every((text) => text === ""));
    await give(page, image);
    const said = await answer(page);
    const [native] = classifyNatively([image]);
    if (native.verdict === "classified") assert.ok(said.toLowerCase().startsWith(native.label));
    const expected = native.predictions.map(({ probability }) => `${(100 * probability).toFixed(1)}%`);
    assert.deepEqual(await percentages(page), expected);
    assert.match(
      await page.locator("leuko-details dl").textContent(),
      /Decode\s*[\d.]+ ms, by Leukolens\s*Find cells\s*[\d.]+ ms\s*Prepare\s*[\d.]+ ms\s*Infer\s*[\d.]+ ms/,
    );
    await page.locator("leuko-cell").getByText(researchOnly).waitFor();
    await page.locator("leuko-viewer img").waitFor();
  });

  test("the button opens the file chooser by keyboard", async () => {
    const page = await open();
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose images" }).focus();
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(image);
    assert.ok(await answer(page));
  });

  for (const [name, event] of [
    ["dropped", "drop"],
    ["pasted", "paste"],
  ]) {
    test(`a ${name} file is answered`, async () => {
      const page = await open();
      await dispatch(page, event, image);
      assert.ok(await answer(page));
      assert.ok((await percentages(page)).every((text) => text.endsWith("%")));
    });
  }

  test("a drop or paste without a file says what to do", async () => {
    const page = await open();
    await dispatch(page, "paste");
    assert.match(await page.getByRole("alert").textContent(), /No image found. Drop or paste image files/);
    await page.getByRole("button", { name: "Dismiss" }).click();
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  test("a drawn cell of the gallery is answered, and the next one takes its place until that is undone", async () => {
    const page = await open();
    await page.getByText("Drawn by a program, not photographed.").waitFor();
    const drawn = page.locator("leuko-samples");
    await drawn.getByRole("button", { name: "Neutrophil" }).click();
    await answer(page);
    assert.match(await page.getByRole("application").getAttribute("aria-label"), /^Drawn: Neutrophil/);
    await drawn.getByRole("button", { name: "Lymphocyte" }).click();
    await page.getByRole("application", { name: /^Drawn: Lymphocyte/ }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("application", { name: /^Drawn: Neutrophil/ }).waitFor();
  });

  test("the heatmap lies over the cell for any class that is chosen, as strong as is wanted", async () => {
    const page = await site.openWithCells();
    await give(page, image);
    await answer(page);
    await page.getByLabel("Show heatmap").check();
    const canvas = page.locator("leuko-viewer canvas");
    await canvas.waitFor();
    const colours = () => canvas.evaluate((canvas) => canvas.toDataURL());
    const before = await colours();
    await page.locator("leuko-cell .bar").nth(3).click();
    await waitUntil(async () => (await canvas.count()) === 1 && (await colours()) !== before);
    await page.getByLabel("Opacity").fill("20");
    await waitUntil(
      async () => (await canvas.evaluate((canvas) => getComputedStyle(canvas).opacity)) === "0.2",
    );
    await page.getByLabel("Show heatmap").uncheck();
    assert.equal(await canvas.count(), 0);
  });

  test("a file that is no picture is refused with its reason, and the next picture works", async () => {
    const page = await open();
    await give(page, { name: "notes.txt", buffer: Buffer.from("not an image") });
    assert.equal(await answer(page), "Unsupported image format");
    await screenshot(page, "desktop-light-error");
    await give(page, image);
    await headline(page).filter({ hasNotText: "Unsupported image format" }).waitFor();
    assert.ok(await answer(page));
    assert.ok((await percentages(page))[0].endsWith("%"));
  });

  for (const [query, engine] of [
    ["", "relaxed SIMD"],
    ["?build=simd", "128-bit SIMD"],
  ]) {
    test(`the ${engine} build runs with "${query}"`, async () => {
      const page = await open({}, query);
      await give(page, image);
      await answer(page);
      await page.getByText(`WebAssembly, ${engine}`).waitFor();
    });
  }

  for (const width of [390, 1280]) {
    test(`nothing moves while the page of ${width} px loads and answers`, async () => {
      const page = await open({ viewport: { width, height: 844 } });
      await watchShifts(page);
      await dispatch(page, "paste", image);
      await answer(page);
      await page.waitForTimeout(500);
      assert.equal(await page.evaluate("window.shift"), 0);
    });
  }

  test("the room kept for an answer holds the longest, with its warning, on a phone in every language", async () => {
    const natives = classifyNatively(images);
    const warned = natives.findIndex(
      ({ verdict, typicality }) => verdict === "classified" && typicality < 0.05,
    );
    assert.notEqual(warned, -1);
    const page = await open({ viewport: { width: 390, height: 844 } });
    await give(page, images[warned]);
    await answer(page);
    const heights = () =>
      headline(page).evaluate(({ parentElement }) => [
        parentElement.getBoundingClientRect().height,
        Number.parseFloat(getComputedStyle(parentElement).minHeight),
      ]);
    for (const language of ["en", "de", "es", "zh"]) {
      await page.locator("select").first().selectOption(language);
      await page.waitForFunction((language) => document.documentElement.lang === language, language);
      const [height, kept] = await heights();
      assert.ok(Math.abs(height - kept) < 0.1, `${language}: ${height}`);
    }
  });

  test("the first load, but for the model and the drawn cells, stays within 128 kB", async () => {
    const page = await open();
    const sizes = {};
    for (const url of site.opened.asked.filter((url) => url.startsWith(site.browser.origin))) {
      const response = await page.request.head(url, { headers: { "accept-encoding": "br" } });
      sizes[url.replace(`${site.browser.origin}/`, "") || "index.html"] = Number(
        response.headers()["content-length"],
      );
    }
    console.log("bytes as sent:", sizes);
    const code = Object.entries(sizes).filter(([name]) => !/safetensors|jpg/.test(name));
    const total = code.reduce((sum, [, size]) => sum + size, 0);
    console.log(`code: ${total} bytes`);
    assert.ok(total <= 128_000);
  });

  test("a part that cannot be loaded says so where it is shown, and nowhere else, and comes once it can be", async () => {
    const page = await site.open();
    const { part } = shell;
    const unreachable = workbench.errors.known.network.detail;
    let fail;
    const failing = new Promise((resolve) => {
      fail = resolve;
    });
    await page.route(/atlas/, async (route) => {
      await failing;
      await route.fulfill({ status: 404 });
    });
    const asked = page.waitForRequest(/atlas/);
    await page.getByRole("link", { name: part.atlas }).click();
    await asked;
    await page.getByRole("link", { name: part.cells }).click();
    const failed = page.waitForResponse(/atlas/);
    fail();
    await failed;
    await page.waitForTimeout(200);
    assert.equal(await page.getByText(unreachable).count(), 0);
    await page.getByText("Drop a blood-smear image").waitFor();
    await page.getByRole("link", { name: part.atlas }).click();
    await page.getByText(unreachable).waitFor();
    assert.match(site.opened.complaints.splice(0).join(), /404/);
    await page.unroute(/atlas/);
    await page.getByRole("button", { name: workbench.toolbar.again }).click();
    await page.locator("leuko-atlas article").first().waitFor();
  });

  test("another language is in force at once, and at the next visit", async () => {
    const page = await open();
    await page.getByLabel("Language").selectOption("de");
    await page.getByRole("heading", { name: "Sehen, welche weiße Blutzelle es ist, und warum." }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    await page.reload();
    await page.getByRole("heading", { name: "Sehen, welche weiße Blutzelle es ist, und warum." }).waitFor();
    await page.getByLabel("Sprache").selectOption("zh");
    await page.getByText("仅供研究和教学使用，不得用于诊断。").first().waitFor();
  });

  test("dark colours can be chosen against the system's", async () => {
    const page = await open({ colorScheme: "light" });
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await page.getByLabel("Theme").selectOption("dark");
    assert.notEqual(await paper(), light);
    await page.reload();
    await page.getByText(/WebAssembly, /).waitFor();
    assert.notEqual(await paper(), light);
  });

  describe("on every screen", () => {
    let page;
    site.share(async () => {
      page = await open();
    });

    for (const state of ["empty", "answer"])
      for (const [device, viewport] of [
        ["phone", { width: 390, height: 844 }],
        ["desktop", { width: 1280, height: 800 }],
      ])
        for (const colorScheme of ["light", "dark"])
          test(`(${state}) fits a ${device} in ${colorScheme} colours without scrolling sideways`, async () => {
            if (state === "answer" && (await page.locator("leuko-cell").count()) === 0) {
              await give(page, images.at(-1));
              await answer(page);
            }
            await page.setViewportSize(viewport);
            await page.emulateMedia({ colorScheme });
            await settle(page);
            await screenshot(page, `${device}-${colorScheme}-${state}`);
            assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
          });
  });
});
