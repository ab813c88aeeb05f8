// Review: cells gone through one by one by keys or taps, and in columns by dragging, several at once; whatever was said can be undone.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { drawFields } from "../support.mjs";
import { settle, waitUntil } from "./chromium.mjs";
import { give, researchOnly, servePage, sessionOf } from "./page.mjs";

const [field, second] = drawFields(2);

describe("review", () => {
  const site = servePage();
  const desk = { viewport: { width: 1280, height: 800 }, model: { trusting: true } };

  /** Opens the page with fields and review over it. */
  async function openReview(options = desk, fields = [field]) {
    const page = await site.openWithCells(options);
    await give(page, ...fields);
    await page.locator("leuko-gallery [role=option]").first().waitFor();
    if (fields.length > 1) await page.getByText(/^Done: /).waitFor({ state: "attached" });
    await page
      .locator("leuko-toolbar")
      .getByRole("button", { name: /^Review/ })
      .click();
    await headline(page).waitFor();
    assert.equal(
      await page.getByText(/^Done: /).count(),
      0,
      "nothing says how many are to review but review",
    );
    return page;
  }

  const headline = (page) => page.locator("leuko-review-cell h3");
  const progress = (page) => page.locator("leuko-review .progress [role=status]");
  const place = async (page) =>
    Number(/Cell (\d+) of/.exec(await page.locator("leuko-review-cell .said").textContent())[1]);
  const waitForPlace = (page, number) => waitUntil(async () => (await place(page)) === number);
  const waitForReviewed = (page, number) =>
    progress(page)
      .filter({ hasText: `${number} of ` })
      .waitFor();
  const column = (page, name) => page.locator("leuko-review-columns section").filter({ hasText: name });
  const countIn = async (page, name) => Number(await column(page, name).locator(".head span").textContent());
  const tiles = (page, name) => column(page, name).getByRole("option");

  async function openColumns(options, fields) {
    const page = await openReview(options, fields);
    await page.keyboard.press("c");
    await page.locator("leuko-review-columns [role=option]").first().waitFor();
    return page;
  }

  /** The names of the columns with cells, the fullest first. */
  const fullest = async (page) => {
    const heads = await page.locator("leuko-review-columns .head").allTextContents();
    return heads
      .map((text) => /^\s*(\d+)\s*(.*\S)\s*$/.exec(text))
      .map(([, count, name]) => ({ count: Number(count), name }))
      .sort((one, other) => other.count - one.count);
  };

  const middle = async (locator) => {
    const { x, y, width, height } = await locator.boundingBox();
    return [x + width / 2, y + height / 2];
  };

  test("one key confirms or names the cell and goes on to the next, and undoing comes back to it", async () => {
    const page = await openReview();
    assert.equal(await place(page), 1);
    const first = (await headline(page).textContent()).replace("?", "").trim();
    await page.keyboard.press("Space");
    await waitForPlace(page, 2);
    await waitForReviewed(page, 1);
    await page.keyboard.press("0");
    await waitForPlace(page, 3);
    await waitForReviewed(page, 2);
    await page.keyboard.press("ArrowLeft");
    await headline(page).filter({ hasText: "Not a white cell" }).waitFor();
    await page.keyboard.press("Backspace");
    await waitForReviewed(page, 1);
    assert.equal(await place(page), 2);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Control+z");
    await waitForPlace(page, 2);
    await headline(page).filter({ hasText: "Not a white cell" }).waitFor();
    await page.keyboard.press("Home");
    await headline(page).filter({ hasText: first }).filter({ hasText: "✓" }).waitFor();
    await page.locator("leuko-review").getByText(researchOnly).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("leuko-review").waitFor({ state: "detached" });
    await waitUntil(() =>
      page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element.textContent.includes("Review");
      }),
    );
    assert.match(
      await page.locator("leuko-differential dl").textContent(),
      /Confirmed by you\s*1\s*Corrected by you\s*1$/,
    );
  });

  test("as many keys as cells review a field, and those that nobody has spoken of come first", async () => {
    const page = await openReview(desk, [field, second]);
    const all = Number(/of (\d+) reviewed/.exec(await progress(page).textContent())[1]);
    await page.keyboard.press("ArrowRight"); // passed over now, come back to at the end
    await waitForPlace(page, 2);
    for (let i = 0; i < all; i++) await page.keyboard.press("Space");
    await progress(page)
      .filter({ hasText: `${all} of ${all} reviewed, done` })
      .waitFor();
  });

  test("a cell that the model could not name is not confirmed by a key: it needs a name", async () => {
    const page = await openReview({ ...desk, model: { rejecting: true } });
    await headline(page).filter({ hasText: "Not recognised" }).waitFor();
    await page.keyboard.press("Space");
    assert.ok(await page.getByRole("button", { name: /^Confirm/ }).isDisabled());
    assert.match(await progress(page).textContent(), /^\s*0 of/);
    await page.keyboard.press("2");
    await waitForReviewed(page, 1);
    assert.equal(await place(page), 2);
  });

  test("the queue has the order of need, of class, or of finding", async () => {
    const page = await openReview(desk, [field, second]);
    const walk = async () => {
      const seen = [];
      const all = Number(/of (\d+) reviewed/.exec(await progress(page).textContent())[1]);
      await page.keyboard.press("Home");
      for (let i = 1; i <= all; i++) {
        await waitForPlace(page, i);
        const text = await page.locator("leuko-review-cell .said").textContent();
        seen.push({
          name: (await headline(page).textContent()).trim(),
          need: /unlike most/.test(text),
          image: /of \d+, (\S+\.png)/.exec(text)[1],
        });
        await page.keyboard.press("ArrowRight");
      }
      return seen;
    };
    const needs = (await walk()).map(({ need }) => need);
    assert.deepEqual(
      needs,
      needs.toSorted((one, other) => other - one),
    );
    await page.getByLabel("Sort").last().selectOption("class");
    const names = (await walk()).map(({ name }) => name);
    assert.deepEqual(
      names,
      [...new Set(names)].flatMap((one) => names.filter((name) => name === one)),
    );
    await page.getByLabel("Sort").last().selectOption("found");
    const images = (await walk()).map(({ image }) => image);
    assert.deepEqual(images, images.toSorted());
  });

  test("the large cell lies in the middle of its window, its heatmap on a key, and its place in the field is framed", async () => {
    const page = await openReview({ ...desk, model: { trusting: true } });
    const large = page.locator("leuko-review-cell .large");
    await page.keyboard.press("h");
    await large.locator("canvas").waitFor();
    await page.keyboard.press("h");
    await large.locator("canvas").waitFor({ state: "detached" });
    const frame = await large.locator(".selected .frame").boundingBox();
    const window = await large.boundingBox();
    assert.ok(Math.max(frame.width / window.width, frame.height / window.height) > 0.3);
    assert.ok(frame.x > window.x && frame.x + frame.width < window.x + window.width);
    assert.equal(await page.locator("leuko-review-cell .place .selected .frame").count(), 1);
    assert.equal(
      await page.locator("leuko-review-cell leuko-atlas article").filter({ visible: true }).count(),
      2,
    );
  });

  test("a cell is dragged to the column of another class, and several at once; each is one step to undo", async () => {
    const page = await openColumns(desk, [field, second]);
    const [from] = await fullest(page);
    assert.ok(from.count >= 3);
    const to = from.name === "Basophil" ? "Monocyte" : "Basophil";
    const before = await countIn(page, to);
    const drag = async (tile) => {
      await page.mouse.move(...(await middle(tile)));
      await page.mouse.down();
      await page.mouse.move(...(await middle(column(page, to))), { steps: 5 });
      await page.locator("leuko-review-columns section.over").waitFor();
      await page.mouse.up();
    };
    await drag(tiles(page, from.name).first());
    await waitUntil(async () => (await countIn(page, to)) === before + 1);
    await tiles(page, from.name).nth(0).click();
    await tiles(page, from.name)
      .nth(1)
      .click({ modifiers: ["Control"] });
    await tiles(page, from.name)
      .nth(0)
      .click({ modifiers: ["Control"] });
    await waitUntil(
      async () => (await page.locator("leuko-review-columns [aria-selected=true]").count()) === 2,
    );
    await drag(tiles(page, from.name).first());
    await waitUntil(async () => (await countIn(page, to)) === before + 3);
    await page.keyboard.press("Control+z");
    await waitUntil(async () => (await countIn(page, to)) === before + 1);
    await page.keyboard.press("Control+z");
    await waitUntil(async () => (await countIn(page, to)) === before);
  });

  test("a whole column is confirmed by its heading and a key, and cells are marked and named by keys alone", async () => {
    const page = await openColumns(desk, [field, second]);
    const [from] = await fullest(page);
    await column(page, from.name).locator(".head").click();
    await page.getByRole("button", { name: `Confirm ${from.count} cells` }).waitFor();
    await tiles(page, from.name)
      .first()
      .evaluate((tile) => tile.parentElement.focus());
    await page.keyboard.press("Space");
    await waitForReviewed(page, from.count);
    await tiles(page, from.name).first().click();
    await page.keyboard.press("Shift+ArrowDown");
    await waitUntil(
      async () => (await page.locator("leuko-review-columns [aria-selected=true]").count()) === 2,
    );
    await page.keyboard.press("0");
    await waitUntil(async () => (await countIn(page, "Not a white cell")) === 2);
  });

  test("fingers answer by taps, mark several, and drag after a moment's hold", async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, model: { trusting: true } };
    const page = await openReview(phone, [field, second]);
    await page.getByRole("button", { name: /^Confirm/ }).tap();
    await waitForPlace(page, 2);
    await page.locator("leuko-review-legend").getByRole("button", { name: "Lymphocyte" }).tap();
    await waitForPlace(page, 3);
    await waitForReviewed(page, 2);
    await page.getByRole("button", { name: "Columns" }).tap();
    const [from] = await fullest(page);
    const index = (await page.locator("leuko-review-columns .head").allTextContents()).findIndex((text) =>
      text.includes(from.name),
    );
    const sections = page.locator("leuko-review-columns section");
    await sections.nth(index).scrollIntoViewIfNeeded();
    const near = index > 0 ? index - 1 : index + 1;
    const target = sections.nth(near);
    const count = async () => Number(await target.locator(".head span").textContent());
    const before = await count();
    const [x, y] = await middle(tiles(page, from.name).first());
    const [toX, toY] = await middle(target);
    const client = await page.context().newCDPSession(page);
    const touch = (type, ...touchPoints) => client.send("Input.dispatchTouchEvent", { type, touchPoints });
    await touch("touchStart", { x, y });
    await page.locator("leuko-review-columns .ghost").waitFor();
    await touch("touchMove", { x: (x + toX) / 2, y });
    await touch("touchMove", { x: toX, y: toY });
    await touch("touchEnd");
    await waitUntil(async () => (await count()) === before + 1);
    await page.getByRole("button", { name: "Select several" }).tap();
    for (const i of [0, 1]) await tiles(page, from.name).nth(i).tap();
    await page.locator("leuko-review-legend").getByRole("button", { name: "Not a white cell" }).tap();
    await waitUntil(async () => (await countIn(page, "Not a white cell")) === 2);
  });

  test("a thousand cells in columns: only those that are seen are in the page, however one scrolls", async () => {
    const page = await site.open(desk);
    await give(page, { name: "thousand.leukolens", buffer: thousandCells() });
    await page.getByText(/opened: 1 image/).waitFor();
    await page
      .locator("leuko-toolbar")
      .getByRole("button", { name: /^Review/ })
      .click();
    await headline(page).filter({ hasText: "Lymphocyte" }).waitFor();
    await page.locator("leuko-review-cell").getByText("reactive lymphocyte or a blast").waitFor();
    await page.keyboard.press("c");
    const all = page.locator("leuko-review-columns [role=option]");
    await all.first().waitFor();
    assert.equal(await countIn(page, "Neutrophil"), 600);
    assert.ok((await all.count()) < 150, `${await all.count()} tiles`);
    const frames = await page.evaluate(async () => {
      const walk = (root) =>
        [...root.querySelectorAll("*")].flatMap((one) => [
          one,
          ...(one.shadowRoot ? walk(one.shadowRoot) : []),
        ]);
      const scroller = walk(document)
        .filter(
          (one) => one.matches(".scroller") && one.getRootNode().host?.localName === "leuko-review-column",
        )
        .sort((one, other) => other.scrollHeight - one.scrollHeight)[0];
      const times = [];
      for (let i = 0; i < 90; i++) {
        scroller.scrollTop += 60;
        times.push(await new Promise(requestAnimationFrame));
      }
      return times
        .slice(1)
        .map((time, i) => time - times[i])
        .sort((one, other) => one - other);
    });
    console.log(
      `frames of scrolling: median ${frames[44].toFixed(1)} ms, 95 % within ${frames[84].toFixed(1)} ms`,
    );
    assert.ok((await all.count()) < 150);
  });

  test("a question mark lists the keys, and over review too; Escape leaves them alone", async () => {
    const page = await openReview();
    await page.keyboard.press("?");
    const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await list.getByText("Confirm and go on").waitFor();
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "detached" });
    await headline(page).waitFor();
    await page.keyboard.press("Space");
    await waitForReviewed(page, 1);
  });

  for (const [device, viewport] of [
    ["phone", { width: 390, height: 844 }],
    ["phone on its side", { width: 844, height: 390 }],
    ["low screen", { width: 800, height: 480 }],
    ["desk", { width: 1280, height: 800 }],
  ])
    test(`nothing moves on a ${device} when a cell is answered, and every answer is in view`, async () => {
      const page = await openReview({ viewport, model: { trusting: true } });
      await settle(page);
      const answers = page.locator("leuko-review-legend button:not(dialog *)");
      const ends = await answers.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().bottom));
      assert.ok(Math.max(...ends) <= viewport.height, `${ends}`);
      const tops = () =>
        page.evaluate(() => {
          const { shadowRoot } = document
            .querySelector("leuko-app")
            .shadowRoot.querySelector("leuko-workbench")
            .shadowRoot.querySelector("leuko-review");
          return ["leuko-review-cell", "footer"].map(
            (name) => shadowRoot.querySelector(name).getBoundingClientRect().top,
          );
        });
      const before = await tops();
      for (const key of ["Space", "6", "0"]) {
        await page.keyboard.press(key);
        await settle(page);
        assert.deepEqual(await tops(), before, key);
      }
    });
});

/** A thousand cells, most of them neutrophils; the model flags one, which therefore comes first. */
const thousandCells = () =>
  sessionOf(
    field,
    Array.from({ length: 1000 }, (_, index) => ({
      place: [8 + (index % 40) * 15, 8 + Math.floor(index / 40) * 18],
      label: index < 600 ? "neutrophil" : index < 900 ? "lymphocyte" : "monocyte",
      flags: index === 700 ? ["large_lymphoid"] : [],
    })),
  );
