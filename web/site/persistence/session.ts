// A whole session in one file: a zip archive with the pictures, what was said of them, and the count.
import { words } from "../i18n/index.js";
import { intake } from "../i18n/intake.js";
import { encodeSpriteSheet, side, thumbnailRegions } from "../images/sprite-sheet.js";
import { classifiers } from "../state/classifiers.js";
import { countSheet, type Sample, type Sheet } from "../state/count-sheet.js";
import { notices } from "../state/notices.js";
import { onPage } from "../state/page.js";
import {
  type CellKey,
  type Correction,
  type Findings,
  type Framed,
  keyOf,
  keyOfFrame,
  newPicture,
  type Picture,
  pictureOf,
  store,
} from "../state/store.js";
import { readArchive, sessionEntry, writeArchive } from "./archive.js";
import { download, fileName } from "./download.js";
import { entryOf, type Kept, type Place, read, write } from "./session-format.js";

export async function saveSession(): Promise<void> {
  const { pictures, edits, framed } = store;
  const text = write(pictures, edits, framed, countSheet.sheet, words.researchOnly);
  const entries: (readonly [string, Blob])[] = [
    [sessionEntry, new Blob([text])],
    ...pictures.map(({ file }, place) => [entryOf(place), file] as const),
  ];
  try {
    download(await writeArchive(entries), fileName("leukolens"));
  } catch {
    notices.put("session", () => intake.words.session.notSaved, true);
  }
}

/** Opens beside what is there; the whole file is refused where any of it is wrong. */
export async function openSession(file: Blob, name: string): Promise<void> {
  for (const id of ["sheet", `session ${name}`]) notices.drop(id);
  try {
    const files = new Map<string, Blob>();
    for await (const entry of readArchive(file)) if ("file" in entry) files.set(entry.name, entry.file);
    const kept = read((await files.get(sessionEntry)?.text()) ?? "");
    const opened: Picture[] = [];
    const said = {
      corrections: new Map<CellKey, Correction>(),
      framed: new Map<CellKey, Framed>(),
      deleted: new Set<CellKey>(),
    };
    for (const one of kept.pictures) opened.push(await openPicture(one, files, said));
    const isAlone = store.pictures.length === 0 && !countSheet.sheet.first;
    store.open(opened, said);
    if (isAlone && kept.sheet) countSheet.set(openSheet(kept.sheet, opened, [...said.framed.keys()]));
    else if (kept.sheet && saysMore(kept.sheet))
      notices.put("sheet", () => intake.words.session.sheetLeft(name), true);
    notices.put("session", () => intake.words.session.opened(name, opened.length));
  } catch {
    notices.put(`session ${name}`, () => intake.words.session.wrong(name), true);
  }
}

/** Whether it has a first count, or says something of the sample that the present one does not. */
function saysMore({ sample, total, first }: Sheet): boolean {
  const now = countSheet.sheet;
  const entries = Object.entries(sample) as [keyof Sample, string][];
  const more = entries.some(([name, text]) => text !== "" && text !== now.sample[name]);
  return more || first !== undefined || (total !== undefined && total !== now.total);
}

/** A first count's cells are those of the pictures that were opened now. */
function openSheet(sheet: Sheet, opened: readonly Picture[], framed: readonly CellKey[]): Sheet {
  if (!sheet.first) return sheet;
  const cells = new Map<CellKey, string>();
  for (const [place, label] of sheet.first.cells) {
    const [picture = "", name = ""] = place.split("/");
    const one = opened[Number(picture)];
    if (!one) continue;
    const { id, outcome } = one;
    const found = outcome?.kind === "found" ? outcome.cells.map((cell) => keyOf(id, outcome, cell)) : [];
    const here = [...found, ...framed.filter((one) => pictureOf(one) === id)];
    const key = name.includes(":") ? keyAt(one, name as Place) : here[Number(name)];
    if (key) cells.set(key, label);
  }
  return { ...sheet, first: { ...sheet.first, cells } };
}

/** Of a cell that is not there now. */
function keyAt(picture: Picture, place: Place): CellKey {
  const [page = ""] = place.split(":", 1);
  return `${onPage(picture, Number(page)).id}/${place.slice(page.length + 1)}`;
}

/** What persons said of cells. */
interface Said {
  readonly corrections: Map<CellKey, Correction>;
  readonly framed: Map<CellKey, Framed>;
  readonly deleted: Set<CellKey>;
}

async function openPicture(
  { entry, name, page, note, drawn, outcome, corrections, framed, deleted, aside }: Kept,
  files: ReadonlyMap<string, Blob>,
  said: Said,
): Promise<Picture> {
  const file = files.get(entry);
  if (!file) throw new TypeError("a picture is missing");
  const first = { ...newPicture(file, name, drawn), note };
  const picture = page === undefined ? first : onPage(first, page);
  for (const [place, label] of aside.corrections) said.corrections.set(keyAt(first, place), label);
  for (const place of aside.deleted) said.deleted.add(keyAt(first, place));
  for (const [page, one] of aside.framed) {
    const there = onPage(first, page);
    const [, thumbnail] = await drawThumbnails(there, [], [one]).catch(() => []);
    said.framed.set(keyOfFrame(there.id, one.cell), { ...one, thumbnail });
  }
  if (!outcome) return picture;
  if (outcome.kind === "failed") return { ...picture, waiting: false, outcome };
  const [spriteSheet, ...thumbnails] = await drawThumbnails(
    picture,
    outcome.whole ? [] : outcome.cells,
    framed,
  ).catch(() => []);
  const found = outcome.cells.map((cell) => keyOf(picture.id, outcome, cell));
  const added = framed.map(({ cell }) => keyOfFrame(picture.id, cell));
  for (const [index, one] of framed.entries()) {
    const key = added[index];
    if (key) said.framed.set(key, { ...one, thumbnail: thumbnails[index] });
  }
  for (const [index, key] of [...found, ...added].entries()) {
    const label = corrections.get(index);
    if (label !== undefined) said.corrections.set(key, label);
  }
  for (const index of deleted) {
    const key = found[index];
    if (key) said.deleted.add(key);
  }
  return { ...picture, waiting: false, outcome: { ...outcome, spriteSheet } };
}

/** The sprite sheet of the picture and of `cells`, then what each framed cell looks like. */
async function drawThumbnails(
  { file, page }: Picture,
  cells: Findings["cells"],
  framed: Kept["framed"],
): Promise<readonly Blob[]> {
  const classifier = await classifiers.ready();
  const picture = await classifier.open(file, { page });
  try {
    const [, ...frames] = thumbnailRegions(
      picture,
      framed.map(({ cell }) => cell),
    );
    const sheets = [thumbnailRegions(picture, cells), ...frames.map((frame) => [frame])];
    return await Promise.all(
      sheets.map(async (regions) => encodeSpriteSheet(await picture.thumbnails(regions, side))),
    );
  } finally {
    picture.close();
  }
}
