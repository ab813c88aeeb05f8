// Where a part of the page cannot be fetched: what wanted it says so, and works once it comes.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { drawSmears } from "../support.mjs";
import { writeTiff } from "../tiff.mjs";
import { waitUntil } from "./chromium.mjs";
import { answer, give, servePage } from "./page.mjs";
import { wordsOf } from "./words.mjs";
import { callsOf, recordCalls } from "./worker-calls.mjs";

const [image] = drawSmears({ format: "jpg" });
const { workbench } = await wordsOf("en", "first-load");
const { detail } = workbench.errors.known.network;

describe("what cannot be fetched", () => {
  const site = servePage();

  /** All that the browser said of it. */
  const forget = () => assert.match(site.opened.complaints.splice(0).join(), /404/);

  async function openWith(...files) {
    const page = await site.open();
    await give(page, ...files);
    await answer(page);
    return page;
  }

  const missing = (page, part) => page.route(part, (route) => route.fulfill({ status: 404 }));

  test("to export a table is not blamed on the image", async () => {
    const page = await openWith(image);
    await missing(page, /exports/);
    await page.locator("leuko-toolbar summary").click();
    await page.getByRole("button", { name: workbench.toolbar.csv }).click();
    await page.getByText(detail).waitFor();
    forget();
  });

  for (const [what, part, name] of [
    ["to photograph", /camera/, workbench.camera],
    ["to choose labels", /label-set/, workbench.moreLabels],
  ]) {
    test(`${what} is said`, async () => {
      const page = await openWith(image);
      await missing(page, part);
      await page.getByRole("button", { name }).click();
      await page.getByText(detail).waitFor();
      forget();
    });
  }

  test("to frame a cell is said", async () => {
    const page = await openWith(image);
    await missing(page, /framing/);
    await page.getByRole("button", { name: workbench.editCells }).click();
    const { x, y } = await page.getByRole("application").boundingBox();
    await page.mouse.move(x + 60, y + 60);
    await page.mouse.down();
    await page.mouse.move(x + 160, y + 160);
    await page.mouse.up();
    await page.getByText(detail).waitFor();
    forget();
  });

  test("to know a class by is said where it would be, and comes once it can be fetched", async () => {
    const page = await site.open({ viewport: { width: 1280, height: 800 } });
    await missing(page, /atlas/);
    await give(page, image);
    await answer(page);
    const panel = page.locator("leuko-cell details").filter({ hasText: /What to look for/ });
    await panel.getByText(detail).waitFor();
    forget();
    const again = panel.getByRole("button", { name: workbench.toolbar.again });
    await again.click();
    await waitUntil(() => site.opened.complaints.length > 0);
    await panel.getByText(detail).waitFor();
    forget();
    await page.unroute(/atlas/);
    await again.click();
    await panel.locator("leuko-atlas article").waitFor();
    assert.equal(await again.count(), 0);
  });

  test("to read one image is fetched for that image, and the others are left alone", async () => {
    const page = await site.open();
    await page.addInitScript(recordCalls);
    await page.reload();
    await page.getByText(/WebAssembly, /).waitFor({ state: "attached" });
    await missing(page, /tiff.*wasm/);
    const tiff = writeTiff({ width: 64, height: 64, rgba: new Uint8Array(4 * 64 * 64).fill(200) });
    await give(page, image, { name: "one.tif", buffer: tiff });
    const again = page.getByRole("button", { name: workbench.toolbar.again });
    await again.waitFor();
    forget();
    const classified = async () => (await callsOf(page)).filter((name) => name === "classifyField").length;
    assert.equal(await classified(), 1);
    await page.unroute(/tiff.*wasm/);
    await again.click();
    await again.waitFor({ state: "detached" });
    await waitUntil(async () => (await classified()) === 2);
    await page.getByText(/^Done: /).waitFor({ state: "attached" });
    assert.equal(await classified(), 2);
  });
});
