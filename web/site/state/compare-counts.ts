// Two counts of one sample, held against each other: of the same cells by two readers, or of other cells of the same smear.
import { cohensKappa, type Interval, type Kappa, secondCountLimits } from "./agreement.js";
import { type Count, countCells } from "./count.js";
import { type CellKey, pictureOf } from "./store.js";

/** What is compared of a count. */
export interface Read {
  /** Of each label. */
  readonly counts: ReadonlyMap<string, number>;
  /** What each cell was called. */
  readonly cells: ReadonlyMap<CellKey, string>;
}

export interface ComparedLine {
  readonly label: string;
  /** In percent of the white cells; undefined where there are none. */
  readonly first: number | undefined;
  readonly second: number | undefined;
  /** Where the second share lies in 95 % of cases if only chance makes it differ, in percent. */
  readonly limits: Interval | undefined;
  readonly differs: boolean;
  /** The share in both counts together. */
  readonly together: number | undefined;
}

export interface Comparison {
  /** White cells of the first count. */
  readonly firstTotal: number;
  readonly lines: readonly ComparedLine[];
  /** Of the cells that both have labelled; undefined where there are none: then the counts are of different cells. */
  readonly kappa: Kappa | undefined;
  /** The second count is of a picture that was in the first, though no cell was labelled in both. */
  readonly again: boolean;
  /** Both counts as one, where they are of different pictures. */
  readonly joined: Count | undefined;
}

export function compareCounts(
  first: Read,
  second: Read,
  labels: readonly { readonly id: string }[],
  isInFirst: (picture: string) => boolean = () => false,
): Comparison {
  const pairs = [...second.cells].flatMap(([key, label]) => {
    const other = first.cells.get(key);
    return other === undefined ? [] : [[other, label] as const];
  });
  const [one, other] = [countOf(first, labels), countOf(second, labels)];
  const before = new Set([...first.cells.keys()].map(pictureOf));
  const pictures = new Set([...second.cells.keys()].map(pictureOf));
  const again = pairs.length === 0 && [...pictures].some((id) => before.has(id) || isInFirst(id));
  const joined = pairs.length === 0 && !again ? countOf(together(first, second), labels) : undefined;
  const shareIn = (count: Count | undefined, label: string) =>
    count && count.total > 0 ? (count.lines.find((line) => line.label === label)?.percent ?? 0) : undefined;
  const known = [...one.lines, ...other.lines].map(({ label }) => label);
  const lines = [...new Set(known)].map((label): ComparedLine => {
    const [before, now] = [numberIn(one, label), numberIn(other, label)];
    const both = one.total > 0 && other.total > 0;
    const [low, high] = both ? secondCountLimits(before, one.total, other.total) : [0, 0];
    return {
      ...{ label, first: shareIn(one, label), second: shareIn(other, label) },
      limits: both ? [(100 * low) / other.total, (100 * high) / other.total] : undefined,
      differs: both && (now < low || now > high),
      together: shareIn(joined, label),
    };
  });
  const kappa = pairs.length > 0 ? cohensKappa(pairs) : undefined;
  return { firstTotal: one.total, lines, kappa, again, joined };
}

function countOf({ counts }: Pick<Read, "counts">, labels: readonly { readonly id: string }[]): Count {
  const cells = [...counts].flatMap(([label, count]) =>
    Array.from({ length: count }, () => ({ verdict: "classified" as const, label, corrected: false })),
  );
  return countCells(cells, labels);
}

function numberIn({ lines }: Count, label: string): number {
  return lines.find((line) => line.label === label)?.count ?? 0;
}

function together(one: Read, other: Read): Pick<Read, "counts"> {
  const counts = new Map(one.counts);
  for (const [label, count] of other.counts) counts.set(label, (counts.get(label) ?? 0) + count);
  return { counts };
}
