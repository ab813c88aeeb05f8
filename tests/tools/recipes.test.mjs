// The reference of a recipe's keys says what the reader reads.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { keysOfRecipes } from "../../trainer/recipes/keys.mjs";
import { at } from "../support.mjs";

const reference = keysOfRecipes();

test("trainer/recipes/KEYS.md is as `node trainer/recipes/keys.mjs` writes it", () => {
  assert.equal(readFileSync(at("trainer/recipes/KEYS.md"), "utf8"), reference);
});

test("each key that the reader asks for is in the reference, with its limits and its unit", () => {
  const reader = readFileSync(at("trainer/src/training/recipe.cpp"), "utf8");
  for (const [, key] of reader.matchAll(/table\.(?:number|integer|flag|channels|weights)\(\s*"(\w+)"/g))
    assert.ok(reference.includes(`| \`${key}\` |`), key);
  assert.ok(
    reference.includes("| `rotation` | a number from 0 to 180 | 0 | degrees, either way |"),
    "rotation",
  );
  assert.ok(!/undefined|NaN/.test(reference));
});
