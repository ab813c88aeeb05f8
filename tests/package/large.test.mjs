// Pictures of more pixels than are decoded whole, in Node and natively: read reduced, alike, and it is said; and what none reads.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";
import { blankBmp } from "../bmp.mjs";
import { drawSmears, installPackage, programs, scratch } from "../support.mjs";

const { Classifier, LeukolensError } = await import(pathToFileURL(installPackage().entry));

/** Whether it can be read or not. */
function locateNatively(path) {
  const { stdout } = spawnSync(programs.leukolens, ["locate", "--json", path], { encoding: "utf8" });
  return JSON.parse(stdout)[0];
}

describe("large pictures in Node", () => {
  let classifier;
  before(async () => {
    classifier = await Classifier.load();
  });
  after(() => classifier.dispose());

  for (const format of ["jpg", "png"]) {
    test(`a ${format} of 8,224 pixels in width is read at half its size, as natively`, async () => {
      const [image] = drawSmears({ count: 1, size: "8224x320", format });
      const { cells, width, height, decoder, notes } = await classifier.locate(pathToFileURL(image));
      assert.deepEqual([width, height, decoder], [4112, 160, "engine"]);
      assert.deepEqual(notes, ["It has 8224 x 320 pixels and was read at 1/2 of its width and height."]);
      const there = locateNatively(image);
      assert.deepEqual(there.notes, notes);
      assert.deepEqual(
        cells.map(({ box }) => box),
        there.cells.map(({ box }) => box),
      );
      assert.ok(cells.length > 0);
      const picture = await classifier.open(pathToFileURL(image));
      assert.deepEqual((await picture.locate()).cells, cells);
      assert.equal((await picture.pixels()).rgba.length, 4 * 4112 * 160);
      picture.close();
    });
  }

  test("a BMP of 8,224 pixels in width is read at half its size", async () => {
    const { width, height, decoder, notes } = await classifier.locate(blankBmp(8224, 5));
    assert.deepEqual([width, height, decoder, notes.length], [4112, 3, "engine", 2]); // reduced, and without colours
  });

  test("a file of any length that begins as a picture is answered like natively", async () => {
    const [image] = drawSmears({ count: 1, size: "8224x64", format: "jpg" });
    const file = readFileSync(image);
    const path = join(scratch(), "part.jpg");
    for (const length of [1, 2, 3, 4, 11, 20, 30, 160, 200, 700, file.length >> 1, file.length - 2]) {
      const part = file.subarray(0, length);
      writeFileSync(path, part);
      const there = locateNatively(path);
      const here = await classifier.locate(part).catch((error) => {
        assert.ok(error instanceof LeukolensError);
        return { error: { code: error.code, message: error.message } };
      });
      assert.deepEqual(here.error, there.error, `${length} bytes`);
      assert.deepEqual(here.notes, there.notes, `${length} bytes`);
    }
  });

  test("more than 200 million pixels are refused with the limits and what to do", async () => {
    const [image] = drawSmears({ count: 1 });
    const file = readFileSync(image);
    for (const [width, height] of [
      [20_000, 10_001],
      [70_000, 8],
    ]) {
      const huge = Buffer.from(file);
      huge.writeUInt32BE(width, 16);
      huge.writeUInt32BE(height, 20);
      huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
      await assert.rejects(classifier.locate(huge), {
        code: "image_too_large",
        message: `The image has ${width} x ${height} pixels, but at most 65535 on a side and 200 million in all can be read; cut out a part, or save it smaller.`,
      });
    }
  });
});
