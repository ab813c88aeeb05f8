// Which cells a person should look at, and in which order.
import type { Cell } from "leukolens";
import type { Labels } from "./classes.js";
import { type CellKey, type Checked, isReviewed } from "./store.js";

/** A cell less typical than this carries a warning. */
const minTypicality = 0.05;

export function isAtypical({ typicality }: Pick<Cell, "typicality">): boolean {
  return typicality !== null && typicality < minTypicality;
}

export function isLargeLymphoid({ flags }: Pick<Cell, "flags">): boolean {
  return flags.includes("large_lymphoid");
}

/** So many cells say whether a microscope is strange. */
const enough = 8;

/** The median typicality of BCCD's cells is 0.23, of PBC's 0.48; of two microscopes that the flagship does not know, 0.11 and 0.00. */
const strangeBelow = 0.12;

/** Whether the cells of all pictures look unlike those that the model knows; undefined where too few say so. */
export function isStrange(cells: readonly Checked[]): boolean | undefined {
  const typicalities = cells.flatMap(({ cell, picture }) =>
    picture.drawn || cell.typicality === null ? [] : [cell.typicality],
  );
  if (typicalities.length < enough) return undefined;
  return typicalities.filter((typicality) => typicality < strangeBelow).length > typicalities.length / 2;
}

/** Why the model's answer should not stand alone, the most pressing first; the one list of what needs review. */
export const needs = ["rejected", "unsure", "largeLymphoid", "atypical"] as const;
export type Need = (typeof needs)[number];

/** Undefined for what may stand, and for what a person has spoken of. */
export function needOf(checked: Checked): Need | undefined {
  if (isReviewed(checked)) return undefined;
  if (checked.verdict !== "classified") return checked.verdict;
  if (isLargeLymphoid(checked.cell)) return "largeLymphoid";
  return isAtypical(checked.cell) ? "atypical" : undefined;
}

/** By need, then the least certain first; by class; as they were found. */
export const orders = ["need", "class", "found"] as const;
export type Order = (typeof orders)[number];

export function inOrder(cells: readonly Checked[], order: Order, labels: Labels): readonly CellKey[] {
  const ranks = new Map<string | null, number>(labels.map(({ id }, index) => [id, index]));
  const rankOf: Readonly<Record<Order, (checked: Checked) => number>> = {
    need: (checked) => {
      const need = needOf(checked);
      return need ? needs.indexOf(need) : needs.length;
    },
    class: ({ label }) => ranks.get(label) ?? labels.length,
    found: () => 0,
  };
  const ranked = cells.map((checked) => ({ checked, rank: rankOf[order](checked) }));
  if (order !== "found")
    ranked.sort(
      (one, other) => one.rank - other.rank || one.checked.cell.confidence - other.checked.cell.confidence,
    );
  return ranked.map(({ checked }) => checked.key);
}
