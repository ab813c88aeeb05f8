// The cells that a person goes through one by one: their order, the place in it, and how far that has gone.
import type { Labels } from "./classes.js";
import { inOrder, type Order } from "./needs.js";
import { type CellKey, type Correction, isReviewed, store } from "./store.js";

class ReviewQueue extends EventTarget {
  order: Order = "need";
  /** What is said of a cell does not move it: it stays in its place until another order is asked for. */
  keys: readonly CellKey[] = [];
  /** Cells that the next answer is for, all at once. */
  marked: ReadonlySet<CellKey> = new Set();
  /** A tap marks a cell, or takes the mark away. */
  marking = false;
  #labels: Labels = [];
  #of: readonly unknown[] = [];

  constructor() {
    super();
    store.addEventListener("change", () => {
      if (store.pictures !== this.#of[0] || store.keys !== this.#of[1]) this.#sort();
    });
  }

  /** Puts all cells into an order and selects the first that nobody has spoken of. */
  begin(labels: Labels, order: Order = this.order): void {
    this.#labels = labels;
    this.order = order;
    this.#sort();
    this.#selectNextFrom(0);
  }

  /** Of the selected cell; -1 where there is none. */
  get place(): number {
    return store.cell ? this.keys.indexOf(store.cell.key) : -1;
  }

  /** What the next answer is for: the marked cells, else the selected one. */
  get targets(): readonly CellKey[] {
    if (this.marked.size > 0) return this.keys.filter((key) => this.marked.has(key));
    return store.cell ? [store.cell.key] : [];
  }

  /** The model named one of them at least, and nobody has spoken of it. */
  get canConfirm(): boolean {
    return this.targets.some((key) => {
      const checked = store.find(key);
      return checked && checked.label !== null && !isReviewed(checked);
    });
  }

  /** To a place in the queue, or as near as there is one. */
  goTo(place: number): void {
    this.#select(this.keys[Math.max(0, Math.min(this.keys.length - 1, place))]);
  }

  mark(keys: Iterable<CellKey>): void {
    this.marked = new Set(keys);
    this.#notify();
  }

  markByTap(marking: boolean): void {
    this.marking = marking;
    this.mark([]);
  }

  toggle(key: CellKey): void {
    const { marked } = this;
    this.mark(marked.has(key) ? [...marked].filter((one) => one !== key) : [...marked, key]);
  }

  /** Says what the marked cells or the selected one are, and goes on. */
  label(correction: Correction): void {
    this.#goOnAfter(() => sayOf(this.targets, correction));
  }

  /** Says what these are, and stays. */
  move(keys: readonly CellKey[], correction: Correction): void {
    sayOf(keys, correction);
    this.mark([]);
  }

  /** Agrees with the model, and goes on; over a cell, too, of which a person has spoken already. */
  confirm(): void {
    const isOpen = store.cell && this.marked.size === 0 && !isReviewed(store.cell);
    if (isOpen && !this.canConfirm) return; // it needs a name
    this.#goOnAfter(() => this.canConfirm && store.correctAll(this.targets.flatMap(agreement)));
  }

  /** Leaves the model's answers alone again. */
  takeBack(): void {
    const spoken = this.targets.filter((key) => store.edits.corrections.has(key));
    if (spoken.length > 0) sayOf(spoken, undefined);
  }

  #goOnAfter(action: () => void): void {
    const next = this.place + 1;
    const one = this.marked.size === 0;
    action();
    if (one) this.#selectNextFrom(next);
    else this.mark([]);
  }

  /** The first from there on that nobody has spoken of, then from the beginning; where there is none, the next. */
  #selectNextFrom(place: number): void {
    const turned = [...this.keys.slice(place), ...this.keys.slice(0, place)];
    const open = turned.find((key) => {
      const checked = store.find(key);
      return checked && !isReviewed(checked);
    });
    this.#select(open ?? this.keys[Math.min(place, this.keys.length - 1)]);
  }

  #select(key: CellKey | undefined): void {
    const checked = key && store.find(key);
    if (checked) store.select(checked.picture.id, checked.key);
  }

  #sort(): void {
    this.#of = [store.pictures, store.keys];
    this.keys = inOrder(store.cells, this.order, this.#labels);
    this.mark([...this.marked].filter((key) => store.find(key)));
  }

  #notify(): void {
    this.dispatchEvent(new Event("change"));
  }
}

function sayOf(keys: readonly CellKey[], correction: Correction | undefined): void {
  store.correctAll(keys.map((key) => [key, correction]));
}

/** With the model, where it named the cell: the others need a name, not consent. */
function agreement(key: CellKey): [CellKey, Correction][] {
  const checked = store.find(key);
  return checked?.label && !isReviewed(checked) ? [[key, checked.label]] : [];
}

export const reviewQueue: ReviewQueue = new ReviewQueue();
