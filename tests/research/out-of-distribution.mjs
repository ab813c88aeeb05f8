// How many pictures without a white cell a model rejects, by kind: node tests/research/out-of-distribution.mjs [--model M] [--bccd DIR]
// [--photographs DIR] [--drawings DIR]. Text, shapes, blank and noise are made here, in Chromium; red cells alone are windows of
// the BCCD fields that touch no annotated white cell or platelet, platelets such windows around one; photographs and drawings are
// folders of pictures, e.g. those of Debian's packages mate-backgrounds and openclipart-png.
// --draw N, from 0 to 9: other text, shapes and noise, other drawings and photographs. 0 was looked at while the negatives of the
// trainer were written, so the others tell more.
// --jpeg Q, from 0 to 1: stored as JPEG of that quality, not as PNG.
// --folds DIR, of crossval --models, and --crossval FILE, its JSON: each window is judged by the network that did not see its field.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { at, defaultModel, native, scratch } from "../support.mjs";
import { foldModels, interval } from "./folds.mjs";

const { values: options } = parseArgs({
  options: {
    model: { type: "string", default: at(`models/${defaultModel}.safetensors`) },
    bccd: { type: "string", default: at("../shared/data/bccd") },
    photographs: { type: "string" },
    drawings: { type: "string" },
    folds: { type: "string" },
    crossval: { type: "string" },
    keep: { type: "string" },
    draw: { type: "string", default: "0" },
    jpeg: { type: "string" },
  },
});
const each = 100;
const drawn = Number(options.draw);
const encoding = options.jpeg ? { type: "image/jpeg", quality: Number(options.jpeg) } : { type: "image/png" };
const folder = options.keep ? resolve(options.keep) : scratch();

/** Runs in the page: paints number `i` of a kind on a canvas and returns its file. */
async function paint({ kind, i, drawn, encoding, picture, window: [x, y, width, height] }) {
  let state = (i + 1 + 1000 * drawn) * 2654435761;
  const random = () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return state / 2 ** 32;
  };
  const between = (low, high) => low + (high - low) * random();
  const colour = (low, high) => `hsl(${between(0, 360)} ${between(0, 100)}% ${between(low, high)}%)`;
  const canvas = new OffscreenCanvas(width, height);
  const draw = canvas.getContext("2d", { willReadFrequently: true });
  const cover = () => draw.fillRect(0, 0, width, height);
  draw.fillStyle = colour(kind === "text" ? 75 : 5, 98);
  cover();
  if (picture) {
    const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    if (kind === "red cells alone" || kind === "platelets") draw.drawImage(bitmap, -x, -y);
    else {
      draw.fillStyle = "white"; // under what is transparent
      cover();
      const scale =
        Math.max(width / bitmap.width, height / bitmap.height) * (kind === "drawings" ? 1 : between(1, 4));
      const across = bitmap.width * scale,
        down = bitmap.height * scale;
      draw.drawImage(bitmap, between(width - across, 0), between(height - down, 0), across, down);
    }
  } else if (kind === "text") {
    const letters = "abcdefghijklmnopqrstuvwxyz   ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 .,;:!?";
    const size = between(9, 48);
    draw.font = `${random() < 0.4 ? "bold" : ""} ${size}px ${["serif", "sans-serif", "monospace"][i % 3]}`;
    draw.fillStyle = colour(0, 45);
    for (let line = size; line < height; line += 1.3 * size)
      draw.fillText(
        Array.from({ length: 90 }, () => letters[Math.floor(between(0, letters.length))]).join(""),
        8,
        line,
      );
  } else if (kind === "shapes") {
    for (let n = between(3, 30); n > 0; n -= 1) {
      draw.fillStyle = colour(10, 90);
      draw.beginPath();
      const [cx, cy, r] = [between(0, width), between(0, height), between(5, 90)];
      if (n % 3 < 1) draw.ellipse(cx, cy, r, between(5, 90), between(0, 3), 0, 7);
      else if (n % 3 < 2) draw.rect(cx - r, cy - r, 2 * r, between(5, 150));
      else for (let k = 0; k < 5; k += 1) draw.lineTo(cx + between(-r, r), cy + between(-r, r));
      draw.fill();
    }
  } else if (kind === "noise") {
    const grain = new OffscreenCanvas(Math.ceil(width / 2 ** (i % 6)), Math.ceil(height / 2 ** (i % 6)));
    const context = grain.getContext("2d");
    const pixels = context.createImageData(grain.width, grain.height);
    const grey = i % 2 === 0;
    for (let p = 0; p < pixels.data.length; p += 4) {
      const value = between(0, 256);
      pixels.data.set([value, grey ? value : between(0, 256), grey ? value : between(0, 256), 255], p);
    }
    context.putImageData(pixels, 0, 0);
    draw.drawImage(grain, 0, 0, width, height); // smooth where it is enlarged
  }
  const blob = await canvas.convertToBlob(encoding);
  return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), (b) => String.fromCharCode(b)).join(""));
}

const pictures = (path) =>
  path
    ? readdirSync(path, { recursive: true })
        .filter((name) => /\.(png|jpe?g)$/i.test(name))
        .sort()
        .map((name) => join(path, name))
    : [];

/** Windows of 240 x 240 px in BCCD fields that touch no white cell, at most one of each field: without a platelet, or around one. */
function windows(withPlatelet) {
  const rows = readFileSync(join(options.bccd, "boxes.csv"), "utf8").trim().split("\n").slice(1);
  const fields = {};
  for (const [image, ...box] of rows.map((row) => row.split(","))) {
    fields[image] ??= [];
    fields[image].push(box);
  }
  const grid = [0, 200, 400].flatMap((x) => [0, 120, 240].map((y) => [x, y, 240, 240]));
  return Object.entries(fields).flatMap(([image, boxes]) => {
    const of = (...kinds) =>
      boxes.filter(([kind]) => kinds.includes(kind)).map((box) => box.slice(1).map(Number));
    const around = ([left, top, right, bottom]) => [
      Math.min(Math.max((left + right) / 2 - 120, 0), 400),
      Math.min(Math.max((top + bottom) / 2 - 120, 0), 240),
      240,
      240,
    ];
    const places = withPlatelet ? of("Platelets").map(around) : grid;
    const avoided = withPlatelet ? of("WBC") : of("WBC", "Platelets");
    const free = places.find(([x, y, w, h]) =>
      avoided.every(([left, top, right, bottom]) => left > x + w || right < x || top > y + h || bottom < y),
    );
    // A field of which no cell was tested has no fold: most networks learnt from its background.
    const isUnseen = !unseen || unseen(image);
    return of("WBC").length > 0 && free && isUnseen
      ? [{ file: join(options.bccd, image), window: free, image }]
      : [];
  });
}

const unseen = options.folds && foldModels(options.folds, options.crossval);

function kinds() {
  const made = (count = each) => Array.from({ length: count }, () => ({}));
  const from = (path) => {
    const files = pictures(path);
    return files.length === 0
      ? []
      : Array.from({ length: each }, (_, i) => ({
          file: files[Math.floor(((i + drawn / 10) * files.length) / each)],
        }));
  };
  return {
    blank: made(),
    noise: made(),
    text: made(),
    shapes: made(),
    drawings: from(options.drawings),
    photographs: from(options.photographs),
    "red cells alone": windows(false),
    platelets: windows(true),
  };
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
console.log("kind              images  rejected         95 %  of them no cell found  called platelet");
for (const [kind, items] of Object.entries(kinds())) {
  if (items.length === 0) continue;
  const place = join(folder, kind.replaceAll(" ", "-"));
  mkdirSync(place, { recursive: true });
  const files = new Map(); // by model
  for (const [i, { file, window = [0, 0, 320, 240] }] of items.entries()) {
    const picture = file && readFileSync(file).toString("base64");
    const path = join(place, `${i}.${options.jpeg ? "jpg" : "png"}`);
    writeFileSync(
      path,
      Buffer.from(await page.evaluate(paint, { kind, i, drawn, encoding, picture, window }), "base64"),
    );
    const model = unseen && items[i].image ? unseen(items[i].image) : options.model;
    files.set(model, [...(files.get(model) ?? []), path]);
  }
  const answers = [...files].flatMap(([model, paths]) => native("classify", "--model", model, ...paths));
  const rejected = answers.filter(({ verdict }) => verdict === "rejected");
  const empty = rejected.filter(({ cells }) => cells.length === 0);
  const platelets = answers.filter(({ label }) => label === "platelet");
  const [low, high] = interval(rejected.length, answers.length).map((share) => 100 * share);
  console.log(
    `${kind.padEnd(16)} ${String(answers.length).padStart(7)} ${((100 * rejected.length) / answers.length).toFixed(1).padStart(8)} %` +
      `  ${low.toFixed(1)} to ${high.toFixed(1)}  ${String(empty.length).padStart(8)}  ${String(platelets.length).padStart(8)}`,
  );
}
await browser.close();
console.log("For research and education only. Not for use in diagnostic procedures.");
