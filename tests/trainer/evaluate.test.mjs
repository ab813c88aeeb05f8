// `leukolens evaluate` and `leukolens-train evaluate` give one answer to one question.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { at, blankPng, drawFieldList, programs } from "../support.mjs";

const list = drawFieldList(4);
writeFileSync(join(dirname(list), "broken.png"), "no image");
writeFileSync(join(dirname(list), "blank.png"), blankPng(300, 200));
appendFileSync(list, "broken.png,neutrophil,1,1,9,9\nblank.png,monocyte,,,,\nblank.png,martian,,,,\n");

test("a report counts one as one", () => {
  const report = join(dirname(list), "report.html");
  spawnSync(programs.train, [
    "evaluate",
    at("models/flagship.safetensors"),
    "--data",
    list,
    "--report",
    report,
  ]);
  const { notes } = JSON.parse(readFileSync(report.replace("html", "json"), "utf8"));
  assert.ok(notes.includes("1 image cannot be read and was left out."));
  assert.ok(notes.includes("1 image has a label that the model does not know and was left out."));
});

test("of one class alone there is no area under a curve", () => {
  const alone = join(dirname(list), "alone.csv");
  const rows = readFileSync(list, "utf8").trim().split("\n");
  writeFileSync(alone, rows.filter((row, index) => index === 0 || row.includes("neutrophil")).join("\n"));
  const model = at("models/article.safetensors");
  const { metrics } = print(programs.leukolens, "--model", model, alone);
  assert.equal(metrics.macroAuc, null);
  assert.ok(metrics.classes.every(({ auc }) => auc === null));
  const { stdout } = spawnSync(programs.train, ["evaluate", model, "--data", alone], { encoding: "utf8" });
  assert.match(stdout, /^macro AUC +-$/m);
  assert.match(stdout, /^neutrophil .* -$/m);
});

test("a figure that is of nothing is null, a dash in tables, and no zero", () => {
  const nothing = join(dirname(list), "nothing.csv");
  writeFileSync(nothing, "image,label\nblank.png,monocyte\nblank.png,lymphocyte\n");
  const model = at("models/flagship.safetensors");
  const native = print(programs.leukolens, "--model", model, nothing);
  for (const { metrics } of [native, print(programs.train, model, "--data", nothing)]) {
    assert.equal(metrics.notFound, 2);
    assert.equal(metrics.accuracy, 0);
    for (const key of ["loss", "brier", "ece", "eceInterval"]) assert.equal(metrics[key], null, key);
    const [asked, other] = ["monocyte", "platelet"].map((id) =>
      metrics.classes.find(({ label }) => label === id),
    );
    assert.deepEqual([asked.recall, asked.precision, asked.precisionInterval], [0, null, null]);
    assert.deepEqual([other.recall, other.recallInterval, other.f1, other.auc], [null, null, null, null]);
  }
  const [report, card] = ["nothing.html", "nothing.md"].map((name) => join(dirname(list), name));
  const train = (...args) => spawnSync(programs.train, args, { encoding: "utf8" });
  assert.match(
    train("evaluate", model, "--data", nothing, "--report", report).stdout,
    /^ECE +- +\(95 % -\)$/m,
  );
  assert.equal(train("report", report.replace("html", "json"), "--card", card).status, 0);
  assert.match(
    readFileSync(card, "utf8"),
    /\| nothing\.csv \| 2 \| 0\.000 \(0\.000 to 0\.658\) \| 0\.000 \| 0\.000 \| - \|/,
  );
});

test("where no image can be read there is no accuracy", () => {
  const broken = join(dirname(list), "none.csv");
  writeFileSync(broken, "image,label\nbroken.png,monocyte\n");
  const { metrics } = print(programs.leukolens, "--model", at("models/flagship.safetensors"), broken);
  for (const key of ["accuracy", "accuracyInterval", "macroF1", "macroRecall"])
    assert.equal(metrics[key], null, key);
});

const print = (program, ...options) =>
  JSON.parse(spawnSync(program, ["evaluate", "--json", ...options], { encoding: "utf8" }).stdout);

for (const name of ["flagship", "article"]) {
  test(`both commands give the same figures of ${name} on a list with boxes`, () => {
    const model = at(`models/${name}.safetensors`);
    const native = print(programs.leukolens, "--model", model, list);
    const trainer = print(programs.train, model, "--data", list);
    assert.equal(native.unreadable.length, 1);
    for (const key of ["model", "metrics", "curves", "verdicts", "unreadable", "unlabelled", "notice"])
      assert.deepEqual(trainer[key], native[key], key);
  });
}
