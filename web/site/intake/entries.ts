// Everything that can be handed to the page, taken apart into single files: lists, folders, archives.
import type { ArchiveFault, NamedFile, RefusedEntry } from "../persistence/archive.js";
import { legible } from "../state/legible.js";

export type Entry =
  | ({ readonly kind: "picture" | "model" | "profile" | "session" } & NamedFile)
  /** No picture by its name, in a folder or an archive. */
  | { readonly kind: "left out"; readonly name: string }
  /** Of an archive. */
  | ({ readonly kind: "refused" } & RefusedEntry)
  | BrokenArchive;

export interface BrokenArchive {
  readonly kind: "broken archive";
  readonly name: string;
  readonly fault: ArchiveFault;
}

const pictureName = /\.(jpe?g|jfif|png|webp|avif|gif|bmp|tiff?|hei[cf])$/i;

/** What folders and archives carry along without anybody's doing. */
const debris = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i;

/** Files as they were chosen, dropped or pasted. Those chosen one by one are taken whatever they are called. */
export async function* entriesOfFiles(
  files: Iterable<File> | AsyncIterable<NamedFile | File>,
): AsyncGenerator<Entry> {
  for await (const entry of files) {
    const { file, name, inFolder } = entry instanceof File ? nameOfFile(entry) : { ...entry, inFolder: true };
    if (inFolder && debris.test(name)) continue;
    if (/\.safetensors$/i.test(name)) yield { kind: "model", file, name };
    else if (/\.(zip|leukolens)$/i.test(name)) yield* entriesOfArchive(file, name);
    else if (!inFolder && /\.microscope\.json$/i.test(name)) yield { kind: "profile", file, name };
    else if (inFolder && !pictureName.test(name)) yield { kind: "left out", name };
    else yield { kind: "picture", file, name };
  }
}

async function* entriesOfArchive(file: Blob, name: string): AsyncGenerator<Entry> {
  const { ArchiveError, readArchive, sessionEntry } = await import("../persistence/archive.js");
  const leftOut: Entry[] = [];
  const wanted = (entry: string) => {
    if (entry === sessionEntry) return true;
    if (debris.test(entry) || entry.endsWith("/")) return false;
    const picture = pictureName.test(entry);
    if (!picture) leftOut.push({ kind: "left out", name: `${name}/${entry}` });
    return picture;
  };
  try {
    for await (const entry of readArchive(file, wanted)) {
      if (entry.name === sessionEntry) {
        yield { kind: "session", file, name };
        return;
      }
      const place = { ...entry, name: legible(`${name}/${entry.name}`) };
      yield "file" in place ? { kind: "picture", ...place } : { kind: "refused", ...place };
    }
    yield* leftOut;
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    yield { kind: "broken archive", name, fault: error.fault };
  }
}

function nameOfFile(file: File): NamedFile & { inFolder: boolean } {
  const path = file.webkitRelativePath;
  return { file, name: legible(path || file.name), inFolder: path !== "" };
}

/** Must be called while the drop event is handled: afterwards the browser shows nothing of it any more. */
export function entriesOfDrop(transfer: DataTransfer): AsyncGenerator<Entry> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  );
  if (!entries.some(({ isDirectory }) => isDirectory)) return entriesOfFiles(Array.from(transfer.files));
  return entriesOfFiles(walk(entries));
}

async function* walk(entries: readonly FileSystemEntry[]): AsyncGenerator<NamedFile | File> {
  const inOrder = new Intl.Collator(undefined, { numeric: true });
  for (const entry of [...entries].sort((one, other) => inOrder.compare(one.name, other.name))) {
    if (isFile(entry)) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      yield { file, name: legible(entry.fullPath.replace(/^\//, "")) };
    } else if (isFolder(entry)) yield* walk(await listFolder(entry));
  }
}

/** Browsers hand a folder over in portions of a hundred. */
async function listFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (portion.length === 0) return all;
    all.push(...portion);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
