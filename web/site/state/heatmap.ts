// Which places of the selected cell speak for a class and which against it: asked for only while somebody looks at them.
import { type Heatmap, LeukolensError, type Region } from "leukolens";
import { openPicture } from "../images/decode.js";
import { square } from "../images/sprite-sheet.js";
import { classifiers } from "./classifiers.js";
import { type Checked, store } from "./store.js";

class HeatmapLayer extends EventTarget {
  shown = false;
  /** From 0 to 1. */
  opacity = 0.65;
  /** The class that was chosen; undefined: the likeliest. */
  label: string | undefined;
  /** Of the selected cell; undefined until it is there. */
  heatmap: Heatmap | undefined;
  /** The heatmap's place in the picture. */
  region: Region | undefined;
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
    this.#tell();
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
    this.#tell();
    const { cell } = store;
    if (!this.shown || !cell) return;
    try {
      const { heatmap, region } = await explain(cell, this.label ?? cell.cell.predictions[0]?.label);
      if (turn !== this.#asked) return;
      this.heatmap = heatmap;
      this.region = region;
    } catch (error) {
      if (turn !== this.#asked || (error instanceof LeukolensError && error.code === "disposed")) return;
      this.failure = error;
    }
    this.#tell();
  }

  #tell(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** Where the picture has several cells, the one is cut out with what surrounds it: the classifier looks at the middle. */
async function explain(
  { picture, cell }: Checked,
  label: string | undefined,
): Promise<{ heatmap: Heatmap; region: Region }> {
  const classifier = await classifiers.ready();
  const alone = picture.outcome?.kind === "found" && picture.outcome.cells.length === 1;
  if (alone) {
    const heatmap = await classifier.explain(picture.file, { label });
    return { heatmap, region: heatmap.region };
  }
  const middle = { x: cell.x - cell.diameter / 2, y: cell.y - cell.diameter / 2 };
  const around = square({ ...middle, width: cell.diameter, height: cell.diameter }, 3);
  const [x, y, size] = [Math.round(around.x), Math.round(around.y), Math.round(around.width)];
  const image = await openPicture(picture.file);
  const cut = await createImageBitmap(image, x, y, size, size).finally(() => image.close());
  try {
    const heatmap = await classifier.explain(cut, { label });
    const { region } = heatmap;
    return { heatmap, region: { ...region, x: region.x + x, y: region.y + y } };
  } finally {
    cut.close();
  }
}

/** A canvas of one pixel a value: warm where it speaks for the label, blue where against; to be stretched over the region. */
export function paint(canvas: HTMLCanvasElement, { width, height, values }: Heatmap): void {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context?.createImageData(width, height);
  if (!context || !image) return;
  for (const [index, value] of values.entries()) {
    const colour = value > 0 ? [255, 196, 0] : [0, 96, 255];
    image.data.set([...colour, 255 * Math.min(1, Math.abs(value)) ** 0.75], 4 * index);
  }
  context.putImageData(image, 0, 0);
}

export const heatmapLayer: HeatmapLayer = new HeatmapLayer();
