// The built page in Chromium: pictures in, answers out, and nothing over the network but its own files.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import { at, classifyNatively, drawSmears } from "../support.mjs";
import { screenshot, startBrowser } from "./chromium.mjs";

const images = drawSmears({ format: "jpg" });
const [image] = images;
const researchOnly = "For research and education only. Not for use in diagnostic procedures.";

describe("the page", () => {
  let browser;
  let opened;
  before(async () => {
    browser = await startBrowser(at("dist/site"));
  });
  after(() => browser.close());

  /** Opens the page and waits for the engine. */
  async function open(options, query = "") {
    opened = await browser.newPage(options);
    await opened.page.goto(`${browser.origin}/${query}`);
    await opened.page.getByText("89,140 parameters").waitFor();
    return opened.page;
  }

  /** The headline, once it is about a picture. */
  async function answer(page) {
    const headline = page.getByRole("status").locator("h2");
    await headline.filter({ hasNotText: "Which cell is it?" }).waitFor();
    return headline.textContent();
  }

  const percentages = (page) => page.locator("leuko-result li .number").allTextContents();

  afterEach(async () => {
    assert.deepEqual(opened.complaints, []);
    for (const url of opened.requests)
      assert.ok(url.startsWith(browser.origin) || url.startsWith("blob:"), url);
    await opened.page.context().close();
  });

  test("a chosen file is shown with the native engine's probabilities, its times and the research-only line", async () => {
    const page = await open();
    assert.deepEqual(await percentages(page), ["", "", "", ""]);
    await page.locator("input[type=file]").setInputFiles(image);
    const headline = await answer(page);
    const [native] = classifyNatively([image]);
    assert.ok(headline.toLowerCase().startsWith(native.label));
    const expected = native.predictions.map(({ probability }) => `${(100 * probability).toFixed(1)}%`);
    assert.deepEqual(
      (await percentages(page)).map((text) => text.trim()),
      expected,
    );
    assert.match(
      await page.locator("leuko-result dl").textContent(),
      /Decode\s*[\d.]+ ms, by Leukolens\s*Prepare\s*[\d.]+ ms\s*Infer\s*[\d.]+ ms/,
    );
    assert.ok(await page.getByText(researchOnly).isVisible());
    assert.ok(await page.getByRole("img", { name: /picture that you chose/ }).isVisible());
  });

  test("the button opens the file chooser by keyboard", async () => {
    const page = await open();
    const chooser = page.waitForEvent("filechooser");
    await page.keyboard.press("Tab");
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
      await give(page, event, readFileSync(image).toString("base64"));
      assert.ok(await answer(page));
      assert.equal((await percentages(page)).length, 4);
    });
  }

  test("a drop or paste without a file says what to do", async () => {
    const page = await open();
    await give(page, "paste");
    assert.equal(await answer(page), "There is no picture in it");
  });

  test("a drawn cell of the gallery is answered", async () => {
    const page = await open();
    await page.getByRole("button", { name: "neutrophil" }).click();
    assert.ok(await answer(page));
  });

  test("a file that is no picture is refused with its reason, and the next picture works", async () => {
    const page = await open();
    const input = page.locator("input[type=file]");
    await input.setInputFiles({
      name: "notes.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("not an image"),
    });
    assert.equal(await answer(page), "Not a readable picture");
    await screenshot(page, "desktop-light-error");
    await input.setInputFiles(image);
    await page.getByText("The model gives").or(page.getByText("Unsure:")).waitFor();
  });

  for (const [query, engine] of [
    ["", "relaxed SIMD"],
    ["?build=simd", "128-bit SIMD"],
  ]) {
    test(`the ${engine} build runs with "${query}"`, async () => {
      const page = await open({}, query);
      await page.locator("input[type=file]").setInputFiles(image);
      await answer(page);
      assert.ok(await page.getByText(`WebAssembly, ${engine}`).isVisible());
    });
  }

  for (const width of [390, 1280]) {
    test(`nothing moves while the page of ${width} px loads and answers`, async () => {
      const page = await open({ viewport: { width, height: 844 } });
      await page.evaluate(() => {
        window.shift = 0;
        const add = (list) => {
          for (const entry of list.getEntries()) window.shift += entry.value;
        };
        new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
      });
      await give(page, "paste", readFileSync(image).toString("base64"));
      await answer(page);
      await page.waitForTimeout(500);
      assert.equal(await page.evaluate("window.shift"), 0);
    });
  }

  test("the first load, but for the model and the drawn cells, stays within 120 kB", async () => {
    const page = await open();
    const sizes = {};
    for (const url of opened.requests.filter((url) => url.startsWith(browser.origin))) {
      const response = await page.request.head(url, { headers: { "accept-encoding": "br" } });
      sizes[url.replace(`${browser.origin}/`, "") || "index.html"] = Number(
        response.headers()["content-length"],
      );
    }
    console.log("bytes as sent:", sizes);
    const code = Object.entries(sizes).filter(([name]) => !/safetensors|jpg/.test(name));
    assert.ok(code.reduce((sum, [, size]) => sum + size, 0) <= 120_000);
  });

  for (const [device, viewport] of [
    ["phone", { width: 390, height: 844 }],
    ["desktop", { width: 1280, height: 800 }],
  ]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`fits a ${device} in ${colorScheme} colours without scrolling sideways`, async () => {
        const page = await open({ viewport, colorScheme, deviceScaleFactor: 1 });
        await screenshot(page, `${device}-${colorScheme}-empty`);
        await page.locator("input[type=file]").setInputFiles(images.at(-1));
        await answer(page);
        await page.waitForTimeout(500); // the bars have grown
        await screenshot(page, `${device}-${colorScheme}-answer`);
        assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
      });
    }
  }
});

/** Dispatches a drop or paste that carries `base64` as a file, or nothing. */
function give(page, event, base64) {
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
    [event, base64],
  );
}
