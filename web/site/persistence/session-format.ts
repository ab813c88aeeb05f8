// The text part of a saved session, written and read. Files are not trusted: every value is checked before it is used.
import { type Cell, errorCodes, type Flag } from "leukolens";
import { edgeRules, type Target, targets } from "../state/count.js";
import { longest, type Reading, type Sheet } from "../state/count-sheet.js";
import {
  type CellKey,
  type Correction,
  type Edits,
  type Failure,
  type Findings,
  type Framed,
  keyOf,
  type Picture,
  pictureOf,
} from "../state/store.js";
import type { UsedProfile } from "../state/used-profile.js";

/** A picture of a session; `entry` is its file's name in the archive. */
export interface Kept {
  readonly entry: string;
  readonly name: string;
  /** Undefined: the first. */
  readonly page: number | undefined;
  readonly note: string | undefined;
  readonly drawn: boolean;
  readonly outcome: Findings | Failure | undefined;
  /** Of cells, by their index; after the model's come those that a person framed. */
  readonly corrections: ReadonlyMap<number, Correction>;
  readonly framed: readonly Omit<Framed, "thumbnail">[];
  /** Cells of the model that a person took out, by their index. */
  readonly deleted: readonly number[];
}

export interface KeptSession {
  readonly pictures: readonly Kept[];
  /** A first count names its cells by the place of their picture and their index, as "3/17". Undefined in older sessions. */
  readonly sheet: Sheet | undefined;
}

const format = 1;

export function write(
  pictures: readonly Picture[],
  { corrections, deleted }: Edits,
  framed: ReadonlyMap<CellKey, Framed>,
  sheet: Sheet,
  note: string,
): string {
  const kept = pictures.map(({ id, name, page, note, drawn, outcome }, place) => {
    const picture = { entry: entryOf(place), name, page, note, drawn };
    if (outcome?.kind !== "found") return { ...picture, outcome, corrections: [] };
    const found = outcome.cells.map((cell) => keyOf(id, outcome, cell));
    const added = [...framed].filter(([key]) => pictureOf(key) === id);
    const own = [...found, ...added.map(([key]) => key)].flatMap((key, index) => {
      const label = corrections.get(key);
      return label === undefined ? [] : [[index, label]];
    });
    return {
      ...picture,
      outcome: { ...outcome, spriteSheet: undefined },
      corrections: own,
      framed: added.map(([, { cell, model, microscope }]) => ({ cell, model, microscope })),
      deleted: found.flatMap((key, index) => (deleted.has(key) ? [index] : [])),
    };
  });
  return JSON.stringify({ format, note, pictures: kept, sheet: writeSheet(sheet, pictures, framed) });
}

function writeSheet(
  sheet: Sheet,
  pictures: readonly Picture[],
  framed: ReadonlyMap<CellKey, Framed>,
): unknown {
  if (!sheet.first) return sheet;
  const places = new Map<CellKey, CellKey>();
  for (const [place, { id, outcome }] of pictures.entries()) {
    if (outcome?.kind !== "found") continue;
    const found = outcome.cells.map((cell) => keyOf(id, outcome, cell));
    const added = [...framed.keys()].filter((key) => pictureOf(key) === id);
    for (const [index, key] of [...found, ...added].entries()) places.set(key, `${place}/${index}`);
  }
  const { counts, cells, ...first } = sheet.first;
  const own = [...cells].flatMap(([key, label]) => (places.has(key) ? [[places.get(key), label]] : []));
  return { ...sheet, first: { ...first, counts: [...counts], cells: own } };
}

export function entryOf(place: number): string {
  return `pictures/${String(place + 1).padStart(6, "0")}`;
}

/** Throws where anything is not as `write` makes it. */
export function read(text: string): KeptSession {
  const session = record(JSON.parse(text));
  if (session.format !== format) throw new TypeError("another format");
  const sheet = session.sheet === undefined ? undefined : readSheet(session.sheet);
  return { pictures: list(session.pictures, readPicture, 100_000), sheet };
}

function readSheet(value: unknown): Sheet {
  const { sample, target, edges, total, includesErythroblasts, first } = record(value);
  const { id, note, date, operator } = record(sample);
  return {
    sample: {
      id: string(id, longest.id),
      note: string(note, longest.note),
      date: string(date, 10),
      operator: string(operator, longest.operator),
    },
    target: oneOf<Target>(target, targets),
    edges: oneOf(edges, edgeRules),
    total: total === undefined ? undefined : positive(total),
    includesErythroblasts: boolean(includesErythroblasts),
    first: first === undefined ? undefined : readReading(first),
  };
}

function readReading(value: unknown): Reading {
  const { operator, kept, counts, cells } = record(value);
  return {
    operator: string(operator, longest.operator),
    kept: string(kept, 30),
    counts: new Map(
      list(
        counts,
        (entry) => {
          const [label, count] = list(entry, (part) => part, 2);
          return [string(label, 100), integer(count)];
        },
        1000,
      ),
    ),
    cells: new Map(
      list(
        cells,
        (entry) => {
          const [place, label] = list(entry, (part) => part, 2);
          return [cellPlace(place), string(label, 100)];
        },
        1_000_000,
      ),
    ),
  };
}

function readPicture(value: unknown): Kept {
  const { entry, name, page, note, drawn, outcome, corrections, framed, deleted } = record(value);
  return {
    entry: string(entry, 40),
    name: string(name, 1000),
    page: page === undefined ? undefined : pageNumber(page),
    note: note === undefined ? undefined : string(note, 500),
    drawn: boolean(drawn),
    outcome: outcome === undefined ? undefined : readOutcome(outcome),
    corrections: new Map(list(corrections, readCorrection, 100_000)),
    // Older files have neither.
    framed: list(framed ?? [], readFramed, 100_000),
    deleted: list(deleted ?? [], integer, 100_000),
  };
}

function readFramed(value: unknown): Kept["framed"][number] {
  const { cell, model, microscope } = record(value);
  return {
    cell: readCell(cell),
    model: string(model, 200),
    // Earlier versions knew none here.
    microscope: microscope === undefined ? undefined : string(microscope, 64),
  };
}

function readCorrection(value: unknown): [number, Correction] {
  const [index, label] = list(value, (part) => part, 2);
  return [integer(index), label === null ? null : string(label, 100)];
}

function readOutcome(value: unknown): Findings | Failure {
  const outcome = record(value);
  if (outcome.kind === "failed")
    return {
      kind: "failed",
      code: oneOf(outcome.code, errorCodes),
      message: string(outcome.message, 2000),
    };
  const { decodeMs, locateMs, prepareMs, inferMs } = record(outcome.timings);
  return {
    kind: oneOf(outcome.kind, ["found"]),
    model: string(outcome.model, 200),
    // Earlier versions knew no profiles.
    microscope: outcome.microscope === undefined ? undefined : readMicroscope(outcome.microscope),
    whole: boolean(outcome.whole),
    width: positive(outcome.width),
    height: positive(outcome.height),
    decoder: oneOf(outcome.decoder, ["engine", "tiff", "browser", "none"]),
    // Earlier versions wrote neither these nor notes.
    page: pageNumber(outcome.page ?? 1),
    pages: pageNumber(outcome.pages ?? 1),
    notes: outcome.notes === undefined ? [] : list(outcome.notes, (note) => string(note, 500), 20),
    // Earlier versions wrote none.
    redCell: (outcome.redCell ?? null) === null ? null : positive(outcome.redCell),
    timings: {
      decodeMs: number(decodeMs),
      locateMs: number(locateMs),
      prepareMs: number(prepareMs),
      inferMs: number(inferMs),
    },
    cells: list(outcome.cells, readCell, 100_000),
    spriteSheet: undefined,
  };
}

function readMicroscope(value: unknown): UsedProfile {
  const { name, id } = record(value);
  return { name: string(name, 200), id: string(id, 64) };
}

function readCell(value: unknown): Cell {
  const cell = record(value);
  const box = record(cell.box);
  return {
    box: { x: number(box.x), y: number(box.y), width: positive(box.width), height: positive(box.height) },
    x: number(cell.x),
    y: number(cell.y),
    diameter: positive(cell.diameter),
    outline: list(cell.outline, readPoint, 64),
    score: number(cell.score),
    verdict: oneOf(cell.verdict, ["classified", "unsure", "rejected"]),
    label: cell.label === null ? null : string(cell.label, 100),
    confidence: share(cell.confidence),
    typicality: cell.typicality === null ? null : share(cell.typicality),
    // Earlier versions wrote none.
    flags: list(cell.flags ?? [], (flag) => oneOf<Flag>(flag, ["large_lymphoid"]), 10),
    predictions: list(cell.predictions, readPrediction, 1000),
  };
}

function readPoint(value: unknown): [number, number] {
  const [x, y] = list(value, number, 2);
  return [number(x), number(y)];
}

function readPrediction(value: unknown): Cell["predictions"][number] {
  const { label, probability } = record(value);
  return { label: string(label, 100), probability: share(probability) };
}

// The checks: each returns the value as what it is, or throws.

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError("not an object");
  return value as Readonly<Record<string, unknown>>;
}

function list<T>(value: unknown, part: (value: unknown) => T, most: number): T[] {
  if (!Array.isArray(value) || value.length > most) throw new TypeError("not a list");
  return value.map((entry) => part(entry));
}

function string(value: unknown, longest: number): string {
  if (typeof value !== "string" || value.length > longest) throw new TypeError("not a text");
  return value;
}

function boolean(value: unknown): boolean {
  if (typeof value !== "boolean") throw new TypeError("not true or false");
  return value;
}

function number(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new TypeError("not a number");
  return value;
}

function integer(value: unknown): number {
  if (!Number.isInteger(value)) throw new TypeError("not a whole number");
  return number(value);
}

function positive(value: unknown): number {
  if (number(value) <= 0) throw new TypeError("not above zero");
  return number(value);
}

function pageNumber(value: unknown): number {
  if (integer(value) < 1 || integer(value) > 10_000) throw new TypeError("not a page");
  return integer(value);
}

function share(value: unknown): number {
  if (number(value) < 0 || number(value) > 1) throw new TypeError("not a share");
  return number(value);
}

function cellPlace(value: unknown): CellKey {
  if (!/^\d+\/\d+$/.test(string(value, 20))) throw new TypeError("not the place of a cell");
  return value as CellKey;
}

function oneOf<T extends string | number>(value: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new TypeError("not a known word");
  return found;
}
