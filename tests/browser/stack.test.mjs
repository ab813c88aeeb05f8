// A stack of pictures in one TIFF: which page is shown, the way to the others, and that the choice stays wherever the picture goes
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { unzipSync } from "fflate";
import { at, drawFields } from "../support.mjs";
import { writeStack } from "../tiff.mjs";
import { downloadBy, give, headline, saveAndOpenAgain, servePage, waitUntilKept } from "./page.mjs";

const fields = drawFields(3).map((path) => readFileSync(path));

describe("a stack", () => {
  const site = servePage();
  const viewer = { viewport: { width: 1680, height: 1050 }, model: { trusting: true } };
  let stack;
  let pages;
  before(async () => {
    const { Classifier } = await import(at("dist/package/index.js"));
    const classifier = await Classifier.load();
    pages = await Promise.all(fields.map((field) => classifier.decode(field)));
    classifier.dispose();
    stack = { name: "stack.tif", mimeType: "image/tiff", buffer: writeStack(pages) };
  });

  const control = (page) => page.getByRole("group", { name: "Pages" });
  const place = (page) => control(page).getByRole("status");
  const isAt = (page, text) => place(page).filter({ hasText: text }).waitFor();
  const frames = (page) => page.locator("leuko-viewer .frame");
  const exportAs = (page, name) =>
    downloadBy(page, async () => {
      await page.locator("leuko-toolbar summary").click();
      await page.getByRole("button", { name }).click();
    });

  /** The upper row of what is drawn, once it is that of a page. */
  const shows = (page, { rgba, width }) =>
    page.waitForFunction(
      ([wanted, width]) => {
        const canvas = document
          .querySelector("leuko-app")
          ?.shadowRoot.querySelector("leuko-workbench")
          ?.shadowRoot.querySelector("leuko-viewer")
          ?.shadowRoot.querySelector(".content > canvas");
        return canvas?.getContext("2d").getImageData(0, 0, width, 1).data.join() === wanted;
      },
      [rgba.slice(0, 4 * width).join(), width],
    );

  /** Shows the first page, and waits for its cells. */
  async function open() {
    const page = await site.openWithCells(viewer);
    await give(page, stack);
    await isAt(page, "Page 1 of 3");
    await frames(page).first().waitFor();
    return page;
  }

  test("shows its first page, and the others by buttons and keys, each with its own cells", async () => {
    const page = await open();
    await shows(page, pages[0]);
    assert.ok(await control(page).getByRole("button", { name: "Previous page" }).isDisabled());
    await control(page).getByRole("button", { name: "Next page" }).click();
    await isAt(page, "Page 2 of 3");
    await frames(page).first().waitFor();
    await shows(page, pages[1]);
    await page.getByRole("application").focus();
    await page.keyboard.press("PageDown");
    await isAt(page, "Page 3 of 3");
    await shows(page, pages[2]);
    assert.ok(await control(page).getByRole("button", { name: "Next page" }).isDisabled());
    await page.keyboard.press("PageDown");
    await page.keyboard.press("PageUp");
    await isAt(page, "Page 2 of 3");
    await page.locator("leuko-picture-list").getByText("stack.tif (2/3)").waitFor();
    await page.locator("leuko-details").getByText("Page 2 of 3 was read.").waitFor({ state: "attached" });
  });

  test("keeps what was said of the cells of each page with that page", async () => {
    const page = await open();
    const corrected = page.getByText(/^Corrected by you\. The model/);
    await page.getByRole("application").focus();
    await page.keyboard.press("4");
    await corrected.waitFor();
    await page.keyboard.press("PageDown");
    await isAt(page, "Page 2 of 3");
    await frames(page).first().waitFor();
    await corrected.waitFor({ state: "detached" });
    await page.keyboard.press("PageUp");
    await isAt(page, "Page 1 of 3");
    await corrected.waitFor();
  });

  test("stays on its page after a reload, in a session, in exports and in training data", async () => {
    const page = await open();
    await control(page).getByRole("button", { name: "Next page" }).click();
    await isAt(page, "Page 2 of 3");
    await frames(page).first().waitFor();
    const count = await frames(page).count();
    await page.getByRole("application").focus();
    await page.keyboard.press("4");
    await headline(page).filter({ hasText: "Neutrophil" }).waitFor();
    await waitUntilKept(page, 1, 1);
    await page.reload();
    for (const again of [() => undefined, () => saveAndOpenAgain(page)]) {
      await again();
      await isAt(page, "Page 2 of 3");
      await frames(page).first().waitFor();
      assert.equal(await frames(page).count(), count);
      await shows(page, pages[1]);
    }
    const [head, ...lines] = (await exportAs(page, "Table (CSV)")).bytes.toString().trimEnd().split("\r\n");
    const column = head.replace("\ufeff", "").split(",").indexOf("page");
    assert.deepEqual(new Set(lines.map((line) => line.split(",")[column])), new Set(["2"]));
    const [picture] = JSON.parse((await exportAs(page, "Data (JSON)")).bytes.toString()).pictures;
    assert.deepEqual([picture.name, picture.page, picture.pages], ["stack.tif", 2, 3]);
    const { bytes } = await exportAs(page, "Training data: images (zip)");
    const entries = unzipSync(bytes);
    const [image] = Object.keys(entries).filter((name) => name.startsWith("images/"));
    assert.match(image, /\.png$/, "the trainer would read the TIFF's first page");
  });

  test("has no pages to turn where it is one picture", async () => {
    const page = await site.openWithCells(viewer);
    await give(page, { ...stack, buffer: writeStack(pages.slice(0, 1)) });
    await frames(page).first().waitFor();
    assert.equal(await control(page).count(), 0);
  });
});
