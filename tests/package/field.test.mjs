// Fields of many cells, in Node and on the native command line: the cells that are found, what is said of them, their count.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { cellModel } from "../cell-model.mjs";
import { at, drawFields, installPackage, largestDifference, native, programs, scratch } from "../support.mjs";

const { Classifier, LeukolensError, differential } = await import(pathToFileURL(installPackage().entry));

const fields = drawFields(3);
const [field] = fields;
const model = join(scratch(), "cells.safetensors");
writeFileSync(model, cellModel());

const failsWith = (code) => (error) => error instanceof LeukolensError && error.code === code;
const located = ({ box, x, y, diameter, outline, score }) => ({ box, x, y, diameter, outline, score });
/** Both faces print the shortest text of a float, or the double that is nearest to it. */
const rounded = (value) =>
  JSON.parse(JSON.stringify(value, (_, v) => (typeof v === "number" ? Math.fround(v) : v)));

const run = (...options) => spawnSync(programs.leukolens, options, { encoding: "utf8" });

describe("a field", () => {
  let classifier;
  before(async () => {
    classifier = await Classifier.load({ model: readFileSync(model) });
  });
  after(() => classifier.dispose());

  test("has the same cells, verdicts and count in the package and on the command line", async () => {
    for (const answer of native("classify", "--field", "--model", model, ...fields)) {
      const result = await classifier.classifyField(pathToFileURL(answer.source));
      assert.ok(result.cells.length > 1);
      assert.deepEqual(rounded(result.cells.map(located)), rounded(answer.cells.map(located)));
      for (const [i, cell] of result.cells.entries()) {
        const { verdict, label, typicality, predictions } = answer.cells[i];
        assert.deepEqual([cell.verdict, cell.label], [verdict, label]);
        assert.ok(Math.abs(cell.typicality - typicality) < 1e-3);
        assert.ok(largestDifference(cell.predictions, predictions) < 1e-4);
      }
      assert.deepEqual(rounded(result.differential), rounded(answer.differential));
      assert.ok(result.redCell > 10 && result.redCell < 100);
      assert.equal(Math.fround(result.redCell), Math.fround(answer.redCell));
      assert.deepEqual([result.width, result.height, result.decoder], [640, 480, "engine"]);
      assert.deepEqual(Object.keys(result.timings), Object.keys(answer.timings));
    }
  });

  test("is located without being classified, by any model and by none", async () => {
    const [answer] = native("locate", field);
    const whole = await Classifier.load({ model: "article" });
    const result = await whole.locate(readFileSync(field));
    whole.dispose();
    assert.deepEqual(rounded(result.cells), rounded(answer.cells));
    assert.deepEqual(
      rounded(result.cells),
      rounded((await classifier.classifyField(readFileSync(field))).cells.map(located)),
    );
    assert.equal(Math.fround(result.redCell), Math.fround(answer.redCell));
    assert.deepEqual(result.background, answer.background);
    assert.deepEqual([result.width, result.height], [answer.width, answer.height]);
    for (const { box, x, y, diameter, outline, score } of result.cells) {
      assert.ok(x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height);
      assert.ok(diameter > 0 && score > 0 && score <= 1);
      assert.ok(outline.length >= 3 && outline.every((point) => point.length === 2));
    }
  });

  test("classified as one image, is about one of its cells", async () => {
    const [answer] = native("classify", "--model", model, field);
    const result = await classifier.classify(readFileSync(field));
    assert.equal(result.cells.length, 1);
    assert.deepEqual(rounded(result.cells), rounded(answer.cells));
    const { cells, redCell } = await classifier.classifyField(readFileSync(field));
    assert.deepEqual([result.redCell, Math.fround(redCell)], [redCell, Math.fround(answer.redCell)]);
    const same = cells.find(({ x, y }) => x === result.cells[0].x && y === result.cells[0].y);
    assert.deepEqual(same.predictions, result.predictions);
    const { region } = await classifier.explain(readFileSync(field));
    assert.ok(region.x < result.cells[0].x && region.x + region.width > result.cells[0].x);
  });

  test("is explained cell by cell, by the package as on the command line", async () => {
    const { cells } = await classifier.classifyField(readFileSync(field));
    for (const cell of cells) {
      const { values, ...map } = await classifier.explain(readFileSync(field), { cell, label: "neutrophil" });
      const { probability } = cell.predictions.find(({ label }) => label === "neutrophil");
      assert.equal(map.probability, probability);
      const point = `${cell.x},${cell.y}`;
      const answer = native("explain", "--model", model, "--at", point, "--label", "neutrophil", field);
      assert.deepEqual(map.region, answer.region);
      assert.ok(values.every((value, i) => Math.abs(value - answer.values[i]) < 1e-3));
    }
    const nowhere = { cell: { ...cells[0], x: Number.NaN } };
    await assert.rejects(classifier.explain(readFileSync(field), nowhere), failsWith("invalid_argument"));
  });

  test("without a white cell is rejected, and there is nothing to explain", async () => {
    globalThis.ImageData = class {};
    const data = new Uint8ClampedArray(4 * 300 * 200).fill(235);
    const blank = Object.setPrototypeOf({ data, width: 300, height: 200 }, ImageData.prototype);
    const result = await classifier.classify(blank);
    assert.deepEqual([result.verdict, result.label, result.typicality], ["rejected", null, null]);
    assert.deepEqual([result.cells, result.predictions, result.redCell], [[], [], null]);
    const { cells, redCell, differential } = await classifier.classifyField(blank);
    assert.deepEqual([cells, redCell, differential.total], [[], null, 0]);
    assert.equal((await classifier.locate(blank)).redCell, null);
    await assert.rejects(classifier.explain(blank), failsWith("invalid_argument"));
    delete globalThis.ImageData;
  });

  test("is refused by a model that sees the whole image, and so is what is no image", async () => {
    const whole = await Classifier.load({ model: "article" });
    await assert.rejects(whole.classifyField(readFileSync(field)), failsWith("invalid_argument"));
    const [cell] = (await whole.locate(readFileSync(field))).cells;
    await assert.rejects(whole.explain(readFileSync(field), { cell }), failsWith("invalid_argument"));
    whole.dispose();
    const article = at("models/article.safetensors");
    const { status, stdout } = run("classify", "--field", "--json", "--model", article, field);
    assert.equal(status, 1);
    assert.equal(JSON.parse(stdout)[0].error.code, "invalid_argument");
    await assert.rejects(classifier.classifyField(new Uint8Array()), failsWith("empty_input"));
    await assert.rejects(
      classifier.locate(new TextEncoder().encode("no image")),
      failsWith("unsupported_format"),
    );
    const signal = AbortSignal.abort();
    await assert.rejects(classifier.classifyField(readFileSync(field), { signal }), failsWith("aborted"));
  });

  test("after another: classifyAll says of each what classifyField says, and their cells are counted together", async () => {
    const cells = [];
    for await (const item of classifier.classifyAll(fields.map(pathToFileURL), { field: true })) {
      const alone = await classifier.classifyField(item.source);
      assert.deepEqual([item.cells, item.differential], [alone.cells, alone.differential]);
      cells.push(...item.cells);
    }
    const { total, others, unsure, rejected } = differential(cells);
    const apart = others.reduce((sum, { count }) => sum + count, 0);
    assert.equal(total + apart + unsure + rejected, cells.length);
  });
});

test("a differential counts leukocytes, and sets others, unsure and rejected cells apart", () => {
  const classified = (label, count) => Array(count).fill({ verdict: "classified", label });
  const cells = [
    ...classified("neutrophil", 6),
    ...classified("lymphocyte", 4),
    ...classified("erythroblast", 2),
    { verdict: "unsure", label: "neutrophil" },
    { verdict: "rejected", label: null },
  ];
  const labels = ["lymphocyte", "monocyte", "neutrophil", "platelet"].map((id) => ({ id }));
  const { total, classes, others, unsure, rejected } = differential(cells, labels);
  assert.deepEqual([total, unsure, rejected], [10, 1, 1]);
  assert.deepEqual(
    classes.map(({ label, count, percent }) => [label, count, percent]),
    [
      ["lymphocyte", 4, 40],
      ["monocyte", 0, 0],
      ["neutrophil", 6, 60],
    ],
  );
  assert.deepEqual(others, [
    { label: "platelet", count: 0 },
    { label: "erythroblast", count: 2 },
  ]);
  const [low, high] = classes[0].percentInterval; // 4 of 10: 0.168 to 0.687
  assert.ok(Math.abs(low - 16.82) < 0.01 && Math.abs(high - 68.73) < 0.01);
  assert.equal(classes[1].percentInterval[0], 0);
  assert.deepEqual(differential([]), { total: 0, classes: [], others: [], unsure: 0, rejected: 0 });
});
