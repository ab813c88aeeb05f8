// What is measured of how a cell was photographed, on discs whose blur and light are known.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "./source.mjs";

const { measure, warningsOf } = await load("state/quality.ts");

const side = 96;
const share = 0.74;

/** A dark disc on glass, half as wide as the cell, its edge blurred by a Gaussian whose deviation is `sigma` pixels. */
function disc({ sigma, glass = 230, cell = 120 }) {
  const rgba = new Uint8ClampedArray(4 * side * side).fill(255);
  const middle = (side - 1) / 2;
  const radius = (side * share) / 4;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const distance = Math.hypot(x - middle, y - middle) - radius;
      const dark = 1 / (1 + Math.exp((1.702 * distance) / sigma)); // the Gaussian's integral, as a logistic curve
      rgba.fill(glass + dark * (cell - glass), 4 * (y * side + x), 4 * (y * side + x) + 3);
    }
  return { rgba, side, share };
}

describe("how a cell was photographed", () => {
  test("is as blurred as its edge is wide, in shares of the cell, whatever its contrast", () => {
    for (const sigma of [2, 3, 4])
      for (const cell of [40, 120, 180]) {
        const { blur } = measure(disc({ sigma, cell }));
        const expected = sigma / (side * share);
        assert.ok(Math.abs(blur / expected - 1) < 0.15, `${blur}, not ${expected}`);
      }
  });

  test("is warned of where it is blurred, and not where it is sharp", () => {
    assert.deepEqual(warningsOf(measure(disc({ sigma: 1 }))), []);
    assert.deepEqual(warningsOf(measure(disc({ sigma: 4 }))), ["blurred"]);
  });

  test("is overexposed where the cell is pure white, underexposed where even the glass is dark", () => {
    assert.deepEqual(warningsOf(measure(disc({ sigma: 1, glass: 255 }))), ["overexposed"]);
    assert.deepEqual(warningsOf(measure(disc({ sigma: 1, glass: 30, cell: 10 }))), ["underexposed"]);
    assert.deepEqual(warningsOf(measure(disc({ sigma: 1, glass: 90, cell: 40 }))), []);
  });

  test("of one colour all over, is neither blurred nor anything that is no number", () => {
    const even = { rgba: new Uint8ClampedArray(4 * side * side).fill(200), side, share };
    assert.deepEqual(measure(even), { blur: 0, burnt: 0, light: 200 });
  });
});
