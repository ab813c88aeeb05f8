// How often blur and exposure change the answer, and how often the page warns of them: on pictures as they are, and on the same blurred,
// brighter and darker. After `./dev pack`: node tests/research/quality.mjs [--data LIST] [--every N] [--plain] [--quantiles].
// LIST is a CSV with a column "image"; without it, drawn fields are taken. --plain leaves the pictures as they are. Every answer is
// compared with that of the picture as it is, cell by cell.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Classifier } from "../../dist/package/index.js";
import { load } from "../site/source.mjs";
import { drawFields } from "../support.mjs";

const { measure, warnings, warningsOf } = await load("state/quality.ts");

// Node has none; the package takes pixels as a browser gives them.
globalThis.ImageData ??= class {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    every: { type: "string", default: "1" },
    plain: { type: "boolean", default: false },
    quantiles: { type: "boolean", default: false },
  },
});

const side = 96;
const margin = 1.35; // as the page's thumbnails
const ground = [0xe8, 0xe2, 0xea, 255];

/** By a Gaussian whose deviation is a share of the cells' usual side. */
const blurred =
  (share) =>
  ({ data, width, height }, usual) => {
    const sigma = share * usual;
    const reach = Math.ceil(3 * sigma);
    const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
      Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
    );
    const sum = kernel.reduce((one, other) => one + other, 0);
    const pass = (from, step, length, at, lines) => {
      const to = new Float32Array(from.length);
      for (let line = 0; line < lines; line += 1)
        for (let i = 0; i < length; i += 1)
          for (let c = 0; c < 3; c += 1) {
            let value = 0;
            for (let k = -reach; k <= reach; k += 1)
              value +=
                kernel[k + reach] * from[at(line) + step * Math.min(length - 1, Math.max(0, i + k)) + c];
            to[at(line) + step * i + c] = value / sum;
          }
      return to;
    };
    const across = pass(data, 4, width, (row) => 4 * width * row, height);
    const both = pass(across, 4 * width, height, (column) => 4 * column, width);
    for (let i = 0; i < data.length; i += 1) if (i % 4 < 3) data[i] = both[i];
  };
const lamp =
  (gain) =>
  ({ data }) => {
    for (let i = 0; i < data.length; i += 1) if (i % 4 < 3) data[i] *= gain;
  };
const changes = {
  none: () => {},
  "blurred by 2 % of a cell": blurred(0.02),
  "blurred by 4 % of a cell": blurred(0.04),
  "blurred by 6 % of a cell": blurred(0.06),
  "blurred by 8 % of a cell": blurred(0.08),
  "overexposed by 30 %": lamp(1.3),
  "overexposed by 60 %": lamp(1.6),
  "overexposed by 100 %": lamp(2),
  "light at 45 %": lamp(0.45),
  "light at 35 %": lamp(0.35),
  "light at 20 %": lamp(0.2),
  "light at 10 %": lamp(0.1),
};

function pathsOf(list) {
  const [head, ...lines] = readFileSync(list, "utf8").trim().split("\n");
  const column = head.split(",").indexOf("image");
  return [...new Set(lines.map((line) => resolve(dirname(list), line.split(",")[column])))];
}

const paths = (options.data ? pathsOf(options.data) : drawFields(24)).filter(
  (_, i) => i % Number(options.every) === 0,
);
const classifier = await Classifier.load();

async function look(pixels) {
  const picture = await classifier.open(pixels);
  const { cells } = await picture.classifyField();
  const regions = cells.map(({ box }) => ({
    ...{ x: box.x - (box.width * (margin - 1)) / 2, y: box.y - (box.height * (margin - 1)) / 2 },
    ...{ width: box.width * margin, height: box.height * margin },
  }));
  const sheet = cells.length > 0 ? await picture.thumbnails(regions, side) : undefined;
  picture.close();
  return cells.map((cell, index) => {
    const rgba = new Uint8ClampedArray(4 * side * side);
    const [left, top] = [side * (index % 16), side * Math.floor(index / 16)];
    for (let row = 0; row < side; row += 1) {
      const from = 4 * ((top + row) * sheet.width + left);
      rgba.set(sheet.rgba.subarray(from, from + 4 * side), 4 * side * row);
    }
    for (let i = 0; i < rgba.length; i += 4) if (rgba[i + 3] === 0) rgba.set(ground, i); // beyond the picture, as on the page
    return { cell, quality: measure({ rgba, side, share: 1 / margin }) };
  });
}

const results = Object.fromEntries(Object.keys(changes).map((name) => [name, []]));
for (const path of paths) {
  const { width, height, rgba } = await classifier.decode(readFileSync(path));
  const before = await look(new ImageData(new Uint8ClampedArray(rgba), width, height));
  if (before.length === 0) continue;
  const sides = before.map(({ cell }) => Math.max(cell.box.width, cell.box.height)).sort((a, b) => a - b);
  for (const [name, change] of Object.entries(options.plain ? { none: changes.none } : changes)) {
    const pixels = new ImageData(new Uint8ClampedArray(rgba), width, height);
    change(pixels, sides[Math.floor(sides.length / 2)]);
    const after = await look(pixels);
    for (const { cell: old } of before) {
      const found = after.find(({ cell }) => Math.hypot(cell.x - old.x, cell.y - old.y) < old.diameter / 3);
      const changed = !found || found.cell.label !== old.label || found.cell.verdict !== old.verdict;
      const warned = found ? warningsOf(found.quality) : []; // where no cell is found, there is no answer to warn of
      results[name].push({ changed, lost: !found, quality: found?.quality, warned });
    }
  }
}

const share = (list, holds) => (list.filter(holds).length / list.length).toFixed(3).padStart(8);
console.log(`${results.none.length} cells of ${paths.length} pictures`);
console.log(`${"".padEnd(26)} changed    lost  ${warnings.join("  ")}  warned where changed`);
for (const [name, list] of Object.entries(results).filter(([, list]) => list.length > 0)) {
  const changed = list.filter((one) => one.changed && !one.lost);
  const each = warnings.map((warning) =>
    share(list, ({ warned }) => warned.includes(warning)).padStart(warning.length),
  );
  console.log(
    `${name.padEnd(26)}${share(list, (one) => one.changed)}${share(list, ({ lost }) => lost)}  ${each.join("  ")}  ` +
      (changed.length > 0 ? share(changed, ({ warned }) => warned.length > 0) : "       -"),
  );
  if (!options.quantiles) continue;
  for (const key of ["blur", "burnt", "light"]) {
    const sorted = list.flatMap(({ quality }) => quality?.[key] ?? []).sort((a, b) => a - b);
    const at = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99].map((q) =>
      sorted[Math.floor(q * (sorted.length - 1))].toFixed(3),
    );
    console.log(`    ${key.padEnd(6)} ${at.join(" ")}`);
  }
}
classifier.dispose();
console.log("For research and education only. Not for use in diagnostic procedures.");
