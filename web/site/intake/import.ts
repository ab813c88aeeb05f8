// Imports what was handed to the page: pictures go to the store, models and sessions to their places.

import { LeukolensError } from "leukolens";
import type { IntakeWords } from "../i18n/en/intake.js";
import { words } from "../i18n/index.js";
import { describeError } from "../i18n/summary.js";
import type { NamedFile, RefusedEntry } from "../persistence/archive.js";
import { classifiers } from "../state/classifiers.js";
import { legible } from "../state/legible.js";
import { notices } from "../state/notices.js";
import { newPicture, type Picture, pictureOf, store } from "../state/store.js";
import type { BrokenArchive, Entry } from "./entries.js";

/** Pictures reach the store in handfuls: the first at once, and thousands without thousands of renderings. */
const handful = 64;

/** A single picture may take the place of another, see `replaceable`; more than one are added. */
export async function importEntries(entries: AsyncIterable<Entry>): Promise<void> {
  for (const id of ["intake", "archive", "entries", "model"]) notices.drop(id);
  const waiting: Picture[] = [];
  const before = replaceable();
  let [pictures, others, leftOut] = [0, 0, 0];
  let interrupted = false;
  const refused: RefusedEntry[] = [];
  const broken: BrokenArchive[] = [];
  const flush = () => store.add(waiting.splice(0));
  try {
    for await (const one of entries) {
      if (one.kind === "picture") {
        waiting.push(await pictureFrom(one.file, one.name));
        pictures++;
      } else if (one.kind === "left out") leftOut++;
      else if (one.kind === "refused") refused.push(one);
      else if (one.kind === "broken archive") broken.push(one);
      else {
        others++;
        await importOther(one);
      }
      if (waiting.length >= handful) flush();
    }
  } catch (error) {
    interrupted = true;
    // A part of the page that was not fetched is no fault of the files.
    if (error instanceof TypeError)
      notices.put("intake", () => words.workbench.errors.known.network.detail, true);
    else await say("intake", (words) => words.unreadable, true);
  }
  const old = replaceable(); // still, and not one that came meanwhile
  if (pictures === 1 && waiting[0] && old && old.id === before?.id) store.exchange(old, waiting[0]);
  else if (waiting.length > 0) flush();
  const unread = refused.length + broken.length;
  if (unread > 0) (await import("./archive-notices.js")).sayUnread(refused, broken);
  if (interrupted) return; // which was said
  if (pictures + others + unread === 0) await say("intake", (words) => words.nothing(leftOut), true);
  else if (leftOut > 0) await say("intake", (words) => words.leftOut(pictures, leftOut));
}

/** A HEIC file that the browser does not know becomes a PNG. */
async function pictureFrom(file: Blob, name: string): Promise<Picture> {
  const picture = newPicture(file, name);
  // The page as one file is small, and has no other files.
  if (import.meta.env.MODE === "single-file" || !(await isHeic(file))) return picture;
  await say("heic", (words) => words.heic(name));
  try {
    const { asPng, note } = await import("./heic.js");
    const png = await asPng(file);
    return png ? { ...picture, file: png, note } : picture;
  } catch {
    return picture; // the engine says what to do with it
  } finally {
    notices.drop("heic");
  }
}

/** By the brands that begin such a file (ISO/IEC 23008-12), as the engine tells one. */
async function isHeic(file: Blob): Promise<boolean> {
  const begin = await file
    .slice(4, 12)
    .text()
    .catch(() => "");
  return /^ftyp(he|mif1)/.test(begin);
}

/** A picture drawn by us. */
export function importDrawn(file: Blob, name: string): void {
  const picture = newPicture(file, name, true);
  const old = replaceable();
  if (old) store.exchange(old, picture);
  else store.add([picture]);
}

/**
 * The single picture that is there, as when trying one after another; undoing brings it back. Not where somebody counts: where it is a
 * field of one's own, or may be one, since it has no answer yet, or where one's own words are about it.
 */
function replaceable(): Picture | undefined {
  const [only, ...more] = store.pictures;
  if (!only || more.length > 0) return undefined;
  if (only.drawn) return only;
  if (!only.outcome) return undefined;
  const { corrections, deleted } = store.edits;
  const said = [...corrections.keys(), ...deleted, ...store.framed.keys()];
  return store.cells.length > 1 || said.some((key) => pictureOf(key) === only.id) ? undefined : only;
}

/** `?image=ADDRESS` opens the page with a picture. The page's policy lets it fetch from its own host only. */
export async function importAddress(address: string): Promise<void> {
  try {
    const url = new URL(address, location.href);
    if (url.origin !== location.origin) {
      await say("intake", (words) => words.foreign(url.host), true);
      return;
    }
    const response = await fetch(url);
    if (!response.ok) throw new Error(String(response.status));
    const name = legible(decodeURIComponent(url.pathname.split("/").at(-1) ?? address));
    store.add([await pictureFrom(await response.blob(), name)]);
  } catch {
    await say("intake", (words) => words.unreachable(address), true);
  }
}

/** Its words are no part of the first load. */
async function say(id: string, text: (words: IntakeWords) => string, urgent = false): Promise<void> {
  const { intake } = await import("../i18n/intake.js");
  notices.put(id, () => text(intake.words), urgent);
}

async function importOther({ kind, file, name }: NamedFile & Pick<Entry, "kind">): Promise<void> {
  if (kind === "session") {
    const { openSession } = await import("../persistence/session.js");
    await openSession(file, name);
  } else if (kind === "profile") await importProfile(file, name);
  else await importModel(file, name);
}

async function importProfile(file: Blob, name: string): Promise<void> {
  const [{ microscope }, { microscope: chapter }] = await Promise.all([
    import("../state/microscope.js"),
    import("../i18n/microscope.js"),
  ]);
  try {
    await classifiers.ready();
    await microscope.use(file);
    await say("model", (words) => words.model(name));
  } catch (error) {
    const isOfOther = error instanceof LeukolensError && error.code === "unsupported_profile";
    const reason = () => (isOfOther ? chapter.words.otherModel : chapter.words.noProfile);
    notices.put("model", () => `${name}: ${reason()}`, true);
  }
}

async function importModel(file: Blob, name: string): Promise<void> {
  try {
    await classifiers.use(await file.arrayBuffer());
    await say("model", (words) => words.model(name));
  } catch (error) {
    await say("model", (words) => words.badModel(name, describeError(error).detail), true);
  }
}
