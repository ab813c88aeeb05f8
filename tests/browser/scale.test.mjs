// The scale bar of a picture: from its red cells or as it was typed, which it says; and what is measured by it, by mouse and by keys.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { Classifier } from "../../dist/package/index.js";
import { drawFields } from "../support.mjs";
import { settle, waitUntil } from "./chromium.mjs";
import { give, servePage } from "./page.mjs";
import { wordsOf } from "./words.mjs";

const [field, other] = drawFields(2);
const { scale: say } = await wordsOf("en", "picture");

describe("the scale of a picture", () => {
  const site = servePage();
  const bar = (page) => page.locator("leuko-scale button.bar");
  const reading = (page) => page.locator("leuko-scale output");

  async function openPage(options = { viewport: { width: 1280, height: 800 } }) {
    const page = await site.openWithCells(options);
    await give(page, field);
    await bar(page).filter({ hasText: /\d µm/ }).waitFor();
    await settle(page);
    return page;
  }

  /** The bar's length in micrometres, and in pixels of the screen. */
  const drawn = async (page) => ({
    micrometres: Number.parseFloat(await bar(page).textContent()),
    pixels: (await bar(page).locator(".line").boundingBox()).width,
  });
  /** [micrometres, pixels of the picture] */
  const measured = async (page) =>
    (await reading(page).textContent())
      .match(/([\d.,]+) µm \(([\d.,]+) px\)/)
      .slice(1)
      .map(Number);

  test("is that at which red cells are 7.2 µm wide, and is said to be an estimate, as is their number", async () => {
    const classifier = await Classifier.load();
    const { redCell } = await classifier.locate(readFileSync(field));
    classifier.dispose();
    const page = await openPage();
    await bar(page).click();
    await page.getByText(say.from.redCells).waitFor();
    const counted = await page.getByText(/^About \d+ red cells/).textContent();
    const [, line] = readFileSync(join(dirname(field), "red-cells.csv"), "utf8").split("\n");
    const ratio = Number(/\d+/.exec(counted)[0]) / Number(line.split(",")[1]);
    assert.ok(ratio > 0.67 && ratio < 1.33, `${counted}; drawn: ${line}`);
    await page.getByRole("button", { name: say.measure, exact: true }).click();
    await reading(page).waitFor();
    const [micrometres, pixels] = await measured(page);
    assert.ok(
      Math.abs(micrometres / pixels / (7.2 / redCell) - 1) < 0.03,
      `${micrometres} µm in ${pixels} px`,
    );
  });

  test("is what somebody typed, at the next visit too, and grows with the picture", async () => {
    const page = await openPage();
    await bar(page).click();
    await page.getByLabel(say.typed).fill("0.1");
    await page.getByLabel(say.typed).press("Enter");
    await page.getByText(say.from.typed).waitFor();
    const { width } = await page.locator("leuko-viewer .content").first().boundingBox();
    const whole = await drawn(page);
    assert.ok(Math.abs(whole.pixels - (whole.micrometres / 0.1) * (width / 640)) < 1.5);
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await waitUntil(async () => {
      const now = await drawn(page);
      return Math.abs(now.pixels / now.micrometres / ((2.25 * whole.pixels) / whole.micrometres) - 1) < 0.03;
    });
    await page.reload();
    await bar(page).filter({ hasText: /\d µm/ }).waitFor();
    await bar(page).click();
    assert.equal(await page.getByLabel(say.typed).inputValue(), "0.1");
    await page.getByLabel(say.typed).fill("0");
    await page.getByLabel(say.typed).press("Enter");
    await page
      .getByRole("alert")
      .filter({ hasText: say.refused("0.005", "10") })
      .waitFor();
  });

  test("measures from where the mouse is pressed to where it is let go, and leaves picture and cells alone", async () => {
    const page = await openPage();
    await bar(page).click();
    await page.getByLabel(say.typed).fill("0.1");
    await page.getByRole("button", { name: say.measure, exact: true }).click();
    await reading(page).waitFor();
    const content = page.locator("leuko-viewer .content").first();
    const { x, y, width } = await content.boundingBox();
    const style = await content.getAttribute("style");
    const chosen = await page.locator("leuko-gallery [aria-selected=true]").getAttribute("aria-label");
    await page.mouse.move(x + 0.3 * width, y + 30);
    await page.mouse.down();
    await page.mouse.move(x + 0.7 * width, y + 30, { steps: 4 });
    await page.mouse.up();
    const [micrometres, pixels] = await measured(page);
    assert.ok(Math.abs(pixels - 0.4 * 640) < 3, `${pixels} px`);
    assert.ok(Math.abs(micrometres - 0.1 * pixels) < 0.1, `${micrometres} µm`);
    assert.equal(await content.getAttribute("style"), style);
    assert.equal(await page.locator("leuko-gallery [aria-selected=true]").getAttribute("aria-label"), chosen);
  });

  test("takes the ruler away with the image that it lies on", async () => {
    const page = await site.openWithCells({ viewport: { width: 1280, height: 800 } });
    await give(page, field, other);
    await page.getByText(/^Done: 2 images/).waitFor();
    await bar(page).click();
    await page.getByLabel(say.typed).fill("0.1");
    await page.getByRole("button", { name: say.measure, exact: true }).click();
    await reading(page).waitFor();
    const images = page.locator("leuko-picture-list").getByRole("option");
    await images.nth(1).click();
    await reading(page).waitFor({ state: "detached" });
    await images.nth(0).click();
    await page.getByRole("application", { name: /^field_00001/ }).waitFor();
    assert.equal(await reading(page).count(), 0);
  });

  test("measures by keys alone, and ends by one", async () => {
    const page = await openPage();
    await bar(page).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: say.measure, exact: true }).focus();
    await page.keyboard.press("Enter");
    const [, before] = await measured(page);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const [, longer] = await measured(page);
    assert.ok(longer > before);
    await page.keyboard.press("Shift+ArrowDown");
    assert.equal((await measured(page))[1], longer);
    await page.keyboard.press("Escape");
    await reading(page).waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await waitUntil(() => bar(page).evaluate((button) => button.matches(":focus")));
  });
});
