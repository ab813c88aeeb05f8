// The differential count of a smear, with what may be said of it: which cells count, in which order, against which ranges, and when it
// is complete. Follows CLSI H20, Reference Leukocyte Differential Count (Proportional) and Evaluation of Instrumental Methods, third
// edition. Plain functions, without state.
import { differential } from "leukolens";
import { exactInterval, type Interval } from "./agreement.js";
import type { CellKey } from "./store.js";

/** How many leukocytes a count may be asked for. */
export const targets = [100, 200, 400] as const;
export type Target = (typeof targets)[number];

/** Under this many leukocytes nothing is called low or high. */
export const enough = 100;

/** Percent of leukocytes in adults, as quoted by MedlinePlus (blood differential test). */
const referenceRanges: Readonly<Record<string, Interval>> = {
  neutrophil: [40, 60],
  lymphocyte: [20, 40],
  monocyte: [2, 8],
  eosinophil: [1, 4],
  basophil: [0.5, 1],
};

/** What a class is divided into, where cells were labelled so finely. */
const divisions: Readonly<Record<string, readonly string[]>> = {
  neutrophil: ["segmented", "band"],
  lymphocyte: ["reactive_lymphocyte"],
  ig: ["promyelocyte", "myelocyte", "metamyelocyte"],
};

/** The class that a label divides, or else the label itself. */
export function classOf(label: string): string {
  return Object.keys(divisions).find((id) => divisions[id]?.includes(label)) ?? label;
}

/** As differentials are written; classes beyond these follow as they were met. */
const order = [
  "neutrophil",
  "lymphocyte",
  "monocyte",
  "eosinophil",
  "basophil",
  "ig",
  "blast",
  "plasma_cell",
];

/** What is left of cells that broke; they are counted apart, because their kind cannot be told. */
const smudge = "smudge_cell";

/** Which of the cells that an edge of the picture cuts are counted. */
export const edgeRules = ["topLeft", "all", "none"] as const;
export type EdgeRule = (typeof edgeRules)[number];

/** Why a cell is not counted. */
export type Exclusion = "drawn" | "repeated" | "edge";

/** A cell with all that decides whether it counts. */
export interface Candidate {
  readonly key: CellKey;
  readonly verdict: "classified" | "unsure" | "rejected";
  readonly label: string | null;
  readonly corrected: boolean;
  /** A person said what it is. */
  readonly reviewed: boolean;
  readonly drawn: boolean;
  readonly box: Box;
  readonly picture: { readonly width: number; readonly height: number };
}

/** In pixels of the picture. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Line {
  readonly label: string;
  readonly count: number;
  /** Of the leukocytes, in percent, with Wilson's 95 % interval. */
  readonly percent: number;
  readonly interval: Interval;
  readonly range: Interval | undefined;
  /** Only where the whole interval lies outside the range, and only of at least `enough` leukocytes. */
  readonly flag: "low" | "high" | undefined;
  readonly parts: readonly Part[];
}

export type Part = Pick<Line, "label" | "count" | "percent" | "interval">;

export interface Count {
  /** Leukocytes. */
  readonly total: number;
  readonly lines: readonly Line[];
  /** Erythroblasts and platelets, which are no leukocytes, and smudge cells. */
  readonly apart: readonly { readonly label: string; readonly count: number }[];
  /** Erythroblasts per 100 leukocytes, with their 95 % interval; undefined where no leukocyte was counted. */
  readonly erythroblasts: { readonly per100: number; readonly interval: Interval } | undefined;
  readonly unsure: number;
  readonly notRecognised: number;
  readonly notWhite: number;
}

/**
 * Counts cells, whoever labelled them; `labels` are listed even where no cell has them. Percentages with Wilson's score interval
 * (E. B. Wilson, JASA 22, 1927).
 */
export function countCells(
  cells: readonly Pick<Candidate, "verdict" | "label" | "corrected">[],
  labels: readonly { readonly id: string }[] = [],
): Count {
  const intact = cells.filter(({ label }) => label !== smudge);
  const smudged = cells.length - intact.length;
  const whole = differential(
    intact.map(({ verdict, label }) => ({ verdict, label: label === null ? null : classOf(label) })),
    labels.map(({ id }) => ({ id: classOf(id) })),
  );
  const fine = new Map(differential(intact).classes.map((line) => [line.label, line]));
  const lines = whole.classes.map(({ label, count, percent, percentInterval }): Line => {
    const range = referenceRanges[label];
    const flag = range && whole.total >= enough ? compare(percentInterval, range) : undefined;
    const parts = (divisions[label] ?? []).flatMap((part) => fine.get(part) ?? []);
    return {
      ...{ label, count, percent, interval: percentInterval, range, flag },
      parts: parts.map(({ label, count, percent, percentInterval }) => ({
        ...{ label, count, percent, interval: percentInterval },
      })),
    };
  });
  const erythroblasts = whole.others.find(({ label }) => label === "erythroblast")?.count ?? 0;
  const notWhite = cells.filter(({ label, corrected }) => corrected && label === null).length;
  return {
    total: whole.total,
    lines: lines.sort((one, other) => placeOf(one.label) - placeOf(other.label)),
    apart: [...whole.others, ...(smudged > 0 ? [{ label: smudge, count: smudged }] : [])],
    erythroblasts: erythroblastsPer100(erythroblasts, whole.total),
    unsure: whole.unsure,
    notRecognised: whole.rejected - notWhite,
    notWhite,
  };
}

function placeOf(label: string): number {
  const place = order.indexOf(label);
  return place < 0 ? order.length : place;
}

function compare([least, most]: Interval, [low, high]: Interval): Line["flag"] {
  if (most < low) return "low";
  return least > high ? "high" : undefined;
}

/**
 * Erythroblasts and leukocytes are met in proportion to their numbers: the interval of the ratio follows from the exact interval of the
 * erythroblasts' share in both, s, as s / (1 - s).
 */
function erythroblastsPer100(erythroblasts: number, leukocytes: number): Count["erythroblasts"] {
  if (leukocytes === 0) return undefined;
  const [low, high] = exactInterval(erythroblasts, erythroblasts + leukocytes);
  const ratio = (share: number) => (100 * share) / (1 - share);
  return { per100: (100 * erythroblasts) / leukocytes, interval: [ratio(low), ratio(high)] };
}

/**
 * Leukocytes without the erythroblasts that a counter took for some: total x 100 / (100 + erythroblasts per 100 leukocytes)
 * (B. J. Bain, I. Bates, M. A. Laffan: Dacie and Lewis Practical Haematology). In the unit of `total`.
 */
export function correctedTotal(total: number, erythroblastsPer100: number): number {
  return (total * 100) / (100 + erythroblastsPer100);
}

/** The share of a class in a total, in the total's unit. */
export function absolute(total: number, percent: number): number {
  return (total * percent) / 100;
}

export interface Progress {
  readonly done: number;
  readonly target: Target;
  /** Cells that nobody has identified: they must be before a count is complete. */
  readonly unidentified: number;
  readonly complete: boolean;
}

export function progressOf({ total, unsure, notRecognised }: Count, target: Target): Progress {
  const unidentified = unsure + notRecognised;
  return { done: total, target, unidentified, complete: total >= target && unidentified === 0 };
}

/**
 * Why each cell that does not count does not: it was drawn by a program, it was counted in another picture, or it is cut by an edge.
 * `repeats`: cells that were found again, each with the cell that it is.
 */
export function exclusions(
  cells: readonly Candidate[],
  { edges, repeats }: { readonly edges: EdgeRule; readonly repeats: ReadonlyMap<CellKey, CellKey> },
): Map<CellKey, Exclusion> {
  const excluded = new Map<CellKey, Exclusion>();
  for (const cell of cells)
    if (cell.drawn) excluded.set(cell.key, "drawn");
    else if (isLeftOut(cell, edges)) excluded.set(cell.key, "edge");
  for (const group of groupsOf(cells, repeats)) {
    // Counted once: where a person said what it is, else where it is whole, else where it came first.
    const counted =
      group.find(({ key, reviewed }) => reviewed && !excluded.has(key)) ??
      group.find(({ key, box, picture }) => !excluded.has(key) && cutEdges(box, picture).length === 0) ??
      group.find(({ key }) => !excluded.has(key));
    for (const { key } of group) if (key !== counted?.key) excluded.set(key, excluded.get(key) ?? "repeated");
  }
  return excluded;
}

/** The cells that are one and the same, in the order of `cells`; a drawn one is nobody's repeat. */
function groupsOf(
  cells: readonly Candidate[],
  repeats: ReadonlyMap<CellKey, CellKey>,
): readonly (readonly Candidate[])[] {
  const groups = new Map<CellKey, Candidate[]>();
  for (const cell of cells) {
    if (cell.drawn) continue;
    const first = repeats.get(cell.key) ?? cell.key;
    const group = groups.get(first);
    if (group) group.push(cell);
    else groups.set(first, [cell]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/**
 * The unbiased counting frame: what crosses the right or the lower edge is left out, so that in adjoining fields every cell is counted
 * once (H. J. G. Gundersen, Journal of Microscopy 111, 1977).
 */
function isLeftOut({ box, picture }: Candidate, rule: EdgeRule): boolean {
  if (rule === "all") return false;
  const cut = cutEdges(box, picture);
  return rule === "none" ? cut.length > 0 : cut.includes("right") || cut.includes("bottom");
}

type Edge = "left" | "top" | "right" | "bottom";

/** The edges that a box reaches. One that reaches two opposite ones is a picture of that cell, and not cut. */
export function cutEdges(
  { x, y, width, height }: Box,
  picture: { readonly width: number; readonly height: number },
): readonly Edge[] {
  const reached: readonly (readonly [Edge, boolean])[] = [
    ["left", x <= 0],
    ["top", y <= 0],
    ["right", x + width >= picture.width],
    ["bottom", y + height >= picture.height],
  ];
  const cut = reached.filter(([, isReached]) => isReached).map(([edge]) => edge);
  const isOpposite = ["left,right", "top,bottom"].some((pair) =>
    pair.split(",").every((edge) => cut.includes(edge as Edge)),
  );
  return isOpposite ? [] : cut;
}
