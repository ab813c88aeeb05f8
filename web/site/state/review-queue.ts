// The cells that a person goes through one by one: their order, the place in it, and how far that has gone.
import type { Labels } from "./classes.js";
import { inOrder, needOf, type Order } from "./needs.js";
import { type CellKey, type Correction, isReviewed, type Picture, store } from "./store.js";

class ReviewQueue extends EventTarget {
  order: Order = "need";
  /** What is said of a cell does not move it: it stays in its place until another order is asked for. */
  keys: readonly CellKey[] = [];
  #labels: Labels = [];
  #pictures: readonly Picture[] = [];

  constructor() {
    super();
    store.addEventListener("change", () => {
      if (store.pictures !== this.#pictures) this.#sort();
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

  get reviewed(): number {
    return store.cells.filter(isReviewed).length;
  }

  /** How many need review. */
  get needing(): number {
    return store.cells.filter((checked) => needOf(checked) !== undefined).length;
  }

  /** To a place in the queue, or as near as there is one. */
  goTo(place: number): void {
    this.#select(this.keys[Math.max(0, Math.min(this.keys.length - 1, place))]);
  }

  /** Says what the selected cell is, and goes on. */
  label(correction: Correction): void {
    const { cell } = store;
    if (!cell) return;
    store.correct(cell.key, correction);
    this.#selectNextFrom(this.place + 1);
  }

  /** Agrees with the model about the selected cell, and goes on. False where the model named nothing that could be agreed to. */
  confirm(): boolean {
    const { cell } = store;
    if (!cell || (cell.label === null && !isReviewed(cell))) return false;
    store.confirm([cell.key]);
    this.#selectNextFrom(this.place + 1);
    return true;
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
    this.#pictures = store.pictures;
    this.keys = inOrder(store.cells, this.order, this.#labels);
    this.dispatchEvent(new Event("change"));
  }
}

export const reviewQueue: ReviewQueue = new ReviewQueue();
