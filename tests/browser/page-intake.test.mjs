// How pictures get in beside plain files: folders, archives, addresses; and what is refused, with its reason.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, test } from "node:test";
import { zipSync } from "fflate";
import { cellModel } from "../cell-model.mjs";
import { at, drawFields, drawSmears, scratch } from "../support.mjs";
import { writeTiff } from "../tiff.mjs";
import { writeZip } from "../zip.mjs";
import { waitUntil } from "./chromium.mjs";
import { downloadBy, give, researchOnly, servePage } from "./page.mjs";

const images = drawSmears({ format: "jpg" });
const named = Object.fromEntries(images.map((path) => [`smears/${basename(path)}`, readFileSync(path)]));

describe("pictures get in", () => {
  const site = servePage();
  const { openWithCells } = site;
  const rows = (page) => page.getByRole("listbox", { name: /^Images/ }).getByRole("option");

  test("a folder is taken with all its folders, and what is no picture is counted and left out", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "deeper"));
    images.forEach((path, index) => {
      cpSync(path, join(folder, index % 2 ? "deeper" : ".", basename(path)));
    });
    writeFileSync(join(folder, "notes.txt"), "not a picture");
    writeFileSync(join(folder, ".DS_Store"), "debris");
    const page = await openWithCells();
    await page.locator("input#folder").setInputFiles(folder);
    await page.getByText(`Images ${images.length}`).waitFor();
    await page.getByText(`${images.length} images added, 1 other file skipped`).waitFor();
  });

  test("an archive is taken apart, debris and other files aside", async () => {
    const page = await openWithCells();
    const archive = { ...named, "notes.txt": Buffer.from("no"), "__MACOSX/._a.jpg": Buffer.from("no") };
    await give(page, { name: "smears.zip", buffer: Buffer.from(zipSync(archive)) });
    await page.getByText(`Images ${images.length}`).waitFor();
    assert.match(await rows(page).first().textContent(), /smears\.zip\/smears\//);
  });

  test("an archive's files that cannot be read are named with the reason, and the others are read", async () => {
    const page = await openWithCells();
    const [first, ...others] = Object.entries(named).map(([name, content]) => ({ name, content }));
    const inner = { name: "more.zip", content: writeZip([{ ...first, flags: 1 }]) };
    const huge = { name: "huge.png", content: new Uint8Array(300 * 2 ** 20) };
    const damaged = { name: "damaged.png", content: "its sum is another", crc: 1 };
    const foreign = { name: "foreign.png", content: "", method: 12 };
    const archive = writeZip([huge, inner, damaged, foreign, ...others]);
    await give(page, { name: "smears.zip", buffer: archive });
    await page.getByText(`Images ${others.length}`).waitFor();
    const lines = (await page.getByRole("alert").textContent()).trim().split("\n");
    assert.deepEqual(lines.filter(Boolean).slice(0, 5), [
      "4 files of archives could not be read:",
      "smears.zip/huge.png is too large for an image.",
      `smears.zip/more.zip/${first.name} is encrypted: unpack the archive with its password, then drop the folder.`,
      "smears.zip/damaged.png is damaged inside the zip archive.",
      "smears.zip/foreign.png is compressed by method 12, which is not read here: unpack the archive, then drop the folder.",
    ]);
    await give(page, { name: "again.zip", buffer: Buffer.from(zipSync(named)) });
    await page.getByText(`Images ${others.length + images.length}`).waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
  });

  test("what only calls itself an archive, and an archive without pictures, say so", async () => {
    const page = await openWithCells();
    await give(page, { name: "not.zip", buffer: Buffer.from("no archive at all") });
    await page.getByText("not.zip is not a complete zip archive").waitFor();
    const broken = ["one.zip", "two.zip"].map((name) => ({ name, buffer: Buffer.from("nor these") }));
    await give(page, ...broken, {
      name: "old.leukolens",
      buffer: Buffer.from(zipSync({ "leukolens.json": Buffer.from("{}") })),
    });
    for (const name of ["one.zip", "two.zip"])
      await page.getByText(`${name} is not a complete zip archive`).waitFor();
    await page.getByText("old.leukolens cannot be opened as a session").waitFor();
    await give(page, { name: "texts.zip", buffer: Buffer.from(zipSync({ "a.txt": Buffer.from("no") })) });
    await page.getByText("No image found; 1 other file skipped.").waitFor();
  });

  test("an address on this host opens with the page; one elsewhere is refused with the reason", async () => {
    const page = await site.open();
    const own = await page.locator("leuko-samples img").first().getAttribute("src");
    const address = new URL(own, page.url()).pathname;
    await page.goto(`${site.browser.origin}/?image=${encodeURIComponent(address)}`);
    await page.locator("leuko-viewer img").waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
    await page.goto(`${site.browser.origin}/?image=${encodeURIComponent("https://example.org/cell.jpg")}`);
    const alert = page.getByRole("alert");
    await alert
      .filter({ hasText: /loads nothing from other sites.*Save the image from example\.org/ })
      .waitFor();
    await page.getByText(researchOnly).first().waitFor();
  });

  test("a TIFF is shown, framed, kept small and exported, though the browser cannot show it", async () => {
    const { Classifier } = await import(at("dist/package/index.js"));
    const classifier = await Classifier.load();
    const tiff = writeTiff(await classifier.decode(readFileSync(drawFields(1)[0])));
    classifier.dispose();
    const page = await openWithCells();
    await give(page, { name: "field.tif", buffer: tiff });
    await page.locator("leuko-viewer .frame").first().waitFor();
    const shown = page.locator("leuko-viewer .content > canvas");
    await page.waitForFunction((canvas) => canvas.width === 640, await shown.elementHandle());
    const small = page.locator("leuko-gallery leuko-thumbnail img").first();
    await page.waitForFunction((img) => img?.naturalWidth > 0, await small.elementHandle());
    const { bytes } = await downloadBy(page, async () => {
      await page.locator("leuko-toolbar summary").click();
      await page.getByRole("button", { name: "Annotated image (PNG)" }).click();
    });
    assert.equal(bytes.readUInt32BE(16), 640, "the width in the PNG's header");
  });

  test("a model's file that is none is refused, and the one in force stays", async () => {
    const page = await site.open();
    const before = await page.getByText(/parameters$/).textContent();
    await give(page, { name: "wrong.safetensors", buffer: Buffer.from("no model") });
    await page.getByText(/wrong\.safetensors cannot be used:/).waitFor();
    assert.equal(await page.getByText(/parameters$/).textContent(), before);
  });

  test("another model looks again at what is there, and corrections of the same cells stay", async () => {
    const page = await openWithCells();
    await give(page, ...images);
    const gallery = page.getByRole("listbox", { name: /^Cells/ });
    await gallery.getByRole("option").first().waitFor();
    await gallery.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("6");
    await page.getByText("Corrected by you. The model's answer").waitFor();
    await give(page, { name: "again.safetensors", buffer: cellModel() });
    await page.getByText("Now classifying with again.safetensors.").waitFor();
    await waitUntil(async () => (await rows(page).filter({ hasText: "waiting" }).count()) === 0);
    await page.getByText("Corrected by you. The model's answer").waitFor();
  });
});
