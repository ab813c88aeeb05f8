// Cells that a person frames: drawn, moved, resized, deleted, by pointer, finger or keys; classified at once, undone, kept.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unzipSync } from "fflate";
import { at, drawFields } from "../support.mjs";
import { waitUntil } from "./chromium.mjs";
import {
  answer,
  downloadBy,
  give,
  headline,
  percentages,
  saveAndOpenAgain,
  servePage,
  waitUntilKept,
} from "./page.mjs";

const [field, other] = drawFields(2);

describe("frames", () => {
  const site = servePage();
  const desk = { viewport: { width: 1280, height: 900 }, model: { trusting: true } };

  const frames = (page) => page.locator("leuko-viewer .frame");
  const gallery = (page) => page.locator("leuko-gallery [role=option]");
  const selected = (page) => page.locator("leuko-viewer .selected .frame");
  const boxOf = (frame) =>
    frame.evaluate((rect) => ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name))));
  const waitForCount = (page, count) =>
    waitUntil(async () => (await frames(page).count()) === count && (await gallery(page).count()) === count);

  /** With a field, its frames to be edited. */
  async function openField(options = desk) {
    const page = await site.openWithCells(options);
    await give(page, field);
    await answer(page);
    await gallery(page).first().waitFor();
    await page.getByRole("button", { name: "Add, move or delete cells" }).click();
    return { page, count: await frames(page).count(), at: await emptyPlace(page) };
  }

  /** On the screen, where there is room for a frame of 40 pixels beside others. */
  async function emptyPlace(page) {
    const image = await page.locator("leuko-viewer img").boundingBox();
    const boxes = await Promise.all((await frames(page).all()).map((frame) => frame.boundingBox()));
    for (let y = image.y + 30; y < image.y + image.height - 70; y += 10)
      for (let x = image.x + 30; x < image.x + image.width - 170; x += 10)
        if (
          boxes.every(
            (box) =>
              x + 24 < box.x || y + 24 < box.y || x - 24 > box.x + box.width || y - 24 > box.y + box.height,
          )
        )
          return { x, y };
    throw new Error("no empty place");
  }

  async function drag(page, [x0, y0], [x1, y1]) {
    await page.mouse.move(x0, y0);
    await page.mouse.down();
    await page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2);
    await page.mouse.move(x1, y1);
    await page.mouse.up();
  }

  const draw = ({ x, y }, page) => drag(page, [x - 20, y - 20], [x + 20, y + 20]);

  test("a click frames a missed cell as large as the others, which is classified, counted and seen in small", async () => {
    const { page, count, at: place } = await openField();
    await page.mouse.click(place.x, place.y);
    await waitForCount(page, count + 1);
    const [, , width, height] = await boxOf(selected(page));
    assert.equal(width, height);
    assert.ok((await percentages(page)).every((text) => text.endsWith("%")));
    await gallery(page).last().locator("leuko-thumbnail img").waitFor();
    await page
      .locator("leuko-picture-list")
      .getByText(`${count + 1} cells`)
      .waitFor();
    await page.keyboard.press("Control+z");
    await waitForCount(page, count);
    await page.keyboard.press("Control+y");
    await waitForCount(page, count + 1);
  });

  test("a frame is drawn, moved with what was said of it, resized by a corner, and deleted; each is one step back", async () => {
    const { page, count, at: place } = await openField();
    await draw(place, page);
    await waitForCount(page, count + 1);
    const drawn = await boxOf(selected(page));
    await page.locator("leuko-correction").getByRole("button", { name: "Not a white cell" }).click();
    await drag(page, [place.x, place.y], [place.x + 24, place.y]);
    await waitUntil(async () => (await boxOf(selected(page)))[0] > drawn[0] + 10);
    const moved = await boxOf(selected(page));
    assert.deepEqual(moved.slice(1), drawn.slice(1));
    assert.equal(await headline(page).textContent(), "Not a white cell");
    const { x, y, width, height } = await selected(page).boundingBox();
    await drag(page, [x + width, y + height], [x + width + 30, y + height + 20]);
    await waitUntil(async () => (await boxOf(selected(page)))[2] > moved[2] + 10);
    assert.deepEqual((await boxOf(selected(page))).slice(0, 2), moved.slice(0, 2));
    await page.getByRole("button", { name: "Delete this cell" }).click();
    await waitForCount(page, count);
    for (const before of [undefined, moved, drawn]) {
      await page.keyboard.press("Control+z");
      await waitForCount(page, count + 1);
      if (before) await waitUntil(async () => String(await boxOf(selected(page))) === String(before));
    }
  });

  test("a frame that is changed again before the engine has answered stays one cell, and so does a place that is tapped twice", async () => {
    const { page, count, at: place } = await openField();
    await page.mouse.click(place.x, place.y);
    await page.mouse.click(place.x + 3, place.y + 2);
    await waitForCount(page, count + 1);
    const before = await boxOf(selected(page));
    const { x, y, width, height } = await selected(page).boundingBox();
    const [left, top] = [x + width / 2, y + height / 2];
    for (const step of [0, 1, 2]) await drag(page, [left + 20 * step, top], [left + 20 * (step + 1), top]);
    const scale = 640 / (await page.locator("leuko-viewer img").boundingBox()).width;
    await waitUntil(async () => Math.abs((await boxOf(selected(page)))[0] - before[0] - 60 * scale) < 3);
    await waitForCount(page, count + 1);
    await draw({ x: place.x, y: place.y }, page);
    await page.keyboard.press("Delete");
    await waitUntil(async () => (await page.locator("leuko-viewer .draft").count()) === 0); // it was a cell, and is gone
    await page.getByRole("application").focus();
    await page.keyboard.press("Control+z");
    await waitForCount(page, count + 2);
  });

  test("undoing while the engine still answers undoes the frame that was drawn or moved, and redoing brings it back", async () => {
    const { page, count, at: place } = await openField();
    await page.getByRole("listbox", { name: /^Cells/ }).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("5");
    await page.keyboard.press("0");
    const said = async () => (await page.locator("leuko-differential dl").textContent()).slice(-40);
    const before = await said();
    await draw(place, page);
    await page.keyboard.press("Control+z");
    await waitUntil(async () => (await page.locator("leuko-viewer .draft").count()) === 0);
    await waitForCount(page, count);
    assert.equal(await said(), before);
    await page.keyboard.press("Control+y");
    await waitForCount(page, count + 1);
    const drawn = await boxOf(selected(page));
    await page.getByRole("application").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Control+z"); // before what the arrow made was taken
    await waitUntil(async () => (await page.locator("leuko-viewer .draft").count()) === 0);
    await waitForCount(page, count + 1);
    assert.deepEqual(await boxOf(selected(page)), drawn);
    await page.keyboard.press("Control+z");
    await waitForCount(page, count);
    await draw(place, page);
    await drag(page, [place.x, place.y], [place.x + 30, place.y]);
    for (let step = 0; step < 2; step++) await page.keyboard.press("Control+z");
    await waitUntil(async () => (await page.locator("leuko-viewer .draft").count()) === 0);
    await waitForCount(page, count);
    assert.equal(await said(), before);
  });

  test("a frame that is deleted while the engine answers goes, and nothing of the image that is looked at by then", async () => {
    const { page } = await openField();
    const images = page.getByRole("listbox", { name: /^Images/ }).getByRole("option");
    const all = async () => Number(await page.locator("leuko-gallery h2 span").textContent());
    await give(page, other);
    await page.getByText("Images 2").waitFor();
    await page.getByText(/^Done: /).waitFor({ state: "attached" });
    await images.first().click();
    const before = await all();
    await page.evaluate(() => {
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (message, ...rest) {
        const send = () => postMessage.call(this, message, ...rest);
        if (message.name === "classifyFramed") window.answer = send;
        else send();
      };
    });
    await page.evaluate(() => scrollTo(0, 0));
    await draw(await emptyPlace(page), page);
    await page.waitForFunction(() => window.answer !== undefined);
    await page.keyboard.press("Delete");
    await images.last().click();
    await page.evaluate(() => window.answer());
    await waitUntil(async () => (await page.locator("leuko-viewer .draft").count()) === 0);
    assert.equal(await all(), before);
    assert.equal(await images.last().getAttribute("aria-selected"), "true");
    for (const expected of [before + 1, before]) {
      await page.getByRole("button", { name: "Undo" }).click();
      await waitUntil(async () => (await all()) === expected);
    }
  });

  test("keys alone frame a cell, move, resize and delete it", async () => {
    const { page, count } = await openField();
    const viewer = page.getByRole("application");
    await viewer.focus();
    await page.keyboard.press("Delete");
    await waitForCount(page, count - 1);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const before = await boxOf(selected(page));
    await waitUntil(async () => (await boxOf(selected(page)))[0] > before[0]);
    const moved = await boxOf(selected(page));
    await page.keyboard.press("Shift+ArrowDown");
    await waitUntil(async () => (await boxOf(selected(page)))[3] > moved[3]);
    assert.equal(await frames(page).count(), count - 1);
  });

  test("frames outlive a reload and a session's file, with what was said of them, and are told apart in what is exported", async () => {
    const { page, count, at: place } = await openField();
    await page.keyboard.press("Tab");
    await page.getByRole("application").focus();
    await page.keyboard.press("Delete");
    await waitForCount(page, count - 1);
    await draw(place, page);
    await waitForCount(page, count);
    await page.locator("leuko-correction").getByRole("button", { name: "Platelet" }).click();
    const box = await boxOf(selected(page));
    const hasAll = async () => {
      await waitForCount(page, count);
      await gallery(page).last().locator("leuko-thumbnail img").waitFor();
      const boxes = await Promise.all((await frames(page).all()).map(boxOf));
      assert.ok(boxes.some((one) => String(one) === String(box)));
    };
    await waitUntilKept(page, 1, 1);
    await page.reload();
    await hasAll();
    const csv = await downloadBy(page, async () => {
      await page.locator("leuko-toolbar summary").click();
      await page.getByRole("button", { name: "Table (CSV)" }).click();
    });
    const [head, ...lines] = csv.bytes
      .toString()
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(","));
    const framed = lines.filter((line) => line[head.indexOf("framed")] === "true");
    assert.equal(framed.length, 1);
    assert.equal(framed[0][head.indexOf("label")], "platelet");
    const training = await downloadBy(page, async () => {
      await page.locator("leuko-toolbar summary").click();
      await page.getByRole("button", { name: "Training data: images (zip)" }).click();
    });
    const [x, y, width, height] = box;
    const example = `platelet,000001,${x},${y},${x + width},${y + height},corrected`;
    const list = Buffer.from(unzipSync(training.bytes)["list.csv"]).toString();
    assert.ok(list.includes(example), `no ${example} in:\n${list}`);
    await saveAndOpenAgain(page);
    await hasAll();
  });

  test("another model is asked about a frame too, and one that sees whole pictures frames nothing", async () => {
    const { page, count, at: place } = await openField();
    await draw(place, page);
    await waitForCount(page, count + 1);
    const before = String(await percentages(page));
    await give(page, at("models/flagship.safetensors"));
    await page.getByText("Now classifying with flagship.safetensors.").waitFor();
    await waitUntil(async () => String(await percentages(page)) !== before);
    assert.equal(await frames(page).count(), count + 1);
    await give(page, at("models/article.safetensors"));
    const edit = page.getByRole("button", { name: "Add, move or delete cells" });
    await waitUntil(() => edit.isDisabled());
  });

  test("a finger frames and drags, and the picture keeps still meanwhile", async () => {
    const {
      page,
      count,
      at: place,
    } = await openField({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      model: { trusting: true },
    });
    const before = await page.locator("leuko-viewer img").boundingBox();
    const client = await page.context().newCDPSession(page);
    const touch = (type, ...touchPoints) => client.send("Input.dispatchTouchEvent", { type, touchPoints });
    await touch("touchStart", { x: place.x - 15, y: place.y - 15 });
    await touch("touchMove", { x: place.x, y: place.y });
    await touch("touchMove", { x: place.x + 15, y: place.y + 15 });
    await touch("touchEnd");
    await waitForCount(page, count + 1);
    assert.deepEqual(await page.locator("leuko-viewer img").boundingBox(), before);
  });
});
