// The pictures that an engine keeps open, bounded in number and in bytes.
import type { About } from "../shared/results.js";

export interface Picture extends About {
  readonly decodeMs: number;
}

const mostPictures = 4;

/** Of all their pixels. A picture that alone has more, at most 120 MB, is kept alone. */
const mostBytes = 64 * 2 ** 20;

/** Those that were used last stay. */
export class HeldPictures {
  /** In the order of their last use. */
  readonly #pictures = new Map<number, Picture>();
  readonly #release: (id: number) => void;

  constructor(release: (id: number) => void) {
    this.#release = release;
  }

  get size(): number {
    return this.#pictures.size;
  }

  has(id: number): boolean {
    return this.#pictures.has(id);
  }

  use(id: number): Picture {
    const picture = this.#pictures.get(id);
    if (!picture) throw new Error("The engine was asked about a picture that it does not hold.");
    this.#pictures.delete(id);
    this.#pictures.set(id, picture);
    return picture;
  }

  add(id: number, picture: Picture): void {
    this.#pictures.set(id, picture);
    for (const oldest of this.#pictures.keys()) {
      if (oldest === id || (this.size <= mostPictures && this.#bytes <= mostBytes)) return;
      this.close(oldest);
    }
  }

  close(id: number): void {
    if (this.#pictures.delete(id)) this.#release(id);
  }

  /** Their memory is gone. */
  forget(): void {
    this.#pictures.clear();
  }

  get #bytes(): number {
    return [...this.#pictures.values()].reduce((sum, { width, height }) => sum + 3 * width * height, 0);
  }
}
