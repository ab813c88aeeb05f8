// Keeps the list of cells that were photographed twice, as pictures come and go. Looks at a few at a time, and rests between.
import { marksOf } from "../images/marks.js";
import { countSheet } from "./count-sheet.js";
import { fingerprintOf } from "./fingerprint.js";
import { type Offset, offsetBetween, type PictureMarks, type Place, sharedCells } from "./repeats.js";
import { type CellKey, type Findings, type Picture, store } from "./store.js";

/** Each picture is held against all before it: of more pictures than this only equal files are found. */
export const mostCompared = 400;

/** After so long it lets the page do its other work. */
const workMs = 4;

/** `picture` shows what `earlier` shows, all of it or a part. */
export interface Repeat {
  readonly picture: string;
  readonly earlier: string;
  readonly same: boolean;
}

interface Marked {
  readonly file: Blob;
  readonly page: number | undefined;
  readonly outcome: Findings;
  readonly marks: PictureMarks;
  /** Known of those that came after a first count was kept. */
  readonly name: string | undefined;
}

/** Where the second of two pictures lies on the first. */
interface Overlap {
  readonly offset: Offset;
  readonly same: boolean;
}

class RepeatFinder extends EventTarget {
  /** Each cell that was found before, with the first cell that it is. */
  cells: ReadonlyMap<CellKey, CellKey> = new Map();
  pictures: readonly Repeat[] = [];
  #marks = new Map<string, Marked>();
  /** By the ids of two pictures. */
  #overlaps = new Map<string, Overlap>();
  #working = false;
  /** What was collected last. */
  #of: readonly unknown[] = [];

  constructor() {
    super();
    store.addEventListener("change", () => this.#work());
    this.#work();
  }

  /** A picture has not been held against the others yet. */
  get isWorking(): boolean {
    return this.#next() !== undefined;
  }

  /** Its file was in the first count, when it was another picture. */
  isInFirstCount(picture: string): boolean {
    const name = this.#marks.get(picture)?.name;
    return name !== undefined && countSheet.sheet.first?.files?.includes(name) === true;
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    const worked = this.isWorking;
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        await this.#mark(next.picture, next.outcome);
        await rest();
      }
      this.#collect();
    } finally {
      this.#working = false;
    }
    if (worked) this.dispatchEvent(new Event("change"));
  }

  #next(): { readonly picture: Picture; readonly outcome: Findings } | undefined {
    for (const picture of store.pictures) {
      const { id, outcome, drawn } = picture;
      if (drawn || outcome?.kind !== "found" || this.#marks.get(id)?.outcome === outcome) continue;
      return { picture, outcome };
    }
    return undefined;
  }

  async #mark(picture: Picture, outcome: Findings): Promise<void> {
    const { id, file, page } = picture;
    this.#forget(id);
    const comparable = this.#marks.size < mostCompared;
    const marks = await marksOf(picture, outcome, { comparable });
    for (const other of [...this.#marks.values()]) {
      const same = other.page === page && (await isSameFile(other.file, file));
      if (!comparable && !same) continue;
      const offset = same ? { dx: 0, dy: 0 } : await inPortions(offsetBetween(other.marks, marks));
      if (offset) this.#overlaps.set(`${other.marks.id} ${id}`, { offset, same });
    }
    const name = countSheet.sheet.first ? await nameOfPicture(picture) : undefined;
    this.#marks.set(id, { file, page, outcome, marks, name });
    this.#of = []; // of something else
  }

  /** What is known of the pictures that are there now; of two, the later one in the list repeats the other. */
  #collect(): void {
    const of = [store.keys, store.pictures];
    if (of.every((list, index) => list === this.#of[index])) return;
    this.#of = of;
    const place = new Map(store.pictures.map(({ id }, index) => [id, index]));
    const kept = new Set(store.all.map(({ id }) => id));
    for (const id of this.#marks.keys()) if (!kept.has(id)) this.#forget(id);
    const links = new Map<CellKey, CellKey>();
    const first = (key: CellKey): CellKey => {
      const earlier = links.get(key);
      return earlier === undefined ? key : first(earlier);
    };
    const pictures: Repeat[] = [];
    const placesOf = placesByPicture();
    for (const [pair, { offset, same }] of this.#overlaps) {
      const [one = "", other = ""] = pair.split(" ");
      const [from, to] = [place.get(one), place.get(other)];
      if (from === undefined || to === undefined) continue;
      const [earlier, picture] = from < to ? [one, other] : [other, one];
      pictures.push({ picture, earlier, same });
      for (const [second, found] of sharedCells(placesOf(one), placesOf(other), offset)) {
        const [later, before] = from < to ? [first(second), first(found)] : [first(found), first(second)];
        if (later !== before) links.set(later, before);
      }
    }
    const cells = new Map([...links.keys()].map((key) => [key, first(key)]));
    if (sameEntries(cells, this.cells) && pictures.length === this.pictures.length) return;
    this.cells = cells;
    this.pictures = pictures;
    this.dispatchEvent(new Event("change"));
  }

  #forget(id: string): void {
    this.#marks.delete(id);
    for (const pair of this.#overlaps.keys()) if (pair.split(" ").includes(id)) this.#overlaps.delete(pair);
  }
}

/** Of all cells, also of those that a person framed. */
function placesByPicture(): (id: string) => readonly Place[] {
  const places = new Map<string, Place[]>();
  for (const { key, picture, cell } of store.cells) {
    const { x, y, diameter } = cell;
    const place = { key, x, y, diameter };
    const others = places.get(picture.id);
    if (others) others.push(place);
    else places.set(picture.id, [place]);
  }
  return (id) => places.get(id) ?? [];
}

function sameEntries<Key, Value>(one: ReadonlyMap<Key, Value>, other: ReadonlyMap<Key, Value>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}

/** When the last portion of work began. */
let since = 0;

async function inPortions<Result>(work: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    if (performance.now() - since > workMs) {
      await rest();
      since = performance.now();
    }
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Until the page has done what waited for it. */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** What a picture shows, in a few letters: its file's fingerprint and its page. Undefined where the file cannot be read. */
export async function nameOfPicture({ file, page = 1 }: Picture): Promise<string | undefined> {
  const fingerprint = await fingerprintOf(file);
  return fingerprint && `${fingerprint}/${page}`;
}

/** Files of other sizes need not be read. */
async function isSameFile(one: Blob, other: Blob): Promise<boolean> {
  if (one.size !== other.size) return false;
  const [first, second] = await Promise.all([fingerprintOf(one), fingerprintOf(other)]);
  return first !== undefined && first === second;
}

export const repeatFinder: RepeatFinder = new RepeatFinder();
