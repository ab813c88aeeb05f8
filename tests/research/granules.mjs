// How right a model is on BCCD with and without its doubtful eosinophils, and how well it tells these from neutrophils:
// node tests/research/granules.mjs PREDICTIONS [--bccd DIR].
// PREDICTIONS is the CSV of `evaluate --csv`, or the JSON of `crossval --out-json`.
//
// Red granules make an eosinophil; trainer/recipes/flagship.soft-labels.sed names 42 of BCCD's 75 in which we, no haematologists, see none
// (models/flagship.md says how they were read). What is measured without them is of a set of our own choice.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { at } from "../support.mjs";
import { interval } from "./folds.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { bccd: { type: "string", default: at("../shared/data/bccd") } },
});
if (positionals.length !== 1)
  throw new Error("Name the predictions: a CSV of evaluate, or the JSON of crossval.");

const rows = (text) => {
  const [head, ...lines] = text.trim().split("\n");
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((value, i) => [names[i], value])));
};
const read = (path) => readFileSync(path, "utf8");

/** [{image, label, predicted, leaning}] of either file; leaning: how much rather an eosinophil than a neutrophil (log of odds). */
function predictions(path) {
  const leaning = ({ eosinophil, neutrophil }) => Math.log(eosinophil / neutrophil);
  if (!path.endsWith(".json"))
    return rows(read(path)).map(({ image, actual: label, predicted, ...probabilities }) => ({
      image,
      label,
      predicted,
      leaning: leaning(probabilities),
    }));
  const { labels, predictions } = JSON.parse(read(path));
  return predictions.map(({ source: image, label, probabilities }) => ({
    image,
    label,
    predicted: labels[probabilities.indexOf(Math.max(...probabilities))],
    leaning: leaning(Object.fromEntries(labels.map((name, i) => [name, probabilities[i]]))),
  }));
}

/** Area under the ROC curve: how often one of `ours` leans further than one of `others`. */
const auroc = (ours, others) =>
  ours.reduce(
    (sum, one) => sum + others.reduce((sum, other) => sum + (one > other) + (one === other) / 2, 0),
    0,
  ) /
  (ours.length * others.length);

const withoutGranules = new Set(read(at("trainer/recipes/flagship.soft-labels.sed")).match(/\b\d{5}\b/g));
const own = new Set(rows(read(join(options.bccd, "labels.csv"))).map(({ image }) => basename(image)));
const groups = new Map();
for (const { image, label, predicted, leaning } of predictions(positionals[0])) {
  const name = basename(image);
  if (!own.has(name) || label === "platelet") continue;
  const group =
    label === "eosinophil"
      ? `eosinophil, ${withoutGranules.has(name.match(/\d{5}/)[0]) ? "none seen" : "red granules"}`
      : label;
  groups.set(group, [...(groups.get(group) ?? []), { label, predicted, leaning }]);
}
const right = (answers) => answers.filter(({ label, predicted }) => label === predicted).length;
for (const [group, answers] of [...groups].sort()) {
  const counts = new Map();
  for (const { label, predicted } of answers)
    if (label !== predicted) counts.set(predicted, (counts.get(predicted) ?? 0) + 1);
  const others = [...counts].map(([predicted, count]) => `${count} ${predicted}`).join(", ");
  console.log(`${group.padEnd(26)} ${right(answers)} of ${answers.length}${others && `; ${others}`}`);
}
const seen = [...groups].filter(([group]) => !group.endsWith("none seen")).flatMap(([, answers]) => answers);
const [low, high] = interval(right(seen), seen.length);
console.log(
  `without those in which no granules were seen: ${(right(seen) / seen.length).toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), ${seen.length} cells`,
);
const leanings = (
  group, // of the cells that were found
) => (groups.get(group) ?? []).map(({ leaning }) => leaning).filter(Number.isFinite);
console.log(
  `AUROC of those against neutrophils: ${auroc(leanings("eosinophil, none seen"), leanings("neutrophil")).toFixed(3)}`,
);
console.log("For research and education only. Not for use in diagnostic procedures.");
