// Cells that were photographed twice: the same picture, crops of one, fields that overlap; and pictures that only look alike
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "./source.mjs";

const repeats = await load("state/repeats.ts");
const { patchOf, sharedCells, withoutShading } = repeats;

/** All of the search at once. */
function offsetBetween(first, second) {
  const search = repeats.offsetBetween(first, second);
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

const slide = { width: 3000, height: 2000 };
const side = 96;

/** Discs on a light ground, thrown at random: red cells, and a few white ones with a patterned nucleus. */
function smear(seed, cells = 26) {
  const random = generator(seed);
  const discs = Array.from({ length: 900 }, () => ({
    x: random() * slide.width,
    y: random() * slide.height,
    radius: 32 + 8 * random(),
    value: 160 + 30 * random(),
  }));
  const white = Array.from({ length: cells }, () => {
    const [x, y] = [random() * slide.width, random() * slide.height];
    return { x, y, diameter: 120 + 20 * random(), turn: 6.3 * random(), lobes: 1 + Math.floor(4 * random()) };
  });
  const cellAt = (x, y) => white.find((cell) => Math.hypot(x - cell.x, y - cell.y) < cell.diameter / 2);
  const valueAt = (x, y) => {
    const cell = cellAt(x, y);
    if (cell) {
      const [dx, dy] = [(x - cell.x) / cell.diameter, (y - cell.y) / cell.diameter];
      const lobe = Math.cos(cell.lobes * (Math.atan2(dy, dx) + cell.turn));
      return Math.hypot(dx, dy) < 0.28 + 0.1 * lobe ? 70 : 150;
    }
    const disc = discs.find(({ x: cx, y: cy, radius }) => Math.hypot(x - cx, y - cy) < radius);
    return disc ? disc.value : 230;
  };
  return { white, valueAt };
}

/** What the page keeps of a picture that shows this part of a slide; `fallOff`: how much darker its corners are. */
function photograph({ white, valueAt }, id, { x, y, width, height, fallOff = 0.2, noise = 3 }) {
  const random = generator(x + 7 * y + 13);
  const light = (px, py) =>
    1 - fallOff * ((2 * px) / width - 1) ** 2 - (fallOff / 2) * ((2 * py) / height - 1) ** 2;
  const pixel = (px, py) =>
    px < 0 || py < 0 || px >= width || py >= height
      ? Number.NaN
      : valueAt(x + px, y + py) * light(px, py) + noise * (random() - 0.5);
  const square = (left, top, size, side) => ({
    side,
    values: Float32Array.from({ length: side * side }, (_, index) => {
      const at = (part) => ((part + 0.5) * size) / side;
      return pixel(left + at(index % side), top + at(Math.floor(index / side)));
    }),
  });
  const large = Math.max(width, height);
  const cells = white
    .map((cell) => ({ ...cell, x: cell.x - x, y: cell.y - y }))
    .filter((cell) => cell.x > 0 && cell.y > 0 && cell.x < width && cell.y < height)
    .map(({ x, y, diameter }, index) => {
      const size = 1.35 * diameter;
      // Boxes are never quite the same.
      const [left, top] = [x - size / 2 + 6 * (random() - 0.5), y - size / 2 + 6 * (random() - 0.5)];
      return { key: `${id}/${index}`, x, y, diameter, patch: patchOf(square(left, top, size, 16)) };
    });
  const small = withoutShading(square((width - large) / 2, (height - large) / 2, large, side));
  return { id, width, height, small, cells };
}

describe("cells that were photographed twice", () => {
  const slides = [1, 2, 3].map((seed) => smear(seed));
  const whole = { x: 300, y: 200, width: 1600, height: 1200 };

  test("are all those of a file that was given twice", () => {
    const first = photograph(slides[0], "a", whole);
    const again = photograph(slides[0], "b", whole);
    const shared = sharedCells(first.cells, again.cells, { dx: 0, dy: 0 });
    assert.ok(shared.length > 3);
    assert.deepEqual(
      shared,
      first.cells.map((_, index) => [`b/${index}`, `a/${index}`]),
    );
  });

  for (const [what, part] of [
    ["the next field, by a third", { x: 1300, y: 300, width: 1600, height: 1200 }],
    ["a crop", { x: 700, y: 400, width: 900, height: 900 }],
    ["the picture saved anew in another format", { ...whole, noise: 6 }],
  ])
    test(`are found in ${what}`, () => {
      let count = 0;
      for (const slide of slides) {
        const [first, second] = [photograph(slide, "a", whole), photograph(slide, "b", part)];
        const expected = second.cells.filter(({ x, y }) => {
          const [sx, sy] = [x + part.x - whole.x, y + part.y - whole.y];
          return sx > 0 && sy > 0 && sx < whole.width && sy < whole.height;
        });
        if (expected.length === 0) continue;
        const { dx, dy } = offsetBetween(first, second);
        assert.ok(Math.hypot(dx - (part.x - whole.x), dy - (part.y - whole.y)) < 10);
        const back = sharedCells(second.cells, first.cells, offsetBetween(second, first));
        assert.equal(sharedCells(first.cells, second.cells, { dx, dy }).length, expected.length);
        assert.equal(back.length, expected.length);
        count += expected.length;
      }
      assert.ok(count > 3, String(count));
    });

  test("are found in pictures of many cells with no more looks than in those of a few, and pauses between them", () => {
    const crowded = smear(4, 160);
    const part = { x: 900, y: 500, width: 1600, height: 1200 };
    const [first, second] = [photograph(crowded, "a", whole), photograph(crowded, "b", part)];
    assert.ok(first.cells.length * second.cells.length > 1500);
    const search = repeats.offsetBetween(first, second);
    let pauses = 0;
    let step = search.next();
    for (; !step.done; step = search.next()) pauses++;
    const { dx, dy } = step.value;
    assert.ok(Math.hypot(dx - (part.x - whole.x), dy - (part.y - whole.y)) < 10, `${dx} ${dy}`);
    assert.ok(pauses >= first.cells.length && pauses <= first.cells.length + 400, String(pauses));
  });

  test("are none of another field, of the same slide or another", () => {
    const elsewhere = [
      { x: 0, y: 0, width: 1400, height: 950 },
      { x: 1500, y: 0, width: 1400, height: 950 },
      { x: 0, y: 1000, width: 1400, height: 950 },
      { x: 1500, y: 1000, width: 1400, height: 950 },
    ];
    const fields = slides.flatMap((slide, i) =>
      elsewhere.map((part, j) => photograph(slide, `${i}${j}`, part)),
    );
    for (const [i, first] of fields.entries())
      for (const second of fields.slice(i + 1)) assert.equal(offsetBetween(first, second), undefined);
  });

  test("are none where nothing is known of a picture but its file", () => {
    const bare = (id) => ({ ...photograph(slides[0], id, whole), small: undefined });
    assert.equal(offsetBetween(bare("a"), bare("b")), undefined);
  });
});

/** Numbers in [0, 1), always the same for a seed. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
