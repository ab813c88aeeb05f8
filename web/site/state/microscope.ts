// Learns the microscope from the cells that a person checked, and has the model answer by what was learnt.
import { type Example, LeukolensError, type Profile } from "leukolens";
import { batchQueue } from "./batch-queue.js";
import { classifiers, keepProfile } from "./classifiers.js";
import { classOf } from "./count.js";
import { type Checked, isReviewed, store } from "./store.js";

/** From so many checked cells on, learning is offered: fewer gain little. */
export const enough = 8;
/** From so many cells on, whatever they are, evening their stain is offered; more than the most say nothing new. */
export const enoughForStain = 20;
const mostForStain = 200;

class Microscope extends EventTarget {
  isLearning = false;
  /** Learnt, and not used yet. */
  offer: Profile | undefined;
  /** Why the last attempt came to nothing. */
  error: LeukolensError | undefined;
  /** What was used before the profile that is used now: null for none. */
  #before: Profile | null | undefined;
  #stop = new AbortController();

  constructor() {
    super();
    classifiers.addEventListener("change", () => {
      this.#stop.abort();
      this.offer = this.error = this.#before = undefined;
      this.#notify();
    });
  }

  get inUse(): Profile | null {
    return classifiers.current?.profile ?? null;
  }

  get canUndo(): boolean {
    return this.#before !== undefined;
  }

  /** The cells that it can learn from: checked, and of a class that the model has. Drawings are of no microscope. */
  get examples(): readonly Example[] {
    const labels = new Set(classifiers.current?.model.labels.map(({ id }) => id));
    return store.cells.flatMap((checked) => {
      const label = classOf(checked.label ?? "");
      const isExample = isReviewed(checked) && labels.has(label) && !checked.picture.drawn;
      return isExample ? [{ ...placeOf(checked), label }] : [];
    });
  }

  /** The cells that tell the stain: of all pictures alike, whether somebody has looked at them or not. */
  get anyCells(): readonly Example[] {
    const cells = store.cells.filter(({ picture }) => !picture.drawn);
    const step = Math.ceil(cells.length / mostForStain);
    return cells.filter((_, index) => index % step === 0).map(placeOf);
  }

  /** Ends with `offer` or with `error`. Examples without labels tell the stain alone. */
  async learn(examples = this.examples): Promise<void> {
    const { current } = classifiers;
    if (this.isLearning || !current) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.isLearning = true;
    this.offer = this.error = undefined;
    this.#notify();
    try {
      // A cell that another model found, and this one's pictures do not show, is left out.
      this.offer = await current.adapt(examples, { signal, onLeftOut: () => {} });
    } catch (error) {
      if (!signal.aborted) this.error = asError(error);
    }
    this.isLearning = false;
    this.#notify();
  }

  cancel(): void {
    this.#stop.abort();
    this.offer = this.error = undefined;
    this.#notify();
  }

  /** Has all pictures classified by a profile, or by its file, or by none. Errors: those of `Classifier.use`. */
  async use(profile: Profile | Blob | null): Promise<void> {
    const { current } = classifiers;
    if (!current) return;
    const before = current.profile;
    await current.use(profile);
    this.#before = before;
    this.offer = this.error = undefined;
    keepProfile(current.profile);
    batchQueue.classifyAgain();
    this.#notify();
  }

  async undo(): Promise<void> {
    await this.use(this.#before ?? null);
    this.#before = undefined;
    this.#notify();
  }

  #notify(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** Where a cell is to be seen; a model that sees whole pictures knows none in them. */
function placeOf({ cell, picture: { file, page, outcome } }: Checked): Example {
  const isWhole = outcome?.kind === "found" && outcome.whole;
  return { picture: file, page, cell: isWhole ? undefined : cell };
}

function asError(error: unknown): LeukolensError {
  return error instanceof LeukolensError ? error : new LeukolensError("internal", String(error));
}

export const microscope: Microscope = new Microscope();
