// TIFF and BMP in the packed package, in Node: by a module of its own, which nothing touches before the first one.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { greyBmp } from "../bmp.mjs";
import { cellModel } from "../cell-model.mjs";
import {
  at,
  classifyNatively,
  drawFields,
  drawSmears,
  installPackage,
  largestDifference,
  scratch,
} from "../support.mjs";
import { writeStack, writeTiff } from "../tiff.mjs";

setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it, but hides it

const [image] = drawSmears({ count: 1 });
const png = readFileSync(image);
const { entry } = installPackage();
const { Classifier, LeukolensError } = await import(pathToFileURL(entry));

const failsWith = (code) => (error) =>
  error instanceof LeukolensError && error.code === code && error.message.endsWith(".");

describe("TIFF in Node", () => {
  let classifier;
  let tiff;
  before(async () => {
    classifier = await Classifier.load();
    tiff = writeTiff(await classifier.decode(png));
  });
  after(() => classifier.dispose());

  for (const options of [{}, { workers: 2 }]) {
    test(`a TIFF gives what the same picture gives as PNG, with ${JSON.stringify(options)}`, async () => {
      const classifier = await Classifier.load(options);
      const expected = await classifier.classify(png);
      for (const compression of ["none", "deflate"]) {
        const pixels = await classifier.decode(png);
        const result = await classifier.classify(writeTiff(pixels, { compression }));
        assert.equal(result.decoder, "tiff");
        assert.deepEqual([result.width, result.height], [expected.width, expected.height]);
        assert.deepEqual(result.predictions, expected.predictions);
        assert.ok(result.timings.decodeMs > 0);
      }
      classifier.dispose();
    });
  }

  test("decode gives the pixels of a file, whatever its format", async () => {
    const pixels = await classifier.decode(png);
    assert.equal(pixels.decoder, "engine");
    assert.equal(pixels.rgba.length, 4 * pixels.width * pixels.height);
    assert.ok(pixels.rgba.every((value, index) => index % 4 < 3 || value === 255));
    const read = await classifier.decode(tiff);
    assert.equal(read.decoder, "tiff");
    assert.deepEqual(read.rgba, pixels.rgba);
    assert.ok(read.rgba instanceof Uint8ClampedArray);
    assert.ok(read.timings.decodeMs > 0);
    const pooled = await Classifier.load({ workers: 1 });
    for (const file of [png, tiff]) assert.deepEqual((await pooled.decode(file)).rgba, pixels.rgba);
    pooled.dispose();
  });

  test("the answer says how a TIFF was read, here and on the command line", async () => {
    const { width, height, rgba } = await classifier.decode(png);
    const file = writeTiff({ width, height, rgba }, { compression: "none", bits: 12 });
    const expected = ["Its samples of 16 bits were read as 0 to 4095, by their histogram."];
    const read = await classifier.decode(file);
    assert.deepEqual(read.notes, expected);
    assert.deepEqual(read.rgba, (await classifier.decode(png)).rgba);
    assert.deepEqual((await classifier.classify(png)).notes, []);
    const path = join(scratch(), "twelve.tif");
    writeFileSync(path, file);
    assert.deepEqual(classifyNatively([path])[0].notes, expected);
  });

  test("what lacks colours or its end mark gives here what it gives natively", async () => {
    const bmp = greyBmp(await classifier.decode(png));
    const grey = await classifier.decode(bmp);
    const jpeg = readFileSync(drawSmears({ count: 1, format: "jpg" })[0]).subarray(0, -2);
    const noColours = "It has no colours, by which cells are found and told apart.";
    for (const [name, file, notes] of [
      ["grey.bmp", bmp, [noColours]],
      [
        "grey.tif",
        writeTiff(grey, { compression: "none", bits: 12 }),
        ["Its samples of 16 bits were read as 0 to 4095, by their histogram.", noColours],
      ],
      ["cut.jpg", jpeg, ["Its end mark is missing."]],
      ["cut.png", png.subarray(0, -7), ["Its end mark is missing."]],
    ]) {
      const path = join(scratch(), name);
      writeFileSync(path, file);
      const [native] = classifyNatively([path]);
      const here = await classifier.classify(file);
      assert.deepEqual([here.decoder, here.notes], [name.endsWith("tif") ? "tiff" : "engine", notes]);
      assert.deepEqual(native.notes, notes);
      assert.ok(largestDifference(here.predictions, native.predictions) < 1e-5);
    }
  });

  describe("a stack", () => {
    let pages;
    let stack;
    before(async () => {
      const files = drawSmears({ count: 1 })
        .slice(0, 3)
        .map((path) => readFileSync(path));
      pages = await Promise.all(files.map((file) => classifier.decode(file)));
      stack = writeStack(pages);
    });

    test("is read by its first page, or by the one that is named, whatever is asked", async () => {
      const first = await classifier.decode(stack);
      assert.deepEqual([first.page, first.pages, first.notes], [1, 3, ["Page 1 of 3 was read."]]);
      assert.deepEqual(first.rgba, pages[0].rgba);
      const options = { page: 3 };
      assert.deepEqual((await classifier.decode(stack, options)).rgba, pages[2].rgba);
      const expected = (await classifier.classify(writeTiff(pages[2]))).predictions;
      const answer = await classifier.classify(stack, options);
      assert.deepEqual([answer.page, answer.pages, answer.predictions], [3, 3, expected]);
      const map = await classifier.explain(stack, options);
      assert.deepEqual(map.values, (await classifier.explain(writeTiff(pages[2]))).values);
      const finder = await Classifier.load({ model: cellModel() });
      const { page, cells } = await finder.classifyField(stack, options);
      assert.deepEqual([page, cells], [3, (await finder.classifyField(writeTiff(pages[2]))).cells]);
      assert.equal((await finder.locate(stack, options)).page, 3);
      finder.dispose();
    });

    test("stays on the page with which it was opened, also where it has to be opened again", async () => {
      const opened = await classifier.open(stack, { page: 2 });
      assert.deepEqual([opened.page, opened.pages], [2, 3]);
      const others = await Promise.all(Array.from({ length: 5 }, () => classifier.open(png)));
      for (const other of others) await other.pixels();
      const { page, rgba } = await opened.pixels();
      assert.deepEqual([page, rgba], [2, pages[1].rgba]);
      for (const picture of [opened, ...others]) picture.close();
    });

    test("is classified page by page as a batch", async () => {
      const inputs = [stack, stack, stack, stack];
      const read = [];
      for await (const { page, error } of classifier.classifyAll(inputs, { page: (index) => index + 1 }))
        read.push(page ?? error.message);
      assert.deepEqual(read, [1, 2, 3, "The image has 3 pages: there is no page 4."]);
      for (const options of [{ page: () => 2 }, { page: 2 }])
        for await (const { page } of classifier.classifyAll([stack], options)) assert.equal(page, 2);
    });

    test("has no page beyond its last, and no other picture has a second", async () => {
      await assert.rejects(classifier.classify(stack, { page: 4 }), failsWith("invalid_argument"));
      for (const file of [png, tiff, greyBmp(pages[0])]) {
        await assert.rejects(classifier.open(file, { page: 2 }), {
          code: "invalid_argument",
          message: "The image has one page: there is no page 2.",
        });
        assert.deepEqual((await classifier.classify(file, { page: 1 })).pages, 1);
      }
      for (const page of [0, -1, 1.5, "2", Number.NaN, 10_001])
        await assert.rejects(classifier.classify(stack, { page }), failsWith("invalid_argument"));
    });

    test("is read alike on the command line", async () => {
      const path = join(scratch(), "stack.tif");
      writeFileSync(path, stack);
      for (const page of [1, 2, 3]) {
        const [native] = classifyNatively([path, "--page", String(page)]);
        const here = await classifier.classify(stack, { page });
        assert.deepEqual([native.page, native.pages, native.notes], [page, 3, here.notes]);
        assert.ok(largestDifference(here.predictions, native.predictions) < 1e-5);
      }
    });

    test("teaches by the page that is named", async () => {
      const finder = await Classifier.load({ model: cellModel() });
      const { labels } = finder.model;
      const learnt = (picture, page) =>
        finder.adapt(
          Array.from({ length: 8 }, (_, index) => ({ picture, page, label: labels[index % 2].id })),
          { name: "x" },
        );
      const outcome = (adapted) => adapted.then(JSON.stringify, ({ message }) => message);
      assert.equal(await outcome(learnt(stack, 3)), await outcome(learnt(writeTiff(pages[2]))));
      await assert.rejects(learnt(stack, 4), failsWith("invalid_argument"));
      finder.dispose();
    });
  });

  test("the native command line reads the same TIFF", async () => {
    const path = join(scratch(), "cell.tif");
    writeFileSync(path, tiff);
    const [native] = classifyNatively([path]);
    const here = await classifier.classify(pathToFileURL(path));
    assert.ok(largestDifference(here.predictions, native.predictions) < 1e-5);
  });

  test("a field as TIFF has the cells that it has as PNG", async () => {
    const field = readFileSync(drawFields(1)[0]);
    const finder = await Classifier.load({ model: cellModel() });
    const expected = await finder.classifyField(field);
    const result = await finder.classifyField(writeTiff(await finder.decode(field)));
    finder.dispose();
    assert.ok(expected.cells.length > 1);
    assert.deepEqual(result.cells, expected.cells);
  });

  test("what is damaged, not read or too large is refused with a typed error", async () => {
    const { rgba } = await classifier.decode(png);
    const huge = { width: 20_000, height: 20_000, rgba };
    for (let part = 1; part < 16; part++) {
      const cut = tiff.subarray(0, Math.floor((tiff.length * part) / 16));
      await assert.rejects(classifier.classify(cut), failsWith("corrupt_image"));
    }
    await assert.rejects(classifier.classify(writeTiff(huge)), failsWith("image_too_large"));
    const zstd = writeTiff(await classifier.decode(png), { compression: "zstd" });
    await assert.rejects(classifier.classify(zstd), failsWith("unsupported_format"));
    await assert.rejects(classifier.classify(zstd), /ZSTD.*save it as/);
  });

  test("a reader that cannot be fetched fails the TIFF alone, and is asked for again", async () => {
    const tiffUrl = pathToFileURL(join(scratch(), "leukolens-tiff.wasm"));
    const classifier = await Classifier.load({ tiffUrl });
    const items = [];
    for await (const item of classifier.classifyAll([png, tiff, png])) items.push(item.error?.code ?? "ok");
    assert.deepEqual(items, ["ok", "unreadable_file", "ok"]);
    writeFileSync(tiffUrl, readFileSync(at("dist/package/leukolens-tiff.wasm")));
    assert.equal((await classifier.classify(tiff)).decoder, "tiff");
    classifier.dispose();
  });

  test("the reader can be given as bytes, and what is none is refused", async () => {
    const tiffBinary = readFileSync(at("dist/package/leukolens-tiff.wasm"));
    const given = await Classifier.load({ tiffBinary });
    assert.equal((await given.classify(tiff)).decoder, "tiff");
    given.dispose();
    const wrong = await Classifier.load({ tiffBinary: new Uint8Array(8) });
    await assert.rejects(wrong.classify(tiff), failsWith("invalid_argument"));
    wrong.dispose();
    await assert.rejects(Classifier.load({ tiffBinary, tiffUrl: "data:," }), failsWith("invalid_argument"));
  });
});
