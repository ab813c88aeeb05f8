// The text part of a saved session, written and read. Files are not trusted: every value is checked before it is used.
import { type Cell, errorCodes, type Flag } from "leukolens";
import { edgeRules, type Target, targets } from "../state/count.js";
import { isDay, longest, type Reading, type Sheet } from "../state/count-sheet.js";
import { legible } from "../state/legible.js";
import { placeOf } from "../state/page.js";
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
  readonly aside: Aside;
}

/**
 * What was said of cells that are not there now: another model found them, or they are on another page of the file. They are known by
 * their {@link Place}.
 */
export interface Aside {
  readonly corrections: ReadonlyMap<Place, Correction>;
  readonly deleted: readonly Place[];
  /** Each with its page. */
  readonly framed: readonly (readonly [page: number, Omit<Framed, "thumbnail">])[];
}

/** "page:what follows the picture's id in the cell's key". */
export type Place = `${number}:${string}`;

export interface KeptSession {
  readonly pictures: readonly Kept[];
  /**
   * A first count names its cells by the place of their picture and their index, as "3/17", or by the picture's and their own place, as
   * "3/1:120,88". Undefined in older sessions.
   */
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
  const said = byFile([...corrections.keys(), ...deleted, ...framed.keys()]);
  const kept = pictures.map((one, place) => {
    const { id, name, page, note, drawn, outcome } = one;
    const { found, added } = cellsOf(one, framed);
    const here = [...found, ...added];
    const aside = [...(said.get(placeOf(id).file) ?? [])].filter((key) => !here.includes(key));
    const withoutThumbnail = (key: CellKey) => {
      const { cell = undefined, model = "", microscope = undefined } = framed.get(key) ?? {};
      return { cell, model, microscope };
    };
    return {
      ...{ entry: entryOf(place), name, page, note, drawn },
      outcome: outcome?.kind === "found" ? { ...outcome, spriteSheet: undefined } : outcome,
      corrections: labelled(here.entries(), corrections),
      framed: added.map(withoutThumbnail),
      deleted: found.flatMap((key, index) => (deleted.has(key) ? [index] : [])),
      aside: {
        corrections: labelled(
          aside.map((key) => [placeIn(key), key]),
          corrections,
        ),
        deleted: aside.filter((key) => deleted.has(key)).map(placeIn),
        framed: aside
          .filter((key) => framed.has(key))
          .map((key) => [placeOf(pictureOf(key)).page, withoutThumbnail(key)]),
      },
    };
  });
  return JSON.stringify({ format, note, pictures: kept, sheet: writeSheet(sheet, pictures, framed) });
}

/** The cells that are there, by their keys: what the model found, and what a person framed. */
function cellsOf(
  { id, outcome }: Picture,
  framed: ReadonlyMap<CellKey, Framed>,
): { readonly found: readonly CellKey[]; readonly added: readonly CellKey[] } {
  if (outcome?.kind !== "found") return { found: [], added: [] };
  return {
    found: outcome.cells.map((cell) => keyOf(id, outcome, cell)),
    added: [...framed.keys()].filter((key) => pictureOf(key) === id),
  };
}

function byFile(keys: readonly CellKey[]): ReadonlyMap<string, ReadonlySet<CellKey>> {
  const files = new Map<string, Set<CellKey>>();
  for (const key of keys) {
    const { file } = placeOf(pictureOf(key));
    files.set(file, (files.get(file) ?? new Set()).add(key));
  }
  return files;
}

function placeIn(key: CellKey): Place {
  const picture = pictureOf(key);
  return `${placeOf(picture).page}:${key.slice(picture.length + 1)}`;
}

/** Of the cells that have a label, under the names that the file has for them. */
function labelled<Name, Label>(
  cells: Iterable<readonly [Name, CellKey]>,
  labels: ReadonlyMap<CellKey, Label>,
): (readonly [Name, Label])[] {
  return [...cells].flatMap(([name, key]) => {
    const label = labels.get(key);
    return label === undefined ? [] : [[name, label] as const];
  });
}

function writeSheet(
  sheet: Sheet,
  pictures: readonly Picture[],
  framed: ReadonlyMap<CellKey, Framed>,
): unknown {
  if (!sheet.first) return sheet;
  const { counts, cells, ...first } = sheet.first;
  const here = pictures.flatMap((picture, place) => {
    const { found, added } = cellsOf(picture, framed);
    return [...found, ...added].map((key, index) => [`${place}/${index}`, key] as const);
  });
  const known = new Set(here.map(([, key]) => key));
  const files = new Map(pictures.map(({ id }, place) => [placeOf(id).file, place]));
  const aside = [...cells.keys()].flatMap((key) => {
    const place = files.get(placeOf(pictureOf(key)).file);
    return place === undefined || known.has(key) ? [] : [[`${place}/${placeIn(key)}`, key] as const];
  });
  return {
    ...sheet,
    first: { ...first, counts: [...counts], cells: labelled(here, cells), aside: labelled(aside, cells) },
  };
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
      date: day(date),
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
  const { operator, kept, counts, cells, aside, files } = record(value);
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
    // Older files have neither these nor anything aside.
    files: list(files ?? [], (name) => string(name, 80), 100_000),
    cells: new Map([
      ...labels(cells, /^\d{1,6}\/\d{1,6}$/),
      ...labels(aside ?? [], /^\d{1,6}\/\d{1,5}:[^/]{1,100}$/),
    ]),
  };
}

/** Of cells, whose names in the file are of such a form. */
function labels(value: unknown, form: RegExp): [CellKey, string][] {
  const read = (entry: unknown): [CellKey, string] => {
    const [name, label] = list(entry, (part) => part, 2);
    return [formed<CellKey>(name, form), string(label, 100)];
  };
  return list(value, read, 1_000_000);
}

function readPicture(value: unknown): Kept {
  const { entry, name, page, note, drawn, outcome, corrections, framed, deleted, aside } = record(value);
  return {
    entry: string(entry, 40),
    name: string(name, 1000),
    page: page === undefined ? undefined : pageNumber(page),
    note: note === undefined ? undefined : string(note, 500),
    drawn: boolean(drawn),
    outcome: outcome === undefined ? undefined : readOutcome(outcome),
    corrections: new Map(list(corrections, readCorrection, 100_000)),
    // Older files have none of these.
    framed: list(framed ?? [], readFramed, 100_000),
    deleted: list(deleted ?? [], integer, 100_000),
    aside: readAside(record(aside ?? {})),
  };
}

function readAside({ corrections, deleted, framed }: Readonly<Record<string, unknown>>): Aside {
  const place = (value: unknown) => formed<Place>(value, /^\d{1,5}:[^/]{1,100}$/);
  return {
    corrections: new Map(
      list(
        corrections ?? [],
        (entry) => {
          const [name, label] = list(entry, (part) => part, 2);
          return [place(name), correction(label)];
        },
        100_000,
      ),
    ),
    deleted: list(deleted ?? [], place, 100_000),
    framed: list(
      framed ?? [],
      (entry) => {
        const [page, one] = list(entry, (part) => part, 2);
        return [pageNumber(page), readFramed(one)] as const;
      },
      100_000,
    ),
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
  return [integer(index), correction(label)];
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
  return legible(value);
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

/** What is no day, as earlier versions took it from a year of five figures, is left out. */
function day(value: unknown): string {
  const text = string(value, 20);
  return isDay(text) ? text : "";
}

function correction(value: unknown): Correction {
  return value === null ? null : string(value, 100);
}

function formed<T extends string>(value: unknown, form: RegExp): T {
  if (!form.test(string(value, 120))) throw new TypeError("not of that form");
  return value as T;
}

function oneOf<T extends string | number>(value: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new TypeError("not a known word");
  return found;
}
