// How well the page tells how many red cells a field shows and whether it is too thick or too thin: on drawn fields, whose red cells are
// counted, or on photographs, as they are and as they would look in several layers. After `./dev pack`:
// node tests/research/red-cells.mjs [--data LIST] [--every N] [--layers N] [--list]. LIST is a CSV with a column "image" and, where things
// are boxed, "kind", which is "RBC" for red cells and "Platelets", and the boxes' sides; then also by what the boxes hold alone, and how many
// of the platelets are named. --list prints each picture.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Classifier } from "../../dist/package/index.js";
import { load } from "../site/source.mjs";
import { programs, scratch } from "../support.mjs";

const { measureRedCells, redCellOf, whiteCellsOf } = await load("state/red-cells.ts");
const side = 96; // as the page's thumbnails
const ground = [0xe8, 0xe2, 0xea, 255];

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    every: { type: "string", default: "1" },
    layers: { type: "string", default: "3" },
    list: { type: "boolean", default: false },
  },
});

// Node has none; the package takes pixels as a browser gives them.
globalThis.ImageData ??= class {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};

/** Drawn fields by what is unusual of them, each with its number of red cells. */
function drawnFields() {
  const sets = {};
  for (const density of [0.05, 0.3, 1, 2])
    for (const scale of [0.27, 0.5, 1]) {
      const out = scratch();
      const size = ["--size", "640x480", "--scale", String(scale), "--red-cells", String(density)];
      execFileSync(programs.smear, ["--out", out, "--field", "--count", "12", "--seed", "3", ...size]);
      const [, ...lines] = readFileSync(join(out, "red-cells.csv"), "utf8").trim().split("\n");
      sets[`drawn, red cells x ${density}, ${50 * scale} px`] = lines.map((line) => {
        const [image, count] = line.split(",");
        return { path: join(out, image), count: Number(count) };
      });
    }
  return sets;
}

function listed(list) {
  const [head, ...lines] = readFileSync(list, "utf8").trim().split("\n");
  const columns = head.split(",");
  const place = (name) => columns.indexOf(name);
  const pictures = new Map();
  for (const line of lines) {
    const values = line.split(",");
    const path = resolve(dirname(list), values[place("image")]);
    const boxes = pictures.get(path) ?? [];
    pictures.set(path, boxes);
    const sides = ["xmin", "ymin", "xmax", "ymax"].map((name) => Number(values[place(name)]));
    if (place("kind") >= 0) boxes.push({ kind: values[place("kind")], sides });
  }
  return Array.from(pictures, ([path, boxes]) => {
    const count = boxes.filter(({ kind }) => kind === "RBC").length;
    return { path, boxes, count: count || undefined };
  });
}

const classifier = await Classifier.load();

function glassOf({ rgba, width, height }) {
  return [0, 1, 2].map((channel) => {
    const values = Uint8Array.from({ length: width * height }, (_, i) => rgba[4 * i + channel]).sort();
    return values[Math.floor(0.95 * values.length)];
  });
}

/** The picture as it would look in so many layers: itself, moved on, in what light comes through. */
function layered({ rgba, width, height }, layers) {
  const data = new Uint8ClampedArray(rgba);
  const glass = glassOf({ rgba, width, height });
  for (let layer = 1; layer < layers; layer++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const from =
          4 *
          (((y + Math.round((layer * height) / 3.3)) % height) * width +
            ((x + Math.round((layer * width) / 2.6)) % width));
        for (let c = 0; c < 3; c++) {
          const at = 4 * (y * width + x) + c;
          data[at] = (data[at] * Math.min(rgba[from + c], glass[c])) / glass[c];
        }
      }
  return new ImageData(data, width, height);
}

/** The picture with nothing but glass beside its boxes. */
function boxed({ rgba, width, height }, boxes) {
  const data = new Uint8ClampedArray(rgba);
  const glass = glassOf({ rgba, width, height });
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (!boxes.some(({ sides: [x0, y0, x1, y1] }) => x >= x0 && x < x1 && y >= y0 && y < y1))
        data.set(glass, 4 * (y * width + x));
  return new ImageData(data, width, height);
}

/** `known`: what was found in the whole picture, where this is a part of it. */
async function look(pixels, known) {
  const opened = await classifier.open(pixels);
  const { cells, redCell } = known ?? (await opened.classifyField());
  const { width, height } = opened;
  const { rgba } = await opened.thumbnails([{ x: 0, y: 0, width, height }], side);
  opened.close();
  for (let i = 0; i < rgba.length; i += 4) if (rgba[i + 3] === 0) rgba.set(ground, i); // beyond the picture, as on the page
  const measured = measureRedCells({
    ...{ width, height, rgba, side },
    redCell: redCellOf({ redCell, cells }),
    whiteCells: whiteCellsOf(cells).map(({ box }) => box),
  });
  return { cells, redCell, measured };
}

const quantile = (values, share) => values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))];
const spread = (values) =>
  values.length > 0
    ? [0.05, 0.25, 0.5, 0.75, 0.95].map((share) => quantile(values, share).toFixed(2)).join(" ")
    : "-";

function plateletsOf(all) {
  const boxed = all.flatMap(({ boxes, cells }) => {
    const named = cells.filter(({ label }) => label === "platelet");
    return boxes
      .filter(({ kind }) => kind === "Platelets")
      .map(({ sides: [x0, y0, x1, y1] }) => named.some(({ x, y }) => x >= x0 && x < x1 && y >= y0 && y < y1));
  });
  return boxed.length > 0 ? `${boxed.filter(Boolean).length} of ${boxed.length}` : "-";
}

const sets = options.data ? { [options.data]: listed(options.data) } : drawnFields();
const table = {};
for (const [name, pictures] of Object.entries(sets)) {
  const some = pictures.filter(({ path }, i) => i % Number(options.every) === 0 && existsSync(path));
  const seen = {};
  for (const { path, boxes = [], count } of some) {
    const pixels = await classifier.decode(readFileSync(path));
    const before = await look(layered(pixels, 1));
    const put = (how, after) => {
      const changed = before.cells.map((old) => {
        const found = after.cells.find(
          (cell) => Math.hypot(cell.x - old.x, cell.y - old.y) < old.diameter / 3,
        );
        return !found || found.label !== old.label || found.verdict !== old.verdict;
      });
      seen[how] ??= [];
      seen[how].push({ ...after, boxes, count, changed });
      const { area = "", count: told } = after.measured ?? {};
      if (options.list) console.log(path, how, area, told?.toFixed(0) ?? "not counted", count ?? "");
    };
    put("as it is", before);
    if (boxes.length > 0 && count) put("what is boxed", await look(boxed(pixels, boxes), before));
    for (let layers = 2; layers <= Number(options.layers); layers++)
      put(`${layers} layers`, await look(layered(pixels, layers)));
  }
  for (const [how, all] of Object.entries(seen)) {
    const counted = all.filter(({ measured }) => measured?.count !== undefined);
    const ratios = counted.flatMap(({ measured, count }) => (count ? [measured.count / count] : []));
    const share = (area) =>
      (all.filter(({ measured }) => measured?.area === area).length / all.length).toFixed(3);
    const changed = all.flatMap((one) => one.changed);
    table[`${name}, ${how}`] = {
      pictures: all.length,
      thick: share("thick"),
      thin: share("thin"),
      counted: counted.length,
      "of the truth": how.endsWith("layers") ? "-" : spread(ratios),
      "platelets named": how === "as it is" ? plateletsOf(all) : "-",
      "answers changed":
        changed.length > 0 ? (changed.filter(Boolean).length / changed.length).toFixed(2) : "-",
    };
  }
}
console.table(table);
classifier.dispose();
console.log("For research and education only. Not for use in diagnostic procedures.");
