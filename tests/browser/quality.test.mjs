// A blurred or badly exposed picture, or one of a thick smear, is said to be so beside the answer; a good one is not. And what is said of
// colours that are not what they are taken for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { iccProfile, pngWithProfile } from "../icc.mjs";
import { drawFields } from "../support.mjs";
import { give, servePage } from "./page.mjs";
import { wordsOf } from "./words.mjs";

const [field] = drawFields(1);
const warnings = Object.fromEntries(
  await Promise.all(
    ["en", "de", "es", "zh"].map(async (tag) => [tag, (await wordsOf(tag, "picture")).warnings]),
  ),
);

const { profile } = await wordsOf("en", "picture");

describe("a picture that changes answers", () => {
  const site = servePage();

  /** The drawn field through one of the browser's filters, or as it would look with as many more layers of cells on it. */
  async function filtered(page, filter, layers = 0) {
    const base64 = await page.evaluate(
      async ([base64, filter, layers]) => {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes]));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext("2d");
        context.filter = filter;
        context.drawImage(bitmap, 0, 0);
        context.globalCompositeOperation = "multiply";
        for (let layer = 1; layer <= layers; layer++)
          for (const [across, down] of [
            [0, 0],
            [1, 0],
            [0, 1],
            [1, 1],
          ])
            context.drawImage(
              bitmap,
              230 * layer - across * canvas.width,
              140 * layer - down * canvas.height,
            );
        const out = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
        let text = "";
        for (const byte of out) text += String.fromCharCode(byte);
        return btoa(text);
      },
      [readFileSync(field).toString("base64"), filter, layers],
    );
    return { name: "filtered.png", buffer: Buffer.from(base64, "base64") };
  }

  const warning = (page) => page.locator("leuko-cell leuko-quality p");

  /** What is said of each cell in turn; nothing: "". */
  async function warningsIn(page) {
    const cells = page.locator("leuko-gallery [role=option]");
    await cells.first().waitFor();
    const said = [];
    for (const cell of await cells.all()) {
      await cell.click();
      await page.locator("leuko-cell leuko-quality[aria-busy=false]").waitFor({ state: "attached" });
      said.push((await warning(page).allTextContents()).join(""));
    }
    return said;
  }

  for (const [kind, filter, layers] of [
    ["blurred", "blur(4px)"],
    ["overexposed", "brightness(1.4)"],
    ["underexposed", "brightness(0.12)"],
    ["thick", "none", 2],
  ])
    test(`is said to be ${kind}, in every language`, async () => {
      const page = await site.openWithCells({ model: { trusting: true } });
      await give(page, await filtered(page, filter, layers));
      const said = await warningsIn(page);
      const place = said.findIndex((text) => text.includes(warnings.en[kind]));
      assert.notEqual(place, -1, said.join("\n"));
      await page.locator("leuko-gallery [role=option]").nth(place).click();
      for (const tag of ["de", "es", "zh"]) {
        await page.locator("select").first().selectOption(tag);
        await warning(page)
          .filter({ hasText: warnings[tag][kind] })
          .filter({ hasText: warnings[tag].so })
          .waitFor();
      }
    });

  test("is not said of a good one, whatever cell is looked at", async () => {
    const page = await site.openWithCells({ model: { trusting: true } });
    await give(page, field);
    const said = await warningsIn(page);
    assert.ok(said.length > 1);
    assert.deepEqual([...new Set(said)], [""]);
  });

  test("has its colour profile named among the details, where that was not applied", async () => {
    const page = await site.openWithCells({ viewport: { width: 1280, height: 800 } });
    const png = readFileSync(field);
    await give(page, { name: "p3.png", buffer: pngWithProfile(png, iccProfile("Display P3")) });
    const named = page.locator("leuko-details").getByText(profile("Display P3"), { exact: true });
    await named.waitFor({ state: "attached" }); // beside many cells, details are folded
    await give(page, field);
    await page.locator("leuko-picture-list [role=option]").nth(1).click();
    await named.waitFor({ state: "detached" });
  });
});
