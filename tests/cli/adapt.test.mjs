// `leukolens adapt`, and what its profile changes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { blankPng, drawSmears, native, programs, scratch } from "../support.mjs";

const run = (...options) => spawnSync(programs.leukolens, options, { encoding: "utf8" });

/** Drawn cells in a folder for each label. */
const drawLabelled = (seed, count) => dirname(dirname(drawSmears({ seed, count })[0]));

/** The same, those of two labels called by the other's name: a microscope on which the model errs. */
function drawConfused(seed, count) {
  const folder = drawLabelled(seed, count);
  renameSync(join(folder, "lymphocyte"), join(folder, "aside"));
  renameSync(join(folder, "monocyte"), join(folder, "lymphocyte"));
  renameSync(join(folder, "aside"), join(folder, "monocyte"));
  return folder;
}

describe("a microscope on which the model errs", () => {
  let profile, learnt;
  before(() => {
    profile = join(scratch(), "room 2.microscope.json");
    learnt = native("adapt", drawConfused(5, 4), "--out", profile);
  });

  test("is learnt from a few cells, and the profile says how much better it is on those left out", () => {
    assert.equal(learnt.name, "room 2");
    assert.equal(learnt.examples.monocyte, 4);
    assert.ok(learnt.after.accuracy > learnt.before.accuracy);
    assert.ok(learnt.after.logLoss < learnt.before.logLoss);
    assert.ok(readFileSync(profile).length < 16_000);
  });

  test("is answered better on other cells of it, by every verb that takes the profile", () => {
    const others = drawConfused(6, 4);
    const without = native("evaluate", others);
    const withIt = native("evaluate", others, "--profile", profile);
    assert.ok(withIt.metrics.correct >= without.metrics.correct + 4);
    const monocytes = readdirSync(join(others, "monocyte")).map((name) => join(others, "monocyte", name));
    const answers = native("classify", ...monocytes, "--profile", profile);
    assert.ok(answers.filter(({ predictions }) => predictions[0].label === "monocyte").length >= 3);
  });

  test("is bound to the model that learnt it", () => {
    const other = run("classify", "--model", "models/article.safetensors", "--profile", profile, profile);
    assert.equal(other.status, 2);
    assert.match(other.stderr, /belongs to another model/);
  });
});

test("a stain is learnt from pictures that nobody has labelled, in one folder or in a list", () => {
  const folder = scratch();
  const names = drawSmears({ seed: 9, count: 3 }).map((path, i) => {
    copyFileSync(path, join(folder, `${i}.png`));
    return `${i}.png`;
  });
  writeFileSync(join(folder, "list.csv"), ["image", ...names, names[0]].join("\n"));
  writeFileSync(join(folder, "broken.png"), "no picture");
  const stains = [folder, join(folder, "list.csv")].map((data) => {
    // Drawn nuclei are a little darker than those of the microscopes that the model knows.
    const said = run("adapt", "--stain", "--json", data, "--out", join(folder, "x.microscope.json"));
    assert.equal(said.status, 0, said.stderr);
    assert.equal(/broken\.png: left out/.test(said.stderr), data === folder);
    return JSON.parse(said.stdout).stain;
  });
  assert.deepEqual(stains[0], stains[1]); // each picture counts once
  assert.ok(stains[0].cells >= names.length, `${stains[0].cells} cells`);
  assert.ok(
    Math.max(...stains[0].factors) <= 1 && Math.min(...stains[0].factors) < 1,
    `${stains[0].factors}`,
  );
  const nowhere = run("adapt", "--stain", folder, "--out", join(folder, "none", "x.microscope.json"));
  assert.equal(nowhere.status, 1);
  assert.match(nowhere.stderr, /cannot write .*none/);
  const empty = run("adapt", "--stain", scratch(), "--out", join(folder, "x.microscope.json"));
  assert.equal(empty.status, 2);
  assert.match(empty.stderr, /holds no picture/);
  const glass = scratch();
  writeFileSync(join(glass, "glass.png"), blankPng(300, 200));
  const none = run("adapt", "--stain", glass, "--out", join(folder, "x.microscope.json"));
  assert.equal(none.status, 1);
  assert.match(none.stderr, /No white cell was found in it/);
});

test("nothing is written where nothing is gained, and the reason is said", () => {
  const folder = scratch();
  const images = drawSmears({ seed: 7, count: 4 }).filter((path) => path.includes("/lymphocyte/"));
  const rows = images.flatMap((path) => [`${path},lymphocyte`, `${path},monocyte`]); // no profile can be right
  writeFileSync(join(folder, "both.csv"), ["image,label", ...rows].join("\n"));
  const out = join(folder, "x.microscope.json");
  const refused = run("adapt", join(folder, "both.csv"), "--out", out);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /Nothing is gained: .* with a profile and .* without one/);
  assert.ok(!existsSync(out));
});

test("a profile has the ending by which it is known", () => {
  const refused = run("adapt", ".", "--out", "profile.json");
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /\.microscope\.json/);
});

test("a file that is no profile is refused with its name", () => {
  const refused = run("classify", "--profile", "package.json", "package.json");
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /package\.json: This is not a microscope profile/);
});
