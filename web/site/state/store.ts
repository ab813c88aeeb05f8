// All that the workbench knows, as plain values that are replaced and never changed. Components render from it, actions change it.
import type { Cell, Decoder, ErrorCode, Timings } from "leukolens";

/** What the model said of a picture. A model that sees whole images gives one cell as large as the picture. */
export interface Findings {
  readonly kind: "found";
  readonly model: string;
  readonly whole: boolean;
  readonly width: number;
  readonly height: number;
  readonly decoder: Decoder;
  readonly timings: Timings;
  readonly cells: readonly Cell[];
  /** The picture and its cells, small, in one image (see images/sprite-sheet.ts); none where the browser cannot draw the picture. */
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
  /** Ours, made by a program. */
  readonly drawn: boolean;
  /** To be classified, for the first time or anew. */
  readonly waiting: boolean;
  readonly outcome: Findings | Failure | undefined;
}

/** "picture's id/index of the cell" */
export type CellKey = `${string}/${number}`;

/** A label's id, or null: not a white cell. */
export type Correction = string | null;

/** What a person did: the part that can be undone. */
export interface Edits {
  readonly corrections: ReadonlyMap<CellKey, Correction>;
  readonly removed: ReadonlySet<string>;
}

/** A cell as it counts: as the model says or, if there is one, as the person says. */
export interface Checked {
  readonly key: CellKey;
  readonly picture: Picture;
  readonly index: number;
  readonly cell: Cell;
  readonly verdict: Cell["verdict"];
  readonly label: string | null;
  readonly corrected: boolean;
}

export interface Selection {
  readonly picture: string;
  /** Of the picture's cells; undefined: none of them. */
  readonly index: number | undefined;
}

const noEdits: Edits = { corrections: new Map(), removed: new Set() };

class Store extends EventTarget {
  /** Those that were not removed, in the order in which they came. */
  pictures: readonly Picture[] = [];
  /** Of all pictures. */
  cells: readonly Checked[] = [];
  edits = noEdits;
  selection: Selection | undefined;
  /** Also the removed ones, for as long as they can come back. */
  #all: readonly Picture[] = [];
  #byKey: ReadonlyMap<CellKey, Checked> = new Map();
  #past: readonly Edits[] = [];
  #future: readonly Edits[] = [];

  get all(): readonly Picture[] {
    return this.#all;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** The selected picture. */
  get picture(): Picture | undefined {
    return this.pictures.find(({ id }) => id === this.selection?.picture);
  }

  /** The selected cell. */
  get cell(): Checked | undefined {
    const { selection } = this;
    if (selection?.index === undefined) return undefined;
    return this.#byKey.get(`${selection.picture}/${selection.index}`);
  }

  find(key: CellKey): Checked | undefined {
    return this.#byKey.get(key);
  }

  add(pictures: readonly Picture[]): void {
    this.#all = [...this.#all, ...pictures];
    this.#refresh();
  }

  /** Everything as it was: a kept or an opened session. */
  restore(pictures: readonly Picture[], corrections: Edits["corrections"]): void {
    this.#all = pictures;
    this.edits = { corrections, removed: new Set() };
    this.#past = this.#future = [];
    this.selection = undefined;
    this.#refresh();
  }

  /** What became of some pictures. Corrections stay only where the cells are the same ones. */
  settle(outcomes: ReadonlyMap<string, Findings | Failure>): void {
    const moved = new Set<string>();
    this.#all = this.#all.map((picture) => {
      const outcome = outcomes.get(picture.id);
      if (!outcome) return picture;
      if (picture.outcome && !sameCells(picture.outcome, outcome)) moved.add(picture.id);
      return { ...picture, outcome, waiting: false };
    });
    if (moved.size > 0) {
      const kept = [...this.edits.corrections].filter(([key]) => !moved.has(pictureOf(key)));
      this.edits = { ...this.edits, corrections: new Map(kept) };
      if (this.selection && moved.has(this.selection.picture)) this.selection = undefined;
    }
    this.#refresh();
  }

  /** Every picture waits again, for another model. */
  classifyAgain(): void {
    this.#all = this.#all.map((picture) => ({ ...picture, waiting: true }));
    this.#refresh();
  }

  /** `undefined` takes a correction back. */
  correct(key: CellKey, label: Correction | undefined): void {
    const corrections = new Map(this.edits.corrections);
    if (label === undefined) corrections.delete(key);
    else corrections.set(key, label);
    this.#edit({ ...this.edits, corrections });
  }

  remove(ids: Iterable<string>): void {
    this.#edit({ ...this.edits, removed: new Set([...this.edits.removed, ...ids]) });
  }

  undo(): void {
    const last = this.#past.at(-1);
    if (!last) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.edits];
    this.edits = last;
    this.#refresh();
  }

  redo(): void {
    const next = this.#future.at(-1);
    if (!next) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.edits];
    this.edits = next;
    this.#refresh();
  }

  select(selection: Selection | undefined): void {
    this.selection = selection;
    this.#tell();
  }

  /** Forgets everything, beyond undoing. */
  clear(): void {
    this.restore([], new Map());
  }

  #edit(edits: Edits): void {
    this.#past = [...this.#past, this.edits];
    this.#future = [];
    this.edits = edits;
    this.#refresh();
  }

  #refresh(): void {
    const { removed, corrections } = this.edits;
    const pictures = this.#all.filter(({ id }) => !removed.has(id));
    // The same list while only corrections change: whoever sorts by it need not sort anew.
    if (!sameItems(pictures, this.pictures)) this.pictures = pictures;
    this.cells = this.pictures.flatMap((picture) => check(picture, corrections));
    this.#byKey = new Map(this.cells.map((checked) => [checked.key, checked]));
    if (!this.picture) this.selection = undefined;
    this.#selectSomething();
    this.#tell();
  }

  /** Something is always shown: the first picture, its first cell. */
  #selectSomething(): void {
    const picture = this.picture ?? this.pictures.find(({ outcome }) => outcome) ?? this.pictures[0];
    if (!picture) return;
    const known = picture.outcome?.kind === "found" ? picture.outcome.cells.length : 0;
    const index = this.selection?.index ?? (known > 0 ? 0 : undefined);
    this.selection = { picture: picture.id, index };
  }

  #tell(): void {
    this.dispatchEvent(new Event("change"));
  }
}

function check(picture: Picture, corrections: Edits["corrections"]): Checked[] {
  if (picture.outcome?.kind !== "found") return [];
  return picture.outcome.cells.map((cell, index) => {
    const key: CellKey = `${picture.id}/${index}`;
    const correction = corrections.get(key);
    const { verdict, label } = cell;
    const said = correction === undefined ? { verdict, label } : judgedBy(correction);
    return { key, picture, index, cell, ...said, corrected: correction !== undefined };
  });
}

function judgedBy(correction: Correction): Pick<Checked, "verdict" | "label"> {
  return { verdict: correction === null ? "rejected" : "classified", label: correction };
}

function sameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function pictureOf(key: CellKey): string {
  return key.slice(0, key.lastIndexOf("/"));
}

function sameCells(one: Findings | Failure, other: Findings | Failure): boolean {
  if (one.kind !== "found" || other.kind !== "found") return false;
  return (
    one.cells.length === other.cells.length &&
    one.cells.every(({ x, y }, index) => x === other.cells[index]?.x && y === other.cells[index]?.y)
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
