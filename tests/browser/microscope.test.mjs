// Learning a microscope on the page: offered from eight reviewed cells on, judged by cells left out, used, undone, kept, saved and opened.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, test } from "node:test";
import { at, drawFields, drawSmears } from "../support.mjs";
import { waitUntil } from "./chromium.mjs";
import { downloadBy, give, percentages, researchOnly, servePage, sessionOf } from "./page.mjs";

/** Drawn cells, those of two labels called by the other's name: a microscope on which the model errs. Each file says its label. */
const swapped = { lymphocyte: "monocyte", monocyte: "lymphocyte" };
const cells = drawSmears({ count: 4, seed: 5 }).map((path) => {
  const drawn = basename(dirname(path));
  return { name: `${swapped[drawn] ?? drawn}-${basename(path)}`, buffer: readFileSync(path) };
});
// Those that are swapped come first: the page shows the first after a reload, and what it says of that one must change.
cells.sort(({ name: one }, { name: other }) => Number(/^[en]/.test(one)) - Number(/^[en]/.test(other)));
const strange = "The cells look unlike those that the model knows";
const keys = { eosinophil: "1", lymphocyte: "2", monocyte: "3", neutrophil: "4" };

const [field] = drawFields(1);

describe("the microscope", () => {
  const site = servePage();
  const panel = (page) => page.locator("leuko-microscope");
  const button = (page, name) => panel(page).getByRole("button", { name, exact: true });
  const inUse = (page, name) => panel(page).getByText(`All answers follow “${name}”`);

  /** Gives the cells and names the first `count` of them in review, as their files say; before that a model, if one is named. */
  async function openWithReviewed(count, model) {
    const page = await site.open({ viewport: { width: 1280, height: 800 } });
    if (model) {
      await give(page, model);
      await page.getByText("Now classifying with").waitFor();
    }
    await give(page, ...cells);
    await page.getByText(/^Done: /).waitFor({ state: "attached" });
    if (!model) await panel(page).getByText(strange).waitFor(); // no microscope sees drawn cells
    await page
      .locator("leuko-toolbar")
      .getByRole("button", { name: /^Review/ })
      .click();
    const progress = page.locator("leuko-review .progress [role=status]");
    for (let reviewed = 0; reviewed < count; reviewed++) {
      await progress.filter({ hasText: `${reviewed} of ` }).waitFor();
      const [, label] = /of \d+, ([a-z]+)-/.exec(await page.locator("leuko-review-cell .said").textContent());
      await page.keyboard.press(keys[label]);
    }
    await progress.filter({ hasText: `${count} of ` }).waitFor();
    await page.keyboard.press("Escape");
    await panel(page).waitFor();
    return page;
  }

  test("is learnt from reviewed cells, used for all images, undone, kept for the next visit, saved and opened", async () => {
    const page = await openWithReviewed(cells.length);
    await page.locator(`leuko-gallery [role=option][aria-label$="${cells[0].name}"]`).click(); // as after a reload
    await panel(page).getByText(researchOnly).waitFor();
    const alone = await percentages(page);
    await button(page, "Learn from them").click();
    await button(page, "Use for all images").waitFor();
    const gain = (await panel(page).locator(".gain").textContent()).match(/\d+(?=%)/g).map(Number);
    assert.ok(gain[1] > gain[0], `${gain}`);
    assert.deepEqual(await percentages(page), alone);

    await panel(page).getByLabel("Name of the microscope").fill("Room 2");
    await button(page, "Use for all images").click();
    await inUse(page, "Room 2").waitFor();
    await waitUntil(async () => `${await percentages(page)}` !== `${alone}`);
    await button(page, "Undo").click();
    await waitUntil(async () => `${await percentages(page)}` === `${alone}`);
    await button(page, "Learn from them").click();
    await panel(page).getByLabel("Name of the microscope").fill("Room 2");
    await button(page, "Use for all images").click();
    await inUse(page, "Room 2").waitFor();
    await waitUntil(async () => `${await percentages(page)}` !== `${alone}`);
    const learnt = await percentages(page);

    // What had not been kept when the page was left, or not been answered anew, is answered now.
    await page.reload();
    await inUse(page, "Room 2").waitFor();
    await waitUntil(async () => `${await percentages(page)}` === `${learnt}`);
    const saved = await downloadBy(page, () => button(page, "Save").click());
    assert.equal(saved.name, "Room 2.microscope.json");
    assert.equal(JSON.parse(saved.bytes).name, "Room 2");
    await button(page, "Use the model alone").click();
    await waitUntil(async () => `${await percentages(page)}` !== `${learnt}`);
    await panel(page).locator("#file").setInputFiles({ name: saved.name, mimeType: "", buffer: saved.bytes });
    await inUse(page, "Room 2").waitFor();
    await waitUntil(async () => `${await percentages(page)}` === `${learnt}`);

    // Where nothing was reviewed yet it is handed over like an image.
    await page.context().close();
    const elsewhere = await site.open();
    await give(elsewhere, { name: saved.name, buffer: saved.bytes });
    await elsewhere.getByText("Now classifying with Room 2.microscope.json.").waitFor();
    await give(elsewhere, cells[0]);
    await inUse(elsewhere, "Room 2").waitFor();
    await give(elsewhere, { name: "x.microscope.json", buffer: Buffer.from("{}") });
    await elsewhere.getByText("x.microscope.json: This file is no profile of a microscope.").waitFor();
    await inUse(elsewhere, "Room 2").waitFor();
  });

  test("is learnt from a cell that was framed too, which is answered anew like all others", async () => {
    const page = await openWithReviewed(cells.length);
    await page.locator(`leuko-gallery [role=option][aria-label$="${cells[0].name}"]`).click();
    await page.getByRole("button", { name: "Add, move or delete cells" }).click();
    const found = `${await percentages(page)}`;
    await page.getByRole("application").focus();
    await page.keyboard.press("ArrowRight");
    await waitUntil(async () => `${await percentages(page)}` !== found);
    const alone = `${await percentages(page)}`;
    await panel(page).getByText(`${cells.length} cells that you reviewed`).waitFor();
    await button(page, "Learn from them").click();
    await button(page, "Use for all images").click();
    await waitUntil(async () => `${await percentages(page)}` !== alone);
    await button(page, "Undo").click();
    await waitUntil(async () => `${await percentages(page)}` === alone);
  });

  test("is learnt by a model that sees whole images, too", async () => {
    const page = await openWithReviewed(cells.length, at("models/article.safetensors"));
    const alone = `${await percentages(page)}`;
    await button(page, "Learn from them").click();
    await button(page, "Use for all images").click();
    await inUse(page, "My microscope").waitFor();
    await waitUntil(async () => `${await percentages(page)}` !== alone);
  });

  test("whose stain is darker than known ones is evened without a label, which can be undone", async () => {
    const page = await site.open({ viewport: { width: 1280, height: 800 } });
    const more = drawSmears({ count: 6, seed: 8 }).map((path, i) => ({
      name: `${i}.png`,
      buffer: readFileSync(path),
    }));
    await give(page, ...more);
    await page.getByText(/^Done: /).waitFor({ state: "attached" });
    const alone = `${await percentages(page)}`;
    await button(page, "Even the stain").click();
    await panel(page).getByText("The nuclei are darker than those that the model knows").waitFor();
    assert.equal(await panel(page).locator(".gain").count(), 0); // nobody has said what is right
    await button(page, "Use for all images").click();
    await inUse(page, "My microscope").waitFor();
    await waitUntil(async () => `${await percentages(page)}` !== alone);
    assert.equal(await button(page, "Even the stain").count(), 0);
    await page.getByText(`stain evened by ${more.length} cells`).waitFor({ state: "attached" });
    await button(page, "Undo").click();
    await waitUntil(async () => `${await percentages(page)}` === alone);
  });

  test("asks for more cells before it is offered, and refuses what is no profile, or another model's", async () => {
    const page = await openWithReviewed(3);
    await panel(page).getByText("Review 5 more cells").waitFor();
    assert.equal(await button(page, "Learn from them").count(), 0);
    const open = (text) =>
      panel(page)
        .locator("#file")
        .setInputFiles({ name: "x.microscope.json", mimeType: "", buffer: Buffer.from(text) });
    await open("{}");
    await panel(page).getByRole("alert").getByText("no profile of a microscope").waitFor();
    await panel(page).getByText("Review 5 more cells").waitFor();
  });

  test("a strange one is said to be, a known one too once cells were reviewed, and nothing of a few cells", async () => {
    const known = "The cells look like those that the model knows.";
    const opened = async (count, typicality) => {
      const page = await site.open({ viewport: { width: 1280, height: 800 } });
      const places = Array.from({ length: count }, (_, i) => ({ place: [10 + 60 * i, 40], typicality }));
      const session = sessionOf(
        field,
        places.map((cell) => ({ ...cell, label: "monocyte" })),
      );
      await give(page, { name: "some.leukolens", buffer: session });
      await page.locator("leuko-gallery [role=option]").first().waitFor();
      return page;
    };
    let page = await opened(8, 0.01);
    await panel(page).getByText(strange).waitFor();
    await page.context().close();

    page = await opened(8, 0.4);
    assert.equal(await panel(page).count(), 0);
    await page.keyboard.press("2");
    await panel(page).getByText(known).waitFor();
    await page.context().close();

    page = await opened(7, 0.01);
    await page.keyboard.press("2");
    await panel(page).getByText("Review 7 more cells").waitFor();
    assert.equal(await panel(page).getByText(strange).count(), 0);
  });
});
