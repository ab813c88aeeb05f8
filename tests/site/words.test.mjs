// What the page says, in each of its languages.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { at } from "../support.mjs";
import { load } from "./source.mjs";

const languages = ["en", "de", "es", "zh"];

/** The lines of a language's files, each with its place. */
function linesOf(language) {
  const folder = at(`web/site/i18n/${language}`);
  return readdirSync(folder).flatMap((name) =>
    readFileSync(`${folder}/${name}`, "utf8")
      .split("\n")
      .map((line, index) => `${language}/${name}:${index + 1} ${line.trim()}`),
  );
}

describe("the page's words", () => {
  const percent = { en: /[\d}]%/, de: /[\d}]\\u00a0%/, es: /[\d}]\\u00a0%/, zh: /[\d}]%/ };
  const ellipsis = {
    en: /(?<=[^\s…])…(?!…)/g,
    de: /(?<= )…/g,
    es: /(?<=[^\s…])…(?!…)/g,
    zh: /(?<=[^\s…])……(?!…)/g,
  };

  for (const language of languages) {
    test(`write percentages and ellipses as ${language} does`, () => {
      const lines = linesOf(language);
      const numbers = lines.filter((line) => /[\d}](\s|\\u00a0)*%/.test(line));
      assert.ok(numbers.length > 0);
      for (const line of numbers) assert.match(line, percent[language]);
      const unfinished = lines.filter((line) => line.includes("…"));
      assert.ok(unfinished.length > 0);
      for (const line of unfinished) assert.doesNotMatch(line.replace(ellipsis[language], ""), /…/, line);
    });
  }

  test("name what the model said of a cell that a person corrected, also where it did not recognise it", async () => {
    const { summarise } = await load("i18n/summary.ts");
    const cell = {
      ...{ verdict: "classified", label: "neutrophil", confidence: 0.5, typicality: null, flags: [] },
      predictions: [{ label: "neutrophil", probability: 0.5 }],
    };
    const said = { label: "monocyte", corrected: true, confirmed: false };
    assert.equal(
      summarise({ ...said, cell }, []).detail,
      "Corrected by you. The model's answer: Neutrophil, 50.0%.",
    );
    const rejected = { ...cell, verdict: "rejected", label: null };
    assert.equal(
      summarise({ ...said, cell: rejected }, []).detail,
      "Corrected by you. The model's answer: Not recognised.",
    );
  });
});
