// The differential count: what counts, in which order, against which ranges, when it is complete, and how far two counts agree
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "./source.mjs";

const count = await load("state/count.ts");
const agreement = await load("state/agreement.ts");
const { compareCounts } = await load("state/compare-counts.ts");

const labels = [
  ...["eosinophil", "lymphocyte", "monocyte", "neutrophil"],
  ...["basophil", "ig", "erythroblast", "platelet"],
].map((id) => ({ id }));

const of = (label, number, more) =>
  Array.from({ length: number }, () => ({ verdict: "classified", label, corrected: false, ...more }));

const close = (value, expected, tolerance = 1e-3) =>
  assert.ok(Math.abs(value - expected) <= tolerance, `${value} is not ${expected}`);

describe("a differential count", () => {
  test("lists neutrophils first, then as differentials are written, and keeps erythroblasts and platelets apart", () => {
    const counted = count.countCells(
      [...of("neutrophil", 3), ...of("erythroblast", 2), ...of("platelet", 5)],
      labels,
    );
    assert.deepEqual(
      counted.lines.map(({ label }) => label),
      ["neutrophil", "lymphocyte", "monocyte", "eosinophil", "basophil", "ig"],
    );
    assert.equal(counted.total, 3);
    assert.deepEqual(counted.apart, [
      { label: "erythroblast", count: 2 },
      { label: "platelet", count: 5 },
    ]);
  });

  test("counts bands among the neutrophils and shows them apart", () => {
    const cells = [...of("segmented", 50), ...of("neutrophil", 4), ...of("band", 6), ...of("lymphocyte", 40)];
    const [neutrophils] = count.countCells(cells).lines;
    assert.equal(neutrophils.label, "neutrophil");
    assert.equal(neutrophils.count, 60);
    assert.equal(neutrophils.percent, 60);
    assert.deepEqual(
      neutrophils.parts.map(({ label, count, percent }) => [label, count, percent]),
      [
        ["segmented", 50, 50],
        ["band", 6, 6],
      ],
    );
  });

  test("has reactive lymphocytes among the lymphocytes, blasts on a line of their own, and smudge cells apart", () => {
    const { total, lines, apart } = count.countCells(
      [...of("lymphocyte", 6), ...of("reactive_lymphocyte", 2), ...of("blast", 2), ...of("smudge_cell", 5)],
      labels,
    );
    assert.equal(total, 10);
    const lymphocytes = lines.find(({ label }) => label === "lymphocyte");
    assert.deepEqual([lymphocytes.count, lymphocytes.parts[0].count], [8, 2]);
    assert.deepEqual(lines.at(-1), { ...lines.at(-1), label: "blast", count: 2, percent: 20 });
    assert.deepEqual(apart.at(-1), { label: "smudge_cell", count: 5 });
  });

  test("calls nothing low or high under 100 cells, and then only where the whole interval lies outside the range", () => {
    const flags = (cells) =>
      Object.fromEntries(count.countCells(cells).lines.map(({ label, flag }) => [label, flag]));
    assert.equal(flags([...of("neutrophil", 98), ...of("lymphocyte", 1)]).neutrophil, undefined);
    const at100 = flags([...of("neutrophil", 98), ...of("lymphocyte", 2)]);
    assert.deepEqual(at100, { neutrophil: "high", lymphocyte: "low" });
    // 65 of 100 lies above 60, but its interval, 55 to 74, does not.
    assert.equal(flags([...of("neutrophil", 65), ...of("lymphocyte", 35)]).neutrophil, undefined);
  });

  test("flags a healthy person in no more than one count of ten, whom point estimates flag in eight of ten", () => {
    const upTo = [
      ["lymphocyte", 0.32],
      ["monocyte", 0.375],
      ["eosinophil", 0.4],
      ["basophil", 0.4075],
    ];
    const random = generator(6);
    let [flagged, byPoint] = [0, 0];
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      const cells = Array.from({ length: 100 }, () => {
        const place = random();
        const [label] = upTo.find(([, end]) => place < end) ?? ["neutrophil"];
        return { verdict: "classified", label, corrected: false };
      });
      const { lines } = count.countCells(cells, labels);
      if (lines.some(({ flag }) => flag)) flagged++;
      if (lines.some(({ percent, range }) => range && (percent < range[0] || percent > range[1]))) byPoint++;
    }
    console.log(
      `counts of 100 with a flag: ${(100 * flagged) / runs} %, by the point ${(100 * byPoint) / runs} %`,
    );
    assert.ok(flagged / runs < 0.1);
    assert.ok(byPoint / runs > 0.8);
  });

  test("gives erythroblasts per 100 leukocytes with an interval, and the total that they are taken out of", () => {
    const { erythroblasts } = count.countCells([...of("lymphocyte", 200), ...of("erythroblast", 50)]);
    assert.equal(erythroblasts.per100, 25);
    assert.ok(erythroblasts.interval[0] > 17 && erythroblasts.interval[0] < 19);
    assert.ok(erythroblasts.interval[1] > 33 && erythroblasts.interval[1] < 36);
    assert.equal(count.correctedTotal(12.5, 25), 10);
    assert.equal(count.correctedTotal(7, 0), 7);
    assert.equal(count.absolute(10, 60), 6);
    assert.equal(count.countCells(of("erythroblast", 3)).erythroblasts, undefined);
  });

  test("is complete at its target, and only once nothing is unidentified", () => {
    const cells = [...of("neutrophil", 99)];
    const unsure = { verdict: "unsure", label: "neutrophil", corrected: false };
    const unknown = { verdict: "rejected", label: null, corrected: false };
    const notWhite = { verdict: "rejected", label: null, corrected: true };
    const progress = (cells, target) => count.progressOf(count.countCells(cells), target);
    assert.equal(progress(cells, 100).complete, false);
    cells.push(...of("monocyte", 1));
    assert.equal(progress([...cells, notWhite], 100).complete, true);
    assert.deepEqual(progress([...cells, unsure, unknown], 100), {
      ...{ done: 100, target: 100, unidentified: 2, complete: false },
    });
    assert.equal(progress(cells, 200).complete, false);
  });
});

describe("cells that do not count", () => {
  const picture = { width: 640, height: 480 };
  const cell = (key, more) => ({
    ...{
      key,
      verdict: "classified",
      label: "neutrophil",
      corrected: false,
      reviewed: false,
      drawn: false,
      picture,
    },
    box: { x: 100, y: 100, width: 50, height: 50 },
    ...more,
  });
  const excluded = (cells, { edges = "topLeft", repeats = new Map() } = {}) =>
    Object.fromEntries(count.exclusions(cells, { edges, repeats }));

  test("are drawn ones", () => {
    assert.deepEqual(excluded([cell("a/1"), cell("b/1", { drawn: true })]), { "b/1": "drawn" });
  });

  test("are those cut by the right or the lower edge, or as the rule says", () => {
    const at = (key, x, y) => cell(key, { box: { x, y, width: 50, height: 50 } });
    const cells = [
      at("top", 9, 0),
      at("left", 0, 9),
      at("right", 590, 9),
      at("bottom", 9, 430),
      at("corner", 590, 0),
    ];
    assert.deepEqual(excluded(cells), { right: "edge", bottom: "edge", corner: "edge" });
    assert.deepEqual(excluded(cells, { edges: "all" }), {});
    assert.equal(Object.keys(excluded(cells, { edges: "none" })).length, 5);
    const close = cell("close", { box: { x: 0, y: 0, width: 640, height: 480 } });
    assert.deepEqual(excluded([close], { edges: "none" }), {});
  });

  test("are all but one of those that are the same: the reviewed one counts, else a whole one, else the first", () => {
    const repeats = new Map([
      ["b/1", "a/1"],
      ["c/1", "a/1"],
    ]);
    const cells = (more = {}) => ["a/1", "b/1", "c/1"].map((key) => cell(key, more[key]));
    assert.deepEqual(excluded(cells(), { repeats }), { "b/1": "repeated", "c/1": "repeated" });
    const reviewed = cells({ "c/1": { reviewed: true } });
    assert.deepEqual(excluded(reviewed, { repeats }), { "a/1": "repeated", "b/1": "repeated" });
    const cut = cells({ "a/1": { box: { x: 0, y: 9, width: 30, height: 50 } } });
    assert.deepEqual(excluded(cut, { repeats }), { "a/1": "repeated", "c/1": "repeated" });
    const out = cells({ "a/1": { box: { x: 620, y: 9, width: 20, height: 50 } } });
    assert.deepEqual(excluded(out, { repeats }), { "a/1": "edge", "c/1": "repeated" });
  });

  test("a cell whose first picture was removed counts where it was found again", () => {
    const repeats = new Map([
      ["b/1", "a/1"],
      ["c/1", "a/1"],
    ]);
    assert.deepEqual(excluded([cell("b/1"), cell("c/1")], { repeats }), { "c/1": "repeated" });
  });
});

describe("two counts", () => {
  test("have exact intervals, as in Rümke's table", () => {
    // Percent of 100, 200 and 500 cells, rounded outwards as the table prints them.
    const table = [
      [
        [0, 100],
        [0, 4],
      ],
      [
        [1, 100],
        [0, 6],
      ],
      [
        [5, 100],
        [1, 12],
      ],
      [
        [50, 100],
        [39, 61],
      ],
      [
        [0, 200],
        [0, 2],
      ],
      [
        [100, 200],
        [42, 58],
      ],
      [
        [250, 500],
        [45, 55],
      ],
    ];
    for (const [[found, total], [low, high]] of table) {
      const bounds = agreement.exactInterval(found, total).map((share) => 100 * share);
      assert.deepEqual(
        [Math.floor(bounds[0] + 1e-9), Math.ceil(bounds[1] - 1e-9)],
        [low, high],
        `${found} of ${total}`,
      );
    }
    assert.deepEqual(agreement.exactInterval(0, 0), [0, 1]);
  });

  test("differ by chance within limits that one count in twenty at most oversteps", () => {
    assert.deepEqual(agreement.secondCountLimits(0, 100, 100), [0, 5]);
    const [low, high] = agreement.secondCountLimits(50, 100, 100);
    assert.deepEqual([low, high], [36, 64]);
    const random = generator(11);
    const draw = (share, total) =>
      Array.from({ length: total }, random).filter((value) => value < share).length;
    let outside = 0;
    for (let run = 0; run < 2000; run++) {
      const [low, high] = agreement.secondCountLimits(draw(0.3, 200), 200, 200);
      const second = draw(0.3, 200);
      if (second < low || second > high) outside++;
    }
    console.log(`second counts of 200 outside the limits: ${outside / 20} %`);
    assert.ok(outside / 2000 < 0.05);
  });

  test("of the same cells have Cohen's kappa", () => {
    // J. Cohen's own example (1960): agreement .70 of which .41 by chance.
    const table = [
      [88, 14, 18],
      [10, 40, 10],
      [2, 6, 12],
    ];
    const pairs = table.flatMap((row, i) => row.flatMap((n, j) => Array(n).fill([`${i}`, `${j}`])));
    const { cells, agreement: share, kappa, interval } = agreement.cohensKappa(pairs);
    assert.equal(cells, 200);
    close(share, 0.7);
    close(kappa, 0.492);
    close(interval[0], (0.6331 - 0.41) / 0.59); // Wilson's of 140 in 200
    close(interval[1], (0.7593 - 0.41) / 0.59);
    const [low, high] = agreement.cohensKappa([
      ...Array(20).fill(["a", "a"]),
      ...Array(20).fill(["b", "b"]),
    ]).interval;
    close(low, 2 * 0.9124 - 1); // where all agree, the interval has a width
    close(high, 1);
    assert.equal(agreement.cohensKappa([["a", "a"]]).kappa, undefined);
    assert.equal(agreement.cohensKappa([]).kappa, undefined);
  });
});

describe("a second count", () => {
  const read = (counts, cells = []) => ({ counts: new Map(Object.entries(counts)), cells: new Map(cells) });
  const lineOf = ({ lines }, name) => lines.find(({ label }) => label === name);

  test("of other cells is added to the first one, erythroblasts apart", () => {
    const first = read({ neutrophil: 120, lymphocyte: 80, erythroblast: 4 }, [["a/1", "neutrophil"]]);
    const second = read({ neutrophil: 132, lymphocyte: 68 }, [["b/1", "neutrophil"]]);
    const compared = compareCounts(first, second, labels);
    assert.equal(compared.firstTotal, 200);
    assert.equal(compared.kappa, undefined);
    assert.equal(compared.joined.total, 400);
    const neutrophils = lineOf(compared, "neutrophil");
    assert.equal(neutrophils.together, 63);
    assert.equal(neutrophils.differs, false);
  });

  test("differs where it lies outside of what chance makes of the first", () => {
    const compared = compareCounts(
      read({ neutrophil: 50, lymphocyte: 50 }),
      read({ neutrophil: 70, lymphocyte: 30 }),
      labels,
    );
    const { limits, differs } = lineOf(compared, "neutrophil");
    assert.deepEqual(limits, [36, 64]);
    assert.ok(differs);
    assert.equal(lineOf(compared, "monocyte").differs, false);
  });

  test("of the same cells has a kappa, and is not added", () => {
    const cells = (labels) => labels.map((label, index) => [`a/${index}`, label]);
    const first = read(
      { neutrophil: 2, lymphocyte: 2 },
      cells(["neutrophil", "neutrophil", "lymphocyte", "lymphocyte"]),
    );
    const second = read(
      { neutrophil: 1, lymphocyte: 3 },
      cells(["neutrophil", "lymphocyte", "lymphocyte", "lymphocyte"]),
    );
    const { kappa, joined } = compareCounts(first, second, labels);
    assert.equal(joined, undefined);
    assert.equal(kappa.cells, 4);
    assert.equal(kappa.agreement, 0.75);
    close(kappa.kappa, 0.5);
  });

  test("of a picture of the first is not added to it, though another model found other cells or it was given anew", () => {
    const first = read({ neutrophil: 120 }, [["a/1,1", "neutrophil"]]);
    const again = read({ neutrophil: 120 }, [["a/2,1", "neutrophil"]]);
    const anew = read({ neutrophil: 120 }, [["b/1,1", "neutrophil"]]);
    const isInFirst = (picture) => picture === "b";
    for (const [second, expected] of [
      [compareCounts(first, again, labels), true],
      [compareCounts(first, anew, labels, isInFirst), true],
      [compareCounts(first, anew, labels), false],
    ]) {
      assert.equal(second.again, expected);
      assert.equal(second.joined === undefined, expected);
    }
  });

  test("says nothing where nothing was counted", () => {
    const { lines } = compareCounts(read({}), read({ neutrophil: 3 }), labels);
    assert.ok(lines.every(({ limits, differs }) => limits === undefined && !differs));
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
