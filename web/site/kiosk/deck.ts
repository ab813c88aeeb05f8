// The drawn cells that are shown: what was drawn is known, so that no answer hangs on the network.
const urls: Record<string, string> = import.meta.glob("../../../build/quiz/*/*.jpg", {
  eager: true,
  query: "?url",
  import: "default",
});

export interface DrawnCell {
  readonly url: string;
  /** The id of the class that was drawn. */
  readonly label: string;
}

export interface Round {
  readonly cell: DrawnCell;
  /** Ids of classes to choose from, the right one among them. */
  readonly choices: readonly string[];
}

export const cells: readonly DrawnCell[] = Object.entries(urls).map(([path, url]) => ({
  url,
  label: /(\w+)\/[^/]*$/.exec(path)?.[1] ?? "",
}));

const labels = [...new Set(cells.map(({ label }) => label))];

/** Of as many different classes as there are. */
export function dealRounds(count: number, choices = 4): readonly Round[] {
  return dealOfEachClass()
    .slice(0, count)
    .map((cell) => {
      const others = shuffle(labels.filter((label) => label !== cell.label)).slice(0, choices - 1);
      return { cell, choices: shuffle([cell.label, ...others]) };
    });
}

/** One cell of each class, in any order. */
export function dealOfEachClass(): readonly DrawnCell[] {
  const first = new Map(shuffle(cells).map((cell) => [cell.label, cell]));
  return shuffle([...first.values()]);
}

/** Fisher and Yates. */
export function shuffle<T>(items: readonly T[]): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
  }
  return mixed;
}

export async function fetchCell({ url }: DrawnCell): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The drawn cell ${url} could not be fetched: ${response.status}.`);
  return response.blob();
}
