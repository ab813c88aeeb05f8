// Zip archives, read and written as streams: memory holds one file of an archive at a time, whatever the archive claims of itself.
import { Unzip, type UnzipFile, UnzipInflate, Zip, ZipPassThrough } from "fflate";

/** An archive that inflates to more than this is no collection of pictures but a trap. */
const limits = { entries: 50_000, entryBytes: 256 * 2 ** 20, totalBytes: 16 * 2 ** 30 };

/** A file and the name it is to have here, with its folders. */
export interface NamedFile {
  readonly file: Blob;
  readonly name: string;
}

/** An archive with this entry is a saved session. */
export const sessionEntry = "leukolens.json";

export type ArchiveFault = "damaged" | "tooLarge";

export class ArchiveError extends Error {
  readonly fault: ArchiveFault;

  constructor(fault: ArchiveFault) {
    super(fault);
    this.fault = fault;
  }
}

/** The files whose names are `wanted`, in the archive's order. Throws ArchiveError. */
export async function* readArchive(
  archive: Blob,
  wanted: (name: string) => boolean = () => true,
): AsyncGenerator<NamedFile> {
  const reader = archive.stream().getReader();
  const contents = new Contents(wanted);
  let final = false;
  while (!final) {
    const { done, value } = await reader.read();
    final = done;
    contents.push(value ?? new Uint8Array(), done);
    yield* contents.finished();
  }
  if (contents.count === 0) throw new ArchiveError("damaged");
}

class Contents {
  count = 0;
  #bytes = 0;
  #finished: NamedFile[] = [];
  #fault: ArchiveFault | undefined;
  readonly #unzip: Unzip;

  constructor(wanted: (name: string) => boolean) {
    this.#unzip = new Unzip((entry) => this.#open(entry, wanted));
    this.#unzip.register(UnzipInflate);
  }

  push(bytes: Uint8Array, final: boolean): void {
    try {
      this.#unzip.push(bytes, final);
    } catch {
      this.#fault ??= "damaged";
    }
    if (this.#fault) throw new ArchiveError(this.#fault);
  }

  finished(): NamedFile[] {
    const finished = this.#finished;
    this.#finished = [];
    return finished;
  }

  #open(entry: UnzipFile, wanted: (name: string) => boolean): void {
    this.count++;
    if (this.count > limits.entries) this.#fault ??= "tooLarge";
    if (this.#fault || entry.name.endsWith("/") || !wanted(entry.name)) return;
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    entry.ondata = (error, chunk, final) => {
      size += chunk?.length ?? 0;
      this.#bytes += chunk?.length ?? 0;
      if (error) this.#fault ??= "damaged";
      else if (size > limits.entryBytes || this.#bytes > limits.totalBytes) this.#stop(entry);
      else chunks.push(chunk);
      if (final && !this.#fault) this.#finished.push({ file: new Blob(chunks), name: entry.name });
    };
    entry.start();
  }

  #stop(entry: UnzipFile): void {
    this.#fault ??= "tooLarge";
    entry.terminate();
  }
}

/** Stored, not compressed: pictures are compressed already. One picture at a time is in memory. */
export async function writeArchive(
  entries: Iterable<readonly [name: string, content: Blob]> | AsyncIterable<readonly [string, Blob]>,
): Promise<Blob> {
  const parts: Blob[] = [];
  let failure: Error | null = null;
  const archive = new Zip((error, chunk) => {
    failure ??= error;
    parts.push(new Blob([chunk as Uint8Array<ArrayBuffer>]));
  });
  for await (const [name, content] of entries) {
    const entry = new ZipPassThrough(name);
    archive.add(entry);
    entry.push(new Uint8Array(await content.arrayBuffer()), true);
  }
  archive.end();
  if (failure) throw failure;
  return new Blob(parts, { type: "application/zip" });
}
