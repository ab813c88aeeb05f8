// HEIC as phones write it: decoded by a library that is fetched with the first one, in a browser that does not know it
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { heic } from "../heic.mjs";
import { downloadBy, give, researchOnly, saveAndOpenAgain, servePage } from "./page.mjs";

describe("a HEIC image", () => {
  const site = servePage();
  const viewer = { viewport: { width: 1680, height: 1050 } };
  const asked = () => site.opened.requests.filter((url) => /heif|heic/.test(url));
  const note = "It was HEIC, which libheif decoded; it is kept as PNG.";
  const image = (page) => page.locator("leuko-viewer .content > img");

  /** Once the picture is shown: its size, and its colours in the middle of its left, its right and its lower third. */
  async function shown(page) {
    await page.waitForFunction((img) => img?.naturalWidth === 64, await image(page).elementHandle());
    return image(page).evaluate((img) => {
      const canvas = new OffscreenCanvas(64, 48);
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(img, 0, 0);
      const at = (x, y) => [...context.getImageData(x, y, 1, 1).data.subarray(0, 3)];
      return [at(16, 16), at(48, 16), at(32, 40)];
    });
  }

  const exported = async (page) => {
    const { bytes } = await downloadBy(page, async () => {
      await page.locator("leuko-toolbar summary").click();
      await page.getByRole("button", { name: "Data (JSON)" }).click();
    });
    const content = JSON.parse(bytes.toString());
    assert.equal(content.note, researchOnly);
    return content.pictures[0];
  };

  test("is decoded, shown, kept and exported, and says so and that its colours were taken as sRGB", async () => {
    const page = await site.open(viewer);
    assert.deepEqual(asked(), []);
    await give(page, { name: "IMG_0001.HEIC", mimeType: "image/heic", buffer: heic });
    const [left, right, below] = await shown(page);
    // The browser converts what it shows from Display P3.
    assert.ok(left[0] > 180 && left[1] < 80 && right[2] > 170 && right[0] < 80 && below[1] > 140);
    await page.locator("leuko-details").getByText(note).waitFor({ state: "attached" });
    const { name, width, height, notes, colourProfile } = await exported(page);
    assert.deepEqual([name, width, height], ["IMG_0001.HEIC", 64, 48]);
    assert.deepEqual([notes, colourProfile], [[note], "Display P3"]);
    assert.equal(asked().length, 4, asked().join()); // the code, its worker, the library's script and its WebAssembly
    await saveAndOpenAgain(page);
    await shown(page);
    assert.deepEqual((await exported(page)).notes, [note]);
  });

  test("that is damaged, or is none, is refused with what to do about it, and the others are read", async () => {
    const page = await site.open(viewer);
    const flipped = Buffer.from(heic);
    flipped.fill(0xff, 0x1c, 0x60);
    await give(
      page,
      { name: "cut.heic", buffer: heic.subarray(0, 300) },
      { name: "flipped.heic", buffer: flipped },
      { name: "whole.heic", buffer: heic },
    );
    await page.getByText("Images 3").waitFor();
    const states = page.locator("leuko-picture-list .state");
    for (const index of [0, 1])
      await states.nth(index).filter({ hasText: "Save the image as JPEG or PNG." }).waitFor();
    await page.locator("leuko-picture-list .row").nth(2).click();
    await shown(page);
  });
});
