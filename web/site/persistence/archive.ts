// Zip archives, read through their central directory and written as streams: memory holds one file of an archive at a time, whatever
// the archive claims of itself.
import { Zip, ZipPassThrough } from "fflate";
import { addToSum, contentOf, type DirectoryEntry, readDirectory } from "./zip-directory.js";

/** An archive that inflates to more than this is no collection of pictures but a trap. */
const limits = { entries: 50_000, entryBytes: 256 * 2 ** 20, totalBytes: 16 * 2 ** 30 };

/** A file and the name it is to have here, with its folders. */
export interface NamedFile {
  readonly file: Blob;
  readonly name: string;
}

/** Why an entry cannot be read. */
export type Refusal =
  | { readonly reason: "encrypted" | "tooLarge" | "damaged" | "noArchive" }
  | { readonly reason: "method"; readonly method: number };

/** An entry that cannot be read. */
export interface RefusedEntry {
  readonly name: string;
  readonly refusal: Refusal;
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

/**
 * The files whose names are `wanted`, in the archive's order; those of a zip inside it follow as "inner.zip/name", but a zip inside that
 * one is left as it is. An entry that cannot be read does not keep the others from being read. Throws ArchiveError.
 */
export async function* readArchive(
  archive: Blob,
  wanted: (name: string) => boolean = () => true,
): AsyncGenerator<NamedFile | RefusedEntry> {
  const entries = await readDirectory(archive);
  if (!entries) throw new ArchiveError("damaged");
  yield* readEntries(archive, entries, wanted, { entries: 0, bytes: 0 }, "");
}

/** What was read so far, of the archive and those inside it. */
interface Spent {
  entries: number;
  bytes: number;
}

/** `inside`: of which archive in the archive, with a slash behind; empty: of itself. */
async function* readEntries(
  archive: Blob,
  entries: readonly DirectoryEntry[],
  wanted: (name: string) => boolean,
  spent: Spent,
  inside: string,
): AsyncGenerator<NamedFile | RefusedEntry> {
  for (const entry of entries) {
    const name = inside + entry.name;
    if (++spent.entries > limits.entries) throw new ArchiveError("tooLarge");
    const isArchive = inside === "" && /\.zip$/i.test(name);
    if (name.endsWith("/") || !(isArchive || wanted(name))) continue;
    const file = await readEntry(archive, entry, spent);
    if (!(file instanceof Blob)) yield { name, refusal: file };
    else if (!isArchive) yield { name, file };
    else {
      const inner = await readDirectory(file);
      if (inner) yield* readEntries(file, inner, wanted, spent, `${name}/`);
      else yield { name, refusal: { reason: "noArchive" } };
    }
  }
}

async function readEntry(archive: Blob, entry: DirectoryEntry, spent: Spent): Promise<Blob | Refusal> {
  const { encrypted, method, bytes } = entry;
  if (encrypted) return { reason: "encrypted" };
  if (method !== 0 && method !== 8) return { reason: "method", method };
  if (bytes > limits.entryBytes) return { reason: "tooLarge" };
  spent.bytes += bytes;
  if (spent.bytes > limits.totalBytes) throw new ArchiveError("tooLarge");
  const content = await contentOf(archive, entry);
  return (content && (await unpack(content, entry))) ?? { reason: "damaged" };
}

/** Undefined where it is not what the directory says, by its length or its checksum. */
async function unpack(content: Blob, { method, bytes, crc }: DirectoryEntry): Promise<Blob | undefined> {
  const stored = content.stream();
  const reader = (
    method === 8 ? stored.pipeThrough(new DecompressionStream("deflate-raw")) : stored
  ).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let [length, sum] = [0, -1];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > bytes) {
        await reader.cancel();
        return undefined;
      }
      sum = addToSum(sum, value);
      chunks.push(value);
    }
  } catch {
    return undefined;
  }
  return length === bytes && ~sum >>> 0 === crc ? new Blob(chunks) : undefined;
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
