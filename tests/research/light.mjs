// How light, camera, stain and cut change what a model finds and says of known cells, each judged by the network that has not seen it:
// node tests/research/light.mjs --folds DIR --crossval FILE --data LIST [--every N], after `./dev pack`. DIR and FILE are of crossval
// (--models, --out-json), LIST is a CSV of image,label; N takes every Nth image.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { Classifier } from "../../dist/package/index.js";
import { foldModels } from "./folds.mjs";

// Node has none; the package takes pixels as a browser gives them.
globalThis.ImageData ??= class {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};

const { values: options } = parseArgs({
  options: {
    folds: { type: "string" },
    crossval: { type: "string" },
    data: { type: "string" },
    every: { type: "string", default: "1" },
  },
});

const lamp =
  (...gains) =>
  ({ data }) => {
    for (let i = 0; i < data.length; i += 1) if (i % 4 < 3) data[i] *= gains[i % 4];
  };
const each =
  (change) =>
  ({ data }) => {
    for (let i = 0; i < data.length; i += 1) if (i % 4 < 3) data[i] = change(data[i]);
  };
const saturation =
  (times) =>
  ({ data }) => {
    for (let i = 0; i < data.length; i += 4) {
      const grey = (data[i] + data[i + 1] + data[i + 2]) / 3;
      for (let c = i; c < i + 3; c += 1) data[c] = grey + times * (data[c] - grey);
    }
  };
/**
 * Another stain: `change` gets the optical densities of red, green and blue, which it changes, and how violet the pixel is, from 0 in
 * red cells to 1 in nuclei.
 */
const stain =
  (change) =>
  ({ data }) => {
    const white = [0, 1, 2].map((c) => {
      const values = Uint8Array.from({ length: data.length / 64 }, (_, i) => data[64 * i + c]).sort();
      return values[Math.floor(values.length * 0.95)] + 1;
    });
    for (let i = 0; i < data.length; i += 4) {
      const density = white.map((light, c) => Math.max(0, Math.log(light / (data[i + c] + 1))));
      const [, green, blue] = density;
      change(density, Math.min(Math.max(((green - blue) / (green + 0.05) - 0.18) / 0.25, 0), 1));
      for (let c = 0; c < 3; c += 1) data[i + c] = white[c] * Math.exp(-density[c]) - 1;
    }
  };
const weaker = (part) => (density, violet) => {
  for (let c = 0; c < 3; c += 1) density[c] *= part(violet);
};
/** A square around the cell, so many times as wide as its box, as far as the picture reaches. */
const cropped =
  (times) =>
  ({ data, width, height }, box) => {
    const reach = (Math.max(box.width, box.height) * times) / 2;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const [left, top] = [x, y].map((middle) => Math.max(0, Math.round(middle - reach)));
    const across = Math.min(width, Math.round(x + reach)) - left;
    const down = Math.min(height, Math.round(y + reach)) - top;
    const part = new ImageData(new Uint8ClampedArray(4 * across * down), across, down);
    for (let row = 0; row < down; row += 1) {
      const from = 4 * (width * (top + row) + left);
      part.data.set(data.subarray(from, from + 4 * across), 4 * across * row);
    }
    return part;
  };
/** What is done to the pixels, RGBA, clamped as they are written, or the picture that takes their place. */
const changes = {
  none: () => {},
  "light at 60 %": lamp(0.6, 0.6, 0.6),
  "light at 45 %": lamp(0.45, 0.45, 0.45),
  "light at 35 %": lamp(0.35, 0.35, 0.35),
  "overexposed by 30 %": lamp(1.3, 1.3, 1.3),
  "yellow lamp": lamp(1, 0.85, 0.4),
  "orange lamp": lamp(1, 0.7, 0.3),
  "bluish camera": lamp(0.7, 0.85, 1),
  "greenish camera": lamp(0.75, 1, 0.8),
  "haze of 30 %": each((value) => 0.7 * value + 70),
  "haze of 50 %": each((value) => 0.5 * value + 110),
  "half the saturation": saturation(0.5),
  "saturation times 1.6": saturation(1.6),
  "gamma 0.6": each((value) => 255 * (value / 255) ** 0.6),
  "gamma 1.8": each((value) => 255 * (value / 255) ** 1.8),
  "contrast times 1.5": each((value) => 200 + 1.5 * (value - 200)),
  "red cells without eosin, yellow": stain((density, violet) => {
    density[1] *= 1 - 0.55 * (1 - violet);
    density[2] *= 1 + 0.7 * (1 - violet);
  }),
  "red cells grey-green": stain((density, violet) => {
    density[0] += 0.45 * density[1] * (1 - violet);
    density[1] *= 1 - 0.45 * (1 - violet);
    density[2] *= 1 - 0.2 * (1 - violet);
  }),
  "red cells faint": stain(weaker((violet) => 0.35 + 0.65 * violet)),
  "nuclei pale": stain(weaker((violet) => 1 - 0.4 * violet)),
  "all stain at half": stain(weaker(() => 0.5)),
  "cut to 1.6 times the cell": cropped(1.6),
  "cut to 1.3 times the cell": cropped(1.3),
  "cut to 1.1 times the cell": cropped(1.1),
};

const [, ...lines] = readFileSync(options.data, "utf8").trim().split("\n");
const images = lines
  .map((line) => line.split(","))
  .filter((_, i) => i % Number(options.every) === 0)
  .map(([image, label]) => ({ path: join(dirname(options.data), image), label: label.toLowerCase() }));
const modelOf = foldModels(options.folds, options.crossval);
const classifiers = new Map();
for (const { path } of images) {
  const file = modelOf(path);
  if (!classifiers.has(file)) classifiers.set(file, await Classifier.load({ model: readFileSync(file) }));
}

const counts = Object.fromEntries(
  Object.keys(changes).map((name) => [name, { found: 0, right: 0, rejected: 0 }]),
);
for (const { path, label } of images) {
  const classifier = classifiers.get(modelOf(path));
  const { width, height, rgba } = await classifier.decode(readFileSync(path));
  const whole = await classifier.classify(new ImageData(new Uint8ClampedArray(rgba), width, height));
  for (const [name, change] of Object.entries(changes)) {
    const pixels = new ImageData(new Uint8ClampedArray(rgba), width, height);
    const answer = await classifier.classify(change(pixels, whole.cells[0].box) ?? pixels);
    counts[name].found += answer.predictions.length > 0;
    counts[name].right += answer.predictions[0]?.label === label;
    counts[name].rejected += answer.verdict === "rejected";
  }
}
const share = (count) => (count / images.length).toFixed(3).padStart(9);
console.log(`${images.length} images                        found    right  rejected`);
for (const [name, { found, right, rejected }] of Object.entries(counts))
  console.log(`${name.padEnd(32)} ${share(found)}${share(right)} ${share(rejected)}`);
for (const classifier of classifiers.values()) classifier.dispose();
console.log("For research and education only. Not for use in diagnostic procedures.");
