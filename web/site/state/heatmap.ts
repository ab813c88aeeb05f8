// Which places of the selected cell speak for a class and which against it: asked for only while somebody looks at them.
import { type Heatmap, LeukolensError } from "leukolens";
import { classifiers } from "./classifiers.js";
import { selectedPicture } from "./selected-picture.js";
import { type Checked, store } from "./store.js";

class HeatmapLayer extends EventTarget {
  shown = false;
  /** From 0 to 1. */
  opacity = 0.65;
  /** The class that was chosen; undefined: the likeliest. */
  label: string | undefined;
  /** Of the selected cell; undefined until it is there. */
  heatmap: Heatmap | undefined;
  failure: unknown;
  #cell: Checked["cell"] | undefined;
  #asked = 0;

  constructor() {
    super();
    store.addEventListener("change", () => {
      if (store.cell?.cell !== this.#cell) this.#forget();
    });
    classifiers.addEventListener("change", () => this.#forget());
  }

  /** The model whose answer is shown, where another one is in force, which cannot explain it. */
  get otherModel(): string | undefined {
    const { outcome } = store.picture ?? {};
    const { current } = classifiers;
    return outcome?.kind === "found" && current && outcome.model !== current.model.name
      ? outcome.model
      : undefined;
  }

  toggle(shown = !this.shown): void {
    this.shown = shown;
    this.#ask();
  }

  choose(label: string): void {
    this.label = label;
    this.shown = true;
    this.#ask();
  }

  fade(opacity: number): void {
    this.opacity = opacity;
    this.#notify();
  }

  #forget(): void {
    this.#cell = store.cell?.cell;
    this.label = undefined;
    this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asked++;
    const turn = this.#asked;
    this.heatmap = this.failure = undefined;
    this.#notify();
    const { cell } = store;
    if (!this.shown || !cell || this.otherModel !== undefined) return;
    try {
      const heatmap = await explain(cell, this.label);
      if (turn !== this.#asked) return;
      this.heatmap = heatmap;
    } catch (error) {
      if (turn !== this.#asked || (error instanceof LeukolensError && error.code === "disposed")) return;
      this.failure = error;
    }
    this.#notify();
  }

  #notify(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** Of this very cell, and unless another label is named of the answer that is shown for it. */
async function explain(
  { picture, cell }: Checked,
  label: string | undefined = cell.predictions[0]?.label,
): Promise<Heatmap> {
  const opened = await selectedPicture.open(picture);
  const whole = picture.outcome?.kind === "found" && picture.outcome.whole;
  return opened.explain(whole ? undefined : cell, { label });
}

export const heatmapLayer: HeatmapLayer = new HeatmapLayer();
