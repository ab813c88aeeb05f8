// All that the workbench knows, as plain values that are replaced and never changed. Components render from it, actions change it.
import type { Cell, Decoder, ErrorCode, Timings } from "leukolens";
import type { UsedProfile } from "./used-profile.js";

/** What the model said of a picture. A model that sees whole images gives one cell as large as the picture. */
export interface Findings {
  readonly kind: "found";
  readonly model: string;
  /** The profile of the microscope, if one was in force. */
  readonly microscope: UsedProfile | undefined;
  readonly whole: boolean;
  readonly width: number;
  readonly height: number;
  readonly decoder: Decoder;
  /** As in the package's `About`. */
  readonly page: number;
  readonly pages: number;
  /** How the file was read, in the engine's words. */
  readonly notes: readonly string[];
  /** Diameter of the red cells in pixels; null where none were made out, and in sessions of earlier versions. */
  readonly redCell: number | null;
  readonly timings: Timings;
  readonly cells: readonly Cell[];
  /** The picture and its cells, small, in one image (see images/sprite-sheet.ts); none where the browser could not encode them. */
  readonly spriteSheet: Blob | undefined;
}

export interface Failure {
  readonly kind: "failed";
  readonly code: ErrorCode;
  readonly message: string;
}

export interface Picture {
  readonly id: string;
  readonly name: string;
  readonly file: Blob;
  /** Which page of the file; undefined: the first. See page.ts. */
  readonly page?: number | undefined;
  /** What was done with the file before it was kept, as one of {@link Findings.notes}. */
  readonly note?: string | undefined;
  /** Ours, made by a program. */
  readonly drawn: boolean;
  /** To be classified, for the first time or anew. */
  readonly waiting: boolean;
  readonly outcome: Findings | Failure | undefined;
}

/** "picture's id/place of the cell in it", see keyOf. */
export type CellKey = `${string}/${string}`;

/** A label's id, or null: not a white cell. */
export type Correction = string | null;

/** What a person did: the part that can be undone. */
export interface Edits {
  /** What a person said of cells. One that agrees with the model confirms its answer. */
  readonly corrections: ReadonlyMap<CellKey, Correction>;
  readonly removed: ReadonlySet<string>;
  /** Cells that a person framed, and those that a person took out. */
  readonly framed: ReadonlySet<CellKey>;
  readonly deleted: ReadonlySet<CellKey>;
}

/** A cell that a person framed, as a model sees it. */
export interface Framed {
  readonly cell: Cell;
  readonly model: string;
  /** The checksum of the profile of the microscope, if one was in force. */
  readonly microscope: UsedProfile["id"] | undefined;
  /** The cell in small, alone. */
  readonly thumbnail: Blob | undefined;
}

/** What was said of the cells of saved pictures. */
export interface Said extends Pick<Edits, "corrections" | "deleted"> {
  readonly framed: ReadonlyMap<CellKey, Framed>;
}

/** A cell as it counts: as the model says or, if there is one, as the person says. */
export interface Checked {
  readonly key: CellKey;
  readonly picture: Picture;
  readonly index: number;
  readonly cell: Cell;
  /** By a person, not by the model. */
  readonly framed: boolean;
  /** Where it is seen in small: in which image of thumbnails, and in which place there. */
  readonly sheet: Blob | undefined;
  readonly tile: number;
  readonly verdict: Cell["verdict"];
  readonly label: string | null;
  /** A person said something else than the model. */
  readonly corrected: boolean;
  /** A person said the same as the model. */
  readonly confirmed: boolean;
}

export interface Selection {
  readonly picture: string;
  /** One of the picture's cells; undefined where it has none. */
  readonly cell: CellKey | undefined;
}

/** A step that an answer of the engine is going to make. */
interface Coming {
  before: Edits;
  undone: boolean;
}

const noEdits: Edits = {
  corrections: new Map(),
  removed: new Set(),
  framed: new Set(),
  deleted: new Set(),
};

class Store extends EventTarget {
  /** Those that were not removed, in the order in which they came. */
  pictures: readonly Picture[] = [];
  /** Of all pictures. */
  cells: readonly Checked[] = [];
  /** Of all cells. As the pictures, the same list for as long as there are no others. */
  keys: readonly CellKey[] = [];
  selection: Selection | undefined;
  /** Also the removed ones, for as long as they can come back. */
  #all: readonly Picture[] = [];
  #byKey: ReadonlyMap<CellKey, Checked> = new Map();
  /** Also of those that are not framed any more, for as long as they can be again. */
  #framed: ReadonlyMap<CellKey, Framed> = new Map();
  /** The history of actions; those after the current one were undone. */
  #steps: readonly Edits[] = [noEdits];
  #step = 0;
  #coming: readonly Coming[] = [];

  /** In force. */
  get edits(): Edits {
    return this.#steps[this.#step] ?? noEdits;
  }

  get all(): readonly Picture[] {
    return this.#all;
  }

  get canUndo(): boolean {
    return this.#step > 0 || this.#nextToCome !== undefined;
  }

  get canRedo(): boolean {
    return this.#step < this.#steps.length - 1;
  }

  /** The selected picture. */
  get picture(): Picture | undefined {
    return this.pictures.find(({ id }) => id === this.selection?.picture);
  }

  /** The selected cell. */
  get cell(): Checked | undefined {
    const key = this.selection?.cell;
    return key && this.#byKey.get(key);
  }

  find(key: CellKey): Checked | undefined {
    return this.#byKey.get(key);
  }

  add(pictures: readonly Picture[]): void {
    this.#all = [...this.#all, ...pictures];
    this.#refresh();
  }

  /** Puts another page of a picture's file in its place, in every step, and selects it. */
  replace(old: Picture, picture: Picture): void {
    this.#all = this.#all.map((one) => (one === old ? picture : one));
    this.#steps = this.#steps.map((step) => (step.removed.has(old.id) ? removing([picture.id], step) : step));
    this.selection = { picture: picture.id, cell: undefined };
    this.#refresh();
  }

  /** Shows a picture instead of another, as one step: in no step before is it there. */
  exchange(old: Picture, picture: Picture): void {
    const { edits } = this;
    this.#all = [...this.#all, picture];
    this.#steps = this.#steps.map((step) => removing([picture.id], step));
    this.selection = { picture: picture.id, cell: undefined };
    this.#edit(removing([old.id], edits));
  }

  /** Puts what was saved behind what is there, or in front of it, beyond undoing. */
  open(saved: readonly Picture[], said: Said, inFront = false): void {
    const { pictures, edits } = this;
    this.#all = inFront ? [...saved, ...pictures] : [...pictures, ...saved];
    this.#framed = new Map([...this.framed, ...said.framed]);
    const corrections = new Map([...edits.corrections, ...said.corrections]);
    const deleted = new Set([...edits.deleted, ...said.deleted]);
    this.#steps = [{ corrections, removed: new Set(), framed: new Set(this.#framed.keys()), deleted }];
    this.#step = 0;
    this.#refresh();
  }

  /** Beyond undoing. */
  clear(): void {
    this.#steps = [noEdits];
    this.#step = 0;
    this.#all = [];
    this.#framed = new Map();
    this.#refresh();
  }

  /**
   * What became of some pictures, as they were when they were asked about: one that waits anew has another answer to come. Where one
   * has other cells than before, what was said of those that are gone waits until they are found again.
   */
  settle(outcomes: ReadonlyMap<Picture, Findings | Failure>): void {
    const foundAgain = new Map<string, ReadonlySet<CellKey>>();
    this.#all = this.#all.map((picture) => {
      const { id } = picture;
      const outcome = outcomes.get(picture);
      if (!outcome) return picture;
      if (picture.outcome && outcome.kind === "found")
        foundAgain.set(id, new Set(outcome.cells.map((cell) => keyOf(id, outcome, cell))));
      return { ...picture, outcome, waiting: false };
    });
    if (foundAgain.size > 0) this.#setAside((key) => foundAgain.get(pictureOf(key))?.has(key) ?? true);
    this.#refresh();
  }

  /** Every picture, or those that are `outdated`, waits again: for another model, or another profile. */
  classifyAgain(outdated: (picture: Picture) => boolean = () => true): void {
    if (!this.#all.some(outdated)) return;
    this.#all = this.#all.map((picture) => (outdated(picture) ? { ...picture, waiting: true } : picture));
    this.#refresh();
  }

  /** `undefined` takes back what was said. */
  correct(key: CellKey, label: Correction | undefined): void {
    this.correctAll([[key, label]]);
  }

  /** Of several cells, as one step. */
  correctAll(said: Iterable<readonly [CellKey, Correction | undefined]>): void {
    const corrections = new Map(this.edits.corrections);
    for (const [key, label] of said) {
      if (label === undefined) corrections.delete(key);
      else corrections.set(key, label);
    }
    this.#edit({ ...this.edits, corrections });
  }

  remove(ids: Iterable<string>): void {
    this.#edit(removing(ids, this.edits));
  }

  /**
   * Adds a cell that a person framed, in place of another if one is named, whose label it takes over. It is selected where its picture
   * is: the person may have gone on to another.
   */
  frame(picture: string, framed: Framed, instead?: CellKey): void {
    const key = keyOfFrame(picture, framed.cell);
    this.#framed = new Map([...this.#framed, [key, framed]]);
    const edits = instead === undefined ? this.edits : without(this.edits, instead);
    const label = instead === undefined ? undefined : this.edits.corrections.get(instead);
    const corrections = new Map(edits.corrections);
    if (label !== undefined) corrections.set(key, label);
    if (this.selection?.picture === picture) this.selection = { picture, cell: key };
    this.#edit({ ...edits, corrections, framed: new Set([...edits.framed, key]) });
  }

  /** Takes a cell out: there is none. */
  delete(key: CellKey): void {
    this.#edit(without(this.edits, key));
  }

  /** Those in force; beside them, what another model says of them is put by `answerFramed`. */
  get framed(): ReadonlyMap<CellKey, Framed> {
    return new Map([...this.#framed].filter(([key]) => this.edits.framed.has(key)));
  }

  answerFramed(answers: ReadonlyMap<CellKey, Framed>): void {
    this.#framed = new Map([...this.#framed, ...answers]);
    this.#refresh();
  }

  /** A step is on its way, unless the promise comes to nothing: whoever undoes before it is there means this one. */
  async expect(step: Promise<unknown>): Promise<void> {
    const coming = { before: this.edits, undone: false };
    this.#coming = [...this.#coming, coming];
    this.#notify();
    const made = await step.catch(() => undefined);
    this.#coming = this.#coming.filter((one) => one !== coming);
    if (coming.undone && made !== undefined) this.#travelTo(this.#step - 1);
    for (const later of this.#coming) later.before = this.edits;
    this.#notify();
  }

  /** Undefined where there is none, and where something else was done after it was begun. */
  get #nextToCome(): Coming | undefined {
    const coming = this.#coming.findLast(({ undone }) => !undone);
    return coming?.before === this.edits ? coming : undefined;
  }

  undo(): void {
    const coming = this.#nextToCome;
    if (!coming) this.#travelTo(this.#step - 1);
    else {
      coming.undone = true;
      this.#notify();
    }
  }

  redo(): void {
    this.#travelTo(this.#step + 1);
  }

  /** Without a cell: the picture's first. */
  select(picture: string, cell?: CellKey): void {
    this.selection = { picture, cell };
    this.#selectSomething();
    this.#notify();
  }

  #edit(edits: Edits): void {
    this.#steps = [...this.#steps.slice(0, this.#step + 1), edits];
    this.#goTo(this.#step + 1);
  }

  #goTo(step: number): void {
    if (!this.#steps[step]) return;
    this.#step = step;
    this.#refresh();
  }

  /** What was undone or done again is shown. */
  #travelTo(step: number): void {
    const before = this.edits;
    this.#goTo(step);
    const changed = this.#byKey.get(firstChange(before, this.edits) ?? "/");
    const back = this.pictures.find(({ id }) => before.removed.has(id));
    if (changed) this.select(changed.picture.id, changed.key);
    else if (back) this.select(back.id);
  }

  /** Has every step say of other cells what is said now: of them there is nothing to undo. Steps that did nothing else go. */
  #setAside(isThere: (key: CellKey) => boolean): void {
    const now = this.edits;
    const stays = (key: CellKey) => this.#framed.has(key) || isThere(key);
    const steps: Edits[] = [];
    let step = 0;
    for (const [index, edits] of this.#steps.entries()) {
      const corrections = new Map([
        ...[...edits.corrections].filter(([key]) => stays(key)),
        ...[...now.corrections].filter(([key]) => !stays(key)),
      ]);
      const deleted = new Set([
        ...[...edits.deleted].filter(stays),
        ...[...now.deleted].filter((key) => !stays(key)),
      ]);
      const left = { ...edits, corrections, deleted };
      const before = steps.at(-1);
      if (!before || !sameEdits(before, left)) steps.push(left);
      if (index === this.#step) step = steps.length - 1;
    }
    this.#steps = steps;
    this.#step = step;
  }

  #refresh(): void {
    const { removed } = this.edits;
    const pictures = this.#all.filter(({ id }) => !removed.has(id));
    // The same list while only corrections change: whoever sorts by it need not sort anew.
    if (!sameItems(pictures, this.pictures)) this.pictures = pictures;
    this.cells = this.pictures.flatMap((picture) => check(picture, this.edits, this.#framed));
    this.#byKey = new Map(this.cells.map((checked) => [checked.key, checked]));
    const keys = [...this.#byKey.keys()];
    if (!sameItems(keys, this.keys)) this.keys = keys;
    this.#selectSomething();
    this.#notify();
  }

  /** Something is always shown: the first picture, its first cell. */
  #selectSomething(): void {
    const picture = this.picture ?? this.pictures.find(({ outcome }) => outcome) ?? this.pictures[0];
    if (!picture) this.selection = undefined;
    else if (this.cell?.picture !== picture) {
      const first = this.cells.find((checked) => checked.picture === picture);
      this.selection = { picture: picture.id, cell: first?.key };
    }
  }

  #notify(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** A person has spoken of it. */
export function isReviewed({ corrected, confirmed }: Checked): boolean {
  return corrected || confirmed;
}

function check(picture: Picture, edits: Edits, framed: ReadonlyMap<CellKey, Framed>): Checked[] {
  const { outcome } = picture;
  if (outcome?.kind !== "found") return [];
  const { spriteSheet: sheet, whole } = outcome;
  const found = outcome.cells
    .map((cell, index) => ({
      key: keyOf(picture.id, outcome, cell),
      cell,
      sheet,
      tile: whole ? 0 : index + 1,
      framed: false,
    }))
    .filter(({ key }) => !edits.deleted.has(key));
  // A model that sees whole pictures knows no cells, and has nothing to say of frames.
  const added = [...(whole ? [] : edits.framed)].flatMap((key) => {
    const one = pictureOf(key) === picture.id ? framed.get(key) : undefined;
    return one ? [{ key, cell: one.cell, sheet: one.thumbnail, tile: 0, framed: true }] : [];
  });
  return [...found, ...added].map((one, index) => {
    const correction = edits.corrections.get(one.key);
    const { verdict, label } = one.cell;
    const said = correction === undefined ? { verdict, label } : judgedBy(correction);
    const confirmed = correction !== undefined && correction !== null && correction === label;
    const corrected = correction !== undefined && !confirmed;
    return { ...one, picture, index, ...said, corrected, confirmed };
  });
}

function removing(ids: Iterable<string>, edits: Edits): Edits {
  return { ...edits, removed: new Set([...edits.removed, ...ids]) };
}

/** Without a cell, whoever found it. */
function without(edits: Edits, key: CellKey): Edits {
  const corrections = new Map(edits.corrections);
  corrections.delete(key);
  if (!edits.framed.has(key)) return { ...edits, corrections, deleted: new Set([...edits.deleted, key]) };
  return { ...edits, corrections, framed: new Set([...edits.framed].filter((one) => one !== key)) };
}

function judgedBy(correction: Correction): Pick<Checked, "verdict" | "label"> {
  return { verdict: correction === null ? "rejected" : "classified", label: correction };
}

function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

/** A cell is known by the centre of its nucleus, so that a correction stays with it when another model finds it again. */
export function keyOf(picture: string, { whole }: Pick<Findings, "whole">, { x, y }: Cell): CellKey {
  return `${picture}/${whole ? "whole" : `${x},${y}`}`;
}

/** Told from what a model finds at the same place. */
export function keyOfFrame(picture: string, { box }: Cell): CellKey {
  return `${picture}/+${box.x},${box.y},${box.width},${box.height}`;
}

export function pictureOf(key: CellKey): string {
  return key.slice(0, key.indexOf("/"));
}

function sameEdits(one: Edits, other: Edits): boolean {
  const removed = new Set([...one.removed, ...other.removed]).size;
  return removed === one.removed.size && removed === other.removed.size && !firstChange(one, other);
}

/** A cell of which two states say different things. */
function firstChange(one: Edits, other: Edits): CellKey | undefined {
  const keys = (edits: Edits) => [...edits.framed, ...edits.deleted, ...edits.corrections.keys()];
  return [...keys(other), ...keys(one)].find(
    (key) =>
      one.corrections.get(key) !== other.corrections.get(key) ||
      one.framed.has(key) !== other.framed.has(key) ||
      one.deleted.has(key) !== other.deleted.has(key),
  );
}

let counted = 0;

/** A picture that nobody has looked at yet. */
export function newPicture(file: Blob, name: string, drawn = false): Picture {
  counted++;
  const id = `${Date.now().toString(36)}-${counted}`;
  return { id, name, file, drawn, waiting: true, outcome: undefined };
}

export const store: Store = new Store();
