import type { Runner } from "../shared/protocol.js";
import type { Profile } from "../shared/results.js";

type File = Uint8Array<ArrayBuffer> | undefined;

/** The profile that all engines of a classifier use: each is given it before its next work. */
export class ProfileInUse {
  /** With which engines start. */
  readonly #first: File;
  readonly #given = new WeakMap<Runner, File>();
  #file: File;
  #value: Profile | null;

  constructor(file: File) {
    this.#first = file;
    this.#file = file;
    this.#value = parse(file);
  }

  get value(): Profile | null {
    return this.#value;
  }

  async bring(runner: Runner): Promise<void> {
    const has = this.#given.has(runner) ? this.#given.get(runner) : this.#first;
    if (has !== this.#file) await this.#give(runner, this.#file);
  }

  /** One engine says whether the file is sound. Errors: corrupt_profile, unsupported_profile. */
  async change(runner: Runner, file: File): Promise<void> {
    await this.#give(runner, file);
    this.#file = file;
    this.#value = parse(file);
  }

  async #give(runner: Runner, file: File): Promise<void> {
    await runner.call("useProfile", file);
    this.#given.set(runner, file);
  }
}

function parse(file: File): Profile | null {
  return file ? JSON.parse(new TextDecoder().decode(file)) : null;
}
