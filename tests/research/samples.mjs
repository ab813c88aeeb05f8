// How well the model counts: draws the blood of 50 people, from none to very many leukocytes, each class from nothing to most of
// them, and compares the model's differential counts with what was drawn:
// ./dev shell node tests/research/samples.mjs [--model FILE] [--samples N] [--leukocytes N] [--out DIR], after
// `./dev build release leukolens-train leukolens_smear_tool`. DIR, by default build/samples, gets the report and its figures.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { at, programs, scratch } from "../support.mjs";

const { values: options } = parseArgs({
  options: {
    model: { type: "string", default: at("models/flagship.safetensors") },
    samples: { type: "string", default: "50" },
    leukocytes: { type: "string", default: "200" },
    out: { type: "string", default: at("build/samples") },
  },
});

// Percent of the leukocytes: what CLSI H20 and textbooks give for healthy people and for what changes the count.
const pictures = [
  { neutrophil: 60, lymphocyte: 29, monocyte: 7, eosinophil: 3, basophil: 1 }, // healthy
  { neutrophil: 80, lymphocyte: 10, monocyte: 5, eosinophil: 1, ig: 4 }, // bacterial infection, left shift
  { neutrophil: 25, lymphocyte: 65, monocyte: 8, eosinophil: 2 }, // viral infection, children
  { neutrophil: 45, lymphocyte: 22, monocyte: 5, eosinophil: 27, basophil: 1 }, // eosinophilia
  { neutrophil: 48, lymphocyte: 27, monocyte: 23, eosinophil: 2 }, // monocytosis
  { neutrophil: 50, lymphocyte: 8, monocyte: 3, eosinophil: 5, basophil: 9, ig: 25 }, // many immature granulocytes
  { neutrophil: 8, lymphocyte: 80, monocyte: 9, eosinophil: 3 }, // neutropenia
];
const smallField = "640x480"; // few cells
const largeField = "1280x960"; // leukocytosis
const fieldCells = { [smallField]: 8, [largeField]: 31 }; // on average

/** The sample's classes as a list to draw from by chance, each as often as its percentage. */
const drawnFrom = (picture) =>
  Object.entries(picture).flatMap(([label, percent]) => Array(percent).fill(label));

function draw(folder, number, count) {
  const name = `sample-${String(number + 1).padStart(2, "0")}`;
  const isEmpty = number === 0;
  const size = number % 3 === 2 ? largeField : smallField;
  // From a few cells, as of a patient without leukocytes, to `count` and more.
  const wanted = Math.ceil(count * Math.min(1.5, 0.1 + (1.4 * number) / 20));
  const fields = isEmpty ? 3 : Math.max(1, Math.round(wanted / fieldCells[size]));
  const cells = isEmpty ? ["platelet"] : drawnFrom(pictures[number % pictures.length]);
  execFileSync(programs.smear, [
    ...["--field", "--out", join(folder, name), "--seed", String(1000 + number)],
    ...["--size", size, "--count", String(fields), "--cells", cells.join(",")],
  ]);
  const [, ...rows] = readFileSync(join(folder, name, "boxes.csv"), "utf8")
    .trim()
    .split("\n");
  return rows.map((row) => `${name}/${row},${name}`);
}

const folder = scratch();
const rows = Array.from({ length: Number(options.samples) }, (_, number) =>
  draw(folder, number, Number(options.leukocytes)),
).flat();
const list = join(folder, "samples.csv");
writeFileSync(list, `image,label,xmin,ymin,xmax,ymax,sample\n${rows.join("\n")}\n`);
mkdirSync(options.out, { recursive: true });
const report = join(options.out, "samples.html");
const evaluate = ["evaluate", options.model, "--data", list, "--by", "sample", "--report", report];
execFileSync(programs.train, evaluate, { stdio: "inherit" });
console.log(`Wrote ${report} and samples.json beside it.`);
