// The differential count on the page: what is counted once or not at all, the sample, a second count, the target, the report
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { strFromU8, unzipSync } from "fflate";
import { blankPng, drawFieldList, drawFields } from "../support.mjs";
import { screenshot, settle, waitUntil } from "./chromium.mjs";
import { downloadBy, give, researchOnly, servePage, sessionOf } from "./page.mjs";
import { wordsOf } from "./words.mjs";

const list = drawFieldList(3);
const fields = [1, 2, 3].map((number) => join(dirname(list), `field_0000${number}.png`));

describe("a count", () => {
  const site = servePage();

  const panel = (page) => page.locator("leuko-differential");
  const total = async (page) =>
    Number(
      /\d+/.exec(
        await panel(page)
          .getByText(/^White cells counted:/)
          .textContent(),
      )[0],
    );
  const fact = (page, name) => panel(page).locator(`dt:text-is("${name}") + dd`);
  const open = (page, name) => panel(page).locator("summary", { hasText: name }).click();
  const field = (page, name) => panel(page).locator(`[name=${name}]`);
  /** Once so many images are there, and none of them waits. */
  const done = async (page, count) => {
    await page.getByText(`Images ${count}`).waitFor();
    await page.locator("leuko-toolbar .progress").waitFor({ state: "detached", timeout: 90_000 });
  };

  const exportAs = async (page, name) => {
    const { bytes } = await downloadBy(page, async () => {
      await page.locator("leuko-toolbar summary").click();
      await page.getByRole("button", { name }).click();
    });
    return bytes.toString();
  };

  /** What is given from now on is answered once the function that it gives is called. */
  async function holdFields(page) {
    await page.evaluate(() => {
      const { postMessage } = Worker.prototype;
      const held = [];
      Worker.prototype.postMessage = function (message, ...rest) {
        const send = () => postMessage.call(this, message, ...rest);
        if (message.name === "classifyField") held.push(send);
        else send();
      };
      window.answerFields = () => {
        Worker.prototype.postMessage = postMessage;
        for (const send of held) send();
      };
    });
    return () => page.evaluate(() => window.answerFields());
  }

  async function openFields(...files) {
    const page = await site.open({ viewport: { width: 1280, height: 800 } });
    await give(page, ...files);
    await panel(page).waitFor();
    if (files.length > 1) await done(page, files.length);
    return page;
  }

  test("has each cell of an image that was given twice once, and names the image", async () => {
    const page = await openFields(fields[0]);
    const once = await total(page);
    assert.ok(once > 1);
    await give(page, fields[1], { name: "again.png", buffer: readFileSync(fields[1]) });
    await panel(page).getByText("again.png is the same image as field_00002.png.").waitFor();
    const both = await total(page);
    assert.ok(both > once);
    const repeated = Number(await fact(page, "Seen in two images, counted once").textContent());
    assert.ok(repeated >= both - once);
    await page.locator("leuko-picture-list").getByText("again.png").click();
    await page.keyboard.press("Delete");
    await waitUntil(async () => (await fact(page, "Seen in two images, counted once").count()) === 0);
    assert.equal(await total(page), both);
  });

  test("keeps the image of a single cell that was spoken of when another is given", async () => {
    const page = await site.open({ viewport: { width: 1280, height: 800 } });
    const one = sessionOf(fields[0], [{ place: [40, 40], label: "neutrophil" }]);
    await give(page, { name: "one.leukolens", buffer: one });
    await page.locator("leuko-correction").getByRole("button", { name: "Monocyte" }).click();
    await give(page, fields[1]);
    await done(page, 2);
  });

  test("grows field by field where each is given alone", async () => {
    const page = await openFields(fields[0]);
    const first = await total(page);
    await give(page, fields[1]);
    await done(page, 2);
    await waitUntil(async () => (await total(page)) > first);
    const both = await total(page);
    await page.reload();
    await done(page, 2);
    await waitUntil(async () => (await total(page)) === both);
  });

  test("grows by fields that are given faster than they are answered", async () => {
    const page = await site.open();
    for (const field of fields.slice(0, 2)) await give(page, field);
    await done(page, 2);
  });

  test("has a cell once that was framed in an image, when that image or its session is given again", async () => {
    const page = await openFields(fields[0]);
    const once = await total(page);
    await page.getByRole("button", { name: "Add, move or delete cells" }).click();
    const frames = page.locator("leuko-viewer .frame");
    const found = await frames.count();
    const { x, y } = await page.locator("leuko-viewer img").boundingBox();
    await page.mouse.move(x + 10, y + 10);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 60);
    await page.mouse.up();
    await waitUntil(async () => (await frames.count()) === found + 1);
    await page.locator("leuko-correction").getByRole("button", { name: "Neutrophil" }).click();
    await waitUntil(async () => (await total(page)) === once + 1);
    const { bytes } = await downloadBy(page, () =>
      page.getByRole("button", { name: "Save session" }).click(),
    );
    await give(page, { name: "again.leukolens", buffer: bytes });
    await panel(page).getByText("field_00001.png is the same image as field_00001.png.").waitFor();
    await waitUntil(async () => (await total(page)) === once + 1);
  });

  test("has the cells of two overlapping parts of an image once", async () => {
    const page = await openFields(fields[0]);
    const parts = [
      await cut(page, fields[0], [0, 0, 540, 400]),
      await cut(page, fields[0], [100, 80, 540, 400]),
    ];
    await give(page, ...parts.map((buffer, i) => ({ name: `part${i}.jpg`, buffer })));
    await panel(page).getByText("part0.jpg overlaps field_00001.png.").waitFor();
    await panel(page).getByText("part1.jpg overlaps part0.jpg.").waitFor();
  });

  test("has of the cells that an edge cuts those at the top and left, unless another rule is chosen", async () => {
    // The largest cell of the second field, cut in two places.
    const boxes = readFileSync(list, "utf8")
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("field_00002"));
    const sizes = boxes.map((line) => line.split(",").slice(2).map(Number));
    const [left, , right] = sizes.reduce((one, other) =>
      other[2] - other[0] > one[2] - one[0] ? other : one,
    );
    const from = Math.round(left + 0.2 * (right - left));
    const to = Math.round(right - 0.2 * (right - left));
    const page = await openFields(fields[0]);
    const leftOut = fact(page, "Cut by an edge, not counted");
    const rule = panel(page).getByLabel("Cells cut by an edge");
    assert.equal(await rule.count(), 0);
    for (const [area, most, least] of [
      [[0, 0, to, 480], "all", "topLeft"],
      [[from, 0, 640 - from, 480], "topLeft", "none"],
    ]) {
      await give(
        page,
        { name: "blank.png", buffer: blankPng(64, 64) },
        { name: "part.jpg", buffer: await cut(page, fields[1], area) },
      );
      await rule.selectOption(most);
      await leftOut.waitFor({ state: "detached" });
      await rule.selectOption(least);
      assert.ok(Number(await leftOut.textContent()) >= 1);
      await rule.selectOption("topLeft");
      await page.locator("leuko-picture-list").getByText("part.jpg").click();
      await page.keyboard.press("Delete");
      await rule.waitFor({ state: "detached" });
    }
  });

  test("leaves drawn images out, and is practice where there is nothing else", async () => {
    const page = await site.open();
    await page.locator("leuko-samples button", { hasText: "Whole field" }).first().click();
    await panel(page).getByText("Practice: drawn images are never part of a count.").waitFor();
    assert.ok((await total(page)) > 0);
    await give(page, fields[0], fields[1]);
    await fact(page, "Drawn by a program, not counted").waitFor();
    await panel(page)
      .getByText(/ of 100 cells/)
      .waitFor();
    await done(page, 3);
    const counted = await total(page);
    await page.locator("leuko-picture-list").getByText("Drawn:").click();
    await page.keyboard.press("Delete");
    await waitUntil(async () => (await fact(page, "Drawn by a program, not counted").count()) === 0);
    assert.equal(await total(page), counted);
  });

  test("has a sample and the total of a counter, which a reload and a saved session keep and clearing forgets", async () => {
    const page = await openFields(fields[0], fields[1]);
    await open(page, "Sample");
    for (const [name, text] of [
      ["id", "S-4711"],
      ["date", "2026-03-01"],
      ["operator", "AB"],
      ["note", "second smear"],
      ["total", "8.5"],
    ])
      await field(page, name).fill(text);
    await field(page, "id").focus();
    await panel(page).getByRole("columnheader", { name: "10⁹/L" }).waitFor();
    const absolute = await panel(page).locator("tbody tr td:nth-of-type(4)").allTextContents();
    const sum = absolute.reduce((sum, text) => sum + Number(text), 0);
    assert.ok(sum > 0 && sum <= 8.55, absolute.join(" "));
    for (const [typed, column] of [
      ["8.5 G/l", 0],
      ["1,250.5", 0],
      ["4000", 0],
      ["8,5", 1],
    ]) {
      await field(page, "total").fill("");
      await field(page, "total").pressSequentially(typed);
      await page.keyboard.press("Tab");
      await waitUntil(
        async () => (await panel(page).getByRole("columnheader", { name: "10⁹/L" }).count()) === column,
      );
      assert.equal(await field(page, "total").getAttribute("aria-invalid"), String(column === 0));
      assert.equal(await field(page, "total").inputValue(), typed === "8,5" ? "8.5" : typed);
    }
    assert.deepEqual(await panel(page).locator("tbody tr td:nth-of-type(4)").allTextContents(), absolute);
    await panel(page).getByLabel("Cells to count").last().selectOption("200");
    await panel(page)
      .getByText(/ of 200 cells/)
      .waitFor();
    await field(page, "note").fill("third smear");
    await field(page, "note").focus();
    await page.reload(); // what is being typed is kept as well
    await panel(page).getByText("Sample: S-4711, AB").waitFor();
    await panel(page)
      .getByText(/ of 200 cells/)
      .waitFor();
    assert.equal(await field(page, "note").inputValue(), "third smear");
    const { name, bytes } = await downloadBy(page, () =>
      page.getByRole("button", { name: "Save session" }).click(),
    );
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
    await give(page, fields[0]);
    await panel(page)
      .getByText(/ of 100 cells/)
      .waitFor();
    assert.equal(await panel(page).getByText("S-4711").count(), 0);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
    await give(page, { name, buffer: bytes });
    await panel(page).getByText("Sample: S-4711, AB").waitFor();
    await panel(page)
      .getByText(/ of 200 cells/)
      .waitFor();
  });

  test("takes into the fields of the sample what is typed and pasted there, and undoes nothing else", async () => {
    const page = await site.open({ permissions: ["clipboard-read", "clipboard-write"] });
    await give(page, fields[0]);
    await panel(page).waitFor();
    await page.getByRole("application").focus();
    await page.keyboard.press("0");
    const corrected = fact(page, "Corrected by you").filter({ hasText: "1" });
    await corrected.waitFor();
    await open(page, "Sample");
    await page.evaluate(() => navigator.clipboard.writeText("S-4711"));
    await field(page, "id").focus();
    await page.keyboard.press("Control+v");
    assert.equal(await field(page, "id").inputValue(), "S-4711");
    for (const name of ["id", "total", "note"]) {
      await field(page, name).focus();
      await page.keyboard.type(name === "total" ? "1" : "?");
      await page.keyboard.press("Control+z");
    }
    await corrected.waitFor();
    assert.equal(await page.getByRole("dialog").count(), 0);
    assert.equal(await page.getByText("No image found").count(), 0);
  });

  test("shows bands apart among the neutrophils, and a blast on a line of its own", async () => {
    const page = await site.open({ viewport: { width: 1280, height: 800 } });
    await page.evaluate(() => localStorage.setItem("leukolens-labels", '["band","blast"]'));
    await page.reload();
    await give(page, fields[1]);
    await panel(page).waitFor();
    await page.getByRole("listbox", { name: /^Cells/ }).focus();
    for (const [key, letter] of [
      ["Home", "b"],
      ["End", "l"],
    ]) {
      await page.keyboard.press(key);
      await page.keyboard.press(letter);
    }
    const band = panel(page).locator(".part", { hasText: "Band neutrophil" });
    assert.equal(await band.locator(".count").textContent(), "1");
    const blast = panel(page).getByRole("row", { name: "Blast" });
    assert.equal(await blast.locator(".count").textContent(), "1");
    const neutrophils = panel(page).getByRole("row", { name: /^Neutrophil/ });
    assert.ok(Number(await neutrophils.locator(".count").textContent()) >= 1);
  });

  test("names files, labels and samples that would turn the text around them by what they hold, everywhere alike", async () => {
    const page = await site.open({ viewport: { width: 1280, height: 800 } });
    const turning = "\u202egnp.llec\u2069.png";
    const shown = "[U+202E]gnp.llec[U+2069].png";
    await give(page, { name: turning, buffer: readFileSync(fields[0]) }, fields[1]);
    await panel(page).waitFor();
    await done(page, 2);
    await open(page, "Sample");
    await field(page, "id").fill("S\u202e-1");
    await field(page, "operator").fill("\u202bAB");
    await field(page, "id").focus();
    await page.locator("leuko-picture-list").getByText(shown).waitFor();
    const csv = await exportAs(page, "Table (CSV)");
    assert.ok(csv.includes(shown) && csv.includes("S[U+202E]-1"));
    const { bytes } = await downloadBy(page, () =>
      page.getByRole("button", { name: "Save session" }).click(),
    );
    await page.locator("leuko-picture-list").getByText(shown).click();
    await page.keyboard.press("Delete");
    await page.locator("leuko-toasts").getByText(shown).waitFor();
    await page.keyboard.press("Control+z");
    await panel(page).locator('a[href="#report"]').click();
    const report = page.locator("leuko-report");
    await report.getByText(`${shown}: `).waitFor();
    await report.getByText("S[U+202E]-1").waitFor();
    assert.doesNotMatch(
      csv + strFromU8(unzipSync(bytes)["leukolens.json"]) + (await report.locator("article").textContent()),
      /\p{Bidi_C}/u,
    );
  });

  test("says in table and data of each cell whether it counts, and for whom", async () => {
    const page = await openFields(fields[0], { name: "again.png", buffer: readFileSync(fields[0]) });
    await fact(page, "Seen in two images, counted once").waitFor();
    await open(page, "Sample");
    await field(page, "id").fill('=S"1');
    await field(page, "operator").fill("AB");
    await field(page, "id").focus();
    const table = (await exportAs(page, "Table (CSV)")).trimEnd().split("\r\n");
    assert.match(table[0], /,counted,sample,date,operator,note$/);
    const lines = table.slice(1);
    assert.ok(lines.every((line) => line.includes(`,"'=S""1",,AB,${researchOnly}`)));
    const column = (name) => table[0].split(",").indexOf(name);
    const redCells = lines.map((line) => Number(line.split(",")[column("red_cells_estimate")]));
    assert.ok(lines.every((line) => Number(line.split(",")[column("red_cell")]) > 10));
    const repeated = lines.filter((line) => line.startsWith("again.png,") && line.includes(",repeated,"));
    assert.equal(repeated.length, lines.length / 2);
    const { sample, count, differential, pictures } = JSON.parse(await exportAs(page, "Data (JSON)"));
    assert.equal(sample.operator, "AB");
    assert.ok(redCells[0] > 10);
    assert.ok(redCells.every((count) => count === Math.round(pictures[0].redCellEstimate)));
    assert.equal(count.total, await total(page));
    assert.equal(differential.total, count.total);
    assert.deepEqual(count.excluded, { drawn: 0, repeated: repeated.length, edge: 0 });
    assert.ok(pictures[1].cells.every(({ excluded }) => excluded === "repeated"));
  });

  test("keeps a first count in a saved session, whose cells are still the same cells", async () => {
    const page = await openFields(fields[0]);
    const first = await total(page);
    await open(page, "Second count");
    await panel(page).getByRole("button", { name: "Keep as first count" }).click();
    const agreed = await panel(page)
      .getByText(/^Same label in both counts/)
      .textContent();
    const { name, bytes } = await downloadBy(page, () =>
      page.getByRole("button", { name: "Save session" }).click(),
    );
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
    await give(page, { name, buffer: bytes });
    await open(page, "Second count");
    await panel(page).getByText(`First count: ${first} cells.`).waitFor();
    assert.equal(
      await panel(page)
        .getByText(/^Same label in both counts/)
        .textContent(),
      agreed,
    );
  });

  test("is held against a first one: of the same cells by kappa, of other cells by adding both", async () => {
    const page = await openFields(fields[0]);
    const first = await total(page);
    await open(page, "Second count");
    await panel(page).getByRole("button", { name: "Keep as first count" }).click();
    await panel(page).getByText(`First count: ${first} cells.`).waitFor();
    await panel(page).getByText("Same label in both counts: 100.0%").waitFor();
    await page.getByRole("listbox", { name: /^Cells/ }).focus();
    await page.keyboard.press("End");
    for (const digit of ["1", "2"]) await page.keyboard.press(digit); // one of them is another label than before
    await waitUntil(
      async () => (await panel(page).getByText("Same label in both counts: 100.0%").count()) === 0,
    );
    await panel(page)
      .getByText(/Cohen's kappa -?[01]\.\d\d \(95% interval/)
      .waitFor();
    const unreviewed = panel(page).getByText(/^In the second count nobody has reviewed/);
    const reviewed = await unreviewed.textContent();
    await panel(page).getByRole("button", { name: "Read the same images anew" }).click();
    await panel(page).getByText("Same label in both counts: 100.0%").waitFor();
    assert.notEqual(await unreviewed.textContent(), reviewed); // one more, which a person had named
    await panel(page).getByRole("button", { name: "Continue with other images" }).click();
    await page.getByText("Drop a blood-smear image").waitFor();
    await give(page, fields[1]);
    await panel(page).waitFor();
    const second = await total(page);
    await open(page, "Second count");
    await panel(page)
      .getByText(`Both counts together: ${first + second} white cells.`)
      .waitFor();
    await give(
      page,
      { name: "again.png", buffer: readFileSync(fields[0]) },
      { name: "no.png", buffer: blankPng(1, 1) },
    );
    await panel(page)
      .getByText("Images of the first count are among these: the two counts are not added together.")
      .waitFor();
    assert.equal(await panel(page).getByText("Both counts together").count(), 0);
  });

  test("has a report of one page with sample, count, cells, images and the notice, in the dark and in every language", async () => {
    const page = await site.open({ viewport: { width: 1280, height: 800 } });
    await give(page, ...fields);
    await panel(page).waitFor();
    await done(page, fields.length);
    await open(page, "Sample");
    await field(page, "id").fill("S-4711");
    await field(page, "note").fill("second smear");
    await panel(page).locator("leuko-second-count summary").click();
    await panel(page).locator("leuko-second-count button").first().click();
    for (const language of ["de", "es", "zh", "en"]) {
      const { researchOnly } = await wordsOf(language, "first-load");
      await page.locator("select").first().selectOption(language);
      await page.waitForFunction((language) => document.documentElement.lang === language, language);
      await page.emulateMedia({ colorScheme: language === "de" ? "dark" : "light" });
      const counted = await panel(page).locator(".table").first().textContent();
      await panel(page).locator('a[href="#report"]').click();
      const report = page.locator("leuko-report");
      await report.getByText("S-4711").waitFor();
      await report.getByText("second smear").waitFor();
      assert.equal(await report.locator(".table").first().textContent(), counted);
      assert.ok((await report.locator("leuko-thumbnail").count()) > 5);
      await report.getByText(/field_00001\.png: .* SHA-256 [0-9a-f]{12}/).waitFor();
      const { redCells } = (await wordsOf(language, "count")).report;
      await report.getByText(redCells("#", fields.length).split("#")[0]).waitFor();
      assert.equal(await report.locator(".notice", { hasText: researchOnly }).count(), 1);
      const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
      assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length, 1, language);
      await page.emulateMedia({ media: "print" });
      const light = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(light, "rgb(250, 247, 246)");
      await page.emulateMedia({ media: null });
      await report.locator('a[href="#cells"]').click();
      await panel(page).waitFor();
    }
  });

  test("has a report that goes on with its images while these are still being answered", async () => {
    const page = await openFields(...fields.slice(0, 2));
    const answer = await holdFields(page);
    await give(page, ...drawFields(2));
    await page.getByText("Images 4").waitFor();
    await panel(page).locator('a[href="#report"]').click();
    const report = page.locator("leuko-report");
    await report.getByText("Some images are still").waitFor();
    await answer();
    await report.getByText("Some images are still").waitFor({ state: "detached" });
    const sentence = report.getByText(/^Red cells per image/);
    await waitUntil(async () => /median of 4 images/.test(await sentence.textContent()));
  });

  test("is not complete while images wait, and its report names those that cannot be read", async () => {
    const page = await site.open();
    const cells = Array.from({ length: 100 }, (_, i) => ({
      place: [60 * (i % 10), 40 * Math.floor(i / 10)],
      label: "neutrophil",
    }));
    await give(page, { name: "done.leukolens", buffer: sessionOf(fields[0], cells) });
    const complete = panel(page).getByText("Complete: nothing is unidentified.");
    await complete.waitFor();
    const bad = { name: "bad.png", buffer: Buffer.from("no image") };
    await give(page, bad, fields[1]);
    await page.locator("leuko-picture-list .failed", { hasText: "bad.png" }).waitFor(); // what is stopped unread is forgotten
    const answer = await holdFields(page); // or all may be answered before anybody can pause
    await give(page, ...drawFields(12));
    await page.getByRole("button", { name: "Pause" }).click();
    await answer();
    await panel(page).getByText("Some images are still being analysed or compared").waitFor();
    assert.equal(await complete.count(), 0);
    await panel(page).locator('a[href="#report"]').click();
    const report = page.locator("leuko-report");
    await report.getByText("Not complete.").waitFor();
    await report.locator('a[href="#cells"]').click();
    await page.getByRole("button", { name: "Stop" }).click();
    await panel(page).getByText("Some images are still").waitFor({ state: "detached" });
    await panel(page).locator('a[href="#report"]').click();
    await report.getByText("bad.png: ").waitFor();
    assert.doesNotMatch(await report.getByText("bad.png: ").textContent(), /cells/);
  });

  test("leaves the sample and the first count of a session that is opened beside another out, and says so", async () => {
    const page = await openFields(fields[0]);
    await open(page, "Sample");
    await field(page, "id").fill("yesterday");
    await field(page, "note").focus();
    const { bytes } = await downloadBy(page, () =>
      page.getByRole("button", { name: "Save session" }).click(),
    );
    await field(page, "id").fill("today");
    await open(page, "Second count");
    await panel(page).getByRole("button", { name: "Keep as first count" }).click();
    await panel(page).getByRole("button", { name: "Continue with other images" }).click();
    await page.getByText("Drop a blood-smear image").waitFor();
    await give(page, { name: "yesterday.leukolens", buffer: bytes });
    await page.getByText(/The sample and the first count of yesterday.leukolens were left out/).waitFor();
    await panel(page).getByText("Sample: today").waitFor();
    await open(page, "Second count");
    await panel(page)
      .getByText(/^First count: /)
      .waitFor();
  });

  test("sounds when its target is reached, and is complete once nothing is unidentified", async () => {
    const page = await site.open({ viewport: { width: 1280, height: 800 } });
    await page.evaluate(() => {
      window.tones = 0;
      const { start } = OscillatorNode.prototype;
      OscillatorNode.prototype.start = function (...when) {
        window.tones++;
        return start.apply(this, when);
      };
    });
    await page.keyboard.press("Tab"); // somebody is there: browsers allow no sound before
    await give(page, ...drawFields(24));
    await done(page, 24);
    assert.ok((await total(page)) >= 100);
    await waitUntil(async () => (await page.evaluate("tones")) === 2);
    const unidentified = panel(page).getByText(/unidentified: label (it|them)/);
    const left = Number(/(\d+) cells? (is|are) unidentified/.exec(await unidentified.textContent())[1]);
    assert.ok(left > 0);
    await page.getByLabel("Class", { exact: true }).selectOption("notRecognised");
    await labelAll(page, Number(await fact(page, "Not recognised").textContent()));
    await page.getByLabel("Class", { exact: true }).selectOption({ index: 0 });
    await labelAll(page, Number(await fact(page, "Unsure, not counted").textContent()));
    await panel(page).getByText("Complete: nothing is unidentified.").waitFor();
    assert.equal(await page.evaluate("tones"), 2);
    await settle(page);
    await screenshot(page, "count");
  });

  /** The first cells of the gallery, as neutrophils. */
  async function labelAll(page, count) {
    await page.getByRole("listbox", { name: /^Cells/ }).focus();
    await page.keyboard.press("Home");
    for (let i = 0; i < count; i++) {
      await page.keyboard.press("4");
      await page.keyboard.press("ArrowRight");
    }
  }
});

/** A part of an image as JPEG: x, y, width and height. */
async function cut(page, path, [x, y, width, height]) {
  const base64 = await page.evaluate(
    async ([base64, x, y, width, height]) => {
      const file = new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]);
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext("2d").drawImage(await createImageBitmap(file), -x, -y);
      const jpeg = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
      const bytes = new Uint8Array(await jpeg.arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    },
    [readFileSync(path).toString("base64"), x, y, width, height],
  );
  return Buffer.from(base64, "base64");
}
