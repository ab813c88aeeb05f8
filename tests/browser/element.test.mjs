// <leukolens-classifier> in a plain page of Chromium, under the strict policy: as a person and as a form meet it.
import assert from "node:assert/strict";
import { copyFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { blankBmp } from "../bmp.mjs";
import { cellModel } from "../cell-model.mjs";
import { load } from "../package/consumers/load.mjs";
import {
  drawAnswered,
  drawFields,
  installConsumers,
  installPackage,
  native,
  writeFiles,
} from "../support.mjs";
import { writeTiff } from "../tiff.mjs";
import { screenshot, startBrowser, waitUntil } from "./chromium.mjs";

installConsumers();
const { default: axe } = await load("axe-core");
const [{ path: image, predictions }] = drawAnswered();
const best = predictions.toSorted((a, b) => b.probability - a.probability)[0].label;
const researchOnly = "For research and education only. Not for use in diagnostic procedures.";
const { folder } = installPackage();
copyFileSync(image, join(folder, "cell.png"));
cpSync(join(folder, "node_modules/leukolens"), join(folder, "files"), { recursive: true });
const [field] = drawFields(1);
writeFileSync(join(folder, "cells.safetensors"), cellModel());
writeFileSync(join(folder, "rejecting.safetensors"), cellModel({ rejecting: true }));
writeFiles(folder, {
  "icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
  "index.html": `<!doctype html><html lang="en"><title>Form</title><link rel="icon" href="icon.svg">
    <main><h1>Form</h1><form><leukolens-classifier name="cell" required></leukolens-classifier></form></main>
    <script type="module" src="main.js"></script></html>`,
  "main.js": `
    import "./node_modules/leukolens/element.js";
    window.events = [];
    for (const type of ["classified", "counted", "failed"])
      document.addEventListener(type, ({ detail }) =>
        events.push([type, detail.label ?? detail.code ?? detail.cells.length]));`,
});

/** As RGBA, in a file's own size. */
async function pixelsOf(page, address) {
  const { width, height, rgba } = await page.evaluate(async (address) => {
    const bitmap = await createImageBitmap(await (await fetch(address)).blob());
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    return { width, height, rgba: [...context.getImageData(0, 0, width, height).data] };
  }, address);
  return { width, height, rgba };
}

describe("the element", () => {
  let browser;
  let opened;
  let page;
  let element;
  before(async () => {
    browser = await startBrowser(folder);
  });
  after(() => browser.close());
  beforeEach(async () => {
    opened = await browser.newPage();
    page = opened.page;
    await page.goto(browser.origin);
    element = page.locator("leukolens-classifier");
    await page.waitForFunction(() => customElements.get("leukolens-classifier"));
  });
  afterEach(async () => {
    assert.deepEqual(opened.complaints, []);
    assert.ok(opened.requests.every((url) => url.startsWith(browser.origin) || url.startsWith("blob:")));
    await page.context().close();
  });

  const choose = (file) => element.locator("input[type=file]").setInputFiles(file);
  const events = async (count) => {
    await waitUntil(async () => (await page.evaluate("events.length")) >= count);
    return page.evaluate("events");
  };
  const formValue = () => page.evaluate(() => new FormData(document.forms[0]).get("cell"));
  const isValid = () => page.evaluate(() => document.forms[0].checkValidity());

  test("fetches the engine with the first picture, and shows its answer with the research-only line", async () => {
    assert.ok(!opened.requests.some((url) => /wasm|safetensors|worker/.test(url)));
    await choose(image);
    assert.deepEqual(await events(1), [["classified", best]]);
    assert.match(await element.getByRole("status").textContent(), new RegExp(`^${best}, \\d+\\.\\d %`, "i"));
    assert.equal(await element.getByRole("listitem").count(), predictions.length);
    await element.getByText(researchOnly).waitFor();
    await element.getByRole("img").waitFor();
    assert.equal(await page.evaluate("document.querySelector('leukolens-classifier').result.label"), best);
    await screenshot(page, "element");
  });

  test("is a control of its form: its value is the label, required holds it to one, reset empties it", async () => {
    assert.deepEqual([await formValue(), await isValid()], [null, false]);
    await element.evaluate((element) => {
      element.addEventListener("classified", () => {
        const [form] = document.forms;
        window.sent = [new FormData(form).get("cell"), form.checkValidity()];
      });
    });
    await choose(image);
    await events(1);
    assert.deepEqual([await formValue(), await isValid()], [best, true]);
    assert.deepEqual(await page.evaluate("sent"), [best, true], "as soon as the event tells of it");
    await page.evaluate(() => document.forms[0].reset());
    assert.deepEqual([await formValue(), await isValid()], [null, false]);
    assert.equal(await element.getByRole("status").textContent(), "");
  });

  test("opens the chooser by keyboard", async () => {
    // Before a page is painted Chromium may drop what is typed.
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => setTimeout(painted))));
    const chooser = page.waitForEvent("filechooser");
    await page.keyboard.press("Tab");
    await page.waitForFunction(() => document.activeElement?.localName === "leukolens-classifier");
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(image);
    assert.deepEqual(await events(1), [["classified", best]]);
  });

  test("takes a drop, a paste, its src attribute and a call", async () => {
    const base64 = readFileSync(image).toString("base64");
    await page.evaluate(async (base64) => {
      const element = document.querySelector("leukolens-classifier");
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], "cell.png", { type: "image/png" }));
      const next = () =>
        new Promise((resolve) => element.addEventListener("classified", resolve, { once: true }));
      const shown = () => element.shadowRoot.querySelector("img").decode();
      const drop = element.shadowRoot.querySelector("[part=drop]");
      drop.dispatchEvent(new DragEvent("drop", { cancelable: true, dataTransfer: transfer }));
      await next();
      await shown();
      element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer }));
      await next();
      await shown();
      element.setAttribute("src", "cell.png");
      await next();
      await shown();
      await element.classify(bytes);
    }, base64);
    assert.deepEqual(await events(4), Array(4).fill(["classified", best]));
  });

  test("frames and counts the cells of a field, as the native command line does", async () => {
    const [answer] = native("classify", "--field", "--model", join(folder, "cells.safetensors"), field);
    await element.evaluate((element) => {
      element.setAttribute("model", "./cells.safetensors");
      element.toggleAttribute("field", true);
    });
    await choose(field);
    assert.deepEqual(await events(1), [["counted", answer.cells.length]]);
    assert.equal(await element.locator("rect").count(), answer.cells.length);
    const [image, frames] = await Promise.all(
      ["img", "svg"].map((part) => element.locator(part).first().boundingBox()),
    );
    assert.deepEqual(frames, image);
    const { total } = answer.differential;
    assert.match(await element.getByRole("status").textContent(), new RegExp(`^${total} white cell`));
    assert.equal(await formValue(), total > 0 ? String(total) : null);
    await element.getByText(researchOnly).waitFor();
    await screenshot(page, "element-field");
  });

  test("tells a cell that is not recognised from a picture without a cell", async () => {
    await element.evaluate((element) => element.setAttribute("model", "./rejecting.safetensors"));
    await choose(image);
    await events(1);
    assert.equal(await element.locator("[part=headline]").textContent(), "Not recognised");
    await choose({ name: "blank.bmp", mimeType: "image/bmp", buffer: blankBmp(300, 200) });
    await events(2);
    assert.equal(await element.locator("[part=headline]").textContent(), "No white cell was found");
    assert.equal(await formValue(), null);
  });

  test("says why a picture failed, and takes the next", async () => {
    await choose({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no image") });
    assert.deepEqual(await events(1), [["failed", "unsupported_format"]]);
    assert.notEqual(await element.getByRole("status").textContent(), "");
    await choose(image);
    assert.deepEqual((await events(2))[1], ["classified", best]);
  });

  test("a newer picture takes the place of the one under way", async () => {
    const code = await page.evaluate(async () => {
      const element = document.querySelector("leukolens-classifier");
      const older = element.classify("cell.png").catch((error) => error.code);
      await element.classify("cell.png");
      return older;
    });
    assert.equal(code, "aborted");
    assert.deepEqual(await events(1), [["classified", best]]);
  });

  test("takes nothing while disabled", async () => {
    await page.evaluate(() =>
      document.querySelector("leukolens-classifier").toggleAttribute("disabled", true),
    );
    assert.ok(await element.getByRole("button").isDisabled());
    const asked = opened.requests.length;
    await choose(image);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    assert.equal(opened.requests.length, asked, "not even the engine was asked for");
    assert.deepEqual(await page.evaluate("events"), []);
  });

  test("keeps its engine when moved, and frees it when removed", async () => {
    await choose(image);
    await events(1);
    await page.evaluate(() => document.body.append(document.querySelector("leukolens-classifier")));
    const asked = opened.requests.length;
    await choose(image);
    await events(2);
    assert.equal(page.workers().length, 1);
    assert.ok(
      opened.requests.slice(asked).every((url) => url.startsWith("blob:")),
      "nothing was fetched again",
    );
    await page.evaluate(() => document.querySelector("leukolens-classifier").remove());
    await waitUntil(() => page.workers().length === 0);
  });

  test("has its attributes as properties, also those that were set before it was defined", async () => {
    const said = await page.evaluate(() => {
      const element = document.createElement("leukolens-classifier");
      const state = () =>
        ["src", "model", "name", "field", "required", "disabled"].map((name) => element[name]);
      const said = [state()];
      Object.assign(element, {
        src: "cell.png",
        model: "article",
        name: "cell",
        field: true,
        required: true,
      });
      said.push(state(), element.outerHTML);
      Object.assign(element, {
        src: undefined,
        model: null,
        name: "",
        field: false,
        required: 0,
        disabled: 1,
      });
      said.push(state(), element.outerHTML);
      const early = document.implementation.createHTMLDocument().createElement("leukolens-classifier");
      Object.assign(early, { src: "cell.png", field: false, disabled: undefined });
      document.body.append(early); // which defines it
      return [...said, early.outerHTML, Object.hasOwn(early, "src")];
    });
    assert.deepEqual(said, [
      [null, null, null, false, false, false],
      ["cell.png", "article", "cell", true, true, false],
      '<leukolens-classifier src="cell.png" model="article" name="cell" field="" required=""></leukolens-classifier>',
      [null, null, "", false, false, true],
      '<leukolens-classifier name="" disabled=""></leukolens-classifier>',
      '<leukolens-classifier src="cell.png"></leukolens-classifier>',
      false,
    ]);
    assert.deepEqual(
      await events(1),
      [["classified", best]],
      "the early one's picture, for it is disabled by nothing",
    );
  });

  test("answers once for attributes that change together, anew where field or model change, nothing without src", async () => {
    await element.evaluate((element) =>
      Object.assign(element, { src: "cell.png", field: true, required: true }),
    );
    assert.equal((await events(1))[0][0], "counted");
    await element.evaluate((element) => element.toggleAttribute("field", false));
    assert.deepEqual((await events(2))[1], ["classified", best]);
    assert.equal(await formValue(), best);
    const [value, valid] = await page.evaluate(() => {
      document.querySelector("leukolens-classifier").model = "./cells.safetensors";
      return [new FormData(document.forms[0]).get("cell"), document.forms[0].checkValidity()];
    });
    assert.deepEqual([value, valid], [null, false], "what is not shown any more is not sent");
    assert.equal((await events(3))[2][0], "classified");
    await choose(field);
    await events(4);
    await element.evaluate((element) => element.removeAttribute("src"));
    assert.notEqual(await element.getByRole("status").textContent(), "", "a person's own picture stays");
    await element.evaluate((element) => element.setAttribute("src", "cell.png"));
    await events(5);
    await element.evaluate((element) => element.removeAttribute("src"));
    assert.equal(await element.getByRole("status").textContent(), "");
    assert.deepEqual([await formValue(), await isValid()], [null, false]);
    assert.equal((await page.evaluate("events")).length, 5);
  });

  test("fetches the package's files from where its baseUrl says", async () => {
    await element.evaluate((element) => {
      element.baseUrl = "nowhere";
      element.setAttribute("src", "cell.png");
    });
    assert.deepEqual(await events(1), [["failed", "network"]]);
    const width = await element.evaluate((element) => element.scrollWidth - element.clientWidth);
    assert.equal(width, 0, "a long address is broken");
    await element.evaluate((element) => element.setAttribute("baseurl", "files/"));
    assert.deepEqual((await events(2))[1], ["classified", best]);
    const files = opened.requests.filter((url) => /wasm|worker|safetensors/.test(url));
    assert.ok(
      files.every((url) => /\/(nowhere|files)\//.test(url)),
      String(files),
    );
    opened.complaints.length = 0; // of what is nowhere
  });

  test("is busy no longer when its model changes while it works", async () => {
    const [code, during, after] = await element.evaluate(async (element) => {
      const { attachInternals: attach } = HTMLElement.prototype;
      let internals;
      HTMLElement.prototype.attachInternals = function () {
        internals = attach.call(this);
        return internals;
      };
      const other = document.createElement("leukolens-classifier");
      element.after(other);
      const underWay = other.classify("cell.png").catch((error) => error.code);
      const during = internals.ariaBusy;
      other.model = "article";
      return [await underWay, during, internals.ariaBusy];
    });
    assert.deepEqual([code, during, after], ["aborted", "true", "false"]);
  });

  test("shows what the browser cannot show by itself, a TIFF or pixels, with frames over it", async () => {
    const buffer = writeTiff(await pixelsOf(page, "cell.png"));
    await choose({ name: "cell.tif", mimeType: "image/tiff", buffer });
    assert.deepEqual(await events(1), [["classified", best]]);
    const shown = element.getByRole("img", { name: "The picture that is classified" });
    assert.equal(await shown.evaluate((shown) => shown.localName), "canvas");
    assert.deepEqual(await shown.boundingBox(), await element.locator("svg").boundingBox());
    assert.equal(await element.locator("rect").count(), 1);
    await choose(image);
    await events(2);
    assert.equal(await shown.evaluate((shown) => shown.localName), "img");
    const drawn = await element.evaluate(async (element) => {
      const bytes = await (await fetch("cell.png")).arrayBuffer();
      await element.classify(new Response(bytes));
      const canvas = element.shadowRoot.querySelector("canvas");
      return [canvas.width, canvas.height, canvas.checkVisibility()];
    });
    assert.deepEqual(drawn, [320, 240, true]);
  });

  test("adds no style to the page, and takes colours from custom properties", async () => {
    assert.equal(await page.evaluate("document.styleSheets.length + document.adoptedStyleSheets.length"), 0);
    await page.evaluate(() => {
      document.querySelector("leukolens-classifier").style.setProperty("--leukolens-accent", "rgb(1, 2, 3)");
    });
    await choose(image);
    await events(1);
    const colour = await element
      .locator("[part=bar]")
      .first()
      .evaluate((bar) => getComputedStyle(bar).backgroundColor);
    assert.equal(colour, "rgb(1, 2, 3)");
  });

  for (const [state, file] of [
    ["empty", undefined],
    ["answered", image],
    ["failed", { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no image") }],
  ]) {
    test(`axe finds nothing while it is ${state}`, async () => {
      if (file) await choose(file);
      if (file) await events(1);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate("axe.run({ resultTypes: ['violations'] })");
      assert.deepEqual(
        violations.map(({ id, help }) => `${id}: ${help}`),
        [],
      );
    });
  }
});
