// Saved sessions, whatever is in them: what is read is as it was written, and what is damaged is refused or still makes sense.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { load } from "./source.mjs";

const { entryOf, read, write } = await load("persistence/session-format.ts");
const { keyOf, keyOfFrame } = await load("state/store.ts");

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // JSON has no -0
const positive = fc.double({ min: 1e-3, max: 1e4, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const label = fc.constantFrom("eosinophil", "neutrophil", "of my own");
const box = fc.record({ x: finite, y: finite, width: positive, height: positive });

const cell = fc.record({
  box,
  x: finite,
  y: finite,
  diameter: positive,
  outline: fc.array(fc.tuple(finite, finite), { maxLength: 32 }),
  score: share,
  verdict: fc.constantFrom("classified", "unsure", "rejected"),
  label: fc.option(label),
  confidence: share,
  typicality: fc.option(share),
  flags: fc.subarray(["large_lymphoid"]),
  predictions: fc.array(fc.record({ label, probability: share }), { maxLength: 8 }),
});

const outcome = fc.record({
  kind: fc.constant("found"),
  model: fc.string({ maxLength: 64 }),
  microscope: fc.option(
    fc.record({ name: fc.string({ maxLength: 64 }), id: fc.constantFrom("1f", "a0b1") }),
    {
      nil: undefined,
    },
  ),
  whole: fc.boolean(),
  width: fc.integer({ min: 1, max: 8192 }),
  height: fc.integer({ min: 1, max: 8192 }),
  decoder: fc.constantFrom("engine", "tiff", "browser", "none"),
  page: fc.integer({ min: 1, max: 10_000 }),
  pages: fc.integer({ min: 1, max: 10_000 }),
  notes: fc.array(fc.string({ maxLength: 100 }), { maxLength: 3 }),
  redCell: fc.option(positive),
  timings: fc.record({ decodeMs: share, locateMs: share, prepareMs: share, inferMs: share }),
  cells: fc.array(cell, { maxLength: 5 }),
  spriteSheet: fc.constant(undefined),
});

const failure = fc.record({
  kind: fc.constant("failed"),
  code: fc.constantFrom("corrupt_image", "worker_failed"),
  message: fc.string({ maxLength: 200 }),
});

const sheet = fc.record({
  sample: fc.record({
    id: fc.string({ maxLength: 100 }),
    note: fc.string({ maxLength: 200 }),
    date: fc.constantFrom("", "2026-11-30"),
    operator: fc.string({ maxLength: 12 }),
  }),
  target: fc.constantFrom(100, 200, 400),
  edges: fc.constantFrom("topLeft", "all", "none"),
  total: fc.option(positive, { nil: undefined }),
  includesErythroblasts: fc.boolean(),
  first: fc.constant(undefined),
});

/** Pictures with what a person said of some of their cells. */
const session = fc
  .record({
    pictures: fc.array(
      fc.record({
        name: fc.string({ maxLength: 50 }),
        note: fc.option(fc.string({ maxLength: 100 }), { nil: undefined }),
        page: fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: undefined }),
        drawn: fc.boolean(),
        outcome: fc.oneof(outcome, failure),
      }),
      { maxLength: 4 },
    ),
    said: fc.array(fc.option(label), { minLength: 1, maxLength: 6 }),
    framed: fc.array(cell, { maxLength: 2 }),
    sheet,
  })
  .map(({ pictures, said, framed, sheet }) => {
    const named = pictures.map((picture, index) => ({ id: `p${index}`, waiting: false, ...picture }));
    const corrections = new Map();
    for (const { id, outcome } of named)
      for (const [index, one] of (outcome.cells ?? []).entries())
        corrections.set(keyOf(id, outcome, one), said[index % said.length]);
    const first = named.find(({ outcome }) => outcome.kind === "found");
    const frames = first
      ? framed.map((cell) => [
          keyOfFrame(first.id, cell),
          { cell, model: "flagship", microscope: "1f", thumbnail: undefined },
        ])
      : [];
    const edits = { corrections, deleted: new Set() };
    return structuredClone({ pictures: named, edits, framed: new Map(frames), sheet }); // of ordinary objects
  });

const written = ({ pictures, edits, framed, sheet }) => write(pictures, edits, framed, sheet, "For research");

/** Every number is one, and every count of things is in bounds, whatever the file said. */
function assertSound({ pictures, sheet }) {
  for (const { outcome, corrections, framed } of pictures) {
    assert.ok(outcome?.redCell === undefined || outcome.redCell === null || outcome.redCell > 0);
    for (const index of corrections.keys()) assert.ok(Number.isInteger(index));
    const found = outcome?.kind === "found" ? outcome.cells : [];
    for (const { box, x, y, diameter, confidence, predictions } of [
      ...found,
      ...framed.map(({ cell }) => cell),
    ]) {
      for (const value of [box.x, box.y, x, y]) assert.ok(Number.isFinite(value));
      for (const value of [box.width, box.height, diameter]) assert.ok(value > 0);
      for (const value of [confidence, ...predictions.map(({ probability }) => probability)])
        assert.ok(value >= 0 && value <= 1);
    }
  }
  if (sheet) assert.ok([100, 200, 400].includes(sheet.target));
}

describe("a saved session", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(session, (given) => {
        const kept = read(written(given));
        assert.equal(kept.pictures.length, given.pictures.length);
        for (const [place, picture] of kept.pictures.entries()) {
          const { id, name, page, note, drawn, outcome } = given.pictures[place];
          assert.deepEqual(
            [picture.entry, picture.name, picture.page, picture.note, picture.drawn],
            [entryOf(place), name, page, note, drawn],
          );
          assert.deepEqual({ ...picture.outcome }, { ...outcome });
          for (const [index, one] of (outcome.cells ?? []).entries())
            assert.equal(
              picture.corrections.get(index),
              given.edits.corrections.get(keyOf(id, outcome, one)),
            );
        }
        const framed = kept.pictures.flatMap((picture) => picture.framed);
        const expected = Array.from(given.framed.values(), ({ thumbnail: _, ...one }) => one);
        assert.deepEqual(framed, expected);
        assert.deepEqual(kept.sheet, given.sheet);
      }),
    );
  });

  test("has what was said of cells that are not there now: of another model's, and on other pages of the file", () => {
    fc.assert(
      fc.property(session, fc.option(label), (given, said) => {
        const pictures = given.pictures.map((picture, index) => ({ ...picture, id: `now-${index}` }));
        const [{ id } = {}] = pictures;
        if (!id) return;
        const other = { cell: { ...given.pictures[0].outcome.cells?.[0] }, model: "other", microscope: "1f" };
        const frames = other.cell.box ? [[`${id}-3/+1,2,3,4`, other]] : [];
        const edits = {
          corrections: new Map([
            [`${id}/7.5,9`, said],
            [`${id}/whole`, said],
            [`${id}-3/7.5,9`, said],
            ["gone-1/1,1", said],
          ]),
          deleted: new Set([`${id}-3/8,8`]),
        };
        const first = {
          operator: "AB",
          kept: "",
          counts: new Map(),
          cells: new Map([[`${id}/7.5,9`, "ig"]]),
        };
        const sheet = { ...given.sheet, first };
        const text = write(pictures, edits, new Map(frames), sheet, "");
        const kept = read(text);
        const [{ corrections, aside }] = kept.pictures;
        const isWhole = pictures[0].outcome.whole && corrections.size > 0;
        assert.deepEqual(
          aside.corrections,
          new Map([["1:7.5,9", said], ...(isWhole ? [] : [["1:whole", said]]), ["3:7.5,9", said]]),
        );
        assert.deepEqual(aside.deleted, ["3:8,8"]);
        assert.deepEqual(
          aside.framed,
          frames.map(([, one]) => [3, one]),
        );
        assert.deepEqual(kept.sheet.first.cells, new Map([["0/1:7.5,9", "ig"]]));
        const others = kept.pictures.slice(1).map(({ aside }) => aside.corrections.size);
        assert.ok(others.every((size) => size === 0));
      }),
    );
  });

  test("of an earlier version, which knew neither red cells nor pages, is read without them", () => {
    const later = ["redCell", "page", "pages"];
    fc.assert(
      fc.property(session, (given) => {
        const older = JSON.parse(written(given), (key, value) => (later.includes(key) ? undefined : value));
        for (const { page, outcome } of read(JSON.stringify(older)).pictures) {
          assert.equal(page, undefined);
          if (outcome.kind === "found")
            assert.deepEqual([outcome.redCell, outcome.page, outcome.pages], [null, 1, 1]);
        }
      }),
    );
  });

  test("of a sample with no day for its date, such as one of a year of five figures, is read without it", () => {
    const sample = { id: "7", note: "", operator: "" };
    const rest = { target: 100, edges: "all", includesErythroblasts: true };
    const readDate = (date) => {
      const edits = { corrections: new Map(), deleted: new Set() };
      const text = write([], edits, new Map(), { sample: { ...sample, date }, ...rest }, "");
      return read(text).sheet.sample.date;
    };
    assert.equal(readDate("1970-01-01"), "1970-01-01");
    for (const date of ["20266-11-30", "2026-13-01", "yesterday"]) assert.equal(readDate(date), "");
  });

  test("with any value in any place is refused, or still makes sense", () => {
    fc.assert(
      fc.property(session, fc.nat(), fc.json({ maxDepth: 1 }), (given, place, value) => {
        const places = [];
        const copy = JSON.parse(written(given), function (key, one) {
          places.push([this, key]);
          return one;
        });
        const [holder, key] = places[place % places.length];
        holder[key] = JSON.parse(value);
        let kept;
        try {
          kept = read(JSON.stringify(copy));
        } catch (error) {
          assert.ok(error instanceof TypeError, String(error));
          return;
        }
        assertSound(kept);
      }),
      { numRuns: 1000 },
    );
  });

  test("of any other content is refused", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        assert.throws(
          () => read(text),
          (error) => error instanceof TypeError || error instanceof SyntaxError,
        );
      }),
    );
  });
});
