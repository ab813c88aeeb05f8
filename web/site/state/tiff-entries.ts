// Entries of a TIFF's directories (TIFF 6.0, section 2, and BigTIFF), read one by one from wherever they lie: of a file, or of the block that
// EXIF puts into others.

const mostEntries = 4096;
const bytesOfType: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 13: 4, 16: 8, 18: 8 };

export class TiffEntries {
  readonly #file: Blob;
  readonly #little: boolean;
  readonly #big: boolean;
  /** Where the first directory lies. */
  readonly first: number;

  private constructor(file: Blob, header: Uint8Array) {
    this.#file = file;
    this.#little = header[0] === 0x49;
    this.#big = this.numberIn(header.subarray(2, 4)) === 43;
    this.first = this.numberIn(this.#big ? header.subarray(8, 16) : header.subarray(4, 8));
  }

  /** Undefined where the file is no TIFF. */
  static async open(file: Blob): Promise<TiffEntries | undefined> {
    const header = await bytesAt(file, 0, 16);
    const magic = String.fromCharCode(...header.subarray(0, 4));
    return /^(II[*+]\0|MM\0[*+])/.test(magic) ? new TiffEntries(file, header) : undefined;
  }

  /** The bytes of an entry's value, at most so many; undefined where the directory has no such entry. */
  async value(directory: number, tag: number, most: number): Promise<Uint8Array | undefined> {
    const [word, size] = this.#big ? [8, 20] : [4, 12];
    const head = this.#big ? 8 : 2;
    const count = Math.min(this.numberIn(await bytesAt(this.#file, directory, head)), mostEntries);
    const entries = await bytesAt(this.#file, directory + head, count * size);
    for (let at = 0; at + size <= entries.length; at += size) {
      if (this.numberIn(entries.subarray(at, at + 2)) !== tag) continue;
      const each = bytesOfType[this.numberIn(entries.subarray(at + 2, at + 4))] ?? 1;
      const length = each * this.numberIn(entries.subarray(at + 4, at + 4 + word));
      const inline = entries.subarray(at + 4 + word, at + size);
      if (length <= word) return inline.subarray(0, length);
      return bytesAt(this.#file, this.numberIn(inline), Math.min(length, most));
    }
    return undefined;
  }

  /** A single number; 0 where there is no such entry. */
  async number(directory: number, tag: number): Promise<number> {
    return this.numberIn((await this.value(directory, tag, 8)) ?? new Uint8Array());
  }

  numberIn(bytes: Uint8Array): number {
    return (this.#little ? [...bytes].reverse() : [...bytes]).reduce((sum, byte) => 256 * sum + byte, 0);
  }
}

async function bytesAt(file: Blob, start: number, length: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(start, start + length).arrayBuffer());
}
