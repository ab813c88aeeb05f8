// What labelled cells of a new microscope bring, and by which road: `leukolens adapt`, `fit --from` (the head alone, the last
// convolution too, all layers) and training from nothing, each from the same cells and judged on cells kept back:
// ./dev shell node tests/research/learning-curves.mjs DATA [--model FILE] [--cells 100,200] [--folds N] [--threads N] [--out DIR],
// after `./dev build release leukolens_cli leukolens-train`. DATA is a microscope that the model has not seen. Near-duplicates stay
// in one fold. Of each fold's other cells the first 100, the first 200 and all are labelled, in a random order that all roads share;
// the fold is judged, so that over all folds each cell is judged once. Recipes and their settings are those that come with the
// trainer; from nothing, and once more from all layers of the model, an epoch has --samples images. DIR, by default
// build/learning-curves, keeps what is done: repeat the command to go on.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { at, programs } from "../support.mjs";
import { interval } from "./folds.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: "string", default: at("models/flagship.safetensors") },
    cells: { type: "string", default: "100,200" },
    folds: { type: "string", default: "5" },
    samples: { type: "string", default: "1500" },
    threads: { type: "string", default: "1" },
    out: { type: "string", default: at("build/learning-curves") },
  },
});
if (positionals.length !== 1) throw new Error("name one folder, zip or CSV of labelled cells");
mkdirSync(options.out, { recursive: true });

const fit = (list, out, ...how) => {
  const common = ["--data", list, "--threads", options.threads, "--overwrite", "--out", out];
  execFileSync(programs.train, ["fit", ...common, ...how], { stdio: "pipe" });
  return ["--model", out];
};
const goOn =
  (layers, ...more) =>
  (list, name) =>
    fit(list, `${name}.safetensors`, "--from", options.model, "--train", layers, ...more);
const samples = ["--set", `training.samples_per_epoch=${options.samples}`];
/** What each road makes of a list of labelled cells: how `leukolens evaluate` is to be called. */
const roads = {
  adapt(list, name) {
    const profile = `${name}.microscope.json`;
    const { status, stderr } = spawnSync(
      programs.leukolens,
      ["adapt", list, "--model", options.model, "--out", profile],
      { encoding: "utf8" },
    );
    if (status !== 0) console.log(`  no profile: ${stderr.trim()}`); // as where nothing is gained
    return ["--model", options.model, ...(status === 0 ? ["--profile", profile] : [])];
  },
  "`--train head`": goOn("head"),
  "`--train last`": goOn("last"),
  "`--train all`": goOn("all"),
  "the same, longer": goOn("all", ...samples), // as many images as from nothing
  "from nothing": (list, name) => fit(list, `${name}.safetensors`, "--recipe", "flagship", ...samples),
};

const lines = (path) => readFileSync(path, "utf8").trim().split("\n");
/** In a random order that is always the same. */
function shuffled(rows, seed) {
  let state = seed;
  const random = () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return state / 2 ** 32;
  };
  return rows
    .map((row) => [random(), row])
    .sort(([a], [b]) => a - b)
    .map(([, row]) => row);
}

const folds = join(options.out, "folds.csv");
if (!existsSync(folds))
  execFileSync(programs.train, ["data", "--data", positionals[0], "--folds", options.folds, "--out", folds], {
    stdio: "pipe",
  });
const [header, ...rows] = lines(folds);
const column = header.split(",").indexOf("fold");
const foldOf = (row) => Number(row.split(",")[column]);
const write = (name, chosen) => {
  const path = join(options.out, name);
  const without = (row) => row.split(",").toSpliced(column, 1).join(",");
  writeFileSync(path, `${[header, ...chosen].map(without).join("\n")}\n`);
  return path;
};

/** The metrics of a fold, from its file where they are known. */
function judged(name, kept, train) {
  const path = join(options.out, `${name}.json`);
  if (!existsSync(path)) {
    const args = train(join(options.out, name));
    const said = execFileSync(programs.leukolens, ["evaluate", kept, "--json", ...args], {
      encoding: "utf8",
    });
    writeFileSync(path, said);
    console.log(`${name}: accuracy ${JSON.parse(said).metrics.accuracy.toFixed(3)}`);
  }
  return JSON.parse(readFileSync(path, "utf8")).metrics;
}

const found = new Map(); // by road and number of cells, the metrics of each fold
const add = (road, cells, metrics) => {
  const key = `${road}|${cells}`;
  found.set(key, [...(found.get(key) ?? []), metrics]);
};
const counts = [...options.cells.split(",").map(Number), Number.POSITIVE_INFINITY];
for (let fold = 1; fold <= Number(options.folds); fold++) {
  const kept = write(
    `kept-${fold}.csv`,
    rows.filter((row) => foldOf(row) === fold),
  );
  const others = shuffled(
    rows.filter((row) => foldOf(row) !== fold),
    fold,
  );
  add(
    "as shipped",
    0,
    judged(`shipped-${fold}`, kept, () => ["--model", options.model]),
  );
  for (const count of counts) {
    const cells = count < others.length ? count : "all";
    const list = write(`labelled-${fold}-${cells}.csv`, others.slice(0, count));
    for (const [road, train] of Object.entries(roads)) {
      const name = `${road.replaceAll(/[^a-z]+/g, "")}-${fold}-${cells}`;
      add(
        road,
        cells,
        judged(name, kept, (path) => train(list, path)),
      );
    }
  }
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const row = (road, cells, metrics) => {
  const [right, all] = ["correct", "images"].map((key) => sum(metrics.map((one) => one[key])));
  const classes = metrics[0].classes
    .map(({ label }, index) => ({
      label,
      support: sum(metrics.map(({ classes }) => classes[index].support)),
      right: sum(metrics.map(({ confusion }) => confusion[index][index])),
    }))
    .filter(({ support }) => support >= 10); // a recall of fewer says nothing
  const [low, high] = interval(right, all);
  const byFold = metrics.map(({ accuracy }) => accuracy.toFixed(2));
  const recalls = classes.map(({ right, support }) => right / support);
  return [
    road,
    cells,
    `${(right / all).toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
    (sum(recalls) / recalls.length).toFixed(3),
    (sum(metrics.map(({ ece, images }) => ece * images)) / all).toFixed(3),
    byFold.join(" "),
    classes.map(({ label }, index) => `${label} ${recalls[index].toFixed(2)}`).join(", "),
  ];
};
const table = [
  ["road", "cells", "accuracy (95 %)", "macro recall", "ECE", "accuracy by fold", "recall"],
  Array(7).fill("---"),
  ...[...found].map(([key, metrics]) => row(...key.split("|"), metrics)),
];
console.log(table.map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
