// Labels of one's own: a set of them is chosen and kept, given by keys or buttons, counted, shown and exported.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { drawFields } from "../support.mjs";
import { answer, downloadBy, give, headline, servePage, waitUntilKept } from "./page.mjs";

const [field] = drawFields(1);

describe("labels of one's own", () => {
  const site = servePage();
  const desk = { viewport: { width: 1280, height: 900 }, model: { trusting: true } };

  test("a set is chosen, a name made up; both are kept, given by keys and buttons, and exported", async () => {
    const page = await site.openWithCells(desk);
    await give(page, field);
    await answer(page);
    await page.getByRole("button", { name: "More labels" }).click();
    const dialog = page.getByRole("dialog", { name: "Labels of your own" });
    await dialog.getByLabel("Blast").check();
    await dialog.getByLabel("Band neutrophil").check();
    await dialog.getByLabel("Another label").fill("Hairy cell, b");
    await page.keyboard.press("Enter");
    await dialog.getByLabel("Hairy cell, b").waitFor();
    for (const name of ["hairy cell, B", "neutrophil", "Smudge cell"]) {
      await dialog.getByLabel("Another label").fill(name);
      await page.keyboard.press("Enter");
    }
    assert.equal(await dialog.getByRole("checkbox", { checked: true }).count(), 4, "no two of one name");
    await dialog.getByLabel("Smudge cell").uncheck();
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("listbox", { name: /^Cells/ }).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("l");
    await headline(page).filter({ hasText: "Blast" }).waitFor();
    await page.keyboard.press("End");
    await headline(page).filter({ hasNotText: "Blast" }).waitFor();
    await page.locator("leuko-correction").getByRole("button", { name: "Hairy cell, b" }).click();
    await headline(page).filter({ hasText: "Hairy cell, b" }).waitFor();

    await page.getByLabel("Class", { exact: true }).selectOption("Hairy cell, b");
    assert.equal(
      await page
        .getByRole("listbox", { name: /^Cells/ })
        .getByRole("option")
        .count(),
      1,
    );
    await waitUntilKept(page, 1, 2);
    await page.reload();
    await page.locator("leuko-gallery [role=option]").first().waitFor();
    await page
      .locator("leuko-toolbar")
      .getByRole("button", { name: /^Review/ })
      .click();
    await page.locator("leuko-review-cell h3").waitFor();
    await page.keyboard.press("b");
    await page.keyboard.press("c");
    for (const name of ["Band neutrophil", "Blast", "Hairy cell, b"]) {
      const heading = page
        .locator("leuko-review-columns")
        .getByRole("button", { name: `1 ${name}`, exact: true });
      await heading.waitFor();
    }
    await page.keyboard.press("Escape");
    await page.locator("leuko-review").waitFor({ state: "detached" });
    const { bytes } = await downloadBy(page, async () => {
      await page.locator("leuko-toolbar summary").click();
      await page.getByRole("button", { name: "Table (CSV)" }).click();
    });
    const text = bytes.toString();
    for (const label of [",classified,blast,true,", ",classified,band,true,", '"other:Hairy cell, b",true,'])
      assert.ok(text.includes(label), label);
  });

  test("a long name made up fits a phone, in the count and in its report", async () => {
    const page = await site.openWithCells({ ...desk, viewport: { width: 390, height: 844 } });
    await page.evaluate(() => localStorage.setItem("leukolens-labels", `["other:${"long".repeat(10)}"]`));
    await page.reload();
    await give(page, field);
    await page.locator("leuko-correction").getByRole("button", { name: "longlong" }).click();
    await page.locator("leuko-differential").getByRole("row", { name: "longlong" }).waitFor();
    const fits = () => page.evaluate("document.documentElement.scrollWidth <= innerWidth");
    assert.ok(await fits());
    await page.locator("leuko-differential").getByRole("link", { name: "Report" }).click();
    await page.locator("leuko-report").getByRole("row", { name: "longlong" }).waitFor();
    assert.ok(await fits());
  });

  test("nothing is offered beside the model's classes until it is chosen, and its letter does nothing", async () => {
    const page = await site.openWithCells(desk);
    await give(page, field);
    const before = await answer(page);
    assert.equal(
      await page
        .locator("leuko-correction")
        .getByRole("button", { name: /^Blast/ })
        .count(),
      0,
    );
    await page.getByRole("application").focus();
    await page.keyboard.press("l");
    assert.equal(await headline(page).textContent(), before);
    assert.ok(await page.getByRole("button", { name: "Undo" }).isDisabled());
  });
});
