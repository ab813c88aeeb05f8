// The kiosk with an exhibition's own pictures and words, and with its visitors counted.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readExhibition, Visits } from "../../web/kiosk/exhibition.mjs";
import { handlerOf } from "../../web/kiosk/kiosk.mjs";
import { serve } from "../../web/serve.mjs";
import { at, drawSmears, scratch } from "../support.mjs";
import { launch, waitUntil } from "./chromium.mjs";
import { button, en, landscape } from "./kiosk.mjs";
import { wordsOf } from "./words.mjs";

const credit = "Photographed in Room 2";
const question = "Who is who?";
const labels = ["eosinophil", "lymphocyte", "monocyte", "neutrophil"];
const { classes } = await wordsOf("en", "first-load");

/** A folder with two cells of each label, and what its kiosk.json says. */
function makeFolder() {
  const folder = scratch();
  const cells = drawSmears({ count: 2, format: "jpg" }).map((path, index) => {
    const label = labels[Math.floor(index / 2)];
    const picture = `${index} ${basename(path)}`;
    copyFileSync(path, join(folder, picture));
    return { picture, label };
  });
  const said = { credit, cells, texts: { en: { question } } };
  const write = (content) => writeFileSync(join(folder, "kiosk.json"), JSON.stringify(content));
  write(said);
  return { folder, said, write };
}

describe("an exhibition's kiosk", () => {
  const { folder, said } = makeFolder();
  const count = join(scratch(), "visits.json");
  let browser;
  let server;
  before(async () => {
    const options = { own: folder, exhibition: readExhibition(folder), visits: new Visits(count) };
    server = await serve(at("dist/site"), 0, { handle: handlerOf(options, () => {}) });
    browser = await launch();
  });
  after(async () => {
    await browser.close();
    server.close();
  });

  test("shows its pictures, words and credit, says what the visitor answered, and counts", async () => {
    const context = await browser.newContext({
      viewport: landscape,
      hasTouch: true,
      serviceWorkers: "block",
    });
    const page = await context.newPage();
    await page.goto(`http://localhost:${server.port}/kiosk/?language=en&own&count`);
    await page.getByText(question).waitFor();
    await page.locator("leuko-kiosk-attract button").tap();
    await button(page, en.quiz).tap();
    for (let round = 1; round <= 5; round++) {
      await page.getByText(en.round(round, 5)).waitFor();
      await page.getByText(credit).waitFor();
      const src = await page.getByAltText(en.middle).getAttribute("src");
      const { label } = said.cells.find(({ picture }) => `own/${encodeURIComponent(picture)}` === src);
      const right = classes[label];
      const wrong = classes[labels.find((other) => other !== label)];
      await button(page, round === 1 ? wrong : right).tap();
      await page.getByText(en.shown(right)).waitFor();
      assert.equal(await page.getByText(en.guessed(wrong)).count(), round === 1 ? 1 : 0);
      await button(page, round < 5 ? en.next : en.finish).tap();
    }
    await page.getByText(en.score(4, 5)).first().waitFor();
    const today = new Date().toLocaleDateString("sv");
    await waitUntil(() => JSON.parse(readFileSync(count, "utf8"))[today]?.quiz === 1);
    const counted = { [today]: { visitor: 1, quiz: 1 } };
    assert.deepEqual(JSON.parse(readFileSync(count, "utf8")), counted);
    new Visits(count).add("visitor"); // as after a restart
    counted[today].visitor++;
    assert.deepEqual(JSON.parse(readFileSync(count, "utf8")), counted);
  });

  test("goes on where the network cannot read a picture", async () => {
    const { folder, said } = makeFolder();
    for (const { picture } of said.cells)
      writeFileSync(join(folder, picture), readFileSync(join(folder, picture)).subarray(0, 400));
    const options = { own: folder, exhibition: readExhibition(folder), visits: undefined };
    const broken = await serve(at("dist/site"), 0, { handle: handlerOf(options, () => {}) });
    const context = await browser.newContext({
      viewport: landscape,
      hasTouch: true,
      serviceWorkers: "block",
    });
    const page = await context.newPage();
    await page.goto(`http://localhost:${broken.port}/kiosk/?language=en&own`);
    await page.locator("leuko-kiosk-attract button").tap();
    await button(page, en.quiz).tap();
    for (let round = 1; round <= 5; round++) {
      await page.getByText(en.round(round, 5)).waitFor();
      await page.locator(".choices button").first().tap();
      await page.getByText(en.notRecognised).waitFor();
      await button(page, round < 5 ? en.next : en.finish).tap();
    }
    await button(page, en.again).waitFor();
    await context.close();
    broken.close();
  });

  test("serves what kiosk.json lists, and nothing else of the folder", async () => {
    writeFileSync(join(folder, "secret.jpg"), "");
    const status = async (path) => (await fetch(`http://localhost:${server.port}/kiosk/own/${path}`)).status;
    assert.equal(await status(encodeURIComponent(said.cells[0].picture)), 200);
    for (const path of ["secret.jpg", "..%2Fkiosk.json", "%", ""])
      assert.equal(await status(path), 404, path);
  });
});

describe("an exhibition's folder", () => {
  const { folder, said, write } = makeFolder();
  for (const [what, content, message] of [
    ["an unknown key", { ...said, cell: [] }, /"cell" is not known/],
    ["an unknown label", { ...said, cells: [{ picture: "a.jpg", label: "wbc" }] }, /one of eosinophil/],
    ["a path", { ...said, cells: [{ picture: "../a.jpg", label: "monocyte" }] }, /name of a JPEG or PNG/],
    [
      "a missing picture",
      { ...said, cells: [{ picture: "a.jpg", label: "monocyte" }] },
      /no picture "a.jpg"/,
    ],
    [
      "a text with a picture's name",
      { ...said, cells: [{ picture: "text.png", label: "monocyte" }] },
      /"text.png" is no JPEG or PNG/,
    ],
    ["too few cells", { ...said, cells: said.cells.slice(0, 4) }, /at least 5 cells/],
    ["cells of one class", { ...said, cells: Array(5).fill(said.cells[0]) }, /at least two classes/],
    ["no credit", { ...said, credit: "" }, /where the pictures come from/],
    ["an unknown text", { ...said, texts: { en: { title: "x" } } }, /may say question/],
    ["an unknown language", { ...said, texts: { fr: {} } }, /objects for en/],
  ])
    test(`is refused for ${what}, in one sentence`, () => {
      writeFileSync(join(folder, "text.png"), "a picture");
      write(content);
      assert.throws(() => readExhibition(folder), message);
    });

  test("is read from a kiosk.json with a byte-order mark", () => {
    writeFileSync(join(folder, "kiosk.json"), `\ufeff${JSON.stringify(said)}`);
    assert.deepEqual(readExhibition(folder).cells, said.cells);
  });

  test("without kiosk.json is refused, and so is a file that counts nothing", () => {
    assert.throws(() => readExhibition(scratch()), /There is no kiosk\.json/);
    const file = join(scratch(), "visits.json");
    for (const text of ["[]", "no JSON", '{"2026": 3}']) {
      writeFileSync(file, text);
      assert.throws(() => new Visits(file), /holds something else/);
      assert.equal(readFileSync(file, "utf8"), text);
      assert.ok(!existsSync(`${file}.new`));
    }
  });
});
