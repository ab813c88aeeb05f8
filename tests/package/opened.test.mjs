// Opened pictures in Node: decoded once, located once, and never lost, whatever becomes of the engine that holds them.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { blankBmp } from "../bmp.mjs";
import { cellModel } from "../cell-model.mjs";
import { blankPng, drawAnswered, drawFields, installPackage, scratch } from "../support.mjs";
import { writeTiff } from "../tiff.mjs";
import { resize } from "./resize.mjs";

const { Classifier, LeukolensError } = await import(pathToFileURL(installPackage().entry));

const [field, other] = drawFields(2).map((path) => readFileSync(path));
const cells = drawAnswered().map(({ path }) => readFileSync(path));
const model = cellModel();

const failsWith = (code) => (error) =>
  error instanceof LeukolensError && error.code === code && error.message.endsWith(".");

/** A file that counts how often it is read, which is how often it is decoded. */
class CountedFile extends Blob {
  reads = 0;
  arrayBuffer() {
    this.reads++;
    return super.arrayBuffer();
  }
}

const counted = (bytes) => new CountedFile([bytes]);
const readsOf = (files) => files.map(({ reads }) => reads);
const withoutTimings = ({ timings: _, ...answer }) => answer;
const probabilityOf = ({ predictions }, id) => predictions.find(({ label }) => label === id).probability;

describe("an opened picture", () => {
  let classifier;
  before(async () => {
    classifier = await Classifier.load({ model });
  });
  after(() => classifier.dispose());

  test("classifies what somebody framed, and maps what speaks for its label", async () => {
    const picture = await classifier.open(field);
    const [found] = (await picture.locate()).cells;
    const around = { x: found.x - 20.2, y: found.y - 20.4, width: 40, height: 40.3 };
    const [cell, other] = await picture.classifyFramed([around, { x: -30, y: 5, width: 60, height: 50 }]);
    const [left, top] = [Math.round(around.x), Math.round(around.y)];
    assert.deepEqual(cell.box, { x: left, y: top, width: 40, height: 40 });
    assert.deepEqual([cell.x, cell.y, cell.score, cell.outline], [left + 20, top + 20, 1, []]);
    assert.equal(cell.predictions.length, classifier.model.labels.length);
    assert.deepEqual(other.box, { x: 0, y: 5, width: 30, height: 50 });
    const heatmap = await picture.explain(cell, { label: "monocyte" });
    assert.ok(Math.abs(heatmap.probability - probabilityOf(cell, "monocyte")) < 1e-6);
    const beside = picture.classifyFramed([{ x: 5000, y: 0, width: 10, height: 10 }]);
    await assert.rejects(beside, failsWith("invalid_argument"));
    picture.close();
  });

  test("gives what the short way gives, whatever it was opened from", async () => {
    const { rgba, width, height } = await classifier.decode(field);
    const file = join(scratch(), "field.png");
    writeFileSync(file, field);
    const image = asImageData({ data: rgba, width, height });
    for (const [input, decoder] of [
      [field, "engine"],
      [new Blob([field]), "engine"],
      [new Response(field), "engine"],
      [pathToFileURL(file), "engine"],
      [writeTiff({ rgba, width, height }), "tiff"],
      [image, "none"],
    ]) {
      const picture = await classifier.open(input);
      assert.deepEqual([picture.width, picture.height, picture.decoder], [width, height, decoder]);
      const about = { width, height, decoder, notes: [] };
      assert.deepEqual(withoutTimings(await picture.classify()), {
        ...withoutTimings(await classifier.classify(field)),
        ...about,
      });
      assert.deepEqual(withoutTimings(await picture.classifyField()), {
        ...withoutTimings(await classifier.classifyField(field)),
        ...about,
      });
      assert.deepEqual(withoutTimings(await picture.locate()), {
        ...withoutTimings(await classifier.locate(field)),
        ...about,
      });
      assert.deepEqual((await picture.pixels()).rgba, rgba);
      const { values, region } = await picture.explain();
      const short = await classifier.explain(field);
      assert.deepEqual([values, region], [short.values, short.region]);
      picture.close();
    }
  });

  test("is decoded once and located once, in whatever order it is asked", async () => {
    const file = counted(field);
    const picture = await classifier.open(file);
    const all = await picture.classifyField();
    const answers = [
      all,
      await picture.explain(all.cells[1]),
      await picture.classify(),
      await picture.locate(),
      await picture.explain(),
    ];
    await picture.thumbnails([all.cells[0].box], 32);
    assert.equal((await picture.pixels()).timings.decodeMs, all.timings.decodeMs);
    assert.equal(file.reads, 1);
    // What was done once took as long in every answer.
    for (const { timings } of answers) {
      assert.ok(timings.locateMs > 0);
      assert.deepEqual([timings.decodeMs, timings.locateMs], [all.timings.decodeMs, all.timings.locateMs]);
    }
    picture.close();
  });

  test("is located only when that is needed", async () => {
    const whole = await Classifier.load({ model: "article" });
    const picture = await whole.open(cells[0]);
    assert.equal((await picture.classify()).timings.locateMs, 0);
    assert.equal((await picture.explain()).timings.locateMs, 0);
    assert.ok((await picture.locate()).timings.locateMs > 0);
    whole.dispose();
  });

  test("explains exactly the cell that is shown, and no other", async () => {
    const picture = await classifier.open(field);
    const { cells } = await picture.classifyField();
    assert.ok(cells.length > 2);
    for (const cell of cells) {
      const map = await picture.explain(cell, { label: "monocyte" });
      assert.equal(map.probability, probabilityOf(cell, "monocyte"));
      assert.equal((await picture.explain(cell)).label, cell.predictions[0].label);
      const { x, y, width, height } = map.region;
      const [dx, dy] = [x + width / 2 - cell.x, y + height / 2 - cell.y];
      assert.ok(Math.hypot(dx, dy) < width / 8, "the map lies over the cell");
      const short = await classifier.explain(field, { cell, label: "monocyte" });
      assert.deepEqual(withoutTimings(short), withoutTimings(map));
    }
    const kept = JSON.parse(JSON.stringify(cells[1]));
    assert.deepEqual((await picture.explain(kept)).values, (await picture.explain(cells[1])).values);
    const elsewhere = { ...cells[1], x: cells[1].x + 1 };
    await assert.rejects(picture.explain(elsewhere), failsWith("invalid_argument"));
    const [foreign] = (await classifier.classifyField(other)).cells;
    await assert.rejects(picture.explain(foreign), failsWith("invalid_argument"));
    picture.close();
  });

  test("keeps what its input showed when it was opened", async () => {
    const bytes = new Uint8Array(cells[0]);
    const image = asImageData(await classifier.decode(cells[1]));
    const pictures = [await classifier.open(bytes), await classifier.open(image)];
    const expected = [await classifier.classify(cells[0]), await classifier.classify(cells[1])];
    bytes.fill(0);
    image.data.fill(0);
    await fill(classifier);
    for (const [i, picture] of pictures.entries()) {
      assert.deepEqual((await picture.classify()).predictions, expected[i].predictions);
      picture.close();
    }
  });

  test("that had to make room for four others is opened again, and the four are not", async () => {
    const files = Array.from({ length: 5 }, () => counted(field));
    const pictures = [];
    for (const file of files) pictures.push(await classifier.open(file));
    for (const picture of pictures.slice(1)) await picture.locate();
    assert.deepEqual(readsOf(files), [1, 1, 1, 1, 1]);
    const { cells } = await classifier.classifyField(field);
    assert.deepEqual((await pictures[0].classifyField()).cells, cells);
    assert.deepEqual(readsOf(files), [2, 1, 1, 1, 1]);
    await pictures[1].locate(); // was asked before the others, so it made room
    await pictures[4].locate();
    assert.deepEqual(readsOf(files), [2, 2, 1, 1, 1]);
    for (const picture of pictures) picture.close();
  });

  test("that is large leaves less room, and one that is larger than all the room is still held", async () => {
    const files = [blankBmp(4000, 3000), blankBmp(4000, 3000), blankBmp(6000, 5000)].map(counted);
    const [first, second, third] = await openAll(classifier, files);
    assert.deepEqual(readsOf(files), [1, 1, 1]);
    const use = (picture) => picture.thumbnails([{ x: 0, y: 0, width: 1, height: 1 }], 1);
    for (let i = 0; i < 2; i++) await use(third);
    assert.deepEqual(readsOf(files), [1, 1, 1]);
    await use(second);
    await use(first);
    assert.deepEqual(readsOf(files), [2, 2, 1]);
    await use(second); // two of them have 72 MB
    assert.deepEqual(readsOf(files), [2, 3, 1]);
    for (const picture of [first, second, third]) picture.close();
  });

  test("answers what was asked before it was closed, and nothing after", async () => {
    const picture = await classifier.open(field);
    const asked = [picture.classify(), picture.classifyField()];
    picture.close();
    picture[Symbol.dispose]();
    const late = [
      () => picture.classify(),
      () => picture.classifyField(),
      () => picture.locate(),
      () => picture.explain(),
      () => picture.thumbnails([{ x: 0, y: 0, width: 9, height: 9 }], 9),
      () => picture.pixels(),
    ];
    for (const ask of late) await assert.rejects(ask(), failsWith("disposed"));
    const [one, all] = await Promise.all(asked);
    assert.ok(one.predictions.length > 0 && all.cells.length > 0);
  });

  test("ends with its classifier", async () => {
    const own = await Classifier.load({ model });
    const picture = await own.open(field);
    own.dispose();
    await assert.rejects(picture.classify(), failsWith("disposed"));
    await assert.rejects(own.open(field), failsWith("disposed"));
    picture.close();
  });

  test("is not opened from what is no image, and its questions can be aborted", async () => {
    await assert.rejects(classifier.open(new Uint8Array()), failsWith("empty_input"));
    await assert.rejects(classifier.open(new TextEncoder().encode("text")), failsWith("unsupported_format"));
    await assert.rejects(classifier.open(42), failsWith("invalid_argument"));
    const signal = AbortSignal.abort();
    await assert.rejects(classifier.open(field, { signal }), failsWith("aborted"));
    const file = counted(field);
    const picture = await classifier.open(file);
    await assert.rejects(picture.classify({ signal }), failsWith("aborted"));
    const controller = new AbortController();
    const asked = [1, 2, 3].map(() => picture.classifyField({ signal: controller.signal }));
    controller.abort();
    for (const answer of asked) await assert.rejects(answer, failsWith("aborted"));
    assert.ok((await picture.classify()).label !== undefined);
    assert.equal(file.reads, 1);
    picture.close();
  });

  test("refuses what no call takes with a typed error", async () => {
    const picture = await classifier.open(field);
    for (const call of ["classify", "classifyField", "locate", "pixels"]) await picture[call](null);
    const [{ box }] = (await picture.locate()).cells;
    for (const cell of [{ label: "monocyte" }, box, 1]) {
      await assert.rejects(picture.explain(cell), failsWith("invalid_argument"));
      await assert.rejects(classifier.explain(field, { cell }), failsWith("invalid_argument"));
    }
    for (const regions of [null, undefined, box, [null]]) {
      await assert.rejects(picture.classifyFramed(regions), failsWith("invalid_argument"));
      await assert.rejects(picture.thumbnails(regions, 8), failsWith("invalid_argument"));
    }
    picture.close();
  });

  test("refuses a label that the model lacks, and a field where the model sees the whole image", async () => {
    const picture = await classifier.open(field);
    await assert.rejects(picture.explain(undefined, { label: "platypus" }), failsWith("invalid_argument"));
    picture.close();
    const whole = await Classifier.load({ model: "article" });
    const one = await whole.open(field);
    await assert.rejects(one.classifyField(), failsWith("invalid_argument"));
    const [cell] = (await one.locate()).cells;
    await assert.rejects(one.explain(cell), failsWith("invalid_argument"));
    assert.ok((await one.classify()).label);
    whole.dispose();
  });
});

describe("thumbnails", () => {
  let classifier;
  let picture;
  let pixels;
  before(async () => {
    classifier = await Classifier.load({ model });
    picture = await classifier.open(field);
    pixels = await picture.pixels();
  });
  after(() => classifier.dispose());

  test("are the picture's pixels through the engine's resampler, 16 in a row", async () => {
    const regions = Array.from({ length: 20 }, (_, i) => ({ x: 11 * i, y: 7 * i, width: 150, height: 150 }));
    for (const size of [1, 37, 96]) {
      const sheet = await picture.thumbnails(regions, size);
      assert.deepEqual([sheet.width, sheet.height], [16 * size, 2 * size]);
      for (const [i, region] of regions.entries()) {
        const place = { x: (i % 16) * size, y: Math.floor(i / 16) * size, width: size, height: size };
        assert.deepEqual(
          cut(sheet, place),
          resize(pixels, region, size, size).rgba,
          `${size} px, number ${i}`,
        );
      }
      const unused = cut(sheet, { x: 4 * size, y: size, width: 12 * size, height: size });
      assert.ok(unused.every((value) => value === 0));
    }
    const [region] = regions;
    assert.deepEqual((await picture.thumbnails([region], 150)).rgba, cut(pixels, region));
  });

  test("show the smallest square around a region, and nothing where that lies beyond the picture", async () => {
    const wide = { x: 100, y: 210, width: 200, height: 100 };
    const around = { x: 100, y: 160, width: 200, height: 200 };
    assert.deepEqual((await picture.thumbnails([wide], 50)).rgba, resize(pixels, around, 50, 50).rgba);
    const { width, height } = pixels; // 640 x 480
    const { rgba } = await picture.thumbnails([{ x: 0, y: 0, width, height }], 64);
    const inside = resize(pixels, { x: 0, y: 0, width, height }, 64, 48).rgba;
    assert.ok(rgba.subarray(0, 4 * 64 * 8).every((value) => value === 0));
    assert.deepEqual(rgba.slice(4 * 64 * 8, 4 * 64 * 56), inside);
    assert.ok(rgba.subarray(4 * 64 * 56).every((value) => value === 0));
    const beyond = await picture.thumbnails([{ x: -900, y: 10, width: 90, height: 90 }], 8);
    assert.ok(beyond.rgba.every((value) => value === 0));
  });

  test("are refused where nothing can be shown", async () => {
    const region = { x: 0, y: 0, width: 10, height: 10 };
    for (const size of [0, 1.5, 513, Number.NaN])
      await assert.rejects(picture.thumbnails([region], size), failsWith("invalid_argument"));
    const wrong = [{ width: 0 }, { height: -1 }, { x: Number.NaN }, { y: Infinity }, { width: 1e9 }];
    for (const part of wrong)
      await assert.rejects(picture.thumbnails([{ ...region, ...part }], 8), failsWith("invalid_argument"));
    await assert.rejects(picture.thumbnails([], 8), failsWith("invalid_argument"));
    const many = Array(200).fill(region);
    await assert.rejects(picture.thumbnails(many, 512), failsWith("invalid_argument"));
  });

  test("come with the items of a batch, from the same decode", async () => {
    const files = [field, other].map(counted);
    let seen = 0;
    for await (const item of classifier.classifyAll(files, { field: true, thumbnails: 96 })) {
      const opened = await classifier.open(new Blob([item.source]));
      const { width, height } = opened;
      const boxes = item.cells.map(({ box }) => enlarged(box, 1.35));
      const expected = await opened.thumbnails([{ x: 0, y: 0, width, height }, ...boxes], 96);
      assert.deepEqual(item.thumbnails, expected);
      assert.deepEqual(item.differential, (await opened.classifyField()).differential);
      opened.close();
      seen++;
    }
    assert.equal(seen, 2);
    assert.deepEqual(readsOf(files), [1, 1]);
    for await (const item of classifier.classifyAll([cells[0]], { thumbnails: 32 })) {
      assert.deepEqual([item.thumbnails.width, item.thumbnails.height], [32 * (1 + item.cells.length), 32]);
    }
    for await (const item of classifier.classifyAll([cells[0]])) assert.ok(!("thumbnails" in item));
    assert.throws(() => classifier.classifyAll([], { thumbnails: 0 }), failsWith("invalid_argument"));
  });

  test("get smaller where one sheet could not hold them, and the classification comes all the same", async () => {
    const many = asImageData(repeated(pixels, 7, 7));
    for await (const item of classifier.classifyAll([many], { field: true, thumbnails: 512 })) {
      assert.equal(item.error, undefined);
      const rows = Math.ceil((1 + item.cells.length) / 16);
      assert.ok(rows * 16 * 512 ** 2 > 40e6, `${item.cells.length} cells are too few to test this`);
      const { width, height } = item.thumbnails;
      const size = width / 16;
      assert.equal(height, rows * size);
      assert.ok(width * height <= 40e6 && rows * 16 * (size + 1) ** 2 > 40e6);
      const opened = await classifier.open(many);
      const boxes = item.cells.map(({ box }) => enlarged(box, 1.35));
      const whole = { x: 0, y: 0, width: opened.width, height: opened.height };
      assert.deepEqual(item.thumbnails, await opened.thumbnails([whole, ...boxes], size));
    }
  });
});

describe("an engine that is lost", () => {
  test("by a trap: its call fails, and the pictures that it held are opened again", async () => {
    const classifier = await Classifier.load({ model });
    const files = [field, other].map(counted);
    const [first, second] = await openAll(classifier, files);
    const expected = await second.classifyField();
    await trapping(() => assert.rejects(first.classify(), failsWith("worker_failed")));
    assert.deepEqual(withoutTimings(await second.classifyField()), withoutTimings(expected));
    assert.deepEqual(readsOf(files), [1, 2]);
    assert.ok((await first.classify()).predictions.length > 0);
    assert.deepEqual(readsOf(files), [2, 2]);
    classifier.dispose();
  });

  test("because it grew: the pictures that it held are opened again, and the memory is given back", async () => {
    const classifier = await Classifier.load({ model });
    const file = counted(field);
    const picture = await classifier.open(file);
    await classifier.locate(blankBmp(8000, 5000));
    assert.ok((await picture.locate()).cells.length > 0);
    assert.equal(file.reads, 2);
    classifier.dispose();
  });

  test("because it had no room beside its pictures: an image that fits alone is opened", async () => {
    const classifier = await Classifier.load({ model });
    const files = Array.from({ length: 2 }, () => counted(blankPng(3000, 3000)));
    const pictures = await openAll(classifier, files);
    const { grow } = WebAssembly.Memory.prototype;
    WebAssembly.Memory.prototype.grow = function (pages) {
      if (this.buffer.byteLength + 65_536 * pages > 200e6) throw new RangeError("no more memory");
      return grow.call(this, pages);
    };
    try {
      assert.deepEqual((await classifier.locate(blankPng(5000, 5000))).cells, []);
      await assert.rejects(classifier.locate(blankPng(8000, 5000)), failsWith("out_of_memory"));
    } finally {
      WebAssembly.Memory.prototype.grow = grow;
    }
    for (const picture of pictures) assert.deepEqual((await picture.locate()).cells, []);
    assert.deepEqual(readsOf(files), [2, 2]);
    classifier.dispose();
  });
});

test("with several workers each picture stays with the worker that opened it", async () => {
  const classifier = await Classifier.load({ model, workers: 3 });
  const files = Array.from({ length: 6 }, (_, i) => counted(i % 2 ? other : field));
  const expected = [await classifier.classifyField(field), await classifier.classifyField(other)];
  const pictures = await Promise.all(files.map((file) => classifier.open(file)));
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(pictures.map((picture) => picture.classifyField()));
    for (const [i, { cells }] of answers.entries()) assert.deepEqual(cells, expected[i % 2].cells);
  }
  assert.deepEqual(readsOf(files), [1, 1, 1, 1, 1, 1]);
  for (const picture of pictures) picture.close();
  classifier.dispose();
});

async function openAll(classifier, files) {
  const pictures = [];
  for (const file of files) pictures.push(await classifier.open(file));
  return pictures;
}

/** Opens as many pictures as an engine holds. */
async function fill(classifier) {
  const pictures = await openAll(classifier, Array(4).fill(field));
  for (const picture of pictures) picture.close();
}

/** What a browser's ImageData is, as far as the package looks. */
function asImageData({ data, rgba = data, width, height }) {
  globalThis.ImageData ??= class {};
  return Object.setPrototypeOf({ data: rgba, width, height }, ImageData.prototype);
}

function cut({ rgba, width }, region) {
  const out = new Uint8ClampedArray(4 * region.width * region.height);
  for (let y = 0; y < region.height; y++) {
    const begin = 4 * ((region.y + y) * width + region.x);
    out.set(rgba.subarray(begin, begin + 4 * region.width), 4 * region.width * y);
  }
  return out;
}

/** The same picture, again and again beside and under itself. */
function repeated({ rgba, width, height }, across, down) {
  const all = new Uint8ClampedArray(rgba.length * across * down);
  for (let y = 0; y < height * down; y++) {
    const row = rgba.subarray(4 * width * (y % height), 4 * width * ((y % height) + 1));
    for (let x = 0; x < across; x++) all.set(row, 4 * width * (y * across + x));
  }
  return { rgba: all, width: width * across, height: height * down };
}

function enlarged({ x, y, width, height }, factor) {
  const half = (factor - 1) / 2; // in the engine's order: a rounding more, and a side lies on the next pixel
  return { x: x - half * width, y: y - half * height, width: factor * width, height: factor * height };
}

/** While `work` runs, the clock that the engine reads throws what a trap throws. */
async function trapping(work) {
  const { now } = performance;
  performance.now = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  try {
    return await work();
  } finally {
    performance.now = now;
  }
}
