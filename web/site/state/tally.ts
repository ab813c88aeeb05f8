// The count of the pictures that are there now: which cells are in it, which are not, and why.
import type { Labels } from "./classes.js";
import {
  type Candidate,
  type Count,
  countCells,
  cutEdges,
  type Exclusion,
  exclusions,
  type Progress,
  progressOf,
} from "./count.js";
import { countSheet, notWhite, type Reading } from "./count-sheet.js";
import { repeatFinder } from "./repeat-finder.js";
import { type CellKey, type Checked, isReviewed, store } from "./store.js";

/** The cells of a count, and what is left out of it. */
export interface Tally {
  readonly count: Count;
  readonly cells: readonly Checked[];
  readonly excluded: ReadonlyMap<CellKey, Exclusion>;
  /** An edge cuts one of the cells, whether it counts or not. */
  readonly cut: boolean;
  /** There is nothing but drawn pictures: an exercise, no count. */
  readonly practice: boolean;
  /** Images wait to be analysed, or to be compared with the others: the count may change by itself. */
  readonly unsettled: boolean;
}

/** The last count of all pictures, and what it was made of: several panels ask for one and the same. */
let last: { readonly of: readonly unknown[]; readonly tally: Tally } | undefined;

/** Counts all pictures, or one of them. */
export function tally(labels: Labels, picture?: string): Tally {
  if (picture !== undefined) return countNow(labels, picture);
  const of = [
    store.cells,
    store.pictures,
    countSheet.sheet,
    repeatFinder.cells,
    repeatFinder.isWorking,
    labels,
  ];
  if (!last || last.of.some((value, index) => value !== of[index]))
    last = { of, tally: countNow(labels, undefined) };
  return last.tally;
}

function countNow(labels: Labels, picture: string | undefined): Tally {
  const practice = store.pictures.length > 0 && store.pictures.every(({ drawn }) => drawn);
  const all = store.cells.map((checked) => candidateOf(checked, practice));
  const excluded = exclusions(all, { edges: countSheet.sheet.edges, repeats: repeatFinder.cells });
  const within = store.cells.filter((checked) => picture === undefined || checked.picture.id === picture);
  const keys = new Set(within.map(({ key }) => key));
  const cut = all.some(({ key, box, picture }) => keys.has(key) && cutEdges(box, picture).length > 0);
  const cells = within.filter(({ key }) => !excluded.has(key));
  return {
    ...{ count: countCells(cells, labels), cells, cut, practice },
    unsettled: repeatFinder.isWorking || store.pictures.some(({ waiting }) => waiting),
    excluded: new Map(
      within.flatMap(({ key }) => {
        const reason = excluded.get(key);
        return reason ? [[key, reason] as const] : [];
      }),
    ),
  };
}

function candidateOf(checked: Checked, practice: boolean): Candidate {
  const { key, verdict, label, corrected, picture, cell } = checked;
  const { width = 0, height = 0 } = picture.outcome?.kind === "found" ? picture.outcome : {};
  return {
    ...{ key, verdict, label, corrected, reviewed: isReviewed(checked), box: cell.box },
    ...{ drawn: picture.drawn && !practice, picture: { width, height } },
  };
}

export function progressIn({ count, unsettled }: Tally): Progress {
  const progress = progressOf(count, countSheet.sheet.target);
  return { ...progress, complete: progress.complete && !unsettled };
}

/** The present count as a reading. */
export function readingOf({ cells }: Tally): Reading {
  const counts = new Map<string, number>();
  const said = new Map<CellKey, string>();
  for (const { key, verdict, label, corrected } of cells) {
    if (verdict === "classified" && label !== null) {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      said.set(key, label);
    } else if (corrected && label === null) said.set(key, notWhite);
  }
  const { operator } = countSheet.sheet.sample;
  return { operator, kept: new Date().toISOString(), counts, cells: said };
}
