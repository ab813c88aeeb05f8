// Drawn blood of several people through the whole pipeline: counted by sample, compared with what was drawn, written into a card.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { at, drawSmears, programs, scratch } from "../support.mjs";

const out = scratch();
execFileSync(process.execPath, [
  at("tests/research/samples.mjs"),
  ...["--samples", "11", "--leukocytes", "20", "--out", out],
]);
const figures = JSON.parse(readFileSync(join(out, "samples.json"), "utf8"));

test("each sample's differential count stands beside the one that was drawn", () => {
  const { samples, classes, empty } = figures.bySample;
  assert.deepEqual(empty, ["sample-01"]); // drawn without leukocytes
  assert.equal(samples.length, 10);
  for (const { labelled, counted } of samples) {
    assert.ok(labelled.leukocytes > 0);
    const sum = Object.values(counted.classes).reduce((all, cells) => all + cells, 0);
    assert.equal(sum, counted.leukocytes);
  }
  assert.ok(classes.every(({ label }) => label !== "platelet"));
  const [neutrophil] = classes.filter(({ label }) => label === "neutrophil");
  const [low, high] = neutrophil.slopeInterval;
  assert.ok(low <= neutrophil.slope && neutrophil.slope <= high);
  assert.ok(neutrophil.limits[0] <= neutrophil.bias && neutrophil.bias <= neutrophil.limits[1]);
});

test("the report draws them without anything from outside", () => {
  const page = readFileSync(join(out, "samples.html"), "utf8");
  assert.match(page, /Differential count by sample/);
  assert.match(page, /"bySample":\{/);
});

test("report --card writes a card, and later only its figures", () => {
  const card = join(out, "card.md");
  const write = (...options) =>
    execFileSync(programs.train, ["report", join(out, "samples.json"), "--card", card, ...options]);
  write("--license", "mit");
  const first = readFileSync(card, "utf8");
  assert.match(first, /^---\nlicense: mit\nlibrary_name: leukolens\n/);
  assert.match(first, /model-index:\n {2}- name: "flagship"/);
  assert.match(first, /Differential counts of 10 samples/);
  writeFileSync(
    card,
    first.replace(/\*Who may use it.*\*/, "Teaching.").replace(/value: [0-9.]+/, "value: 7"),
  );
  write();
  assert.equal(readFileSync(card, "utf8"), first.replace(/\*Who may use it.*\*/, "Teaching."));
});

test("a sample is named by the list, whatever its groups, or by the folder around those of the classes", () => {
  const cells = drawSmears({ count: 2 });
  const list = join(out, "cells.csv");
  const rows = cells.map((path, i) => `${path},${basename(dirname(path))},group ${i},blood ${i % 2}`);
  writeFileSync(list, `image,label,group,sample\n${rows.join("\n")}\n`);
  const names = (data) => {
    const options = [
      "evaluate",
      at("models/flagship.safetensors"),
      "--data",
      data,
      "--by",
      "sample",
      "--json",
    ];
    const { samples, empty } = JSON.parse(
      execFileSync(programs.train, options, { encoding: "utf8" }),
    ).bySample;
    return [...samples.map(({ sample }) => sample), ...empty].sort();
  };
  assert.deepEqual(names(list), ["blood 0", "blood 1"]);
  const split = join(out, "split.csv");
  execFileSync(programs.train, ["data", "--data", list, "--out", split]);
  assert.deepEqual(names(split), ["blood 0", "blood 1"]);
  const folders = scratch();
  for (const path of cells) {
    const folder = join(folders, "Mary", basename(dirname(path)));
    mkdirSync(folder, { recursive: true });
    copyFileSync(path, join(folder, basename(path)));
  }
  assert.deepEqual(names(folders), ["Mary"]);
});

test("what belongs to no sample is named: a group may be a picture", () => {
  const list = join(out, "list.csv");
  writeFileSync(list, "image,label,group\na.png,neutrophil,slide 1\n");
  const { status, stderr } = spawnSync(
    programs.train,
    ["evaluate", at("models/flagship.safetensors"), "--data", list, "--by", "sample"],
    { encoding: "utf8" },
  );
  assert.equal(status, 1);
  assert.match(stderr, /a\.png belongs to no sample: name them in a column sample/);
});
