// The cells that are shown: what they are is known, so that no answer hangs on the network. They are drawn, or an exhibition's own.
import { type Language, language } from "../i18n/index.js";

const urls: Record<string, string> = import.meta.glob("../../../build/quiz/*/*.jpg", {
  eager: true,
  query: "?url",
  import: "default",
});

export interface KnownCell {
  readonly url: string;
  /** The id of its class. */
  readonly label: string;
}

/** What the kiosk's server says of the exhibition's folder: it has checked it (web/kiosk/exhibition.mjs). */
interface Exhibition {
  readonly cells: readonly { readonly picture: string; readonly label: string }[];
  readonly credit: string;
  readonly texts: Readonly<Partial<Record<Language, Readonly<Record<string, string>>>>>;
}

export interface Round {
  readonly cell: KnownCell;
  /** Ids of classes to choose from, the right one among them. */
  readonly choices: readonly string[];
}

let exhibition: Exhibition | undefined;
let cells: readonly KnownCell[] = Object.entries(urls).map(([path, url]) => ({
  url,
  label: /(\w+)\/[^/]*$/.exec(path)?.[1] ?? "",
}));

/** Takes the exhibition's cells and words in place of the drawn ones. */
export async function useExhibition(): Promise<void> {
  const response = await fetch("own/kiosk.json");
  if (!response.ok) throw new Error(`The exhibition's pictures could not be fetched: ${response.status}.`);
  const own: Exhibition = await response.json();
  exhibition = own;
  cells = own.cells.map(({ picture, label }) => ({ url: `own/${encodeURIComponent(picture)}`, label }));
}

/** Where the cells that are shown come from; undefined where they are drawn. */
export const credit = (): string | undefined => exhibition?.credit;

/** The exhibition's own word, in the language in force. */
export const ownText = (name: "question" | "invitation" | "about"): string | undefined =>
  exhibition?.texts[language]?.[name];

/** All of them, in any order. */
export const allCells = (): readonly KnownCell[] => shuffle(cells);

/** Of as many different classes as there are, then of those again. */
export function dealRounds(count: number, choices = 4): readonly Round[] {
  const first = dealOfEachClass();
  return [...first, ...shuffle(cells.filter((cell) => !first.includes(cell)))].slice(0, count).map((cell) => {
    const labels = new Set(cells.map(({ label }) => label));
    const others = shuffle([...labels].filter((label) => label !== cell.label)).slice(0, choices - 1);
    return { cell, choices: shuffle([cell.label, ...others]) };
  });
}

/** One cell of each class, in any order. */
export function dealOfEachClass(): readonly KnownCell[] {
  const first = new Map(allCells().map((cell) => [cell.label, cell]));
  return shuffle([...first.values()]);
}

/** Fisher and Yates. */
function shuffle<T>(items: readonly T[]): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
  }
  return mixed;
}

export async function fetchCell({ url }: KnownCell): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The cell ${url} could not be fetched: ${response.status}.`);
  return response.blob();
}
