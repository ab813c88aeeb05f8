// What is told of the red cells of a field, on discs whose number is known, in thumbnails as the page has them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "./source.mjs";

const { measureRedCells } = await load("state/red-cells.ts");

const side = 96;
const [width, height] = [640, 480];
const scale = width / side;

/** `discs`: centres in pixels of the picture; each absorbs a quarter of the light, twice where two lie on each other. */
function field(discs, { diameter = 50, redCell = diameter, whiteCells = [], rim = false } = {}) {
  const fine = 3; // samples of a pixel's side
  const across = fine * side;
  const step = scale / fine; // pixels of the picture
  const top = (side * scale - height) / 2;
  const light = new Float32Array(across ** 2).fill(230);
  for (const [cx, cy] of discs)
    for (let y = Math.max(0, Math.floor((cy + top - diameter / 2) / step)); y < across; y++) {
      const down = (y + 0.5) * step - top - cy;
      if (down > diameter / 2) break;
      for (let x = 0; x < across; x++)
        if (Math.hypot((x + 0.5) * step - cx, down) < diameter / 2) light[y * across + x] *= 0.75;
    }
  const rgba = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const isOut = rim && Math.hypot(x - side / 2, y - side / 2) > height / 2 / scale;
      let mean = 0;
      for (let i = 0; i < fine ** 2; i++)
        mean += light[(fine * y + Math.floor(i / fine)) * across + fine * x + (i % fine)] / fine ** 2;
      rgba.fill(isOut ? 10 : mean, 4 * (y * side + x), 4 * (y * side + x) + 3);
    }
  return { rgba, side, width, height, redCell, whiteCells };
}

/** Discs in rows, so far from each other. */
function rows(distance, [x0, y0] = [distance / 2, distance / 2]) {
  const discs = [];
  for (let y = y0; y < height; y += distance) for (let x = x0; x < width; x += distance) discs.push([x, y]);
  return discs;
}

describe("red cells", () => {
  test("are as many as were drawn, to a seventh, whatever their size", () => {
    for (const [distance, diameter] of [
      [77, 50],
      [63, 50],
      [41, 25],
      [33, 25],
    ]) {
      const discs = rows(distance);
      const { area, count } = measureRedCells(field(discs, { diameter }));
      assert.equal(area, undefined);
      assert.ok(Math.abs(count / discs.length - 1) < 0.15, `${count}, not ${discs.length}`);
    }
  });

  test("are not sought under white cells, nor beyond the rim of an eyepiece", () => {
    const white = { x: 200, y: 120, width: 200, height: 200 };
    const isUnder = ([x, y]) => x > 190 && x < 410 && y > 110 && y < 330;
    const discs = rows(64).filter((disc) => !isUnder(disc));
    const covered = [...discs, [300, 220]]; // a white cell is as dark
    const { count } = measureRedCells(field(covered, { whiteCells: [white] }));
    assert.ok(Math.abs(count / discs.length - 1) < 0.15, `${count}, not ${discs.length}`);
    const seen = rows(64).filter(([x, y]) => Math.hypot(x - width / 2, y - height / 2) < height / 2 - 30);
    const inRound = measureRedCells(field(seen, { rim: true }));
    assert.ok(Math.abs(inRound.count / seen.length - 1) < 0.2, `${inRound.count}, not ${seen.length}`);
  });

  test("that lie on each other all over are said to be thick and not counted, hardly any to be thin", () => {
    const thick = [...rows(50), ...rows(50, [50, 50]), ...rows(50, [50, 25])];
    assert.deepEqual(measureRedCells(field(thick)), { area: "thick", count: undefined });
    assert.deepEqual(measureRedCells(field(rows(200))), { area: "thin", count: undefined });
    const piled = [...rows(72), ...rows(67, [60, 20])];
    assert.deepEqual(measureRedCells(field(piled)), { area: undefined, count: undefined });
  });

  test("are not told of a picture of one cell, nor where none can be made out", () => {
    assert.equal(measureRedCells(field(rows(200), { diameter: 160 })), undefined);
    assert.equal(measureRedCells(field(rows(64), { redCell: null })), undefined);
  });
});
