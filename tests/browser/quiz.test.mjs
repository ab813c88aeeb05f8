// The quiz on one's own pictures: by keys, by taps and against the clock, without a word of what the cells are until it is over.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { drawFields } from "../support.mjs";
import { settle, waitUntil } from "./chromium.mjs";
import { downloadBy, give, researchOnly, servePage, sessionOf } from "./page.mjs";

const [field] = drawFields(1);
const corrected = [
  { place: [40, 40], label: "monocyte" },
  { place: [120, 60], label: "neutrophil" },
  { place: [200, 40], label: "lymphocyte" },
  { place: [280, 60], label: "monocyte" },
];
const keys = { eosinophil: "1", lymphocyte: "2", monocyte: "3", neutrophil: "4" };

describe("the quiz", () => {
  const site = servePage();
  const desk = { viewport: { width: 1280, height: 800 } };

  /** With a session of four cells, of which the keys confirm or correct so many. */
  async function openPage(said, options = desk) {
    const page = await site.openWithCells(options);
    await give(page, { name: "kept.leukolens", buffer: sessionOf(field, corrected) });
    await page.locator("leuko-gallery [role=option]").nth(3).waitFor();
    await page.locator("leuko-toolbar button.review").click();
    await page.locator("leuko-review-cell h3").waitFor();
    const done = page.locator("leuko-review .progress [role=status]");
    for (let number = 1; number <= said; number++) {
      await page.keyboard.press("Space");
      await done.filter({ hasText: `${number} of 4` }).waitFor();
    }
    await page.keyboard.press("Escape");
    await page.locator("leuko-gallery [role=option]").nth(3).waitFor();
    return page;
  }

  const openQuiz = async (page) => {
    await page.locator("leuko-toolbar").getByRole("button", { name: "Quiz" }).click();
    await page.locator("leuko-quiz-setup form").waitFor();
  };
  const begin = (page) => page.getByRole("button", { name: "Begin" }).click();
  const asked = (page, place, all) =>
    page
      .locator("leuko-quiz-question [role=status]")
      .filter({ hasText: `Cell ${place} of ${all}` })
      .waitFor();
  const result = (page) => page.locator("leuko-quiz-result h3");
  /** The key of the cell that is asked for, by its place in the picture. */
  const keyOf = (page) =>
    page.evaluate(() => {
      const walk = (root) =>
        [...root.querySelectorAll("*")].flatMap((element) => [
          element,
          ...(element.shadowRoot ? walk(element.shadowRoot) : []),
        ]);
      const frame = walk(document).find((element) => element.matches("g.selected rect.frame"));
      return [frame.getAttribute("x"), frame.getAttribute("y")].map(Number);
    });
  const labelAsked = async (page) => {
    const [x, y] = await keyOf(page);
    return corrected.find(({ place }) => place[0] === x && place[1] === y).label;
  };

  test("has no key while only the model has spoken, and says so", async () => {
    const page = await openPage(0);
    await openQuiz(page);
    await page.getByText(/There is no key yet/).waitFor();
    assert.ok(await page.getByRole("button", { name: "Begin" }).isDisabled());
  });

  test("that is left in the middle ends there, and shows what was answered", async () => {
    for (const leave of [
      (page) => page.keyboard.press("Escape"),
      (page) => page.locator("leuko-quiz header").getByRole("button").click(),
    ]) {
      const page = await openPage(3);
      await openQuiz(page);
      await begin(page);
      await asked(page, 1, 3);
      await page.keyboard.press(keys[await labelAsked(page)]);
      await asked(page, 2, 3);
      await leave(page);
      await result(page).filter({ hasText: "1 of 1" }).waitFor();
      await leave(page);
      await page.locator("leuko-quiz").waitFor({ state: "detached" });
      if (page !== site.opened.page) await page.context().close();
    }
  });

  test("asks for confirmed cells alone, without a name in sight, and scores by keys", async () => {
    const page = await openPage(3);
    await openQuiz(page);
    await page.getByText("The key is what you said of 3 cells.").waitFor();
    await page.getByLabel("Initials").fill("AB");
    await begin(page);
    const given = [];
    for (let place = 1; place <= 3; place++) {
      await asked(page, place, 3);
      const view = page.locator("leuko-quiz-question leuko-viewer");
      assert.doesNotMatch(await view.locator("[role=application]").getAttribute("aria-label"), /jpg|png/);
      const strokes = await view
        .locator("rect.frame")
        .evaluateAll((frames) => [...new Set(frames.map((frame) => getComputedStyle(frame).stroke))]);
      assert.equal(strokes.length, 1, "all frames look alike");
      const label = await labelAsked(page);
      given.push(place === 2 ? "0" : label);
      await page.keyboard.press(place === 2 ? "0" : keys[label]);
    }
    await result(page).filter({ hasText: "2 of 3 right (67%)" }).waitFor();
    await page.locator("leuko-quiz-result").getByText(researchOnly).waitFor();
    await page
      .locator("leuko-quiz-result li.wrong")
      .filter({ hasText: "Your answer: Not a white cell" })
      .waitFor();
    const { name, bytes } = await downloadBy(page, () =>
      page.getByRole("button", { name: "Answers and score (CSV)" }).click(),
    );
    assert.match(name, /quiz\.csv$/);
    const [, ...lines] = bytes.toString().trim().split("\r\n");
    assert.equal(lines.length, 3);
    for (const [index, line] of lines.entries()) {
      const values = line.split(",");
      assert.equal(values[8], "confirmed");
      assert.equal(values[9], given[index] === "0" ? "no white cell" : values[7]);
      assert.equal(values[10], String(given[index] !== "0"));
      assert.deepEqual(values.slice(13, 16), ["AB", "2", "3"]);
    }
  });

  test("changes nothing of what was said, whatever is pressed, and gives the focus back", async () => {
    const page = await openPage(2);
    const said = () =>
      page.locator("leuko-gallery [role=option]").evaluateAll((all) => all.map((one) => one.ariaLabel));
    const before = await said();
    await openQuiz(page);
    await begin(page);
    await asked(page, 1, 2);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("1");
    await asked(page, 2, 2);
    await page.keyboard.press("Escape");
    await result(page).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("leuko-gallery [role=option]").nth(3).waitFor();
    assert.deepEqual(await said(), before);
    await waitUntil(() =>
      page.locator("leuko-toolbar button.quiz").evaluate((button) => button.matches(":focus")),
    );
  });

  test("counts a cell as wrong whose time is up, and goes on", async () => {
    const page = await openPage(2);
    await page.clock.install();
    await openQuiz(page);
    await page.getByLabel("Time for each cell").selectOption("10");
    await begin(page);
    await asked(page, 1, 2);
    await page.locator("leuko-quiz-question [role=timer]").filter({ hasText: "10 s" }).waitFor();
    await page.clock.runFor(4000);
    await page.locator("leuko-quiz-question [role=timer]").filter({ hasText: "6 s" }).waitFor();
    await page.clock.runFor(7000);
    await asked(page, 2, 2);
    await page.keyboard.press(keys[await labelAsked(page)]);
    await result(page).filter({ hasText: "1 of 2 right" }).waitFor();
    await page.getByText("No answer in time").waitFor();
  });

  test("goes by taps, and again", async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: "dark" };
    const page = await openPage(1, phone);
    await openQuiz(page);
    for (let round = 0; round < 2; round++) {
      await begin(page);
      await asked(page, 1, 1);
      await settle(page);
      const choice = page.locator("leuko-quiz-question .choices button").filter({ hasText: "Monocyte" });
      const label = await labelAsked(page);
      await choice.tap();
      await result(page)
        .filter({ hasText: label === "monocyte" ? "1 of 1 right" : "0 of 1 right" })
        .waitFor();
      await page.getByRole("button", { name: "Another quiz" }).tap();
    }
  });
});
