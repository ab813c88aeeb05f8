// What a person frames: the engine is asked at once what it is, and again when another model or another profile comes into force.
import type { Classifier, OpenedPicture, Region } from "leukolens";
import { encodeSpriteSheet, side, thumbnailRegions } from "../images/sprite-sheet.js";
import { classifiers } from "./classifiers.js";
import { selectedPicture } from "./selected-picture.js";
import { type CellKey, type Framed, keyOfFrame, type Picture, pictureOf, store } from "./store.js";
import { usedProfile } from "./used-profile.js";

/**
 * Adds a cell to the selected picture, in place of `instead` if that is named; nothing where that was taken out meanwhile. Rejects with
 * a LeukolensError.
 */
export async function frame(picture: Picture, box: Region, instead?: CellKey): Promise<CellKey | undefined> {
  const made = await framed(await selectedPicture.open(picture), box);
  const isThere = store.pictures.some(({ id }) => id === picture.id);
  if (!made || !isThere || !(instead === undefined || store.find(instead))) return undefined;
  store.frame(picture.id, made, instead);
  if (isOutdated(made)) void askAgain();
  return keyOfFrame(picture.id, made.cell);
}

/** As large as the picture's cells are as a rule, or an eighth of the picture where there are none. */
export function usualSide({ id, outcome }: Picture): number {
  const sides = store.cells
    .filter(({ picture }) => picture.id === id)
    .map(({ cell: { box } }) => Math.max(box.width, box.height))
    .sort((one, other) => one - other);
  const middle = sides[Math.floor(sides.length / 2)];
  if (middle !== undefined) return middle;
  return outcome?.kind === "found" ? Math.min(outcome.width, outcome.height) / 8 : 64;
}

/** All is asked at once: an opened picture is closed as soon as another one is selected. */
async function framed(picture: OpenedPicture, box: Region): Promise<Framed | undefined> {
  const asked = inForce();
  const regions = thumbnailRegions(picture, [{ box: within(box, picture) }]).slice(1);
  const [[cell], thumbnail] = await Promise.all([
    picture.classifyFramed([box]),
    picture
      .thumbnails(regions, side)
      .then(encodeSpriteSheet)
      .catch(() => undefined),
  ]);
  return cell && { cell, ...asked, thumbnail };
}

/** The part of a frame that shows the picture. */
function within({ x, y, width, height }: Region, picture: Pick<Region, "width" | "height">): Region {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(picture.width, x + width), Math.min(picture.height, y + height)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function inForce(): Pick<Framed, "model" | "microscope"> {
  const { model, profile = null } = classifiers.current ?? {};
  return { model: model?.name ?? "", microscope: usedProfile(profile)?.id };
}

/** By another model or profile than those in force. */
function isOutdated(one: Framed): boolean {
  const { model, microscope } = inForce();
  return one.model !== model || one.microscope !== microscope;
}

/** Models that see whole pictures have nothing to say of a frame: there, as where a picture cannot be opened, the older answer stays. */
export async function askAgain(): Promise<void> {
  const classifier = classifiers.current;
  if (!classifier || classifier.model.input.region === "whole") return;
  const answers = new Map<CellKey, Framed>();
  for (const [key, old] of store.framed) {
    const picture = store.all.find(({ id }) => id === pictureOf(key));
    if (!picture || !isOutdated(old)) continue;
    const answer = await ask(classifier, picture, old).catch(() => undefined);
    if (answer) answers.set(key, answer);
  }
  if (answers.size > 0 && classifier === classifiers.current) store.answerFramed(answers);
}

async function ask(
  classifier: Classifier,
  { file, page }: Picture,
  { cell: { box } }: Framed,
): Promise<Framed | undefined> {
  const opened = await classifier.open(file, { page });
  try {
    return await framed(opened, box);
  } finally {
    opened.close();
  }
}
