// Two models, the same pictures: what each answers, how often they agree, and how long they take.
import type { Classification, Classifier, OpenedPicture, Verdict } from "leukolens";
import { encodeSpriteSheet, side } from "../images/sprite-sheet.js";
import { reasonOf } from "./shelf.js";

export interface Picture {
  readonly name: string;
  /** The visitor's file, or where a drawn sample lies. */
  readonly source: File | string;
  /** The class that our own program drew; none for the visitor's pictures. */
  readonly drawn?: string;
}

export type Answer =
  | {
      readonly verdict: Verdict;
      readonly label: string | null;
      readonly confidence: number;
      readonly ms: number;
    }
  | { readonly error: string };

export interface Compared {
  readonly picture: Picture;
  /** A sprite sheet of one thumbnail; none of what no model could read. */
  readonly sheet: Blob | undefined;
  readonly answers: readonly [Answer, Answer];
}

const urls: Record<string, string> = import.meta.glob("../../../build/samples/*/*.jpg", {
  eager: true,
  query: "?url",
  import: "default",
});

/** Each class has its folder; `field` is the folder of whole fields, of which a model has no single answer. */
export const drawnPictures: readonly Picture[] = Object.entries(urls)
  .map(([path, source]) => ({ source, drawn: /(\w+)\/[^/]*$/.exec(path)?.[1] ?? "" }))
  .filter(({ drawn }) => drawn !== "field")
  .map(({ source, drawn }) => ({ name: drawn, source, drawn }));

/** Each model opens each picture once. */
export async function* comparePictures(
  pictures: readonly Picture[],
  [one, other]: readonly [Classifier, Classifier],
  signal: AbortSignal,
): AsyncGenerator<Compared, void, undefined> {
  for (const picture of pictures) {
    let sheet: Blob | undefined;
    const second = ask(other, picture, signal);
    const draw = async (opened: OpenedPicture) => {
      await second; // whose time is measured
      sheet = await thumbnailOf(opened, signal);
    };
    const answers = await Promise.all([ask(one, picture, signal, draw), second]);
    if (signal.aborted) return;
    yield { picture, sheet, answers };
  }
}

async function ask(
  classifier: Classifier,
  { source }: Picture,
  signal: AbortSignal,
  afterwards?: (opened: OpenedPicture) => Promise<void>,
): Promise<Answer> {
  try {
    const opened = await classifier.open(source, { signal });
    try {
      const { verdict, label, confidence, timings } = await opened.classify({ signal });
      await afterwards?.(opened);
      return { verdict, label, confidence, ms: total(timings) };
    } finally {
      opened.close();
    }
  } catch (error) {
    return { error: reasonOf(error) };
  }
}

async function thumbnailOf(opened: OpenedPicture, signal: AbortSignal): Promise<Blob> {
  const { width, height } = opened;
  return encodeSpriteSheet(await opened.thumbnails([{ x: 0, y: 0, width, height }], side, { signal }));
}

const total = ({ decodeMs, locateMs, prepareMs, inferMs }: Classification["timings"]): number =>
  decodeMs + locateMs + prepareMs + inferMs;

/** What an answer comes down to: a label's id, or null where the model rejects the picture; undefined for a failure. */
const gist = (answer: Answer): string | null | undefined => ("error" in answer ? undefined : answer.label);

export const agree = ({ answers: [one, other] }: Compared): boolean => gist(one) === gist(other);

/** Pictures that both could read. */
export const readable = (rows: readonly Compared[]): readonly Compared[] =>
  rows.filter(({ answers }) => answers.every((answer) => !("error" in answer)));

/** The mean time of the model that is `index` of the pair; undefined where it answered nothing. */
export function meanMs(rows: readonly Compared[], index: 0 | 1): number | undefined {
  const times = rows.flatMap(({ answers }) => {
    const answer = answers[index];
    return "error" in answer ? [] : [answer.ms];
  });
  return times.length > 0 ? times.reduce((sum, ms) => sum + ms, 0) / times.length : undefined;
}

export interface CrossTable {
  readonly rows: readonly (string | null)[];
  readonly columns: readonly (string | null)[];
  readonly counts: readonly (readonly number[])[];
}

/** Rows: what the first model answered. Columns: the second. Only answers that occur. */
export function crossTable(compared: readonly Compared[]): CrossTable {
  const pairs = readable(compared).map(
    ({ answers: [one, other] }) => [gist(one) ?? null, gist(other) ?? null] as const,
  );
  const rows = [...new Set(pairs.map(([one]) => one))].sort();
  const columns = [...new Set(pairs.map(([, other]) => other))].sort();
  const counts = rows.map((row) =>
    columns.map((column) => pairs.filter(([one, other]) => one === row && other === column).length),
  );
  return { rows, columns, counts };
}
