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
