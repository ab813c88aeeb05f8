// What it changes that colour profiles are ignored: drawn cells as a camera would store them in Display P3 or Adobe RGB, read as sRGB.
// `node tests/research/profiles.mjs [COUNT]` after `./dev pack`, COUNT cells of each class.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { drawSmears, installPackage } from "../support.mjs";

const { Classifier } = await import(pathToFileURL(installPackage().entry));
globalThis.ImageData ??= class ImageData {};

const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const encoded = (value) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);

/** From linear sRGB, both at D65 (IEC 61966-2-1; SMPTE EG 432-1; Adobe RGB (1998), section 4). */
const spaces = {
  "Display P3": {
    matrix: [
      [0.8225, 0.1774, 0],
      [0.0332, 0.9669, 0],
      [0.0171, 0.0724, 0.9108],
    ],
    encode: encoded,
  },
  "Adobe RGB": {
    matrix: [
      [0.7152, 0.2848, 0],
      [0, 1, 0],
      [0, 0.0412, 0.9588],
    ],
    encode: (value) => value ** (256 / 563),
  },
};

function storedIn({ matrix, encode }, { rgba, width, height }) {
  const data = rgba.slice();
  for (let i = 0; i < data.length; i += 4) {
    const rgb = [0, 1, 2].map((channel) => linear(rgba[i + channel] / 255));
    for (const [channel, row] of matrix.entries())
      data[i + channel] = Math.round(255 * encode(row.reduce((sum, part, c) => sum + part * rgb[c], 0)));
  }
  return Object.setPrototypeOf({ data, width, height }, ImageData.prototype);
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const classifier = await Classifier.load();
const pictures = [];
for (const path of drawSmears({ count: Number(process.argv[2] ?? 25), format: "png" }))
  pictures.push(await classifier.decode(readFileSync(path)));
const asSrgb = [];
for (const { rgba, width, height } of pictures)
  asSrgb.push(
    await classifier.classify(Object.setPrototypeOf({ data: rgba, width, height }, ImageData.prototype)),
  );
const rows = {};
for (const [name, space] of Object.entries(spaces)) {
  const changes = [];
  for (const [index, picture] of pictures.entries()) {
    const before = asSrgb[index];
    const after = await classifier.classify(storedIn(space, picture));
    const [one, other] = [before, after].map(({ cells }) => cells[0]);
    changes.push({
      found: Boolean(one) === Boolean(other),
      answer: before.label === after.label,
      verdict: before.verdict === after.verdict,
      confidence: Math.abs(after.confidence - before.confidence),
      diameter: one && other ? other.diameter / one.diameter - 1 : 0,
    });
  }
  const share = (key) => `${changes.filter((change) => change[key]).length} of ${changes.length}`;
  rows[name] = {
    "cell found alike": share("found"),
    "same label": share("answer"),
    "same verdict": share("verdict"),
    "confidence moves by": mean(changes.map(({ confidence }) => confidence)).toFixed(3),
    "diameter, mean": `${(100 * mean(changes.map(({ diameter }) => diameter))).toFixed(2)} %`,
    "diameter, most": `${(100 * Math.max(...changes.map(({ diameter }) => Math.abs(diameter)))).toFixed(2)} %`,
  };
}
console.table(rows);
classifier.dispose();
