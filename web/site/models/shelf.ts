// The models that there are to look at: those that come with the page, and those that the visitor opened.
import { Classifier } from "leukolens";
import { classifiers } from "../state/classifiers.js";
import { legible } from "../state/legible.js";

export interface Choice {
  /** The shipped model's name, or one of our own making. */
  readonly id: string;
  /** What the visitor opened; none for a shipped model. */
  readonly file?: File;
  /** Where a shipped model and its report lie. */
  readonly url?: string;
  readonly report?: string | undefined;
}

/** Hundreds of times the size of a model of this kind; whatever is larger was chosen by mistake. */
export const mostMegabytes = 64;

/** The locator, which classifies nothing, is none of them. */
const urls: Record<string, string> = import.meta.glob(
  ["../../../models/*.safetensors", "!../../../models/locator.safetensors"],
  { eager: true, query: "?url", import: "default" },
);
const reports: Record<string, string> = import.meta.glob(
  ["../../../models/*.report.json", "!../../../models/locator.report.json"],
  { eager: true, query: "?url", import: "default" },
);

const shipped: readonly Choice[] = Object.entries(urls)
  .map(([path, url]) => ({
    id: /([^/]+)\.safetensors$/.exec(path)?.[1] ?? path,
    url,
    report: reports[path.replace(/safetensors$/, "report.json")],
  }))
  .sort((one, other) => Number(other.id === "flagship") - Number(one.id === "flagship"));

/** "change" tells that a model came or went. */
class Shelf extends EventTarget {
  choices: readonly Choice[] = shipped;
  readonly #loaded = new Map<string, Promise<Classifier>>();
  #opened = 0;
  #used: { readonly id: string; readonly classifier: Classifier } | undefined;

  /** Which one classifies the page's pictures; one that was put in force elsewhere is known by its name. */
  get used(): string | undefined {
    const { current } = classifiers;
    if (current && this.#used?.classifier === current) return this.#used.id;
    return this.choices.find(({ id }) => id === current?.model.name)?.id;
  }

  find(id: string): Choice | undefined {
    return this.choices.find((choice) => choice.id === id);
  }

  /** A classifier of the page's own for it, in one worker; always the same until `rest`. */
  load(choice: Choice): Promise<Classifier> {
    const known = this.#loaded.get(choice.id);
    if (known) return known;
    const loading = Classifier.load({ model: choice.file ?? choice.url, workers: 1 });
    this.#loaded.set(choice.id, loading);
    loading.catch(() => this.#loaded.delete(choice.id)); // the next attempt may fare better
    return loading;
  }

  /** Takes a file in only if the package finds it sound. Rejects with a LeukolensError. */
  async open(file: File): Promise<Choice> {
    this.#opened += 1;
    const choice = { id: `own-${this.#opened}`, file };
    await this.load(choice);
    this.choices = [...this.choices, choice];
    this.dispatchEvent(new Event("change"));
    return choice;
  }

  remove(choice: Choice): void {
    this.choices = this.choices.filter(({ id }) => id !== choice.id);
    this.#end(choice.id);
    this.dispatchEvent(new Event("change"));
  }

  /** Classifies the page's pictures with it from now on. */
  async use(choice: Choice): Promise<void> {
    const classifier = await classifiers.use(choice.file ?? choice.url);
    this.#used = { id: choice.id, classifier };
    this.dispatchEvent(new Event("change"));
  }

  /** Frees the engines; the choices stay. */
  rest(): void {
    for (const id of this.#loaded.keys()) this.#end(id);
  }

  #end(id: string): void {
    this.#loaded.get(id)?.then(
      (classifier) => classifier.dispose(),
      () => undefined,
    );
    this.#loaded.delete(id);
  }
}

export const shelf: Shelf = new Shelf();

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const nameOfChoice = ({ id, file }: Choice): string =>
  legible(file?.name.replace(/\.safetensors$/i, "") ?? id);
