// What a person enters of a count beside the pictures: the sample, the target, the total of a counter, a first reading. Kept on the
// device with the session, in session files and in exports, and nowhere else.
import type { EdgeRule, Target } from "./count.js";
import type { CellKey } from "./store.js";

export interface Sample {
  readonly id: string;
  readonly note: string;
  /** YYYY-MM-DD, or empty. */
  readonly date: string;
  /** Initials. */
  readonly operator: string;
}

/** The most letters that a sample's parts may have. */
export const longest = { id: 100, note: 1000, operator: 12 };

/** YYYY-MM-DD. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** One person's count, kept to be held against another. */
export interface Reading {
  readonly operator: string;
  /** When it was kept, ISO 8601. */
  readonly kept: string;
  /** Of each label that was counted. */
  readonly counts: ReadonlyMap<string, number>;
  /** What each cell was called; `notWhite` for what is no white cell. */
  readonly cells: ReadonlyMap<CellKey, string>;
  /** The pictures it is of, by `nameOfPicture`; readings of earlier versions do not say. */
  readonly files?: readonly string[];
}

/** No label has this name. */
export const notWhite = "-";

export interface Sheet {
  readonly sample: Sample;
  readonly target: Target;
  readonly edges: EdgeRule;
  /** Leukocytes by a counter, 10^9/L. */
  readonly total: number | undefined;
  readonly includesErythroblasts: boolean;
  readonly first: Reading | undefined;
}

export const emptySheet: Sheet = {
  sample: { id: "", note: "", date: "", operator: "" },
  target: 100,
  edges: "topLeft",
  total: undefined,
  includesErythroblasts: true,
  first: undefined,
};

class CountSheet extends EventTarget {
  sheet: Sheet = emptySheet;

  set(changes: Partial<Sheet>): void {
    this.sheet = { ...this.sheet, ...changes };
    this.dispatchEvent(new Event("change"));
  }

  clear(): void {
    this.set(emptySheet);
  }
}

export const countSheet: CountSheet = new CountSheet();
