// What `leukolens` says of fields of many cells in a terminal.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { at, blankPng, drawFields, native, programs, scratch } from "../support.mjs";

const fields = drawFields(3);
const run = (...options) => spawnSync(programs.leukolens, options, { encoding: "utf8" });
const notice = /For research and education only\. Not for use in diagnostic procedures\.\n$/;

test("classify --field prints a line a cell, the count of each field and of all, and the notice", () => {
  const { status, stdout } = run("classify", "--field", ...fields);
  assert.equal(status, 0);
  const cells = native("classify", "--field", ...fields).flatMap(({ cells }) => cells);
  assert.equal(stdout.match(/^ {2}at \(\d+, \d+\), \d+ px wide: /gm).length, cells.length);
  assert.equal(stdout.match(/^ {2}class +cells +percent/gm).length, fields.length + 1);
  assert.match(stdout, /^3 images together$/m);
  assert.match(stdout, /Count at least 100 leukocytes before comparing with reference ranges\./);
  assert.match(stdout, notice);
});

test("locate prints where each cell is, how wide and how sure", () => {
  const { status, stdout } = run("locate", fields[0]);
  assert.equal(status, 0);
  assert.match(stdout, /^.*: \d+ white cells\n {2}at \(\d+, \d+\), \d+ px wide, score [01]\.\d+$/m);
  assert.match(stdout, notice);
});

test("an image that cannot be read fails with status 1, and the others are answered", () => {
  const { status, stdout } = run("locate", "/nowhere.png", fields[0]);
  assert.equal(status, 1);
  assert.match(stdout, /^\/nowhere\.png: unreadable_file: /m);
  assert.match(stdout, /white cells/);
});

test("an image without a white cell is rejected, and cannot be explained", () => {
  const blank = join(scratch(), "blank.png");
  writeFileSync(blank, blankPng(300, 200));
  assert.match(run("classify", blank).stdout, /: rejected: no white cell was found$/m);
  const { status, stderr } = run("explain", blank);
  assert.equal(status, 1);
  assert.match(stderr, /invalid_argument/);
});

test("bench leaves out what a model that sees the whole image does not need", () => {
  const steps = native("bench", at("models/article.safetensors"), "--iterations", "2");
  assert.deepEqual(Object.keys(steps), ["decode", "prepare", "infer", "explain"]);
});

test("bench times nothing where no cell is found, and names the image that cannot be read", () => {
  const image = join(scratch(), "image.png");
  for (const [bytes, said] of [
    [blankPng(300, 200), "invalid_argument: There is nothing to time: no white cell was found in the image."],
    ["no image", "unsupported_format: "],
  ]) {
    writeFileSync(image, bytes);
    const { status, stdout, stderr } = run("bench", at("models/flagship.safetensors"), "--image", image);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.ok(stderr.startsWith(`${image}: ${said}`), stderr);
  }
});

test("explain --opacity lays the heatmap over the image as thickly as it is told", () => {
  const [none, unsaid, half, whole] = [["0"], [], ["0.5"], ["1"]].map((opacity, i) => {
    const out = join(scratch(), `${i}.png`);
    const { status, stderr } = run(
      "explain",
      fields[0],
      "--out",
      out,
      ...opacity.flatMap((one) => ["--opacity", one]),
    );
    assert.equal(status, 0, stderr);
    return readFileSync(out);
  });
  assert.deepEqual(half, unsaid);
  assert.notDeepEqual(half, none);
  assert.notDeepEqual(half, whole);
});

test("explain takes a label as the folders of data sets write it", () => {
  for (const label of ["neutrophil", " NEUTROPHIL"])
    assert.equal(native("explain", "--label", label, fields[0]).label, "neutrophil");
});

test("explain --at maps the cell nearest to a point, in the region that classification saw", () => {
  const [{ cells }] = native("classify", "--field", fields[0]);
  for (const { x, y, predictions } of cells) {
    const { label, region, probability } = native("explain", "--at", `${x},${y}`, fields[0]);
    assert.equal(label, predictions[0].label);
    assert.equal(probability, predictions[0].probability);
    // The map's region leans by the strides of the layers.
    assert.ok(Math.abs(region.x + region.width / 2 - x) < region.width / 16);
    assert.ok(Math.abs(region.y + region.height / 2 - y) < region.height / 16);
  }
});
