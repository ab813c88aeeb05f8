// Fields and batches: every cell framed and cut out, corrected by keyboard or touch, counted, exported, kept.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cellModel } from "../cell-model.mjs";
import { at, drawFields, drawSmears } from "../support.mjs";
import { screenshot, settle, waitUntil } from "./chromium.mjs";
import {
  answer,
  dispatch,
  downloadBy,
  give,
  headline,
  researchOnly,
  saveAndOpenAgain,
  servePage,
  sessionOf,
  waitUntilKept,
} from "./page.mjs";

const [field, second] = drawFields(2);
const cells = drawSmears({ count: 3, format: "jpg" });

describe("a field or a batch", () => {
  const site = servePage();
  const { openWithCells } = site;

  const gallery = (page) => page.getByRole("listbox", { name: /^Cells/ });
  const pictures = (page) => page.getByRole("listbox", { name: /^Images/ });
  const counted = (page, label) =>
    page.locator("leuko-differential").getByRole("row", { name: label }).locator(".count").textContent();

  /** Opens the page with a field; how many cells were found in it. */
  async function openField(options) {
    const page = await openWithCells(options);
    await give(page, field);
    await gallery(page).getByRole("option").first().waitFor();
    return { page, count: await page.locator("leuko-viewer .frame").count() };
  }

  const exportAs = (page, name) =>
    downloadBy(page, async () => {
      await page.locator("leuko-toolbar summary").click();
      await page.getByRole("button", { name }).click();
    });

  describe("on a large screen", () => {
    let page;
    let count;
    site.share(async () => {
      ({ page, count } = await openField({ viewport: { width: 1680, height: 1050 } }));
    });

    test("every cell of a field has a frame, a place in the gallery and a line in the count", async () => {
      assert.ok(count > 3);
      assert.equal(await gallery(page).getByRole("option").count(), count);
      assert.equal(await page.locator("leuko-differential tbody tr").count(), 6);
      await page.getByText("Erythroblast (counted separately)").waitFor();
      await page.getByText("Count at least 100 cells").waitFor();
      await page.locator("leuko-differential").getByText(researchOnly).waitFor();
      assert.equal(await page.locator("leuko-differential .flag").count(), 0);
    });

    test("the labels of frames hold their letters, lie in the picture, and hide neither one another nor a frame's cell", async () => {
      const boxes = async (selector) =>
        Promise.all((await page.locator(`leuko-viewer ${selector}`).all()).map((one) => one.boundingBox()));
      const ends = ({ x, y, width, height }) => [x, y, x + width, y + height];
      const apart = (one, other) => {
        const [left, top, right, bottom] = ends(one);
        const [x0, y0, x1, y1] = ends(other);
        return x0 >= right - 1 || x1 <= left + 1 || y0 >= bottom - 1 || y1 <= top + 1;
      };
      const within = (inner, outer) => {
        const [left, top, right, bottom] = ends(outer);
        const [x0, y0, x1, y1] = ends(inner);
        return x0 >= left - 1 && y0 >= top - 1 && x1 <= right + 1 && y1 <= bottom + 1;
      };
      const [labels, texts, frames] = [await boxes(".label"), await boxes("text"), await boxes(".frame")];
      const [picture] = await boxes("img");
      assert.equal(labels.length, count);
      for (const [i, label] of labels.entries()) {
        assert.ok(within(texts[i], label), `letters of label ${i}`);
        assert.ok(within(label, picture), `label ${i} in the picture`);
        for (const other of labels.slice(i + 1)) assert.ok(apart(label, other), `label ${i} and another`);
        for (const frame of frames) {
          const inside = { x: frame.x + 4, y: frame.y + 4, width: frame.width - 8, height: frame.height - 8 };
          assert.ok(apart(label, inside), `label ${i} and a cell`);
        }
      }
    });
  });

  test("a field is corrected by keyboard, undone, done again, and exported with what was corrected", async () => {
    const { page, count } = await openField();
    await gallery(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("3");
    await headline(page).filter({ hasText: "Monocyte" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("5");
    await headline(page).filter({ hasText: "Basophil" }).waitFor();
    const [monocytes, basophils] = [await counted(page, "Monocyte"), await counted(page, "Basophil")];
    assert.ok(Number(basophils) >= 1);
    await page.keyboard.press("0");
    await headline(page).filter({ hasText: "Not a white cell" }).waitFor();
    assert.equal(await counted(page, "Basophil"), String(basophils - 1));
    await page.keyboard.press("Control+z");
    await waitUntil(async () => (await counted(page, "Basophil")) === basophils);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+y");
    await waitUntil(async () => (await counted(page, "Basophil")) === basophils);
    assert.equal(await counted(page, "Monocyte"), monocytes);

    const { name, bytes } = await exportAs(page, "Table (CSV)");
    assert.match(name, /^leukolens .*\.csv$/);
    const [head, ...lines] = bytes.toString().trimEnd().split("\r\n");
    assert.match(head, /^\ufeffpicture,cell,verdict,label,corrected,confirmed,model_label,confidence/);
    assert.equal(lines.length, count);
    assert.equal(lines.filter((line) => /,classified,(monocyte|basophil),true,/.test(line)).length, 2);
    assert.ok(lines.every((line) => line.endsWith(`${researchOnly}`)));

    const json = JSON.parse((await exportAs(page, "Data (JSON)")).bytes.toString());
    assert.equal(json.note, researchOnly);
    assert.equal(json.pictures[0].cells.filter(({ corrected }) => corrected).length, 2);
    const basophil = json.differential.classes.find(({ label }) => label === "basophil");
    assert.equal(basophil.count, Number(basophils));
  });

  test("a cell that was confirmed is told from one that was corrected: in view, count and export, after a reload and in a session", async () => {
    const { page, count } = await openField({
      viewport: { width: 1680, height: 1050 },
      model: { trusting: true },
    });
    const tiles = gallery(page).getByRole("option");
    const named = tiles.last();
    await named.click();
    const name = (await named.locator(".name").textContent()).replace("?", "");
    await page.locator("leuko-correction").getByRole("button", { name }).click();
    await page.getByText("Confirmed by you. The model gave it").waitFor();
    await gallery(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("0");
    await headline(page).filter({ hasText: "Not a white cell" }).waitFor();
    assert.match(await named.locator(".name").textContent(), /✓$/);
    assert.match(await named.getAttribute("aria-label"), /confirmed by you/);
    assert.match(await tiles.first().locator(".name").textContent(), /✎$/);
    const apart = async () => page.locator("leuko-differential dl").textContent();
    assert.match(await apart(), /Confirmed by you\s*1\s*Corrected by you\s*1$/);

    const lines = (await exportAs(page, "Table (CSV)")).bytes.toString().trimEnd().split("\r\n").slice(1);
    assert.equal(lines.filter((line) => /,(true|false),true,/.test(line)).length, 1);
    assert.equal(lines.filter((line) => /,rejected,,true,false,/.test(line)).length, 1);
    assert.equal(lines.filter((line) => /,classified,\w+,false,false,/.test(line)).length, count - 2);
    const json = JSON.parse((await exportAs(page, "Data (JSON)")).bytes.toString());
    const said = json.pictures[0].cells.filter(({ corrected, confirmed }) => corrected || confirmed);
    assert.deepEqual(said.map(({ confirmed }) => confirmed).toSorted(), [false, true]);

    await waitUntilKept(page, 1, 2);
    await page.reload();
    await tiles.first().waitFor();
    assert.match(await apart(), /Confirmed by you\s*1\s*Corrected by you\s*1$/);
    await saveAndOpenAgain(page);
    assert.match(await apart(), /Confirmed by you\s*1\s*Corrected by you\s*1$/);
  });

  test("undoing shows the cell whose answer came back", async () => {
    const { page } = await openField();
    await gallery(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("0");
    await page.keyboard.press("End");
    await headline(page).filter({ hasNotText: "Not a white cell" }).waitFor();
    await page.keyboard.press("Control+z");
    const first = gallery(page).getByRole("option").first();
    await waitUntil(async () => (await first.getAttribute("aria-selected")) === "true");
  });

  test("what was said of a cell never comes to lie on another model's cell by undoing or doing again", async () => {
    const { page } = await openField();
    await page.getByRole("application").focus(); // its first cell is the selected one
    for (const digit of ["3", "5", "6"]) await page.keyboard.press(digit);
    await headline(page).filter({ hasText: "Immature granulocyte" }).waitFor();
    await page.keyboard.press("Control+z");
    await headline(page).filter({ hasText: "Basophil" }).waitFor();
    await give(page, at("models/article.safetensors"));
    await page.locator("leuko-viewer .frame").nth(1).waitFor({ state: "detached" });
    for (const key of ["Control+z", "Control+y", "Control+y"]) {
      await page.keyboard.press(key);
      await page.evaluate(() => new Promise(requestAnimationFrame)); // it is rendered
      assert.equal(await page.getByText("Corrected by you. The model said").count(), 0, key);
    }
    assert.ok(await page.getByRole("button", { name: "Undo" }).isDisabled());
    assert.ok(await page.getByRole("button", { name: "Redo" }).isDisabled());
  });

  test("what was said of cells is there again once a model that finds them is back, whatever was tried meanwhile", async () => {
    const { page, count } = await openField();
    await page.getByRole("application").focus();
    await page.keyboard.press("5");
    await headline(page).filter({ hasText: "Basophil" }).waitFor();
    const use = async (file, cells) => {
      await give(page, file);
      await waitUntil(async () => (await page.locator("leuko-viewer .frame").count()) === cells);
    };
    await use(at("models/article.safetensors"), 1);
    await page.getByRole("application").focus();
    await page.keyboard.press("2");
    await headline(page).filter({ hasText: "Lymphocyte" }).waitFor();
    await waitUntilKept(page, 1, 2);
    await page.reload();
    await headline(page).filter({ hasText: "Lymphocyte" }).waitFor();
    await use({ name: "cells.safetensors", buffer: cellModel() }, count);
    await page.getByText("Corrected by you. The model's answer").waitFor();
    assert.equal(await headline(page).textContent(), "Basophil");
    assert.ok(await page.getByRole("button", { name: "Undo" }).isDisabled());
    await use(at("models/article.safetensors"), 1);
    await headline(page).filter({ hasText: "Lymphocyte" }).waitFor();
    await saveAndOpenAgain(page); // with what waits for the other model
    await headline(page).filter({ hasText: "Lymphocyte" }).waitFor();
    await use({ name: "cells.safetensors", buffer: cellModel() }, count);
    await page.getByText("Corrected by you. The model's answer").waitFor();
    assert.equal(await headline(page).textContent(), "Basophil");
  });

  test("a cell that is not recognised is called so in the panel, in the gallery and in the count", async () => {
    const page = await site.open({ viewport: { width: 1680, height: 1050 } });
    await give(page, { name: "strict.safetensors", buffer: cellModel({ rejecting: true }) });
    await page.getByText("Now classifying with strict.safetensors.").waitFor();
    await give(page, field);
    await gallery(page).getByRole("option").first().waitFor();
    assert.equal(await answer(page), "Not recognised");
    const names = await gallery(page).locator(".name").allTextContents();
    assert.deepEqual(new Set(names), new Set(["Not recognised"]));
    const apart = await page.locator("leuko-differential dl").textContent();
    assert.match(apart, new RegExp(`Not recognised\\s*${names.length}\\s*Not a white cell\\s*0`));
  });

  test("the annotated picture of a model that sees all of a picture says what it saw", async () => {
    const page = await site.open();
    await give(page, at("models/article.safetensors"));
    await page.getByText("Now classifying with article.safetensors.").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await give(page, cells[0]);
    await answer(page);
    const { bytes } = await exportAs(page, "Annotated image (PNG)");
    const corner = await page.evaluate(async (base64) => {
      const file = new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]);
      const context = new OffscreenCanvas(8, 8).getContext("2d");
      context.drawImage(await createImageBitmap(file), 0, 0);
      return [...context.getImageData(2, 7, 1, 1).data];
    }, bytes.toString("base64"));
    const labels = [
      [10, 102, 176],
      [26, 122, 72],
      [168, 82, 0],
      [194, 24, 91],
    ]; // the colours of the four classes
    assert.ok(
      labels.some((tag) => tag.every((value, i) => value === corner[i])),
      String(corner),
    );
  });

  test("a tap on a frame selects its cell, and a tap on a class corrects it", async () => {
    const { page } = await openField({ viewport: { width: 390, height: 844 }, hasTouch: true });
    const frame = page.locator("leuko-viewer .frame").nth(1);
    const { x, y, width, height } = await frame.boundingBox();
    await page.touchscreen.tap(x + width / 2, y + height / 2);
    await page.locator("leuko-correction").getByRole("button", { name: "Eosinophil" }).tap();
    await headline(page).filter({ hasText: "Eosinophil" }).waitFor();
    await page.getByText("Corrected by you. The model's answer").waitFor();
    await page.getByRole("button", { name: "Restore the model's answer" }).tap();
    await waitUntil(
      async () => !/Corrected by you\. The/.test(await page.locator("leuko-cell").textContent()),
    );
  });

  describe("the viewer", () => {
    let page;
    site.share(async () => {
      ({ page } = await openField());
    });

    test("a double click zooms to where it is, and again shows the whole picture", async () => {
      const image = page.locator("leuko-viewer img");
      const { x, y, width, height } = await image.boundingBox();
      const place = [x + width / 4, y + height / 4];
      await page.mouse.dblclick(...place);
      await waitUntil(async () => (await image.boundingBox()).width > 2 * width);
      const zoomed = await image.boundingBox();
      assert.ok(Math.abs((place[0] - zoomed.x) / zoomed.width - 0.25) < 0.01);
      await page.mouse.dblclick(...place);
      await page.mouse.dblclick(...place);
      await waitUntil(async () => Math.abs((await image.boundingBox()).width - width) < 1);
    });

    test("the picture is zoomed by keys, wheel and buttons, moved, and arrows go from cell to cell", async () => {
      const viewer = page.getByRole("application");
      const width = async () => (await page.locator("leuko-viewer img").boundingBox()).width;
      const whole = await width();
      await viewer.focus();
      await page.keyboard.press("+");
      await waitUntil(async () => Math.abs((await width()) / whole - 1.5) < 0.01);
      const { x } = await page.locator("leuko-viewer img").boundingBox();
      await page.keyboard.press("Shift+ArrowRight");
      await waitUntil(async () => (await page.locator("leuko-viewer img").boundingBox()).x < x);
      await page.keyboard.press("f");
      await waitUntil(async () => Math.abs((await width()) - whole) < 1);
      await viewer.hover();
      await page.mouse.wheel(0, -300);
      await waitUntil(async () => (await width()) > 1.3 * whole);
      await page.getByRole("button", { name: "Show the whole image" }).click();
      await page.getByRole("button", { name: "Zoom in" }).click();
      await waitUntil(async () => Math.abs((await width()) / whole - 1.5) < 0.01);
      await viewer.focus();
      const selected = async () => {
        const { x, y, width, height } = await page.locator("leuko-viewer .selected .frame").boundingBox();
        return { x: x + width / 2, y: y + height / 2 };
      };
      let moves = 0;
      for (const [key, axis, direction] of [
        ["ArrowRight", "x", 1],
        ["ArrowLeft", "x", -1],
        ["ArrowUp", "y", -1],
        ["ArrowDown", "y", 1],
      ]) {
        const before = await selected();
        await page.keyboard.press(key);
        const way = direction * ((await selected())[axis] - before[axis]);
        assert.ok(way >= 0, key); // nothing may lie there
        if (way > 0) moves++;
      }
      assert.ok(moves >= 2);
    });

    test("no key says anything of a cell that is out of view: it comes into view first", async () => {
      const viewer = page.getByRole("application");
      const moveAway = async () => {
        await viewer.focus();
        await page.keyboard.press("f");
        for (let i = 0; i < 5; i++) await page.keyboard.press("+");
        for (const key of ["ArrowRight", "ArrowDown"])
          for (let i = 0; i < 60; i++) await page.keyboard.press(`Shift+${key}`);
      };
      await moveAway();
      const selected = page.locator("leuko-viewer .selected .frame");
      const isSeen = async () => {
        const [cell, window] = [await selected.boundingBox(), await viewer.boundingBox()];
        const [x, y] = [cell.x + cell.width / 2, cell.y + cell.height / 2];
        return x > window.x && y > window.y && x < window.x + window.width && y < window.y + window.height;
      };
      if (await isSeen()) {
        for (const key of ["ArrowLeft", "ArrowUp"])
          for (let i = 0; i < 60; i++) await page.keyboard.press(`Shift+${key}`);
      }
      assert.ok(!(await isSeen()));
      const before = await headline(page).textContent();
      await page.keyboard.press("0");
      await waitUntil(isSeen);
      assert.equal(await headline(page).textContent(), before);
      await page.keyboard.press("0");
      await headline(page).filter({ hasText: "Not a white cell" }).waitFor();
    });

    test("nor does one that is pressed elsewhere on the page, or after the page was scrolled", async () => {
      const viewer = page.getByRole("application");
      const said = () => headline(page).textContent();
      const isInWindow = (locator) =>
        locator.evaluate((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return bottom > 0 && top < innerHeight;
        });
      await page.setViewportSize({ width: 1680, height: 420 });
      await viewer.focus();
      await page.keyboard.press("f");
      const before = await said();
      for (const [focused, shown] of [
        [headline(page), page.locator("leuko-viewer .selected .frame")],
        [viewer, page.locator("leuko-viewer .selected .frame")],
        [gallery(page), page.locator("leuko-gallery [aria-selected=true]")],
      ]) {
        await focused.focus();
        await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
        assert.ok(!(await isInWindow(shown)));
        await page.keyboard.press("1");
        await waitUntil(() => isInWindow(shown));
        assert.equal(await said(), before);
      }
      await page.setViewportSize({ width: 1680, height: 1050 });
    });
  });

  test("nothing in the panel moves when a cell is corrected", async () => {
    const { page } = await openField({ model: { trusting: true } });
    const tops = () =>
      page.evaluate(() => {
        const { shadowRoot } = document
          .querySelector("leuko-app")
          .shadowRoot.querySelector("leuko-workbench")
          .shadowRoot.querySelector("leuko-cell");
        return [...shadowRoot.children].map((element) => element.getBoundingClientRect().top);
      });
    const before = await tops();
    await page.locator("leuko-correction").getByRole("button", { name: "Basophil" }).click();
    await headline(page).filter({ hasText: "Basophil" }).waitFor();
    assert.deepEqual(await tops(), before);
  });

  test("a batch lists its pictures, one bad file being one row with its reason, and a row can go and come back", async () => {
    const page = await openWithCells();
    await give(page, field, ...cells, { name: "broken.jpg", buffer: Buffer.from("no picture") });
    const rows = pictures(page).getByRole("option");
    await page.getByText("Images 14").waitFor();
    await pictures(page).focus();
    await page.keyboard.press("End");
    const row = rows.filter({ hasText: "broken.jpg" });
    await row.filter({ hasText: /Unsupported image format\. .*JPEG or PNG/ }).waitFor();
    assert.equal(await headline(page).textContent(), "Unsupported image format");
    await page.keyboard.press("Delete");
    await page.getByText("Images 13").waitFor();
    await page.keyboard.press("Control+z");
    await page.getByText("Images 14").waitFor();
  });

  test("the offer to undo that an image was removed goes with the next step", async () => {
    const { page } = await openField();
    await give(page, ...cells);
    const offer = page.locator("leuko-toasts").getByRole("button", { name: "Undo" });
    await pictures(page).getByText(/jpg/).first().click();
    await page.locator("leuko-toolbar .progress").waitFor({ state: "detached" });
    await page.keyboard.press("Delete");
    await offer.waitFor();
    await gallery(page).focus();
    await page.keyboard.press("Home");
    await offer.waitFor();
    await page.keyboard.press("4");
    await offer.waitFor({ state: "detached" });
  });

  test("a first count that was discarded comes back by the offer to undo that", async () => {
    const { page } = await openField({ model: { trusting: true } });
    const panel = page.locator("leuko-second-count");
    await panel.locator("summary").click();
    await panel.getByRole("button", { name: "Keep as first count" }).click();
    const kept = await panel.getByText(/^First count: \d+ cells\.$/).textContent();
    await panel.getByRole("button", { name: "Discard first count" }).click();
    await panel.getByRole("button", { name: "Keep as first count" }).waitFor();
    await page.locator("leuko-toasts").getByRole("button", { name: "Undo" }).click();
    await panel.getByText(kept).waitFor();
  });

  test("the gallery sorts by class and shows one class alone", async () => {
    const { page } = await openField({ viewport: { width: 1680, height: 1050 } });
    await gallery(page).focus();
    await page.keyboard.press("End");
    await page.keyboard.press("8");
    await page.getByLabel("Class", { exact: true }).selectOption("platelet");
    await waitUntil(async () => {
      const names = await gallery(page).getByRole("option").allTextContents();
      return names.length > 0 && names.every((name) => name.includes("Platelet"));
    });
    await page.getByLabel("Class", { exact: true }).selectOption({ index: 0 });
    await page.getByLabel("Sort").selectOption("class");
    const order = ["Eo", "Ly", "Mo", "Ne", "Ba", "Im", "Er", "Pl", "No"];
    const ranks = (await gallery(page).getByRole("option").allTextContents()).map((name) =>
      order.indexOf(name.trim().slice(0, 2)),
    );
    assert.deepEqual(
      ranks,
      ranks.toSorted((one, other) => one - other),
    );
  });

  /** The page is left in the very moment in which it has heard the key. */
  async function leaveAfterKey(page, key) {
    await page.evaluate(() => window.addEventListener("keydown", () => location.reload()));
    await Promise.all([page.waitForEvent("load"), page.keyboard.press(key)]);
  }

  test("a print of more cells than four hundred says how many it shows", async () => {
    const page = await site.open();
    const places = Array.from({ length: 420 }, (_, i) => [30 * (i % 21), 22 * Math.floor(i / 21)]);
    const many = places.map((place) => ({ place, label: "neutrophil" }));
    await give(page, { name: "many.leukolens", buffer: sessionOf(field, many) });
    await gallery(page).getByRole("option").first().waitFor();
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    assert.equal(await gallery(page).getByRole("option").count(), 400);
    await page.getByText("400 of 420 shown").waitFor();
  });

  test("each answer of many in a row is kept, also the last before the page is left", async () => {
    const { page } = await openField();
    await gallery(page).focus();
    await page.keyboard.press("Home");
    for (const key of ["4", "ArrowRight", "3", "ArrowRight", "2", "ArrowRight"])
      await page.keyboard.press(key);
    await leaveAfterKey(page, "5");
    await gallery(page).getByRole("option").first().waitFor();
    assert.match(await page.locator("leuko-differential dl").textContent(), /by you\s*\d\s*Corrected by you/);
    await waitUntilKept(page, 1, 4);
  });

  test("a session survives a reload with its corrections, and clearing forgets it after a question", async () => {
    const { page, count } = await openField();
    await gallery(page).focus();
    await page.keyboard.press("Home");
    await waitUntilKept(page, 1, 0);
    await leaveAfterKey(page, "4");
    await gallery(page).getByRole("option").first().waitFor();
    assert.equal(await page.locator("leuko-viewer .frame").count(), count);
    assert.match(await page.locator("leuko-differential dl").textContent(), /Corrected by you\s*1$/);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    assert.equal(await page.locator("leuko-viewer").count(), 1);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
    await page.getByText("Drop a blood-smear image").waitFor();
    await page.reload();
    await page.getByText(/WebAssembly, /).waitFor({ state: "attached" });
    await page.getByText("Drop a blood-smear image").waitFor();
    assert.equal(await page.locator("leuko-viewer").count(), 0);
  });

  test("an image that is dropped before the last session is read stays beside it, with all that was said", async () => {
    const { page, count } = await openField();
    await gallery(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("4");
    await waitUntilKept(page, 1, 1);
    await page.addInitScript(() => {
      const { open } = IDBFactory.prototype;
      IDBFactory.prototype.open = function (...args) {
        const late = {};
        window.readSession = () => {
          const request = open.apply(this, args);
          request.onsuccess = () => {
            late.result = request.result;
            late.onsuccess();
          };
        };
        return late;
      };
    });
    await page.reload();
    await page.getByText("Restoring your last session").waitFor({ state: "attached" });
    await page.waitForFunction(() => window.readSession !== undefined);
    await dispatch(page, "drop", second);
    await page.waitForFunction(() => document.querySelector("leuko-app").shadowRoot.querySelector("footer"));
    await page.evaluate(() => window.readSession());
    await page.getByText("Images 2").waitFor();
    assert.ok((await gallery(page).getByRole("option").count()) >= count);
    assert.match(await page.locator("leuko-differential dl").textContent(), /Corrected by you\s*1$/);
    const selected = pictures(page).getByRole("option", { selected: true });
    assert.match(await selected.textContent(), /cell\.jpg/);
  });

  test("a second tab leaves the session to the first, and says so", async () => {
    const { page } = await openField();
    const other = await page.context().newPage();
    await other.goto(`${site.browser.origin}/`);
    await other.getByText("Leukolens is open in another tab").waitFor();
    assert.equal(await other.locator("leuko-viewer").count(), 0);
    assert.equal(await page.getByText("Leukolens is open in another tab").count(), 0);
  });

  test("a session is saved to one file and opened from it, and a file that was tampered with is refused", async () => {
    const { page, count } = await openField();
    await gallery(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("2");
    const { name, bytes } = await downloadBy(page, () =>
      page.getByRole("button", { name: "Save session" }).click(),
    );
    assert.match(name, /\.leukolens$/);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
    await page.getByText("Drop a blood-smear image").waitFor();
    await give(page, { name, buffer: bytes });
    await page.getByText(/opened: 1 image/).waitFor();
    assert.equal(await page.locator("leuko-viewer .frame").count(), count);
    assert.match(await page.locator("leuko-differential dl").textContent(), /Corrected by you\s*1$/);
    const wrong = Buffer.from(bytes.toString("latin1").replace('"score":0', '"score":"'), "latin1");
    await give(page, { name: "wrong.leukolens", buffer: wrong });
    await page.getByText("wrong.leukolens cannot be opened as a session").waitFor();
    await page.getByText("Images 1").waitFor();
  });

  test("work on many pictures is paused, goes on, and is stopped; what waited comes back by undoing", async () => {
    const page = await openWithCells();
    const count = 120;
    const many = Array.from({ length: count - 1 }, (_, index) => cells[index % cells.length]);
    await give(page, second, ...many);
    const progress = page.locator("leuko-toolbar .progress span");
    // From within the page: on a busy machine a click from outside can come after the last picture.
    await page.waitForFunction(
      (shown) => {
        const isUnderWay = /^[1-9]/.test(shown.textContent);
        const pause = [...shown.getRootNode().querySelectorAll("button")].find(
          (button) => button.textContent.trim() === "Pause",
        );
        if (isUnderWay) pause.click();
        return isUnderWay;
      },
      await progress.elementHandle(),
    );
    await progress.filter({ hasText: "paused" }).waitFor();
    // What was under way arrives, a few pictures, however slowly; then nothing does.
    const atFirst = await progress.textContent();
    let text;
    await waitUntil(async () => {
      text = await progress.textContent();
      await page.waitForTimeout(1000);
      return (await progress.textContent()) === text;
    });
    assert.match(text, new RegExp(`^\\d+ of ${count}, paused$`));
    const late = parseInt(text, 10) - parseInt(atFirst, 10);
    assert.ok(late < 20, `${late} more pictures came after the pause`);
    await page.getByRole("button", { name: "Stop" }).click();
    await progress.waitFor({ state: "detached" });
    assert.equal(await page.getByText(`Images ${count}`).count(), 0);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(`Images ${count}`).waitFor();
    await progress.waitFor({ state: "detached", timeout: 60_000 });
    await page
      .getByText(new RegExp(`^Done: ${count} images, \\d+ cells, \\d+ to review\\.$`))
      .waitFor({ state: "attached" });
  });

  test("work that is stopped before anything came of it comes back by undoing too", async () => {
    site.opened = await site.browser.newPage({ locale: "en" });
    const { page } = site.opened;
    let bringModel;
    const asked = new Promise((resolve) => {
      bringModel = resolve;
    });
    await page.route("**/*.safetensors", async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto(`${site.browser.origin}/`);
    await give(page, ...cells);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Drop a blood-smear image").waitFor();
    assert.equal(await page.getByRole("button", { name: "Save session" }).count(), 0); // of what?
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(`Images ${cells.length}`).waitFor();
    bringModel();
    await page.getByText(/^Done: /).waitFor({ state: "attached", timeout: 60_000 });
  });

  describe("a field that is looked at", () => {
    let page;
    let count;
    site.share(async () => {
      ({ page, count } = await openField({ viewport: { width: 1280, height: 800 } }));
      await answer(page);
    });

    test("the annotated picture is the field with a strip of words under it", async () => {
      const { name, bytes } = await exportAs(page, "Annotated image (PNG)");
      assert.match(name, /\.png$/);
      assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [640, 524]);
    });

    for (const [device, viewport] of [
      ["phone", { width: 390, height: 844 }],
      ["desktop", { width: 1280, height: 800 }],
      ["wall", { width: 3840, height: 2160 }],
    ]) {
      for (const colorScheme of device === "wall" ? ["light"] : ["light", "dark"]) {
        test(`fits a ${device} in ${colorScheme} colours without scrolling sideways`, async () => {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme });
          await settle(page);
          await screenshot(page, `${device}-${colorScheme}-field`);
          assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
        });
      }
    }

    test("is printed with picture, count and cells, and nothing to press", async () => {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
      await page.emulateMedia({ media: "print" });
      const buttons = page.locator("button:not(.bar)"); // a bar is also what it shows
      assert.equal(await buttons.filter({ visible: true }).count(), 0);
      assert.equal(await gallery(page).getByRole("option").filter({ visible: true }).count(), count);
      await page.locator("leuko-differential table").waitFor();
      assert.ok((await page.getByText(researchOnly).filter({ visible: true }).count()) > 0);
      await screenshot(page, "print");
    });
  });
});
