// The selected picture, opened: decoded once and its cells located once, whoever asks. Closed when another one is selected.
import type { OpenedPicture } from "leukolens";
import { classifiers } from "./classifiers.js";
import { type Picture, store } from "./store.js";

class SelectedPicture {
  #id: string | undefined;
  #opened: Promise<OpenedPicture> | undefined;

  constructor() {
    store.addEventListener("change", () => {
      if (store.picture?.id !== this.#id) this.#close();
    });
    classifiers.addEventListener("change", () => this.#close());
  }

  /** Rejects with a LeukolensError where the picture cannot be opened, or no longer need be. */
  open({ id, file, page }: Picture): Promise<OpenedPicture> {
    if (id !== this.#id) this.#close();
    this.#id = id;
    this.#opened ??= this.#start(file, page);
    return this.#opened;
  }

  async #start(file: Blob, page: number | undefined): Promise<OpenedPicture> {
    const classifier = await classifiers.ready();
    try {
      return await classifier.open(file, { page });
    } catch (error) {
      this.#opened = undefined; // whoever asks again may have better luck
      throw error;
    }
  }

  #close(): void {
    this.#opened?.then((picture) => picture.close()).catch(() => undefined);
    this.#id = this.#opened = undefined;
  }
}

export const selectedPicture: SelectedPicture = new SelectedPicture();
