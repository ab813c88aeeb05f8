// `leukolens evaluate` on drawn cells and fields: whose answer counts for a row, and what is left out.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { before, describe, test } from "node:test";
import { blankPng, drawFieldList, drawSmears, native, programs, scratch } from "../support.mjs";

const run = (...options) => spawnSync(programs.leukolens, ["evaluate", ...options], { encoding: "utf8" });

/** Rows of a list of boxes: [{ image, label, box: [left, top, right, bottom] }]. */
function rowsOf(list) {
  const [, ...lines] = readFileSync(list, "utf8").trim().split("\n");
  return lines.map((line) => {
    const [image, label, ...box] = line.split(",");
    return { image: join(list, "..", image), label, box: box.map(Number) };
  });
}

/** The cell that a row is about, or nothing: of those whose nucleus lies in the box the nearest to its middle. */
function cellOf({ box: [left, top, right, bottom] }, cells) {
  const away = ({ x, y }) => (x - (left + right) / 2) ** 2 + (y - (top + bottom) / 2) ** 2;
  return cells
    .filter(({ x, y }) => x >= left && x < right && y >= top && y < bottom)
    .sort((one, other) => away(one) - away(other))[0];
}

describe("a list of boxes", () => {
  let list, rows, fields, result;
  before(() => {
    list = drawFieldList(5);
    rows = rowsOf(list);
    const answers = native("classify", "--field", ...new Set(rows.map(({ image }) => image)));
    fields = new Map(answers.map(({ source, cells }) => [source, cells]));
    result = native("evaluate", list);
  });

  test("is judged box by box: the cell is the one whose nucleus lies in the box", () => {
    const answers = rows.map((row) => cellOf(row, fields.get(row.image)));
    const right = rows.filter(({ label }, i) => answers[i]?.predictions[0].label === label);
    assert.ok(right.length > 0.7 * rows.length, "the drawn cells are easy");
    assert.deepEqual([result.metrics.images, result.metrics.correct], [rows.length, right.length]);
    for (const { label, support, recall } of result.metrics.classes) {
      assert.equal(support, rows.filter((row) => row.label === label).length);
      if (support > 0) assert.equal(recall, right.filter((row) => row.label === label).length / support);
    }
  });

  test("counts a cell that is not found as wrong, and says how many were not", () => {
    const missing = rows.filter((row) => !cellOf(row, fields.get(row.image)));
    assert.ok(missing.length > 0, "the locator passes over platelets");
    const { metrics, verdicts } = result;
    assert.equal(metrics.notFound, missing.length);
    assert.equal(verdicts.notFound, missing.length);
    for (const { label, notFound } of metrics.classes)
      assert.equal(notFound, missing.filter((row) => row.label === label).length);
    assert.equal(
      metrics.confusion.flat().reduce((a, b) => a + b),
      rows.length - missing.length,
    );
    const { classified, unsure, rejected } = verdicts;
    assert.equal(classified + unsure + rejected, rows.length - missing.length);
    assert.match(
      run(list).stdout,
      new RegExp(`^not found +${missing.length} of ${rows.length} cells, counted as wrong$`, "m"),
    );
  });

  test("finds a cell in its box though another is nearer to the middle of the box", () => {
    const [image, cell] = [...fields]
      .flatMap(([image, cells]) => cells.map((cell) => [image, cell, cells]))
      .find(([, cell, cells]) => {
        const others = cells.filter((other) => other !== cell);
        const away = ({ x, y }) => Math.hypot(x - cell.x, y - 240);
        return (
          others.every(({ x }) => Math.abs(x - cell.x) > 3) &&
          others.some((other) => away(other) < away(cell))
        );
      });
    const strip = [Math.round(cell.x) - 1, 0, Math.round(cell.x) + 1, 480].join(",");
    const list = join(image, "../strip.csv");
    writeFileSync(
      list,
      `image,label,xmin,ymin,xmax,ymax\n${basename(image)},${cell.predictions[0].label},${strip}\n`,
    );
    assert.equal(native("evaluate", list).metrics.correct, 1);
  });
});

describe("images without boxes", () => {
  test("are judged by their main cell, as `classify` gives it", () => {
    const images = drawSmears({ count: 3 });
    const answers = native("classify", ...images);
    const right = answers.filter(({ source, predictions }) => source.includes(`/${predictions[0].label}/`));
    const { metrics } = native("evaluate", join(images[0], "../.."));
    assert.deepEqual([metrics.images, metrics.correct], [images.length, right.length]);
    assert.ok(right.length > 0);
  });

  test("count as wrong where no cell is found; what cannot be judged is listed, not counted", () => {
    const folder = scratch();
    for (const label of ["monocyte", "martian"]) mkdirSync(join(folder, label));
    const [, , monocyte] = drawSmears({ count: 1 });
    copyFileSync(monocyte, join(folder, "monocyte/one.png"));
    copyFileSync(monocyte, join(folder, "martian/green.png"));
    writeFileSync(join(folder, "monocyte/blank.png"), blankPng(300, 200));
    writeFileSync(join(folder, "monocyte/broken.png"), "no image");
    const { status, stdout, stderr } = run("--json", folder);
    const { metrics, unreadable, unlabelled } = JSON.parse(stdout);
    assert.deepEqual([metrics.images, metrics.notFound], [2, 1]);
    assert.deepEqual(
      [unreadable, unlabelled].map((list) => list.map(({ source }) => source)),
      [["monocyte/broken.png"], ["martian/green.png"]],
    );
    assert.equal(status, 1, "an image could not be read");
    assert.match(stderr, /^monocyte\/broken\.png: /m);
    assert.match(stderr, /^1 left out: the model has no label martian$/m);
  });

  test("have a dash for each figure that one class, or no cell, cannot have", () => {
    const folder = scratch();
    const [, , monocyte] = drawSmears({ count: 1 });
    mkdirSync(join(folder, "monocyte"));
    const only = join(folder, "monocyte/one.png");
    copyFileSync(monocyte, only);
    const one = run(folder).stdout;
    assert.match(one, /^macro recall +1\.0000\nmacro AUC +-\nloss +0\.\d+\n/m);
    assert.match(one, /^monocyte .*1\.000 +-$/m);
    writeFileSync(only, blankPng(300, 200));
    assert.match(run(folder).stdout, /^loss +-\nBrier +-\nECE +- +\(95 % -\)$/m);
    writeFileSync(only, "no image");
    const none = run(folder);
    assert.equal(none.status, 1);
    assert.match(none.stderr, /^leukolens evaluate: none of the images can be read$/m);
    assert.equal(none.stdout, "");
  });

  test("of labels that the model does not have are no evaluation", () => {
    const folder = scratch();
    mkdirSync(join(folder, "martian"));
    writeFileSync(join(folder, "martian/green.png"), blankPng(100, 100));
    const { status, stderr } = run(folder);
    assert.equal(status, 2);
    assert.match(stderr, /no image has a label that the model has/);
  });
});
