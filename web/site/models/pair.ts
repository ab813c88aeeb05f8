// Two models, the same pictures: what each answers, how often they agree, and how long they take.
import type { Classification, Classifier, Verdict } from "leukolens";
import { reasonOf } from "./shelf.js";

export interface Picture {
  readonly name: string;
  /** To look at: the visitor's is an object URL, which whoever made it revokes. */
  readonly url: string;
  /** The class that our own program drew; none for the visitor's pictures. */
  readonly drawn?: string;
  readonly file?: File;
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
  readonly answers: readonly [Answer, Answer];
}

const urls: Record<string, string> = import.meta.glob("../../../build/samples/*/*.jpg", {
  eager: true,
  query: "?url",
  import: "default",
});

/** Each class has its folder; `field` is the folder of whole fields, of which a model has no single answer. */
export const drawnPictures: readonly Picture[] = Object.entries(urls)
  .map(([path, url]) => ({ url, drawn: /(\w+)\/[^/]*$/.exec(path)?.[1] ?? "" }))
  .filter(({ drawn }) => drawn !== "field")
  .map(({ url, drawn }) => ({ name: drawn, url, drawn }));

export async function* comparePictures(
  pictures: readonly Picture[],
  pair: readonly [Classifier, Classifier],
  signal: AbortSignal,
): AsyncGenerator<Compared, void, undefined> {
  for (const picture of pictures) {
    const [one, other] = pair.map((classifier) => answer(classifier, picture, signal));
    if (one && other) yield { picture, answers: [await one, await other] };
    if (signal.aborted) return;
  }
}

async function answer(classifier: Classifier, { file, url }: Picture, signal: AbortSignal): Promise<Answer> {
  try {
    const { verdict, label, confidence, timings } = await classifier.classify(file ?? url, { signal });
    return { verdict, label, confidence, ms: total(timings) };
  } catch (error) {
    return { error: reasonOf(error) };
  }
}

const total = ({ decodeMs, locateMs, prepareMs, inferMs }: Classification["timings"]): number =>
  decodeMs + locateMs + prepareMs + inferMs;

/** What an answer comes down to: a label's id, or null where the model rejects the picture; undefined for a failure. */
export const gist = (answer: Answer): string | null | undefined =>
  "error" in answer ? undefined : answer.label;

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
