// A blurred or badly exposed picture is said to be so beside the answer, in the panel and in review; a good one is not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { drawFields } from "../support.mjs";
import { give, servePage } from "./page.mjs";
import { wordsOf } from "./words.mjs";

const [field] = drawFields(1);
const warnings = Object.fromEntries(
  await Promise.all(
    ["en", "de", "es", "zh"].map(async (tag) => [tag, (await wordsOf(tag, "picture")).warnings]),
  ),
);

describe("a picture that changes answers", () => {
  const site = servePage();

  /** The drawn field through one of the browser's filters. */
  async function filtered(page, filter) {
    const base64 = await page.evaluate(
      async ([base64, filter]) => {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes]));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext("2d");
        context.filter = filter;
        context.drawImage(bitmap, 0, 0);
        const out = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
        let text = "";
        for (const byte of out) text += String.fromCharCode(byte);
        return btoa(text);
      },
      [readFileSync(field).toString("base64"), filter],
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

  for (const [kind, filter] of Object.entries({
    blurred: "blur(4px)",
    overexposed: "brightness(1.4)",
    underexposed: "brightness(0.12)",
  }))
    test(`is said to be ${kind}, in every language`, async () => {
      const page = await site.openWithCells({ model: { trusting: true } });
      await give(page, await filtered(page, filter));
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
});
