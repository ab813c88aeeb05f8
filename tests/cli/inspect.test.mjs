// `leukolens inspect`: what a model's file says of itself, on one screen.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cellModel } from "../cell-model.mjs";
import { at, native, programs, scratch } from "../support.mjs";

const inspect = (path) =>
  execFileSync(programs.leukolens, ["inspect", path], { encoding: "utf8" }).split("\n");
const flagship = at("models/flagship.safetensors");

/** Lines of what is printed of a model that says this of its training. */
function linesOf(training) {
  const path = join(scratch(), "cells.safetensors");
  writeFileSync(path, cellModel({ training }));
  return inspect(path);
}

test("a shipped model's layers, training and figures fit on a screen", () => {
  const lines = inspect(flagship);
  assert.ok(lines.length < 60, String(lines.length));
  for (const line of lines) assert.ok(line.length < 200, line);
  const { model } = native("inspect", flagship);
  const { images, accuracy } = model.metrics.crossValidation;
  const row = lines.find((line) => line.includes("crossValidation "));
  assert.deepEqual(row.trim().split(/ +/).slice(1, 3), [String(images), accuracy.toFixed(4)]);
  assert.ok(lines.includes(`  recipe              ${model.training.recipe}`));
  const known = lines.find((line) => line.startsWith("known stains"));
  assert.deepEqual(known.match(/[0-9]\.[0-9]{2}/g).map(Number), [0.38, 0.95, 0.67, 1.53, 0.01, 0.37]);
});

test("what a file brings along cannot steer the terminal, nor fill it", () => {
  const lines = linesOf({
    recipe: "a\u001b[2J",
    code: "a\u009b2J",
    data: ["b", "c\nd"],
    notes: "e".repeat(1000),
    seed: 2 ** 63,
  });
  assert.deepEqual(lines.slice(lines.indexOf("trained") + 1, lines.indexOf("trained") + 3), [
    `  seed                ${2 ** 63}`,
    "",
  ]);
});

test("of a model without training or figures nothing is said of them", () => {
  for (const training of [{}, { notes: "e".repeat(1000) }]) {
    const text = linesOf(training).join("\n");
    assert.doesNotMatch(text, /trained|measured/);
    assert.match(text, /For research and education only\. Not for use in diagnostic procedures\./);
  }
});

test("of a locator it is said what it finds, and nothing that a classifier does", () => {
  const locator = at("models/locator.safetensors");
  const lines = inspect(locator);
  const { model } = native("inspect", locator);
  const { diameter, min_score } = model.detection;
  assert.ok(
    lines.includes(
      `finds           what has a probability of ${min_score} or more; its unit of size is ${diameter} px`,
    ),
  );
  assert.ok(lines.includes(`  recipe              ${model.training.facts.recipe}`));
  assert.doesNotMatch(lines.join("\n"), /temperature|unsure|rejected/);
});
