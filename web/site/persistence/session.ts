// A whole session in one file: a zip archive with the pictures, what was said of them, and the count.
import { words } from "../i18n/index.js";
import { encodeSpriteSheet, side, thumbnailRegions } from "../images/sprite-sheet.js";
import { classifiers } from "../state/classifiers.js";
import { countSheet, type Sheet } from "../state/count-sheet.js";
import { notices } from "../state/notices.js";
import {
  type CellKey,
  type Correction,
  type Findings,
  keyOf,
  newPicture,
  type Picture,
  store,
} from "../state/store.js";
import { readArchive, sessionEntry, writeArchive } from "./archive.js";
import { download, fileName } from "./download.js";
import { entryOf, type Kept, read, write } from "./session-format.js";

export async function saveSession(): Promise<void> {
  const { pictures, edits } = store;
  const text = write(pictures, edits.corrections, countSheet.sheet, words.researchOnly);
  const entries: (readonly [string, Blob])[] = [
    [sessionEntry, new Blob([text])],
    ...pictures.map(({ file }, place) => [entryOf(place), file] as const),
  ];
  try {
    download(await writeArchive(entries), fileName("leukolens"));
  } catch {
    notices.put("session", () => words.workbench.session.notSaved, true);
  }
}

/** Opens beside what is there; the whole file is refused where any of it is wrong. */
export async function openSession(file: Blob, name: string): Promise<void> {
  try {
    const files = new Map<string, Blob>();
    for await (const entry of readArchive(file)) files.set(entry.name, entry.file);
    const kept = read((await files.get(sessionEntry)?.text()) ?? "");
    const opened: Picture[] = [];
    const corrections = new Map<CellKey, Correction>(store.edits.corrections);
    for (const one of kept.pictures) opened.push(await openPicture(one, files, corrections));
    const isAlone = store.pictures.length === 0;
    store.restore([...store.pictures, ...opened], corrections);
    if (isAlone && kept.sheet) countSheet.set(openSheet(kept.sheet, opened));
    notices.put("session", () => words.workbench.session.opened(name, opened.length));
  } catch {
    notices.put("session", () => words.workbench.session.wrong(name), true);
  }
}

/** A first count's cells are those of the pictures that were opened now. */
function openSheet(sheet: Sheet, opened: readonly Picture[]): Sheet {
  if (!sheet.first) return sheet;
  const cells = new Map<CellKey, string>();
  for (const [place, label] of sheet.first.cells) {
    const [picture, index] = place.split("/").map(Number);
    const { id = "", outcome } = opened[picture ?? -1] ?? {};
    const cell = outcome?.kind === "found" ? outcome.cells[index ?? -1] : undefined;
    if (cell && outcome?.kind === "found") cells.set(keyOf(id, outcome, cell), label);
  }
  return { ...sheet, first: { ...sheet.first, cells } };
}

async function openPicture(
  { entry, name, drawn, outcome, corrections }: Kept,
  files: ReadonlyMap<string, Blob>,
  into: Map<CellKey, Correction>,
): Promise<Picture> {
  const file = files.get(entry);
  if (!file) throw new TypeError("a picture is missing");
  const picture = newPicture(file, name, drawn);
  if (!outcome) return picture;
  if (outcome.kind === "failed") return { ...picture, waiting: false, outcome };
  for (const [index, cell] of outcome.cells.entries()) {
    const label = corrections.get(index);
    if (label !== undefined) into.set(keyOf(picture.id, outcome, cell), label);
  }
  const spriteSheet = await drawThumbnails(file, outcome).catch(() => undefined);
  return { ...picture, waiting: false, outcome: { ...outcome, spriteSheet } };
}

async function drawThumbnails(file: Blob, { cells, whole }: Findings): Promise<Blob> {
  const classifier = await classifiers.ready();
  const picture = await classifier.open(file);
  try {
    const regions = thumbnailRegions(picture, whole ? [] : cells);
    return await encodeSpriteSheet(await picture.thumbnails(regions, side));
  } finally {
    picture.close();
  }
}
