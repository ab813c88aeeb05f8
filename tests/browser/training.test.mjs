// From the page to a better model: cells that were counted and corrected leave as training data that leukolens-train learns from
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { unzipSync } from "fflate";
import { at, drawFields, programs, scratch, writeFiles } from "../support.mjs";
import { downloadBy, give, headline, servePage } from "./page.mjs";

const fields = drawFields(6);

/** Small enough to be trained in a second or two. */
const recipe = `
name = "tiny"
[input]
width = 32
height = 32
region = "cell"
[network]
layers = [
  { type = "conv2d", filters = 4, kernel = 3, stride = 2, activation = "relu" },
  { type = "global_avg_pool" },
  { type = "dense" },
]
[training]
epochs = 2
batch = 8
validation = 0.3
`;

describe("training data", () => {
  const site = servePage();

  /** The page with fields of which one cell was corrected and one was called no white cell. */
  async function openCorrected() {
    const page = await site.open({ viewport: { width: 1280, height: 800 } });
    await give(page, ...fields);
    await page.getByText(`Images ${fields.length}`).waitFor();
    await page.locator("leuko-toolbar .progress").waitFor({ state: "detached", timeout: 90_000 });
    await page.getByLabel("Sort").selectOption("class");
    await page.getByRole("listbox", { name: /^Cells/ }).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("4");
    await headline(page).filter({ hasText: "Neutrophil" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("0");
    await headline(page).filter({ hasText: "Not a white cell" }).waitFor();
    return page;
  }

  /** Downloads an archive and unpacks it; its folder and what is in it. */
  async function unpack(page, name) {
    const { path, bytes } = await downloadBy(page, async () => {
      await page.locator("leuko-toolbar summary").click();
      await page.getByRole("button", { name }).click();
    });
    const files = unzipSync(bytes);
    const folder = scratch();
    writeFiles(folder, files);
    const texts = (file) => Buffer.from(files[file]).toString();
    return { folder, path, names: Object.keys(files), texts, list: rowsOf(texts("list.csv")) };
  }

  const rowsOf = (text) => {
    const [head, ...lines] = text
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    return lines.map((line) => Object.fromEntries(line.map((value, column) => [head[column], value])));
  };

  const train = (...options) => execFileSync(programs.train, options, { encoding: "utf8", stdio: "pipe" });

  test("of whole images comes as a list with boxes, which `data` reads and `fit` learns from", async () => {
    const page = await openCorrected();
    const { folder, list, texts, names } = await unpack(page, "Training data: images (zip)");
    await page.getByText(`Training data saved: ${list.length} cells, 2 labelled by you.`).waitFor();
    assert.ok(list.length > 20);
    assert.deepEqual(
      list
        .filter(({ by }) => by === "corrected")
        .map(({ label }) => label)
        .sort(),
      ["background", "neutrophil"],
    );
    assert.deepEqual(readFileSync(join(folder, "images/000001.png")), readFileSync(fields[0]));

    const coco = JSON.parse(texts("coco.json"));
    assert.equal(coco.images.length, fields.length);
    assert.equal(coco.annotations.length, list.length - 1); // but for what is no white cell
    const { bbox, category_id: category } = coco.annotations[0];
    const [first] = list.filter(({ label }) => label !== "background");
    assert.deepEqual(bbox.slice(0, 2), [Number(first.xmin), Number(first.ymin)]);
    assert.equal(coco.categories.find(({ id }) => id === category).name, first.label);
    const lines = names
      .filter((name) => name.startsWith("labels/"))
      .flatMap((name) => texts(name).split("\n"))
      .filter((line) => line !== ""); // an image without cells has an empty list
    assert.equal(lines.length, list.length - 1);
    for (const line of lines) {
      const [label, ...box] = line.split(" ").map(Number);
      assert.ok(label < coco.categories.length && box.every((share) => share > 0 && share < 1), line);
    }
    assert.match(texts("data.yaml"), /names:\n {2}0: eosinophil\n/);

    assert.match(train("data", "--data", join(folder, "list.csv"), "--threads", "1"), /neutrophil/);
    const file = join(folder, "tiny.toml");
    writeFileSync(file, recipe);
    const out = join(folder, "tiny.safetensors");
    train("fit", "--data", join(folder, "list.csv"), "--recipe", file, "--out", out, "--threads", "1");
    await give(page, out);
    await page.getByText("Now classifying with tiny.safetensors.").waitFor();
  });

  test("of crops comes in folders of its labels, the zip itself being what `data` reads", async () => {
    const page = await openCorrected();
    const { path, folder, list, names } = await unpack(page, "Training data: crops (zip)");
    const crops = names.filter((name) => name.endsWith(".png"));
    assert.equal(crops.length, list.length);
    assert.ok(
      crops.every((name) => list.some(({ image, label }) => image === name && dirname(name) === label)),
    );
    const zip = join(folder, "crops.zip");
    writeFileSync(zip, readFileSync(path));
    for (const data of [zip, join(folder, "list.csv")]) {
      const said = train("data", "--data", data, "--threads", "1");
      assert.match(said, /neutrophil/);
      assert.match(said, new RegExp(`\\b${list.length} images`));
    }
  });

  test("makes a better model of the shipped one: through `data` and `fit --from`, and back by drop", async () => {
    const page = await openCorrected();
    const { path, folder, list } = await unpack(page, "Training data: crops (zip)");
    const zip = join(folder, "crops.zip");
    writeFileSync(zip, readFileSync(path));
    const flagship = at("models/flagship.safetensors");
    const before = execFileSync(programs.leukolens, ["inspect", flagship, "--json"], { encoding: "utf8" });
    const out = join(folder, "mine.safetensors");
    assert.match(train("data", "--data", zip, "--threads", "1"), new RegExp(`\\b${list.length} images`));
    const options = ["--train", "head", "--set", "training.epochs=1", "--threads", "1"];
    const said = train("fit", "--from", flagship, "--data", zip, "--out", out, ...options);
    assert.match(said, /flagship\.safetensors learnt from .*, which is not among the data/);
    assert.match(said, /Its temperature and thresholds are those of/);
    const after = execFileSync(programs.leukolens, ["inspect", out, "--json"], { encoding: "utf8" });
    assert.deepEqual(JSON.parse(after).labels, JSON.parse(before).labels);
    assert.match(train("evaluate", out, "--data", zip), /has learnt from about 100 % of these images/);
    await give(page, out);
    await page.getByText("Now classifying with mine.safetensors.").waitFor();
    await give(page, fields[0]);
    await page.locator("leuko-differential").waitFor();
  });

  test("is refused where nothing is identified or all is drawn, with the reason", async () => {
    const page = await site.open();
    await page.locator("leuko-samples button", { hasText: "Whole field" }).first().click();
    await page.locator("leuko-differential").waitFor();
    await page.locator("leuko-toolbar summary").click();
    await page.getByRole("button", { name: "Training data: crops (zip)" }).click();
    await page.getByText("There is no identified cell to train with.").waitFor();
  });

  test("is not all that leaves: table and annotated image go to the system's sheet where there is one", async () => {
    const page = await site.open();
    await page.evaluate(() => {
      navigator.canShare = ({ files }) => files.every(({ type }) => type === "text/csv");
      navigator.share = async ({ files }) => {
        window.shared = files.map(({ name, type }) => [name.split(".").at(-1), type]);
      };
    });
    await give(page, fields[0]);
    await page.locator("leuko-differential").waitFor();
    await page.locator("leuko-toolbar summary").click();
    await page.getByRole("button", { name: "Share" }).click();
    await page.waitForFunction(() => window.shared);
    assert.deepEqual(await page.evaluate("shared"), [
      ["csv", "text/csv"],
      ["png", "image/png"],
    ]);
  });
});
