// What a person frames: the engine is asked at once what it is, and again when another model or another profile comes into force.
import type { Cell, Classifier, OpenedPicture, Region } from "leukolens";
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
  const opened = await selectedPicture.open(picture);
  const [cell] = await opened.classifyFramed([box]);
  const made = cell && (await framed(opened, cell));
  const isWanted = store.pictures.includes(picture) && (instead === undefined || store.find(instead));
  if (!made || !isWanted) return undefined;
  store.frame(picture.id, made, instead);
  return keyOfFrame(picture.id, cell);
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

async function framed(picture: OpenedPicture, cell: Cell): Promise<Framed> {
  const [, region] = thumbnailRegions(picture, [cell]);
  const pixels = region && (await picture.thumbnails([region], side));
  const thumbnail = pixels && (await encodeSpriteSheet(pixels).catch(() => undefined));
  return { cell, ...inForce(), thumbnail };
}

function inForce(): Pick<Framed, "model" | "microscope"> {
  const { model, profile = null } = classifiers.current ?? {};
  return { model: model?.name ?? "", microscope: usedProfile(profile)?.id };
}

/** Models that see whole pictures have nothing to say of a frame: there, as where a picture cannot be opened, the older answer stays. */
export async function askAgain(): Promise<void> {
  const classifier = classifiers.current;
  if (!classifier || classifier.model.input.region === "whole") return;
  const { model, microscope } = inForce();
  const answers = new Map<CellKey, Framed>();
  for (const [key, old] of store.framed) {
    const picture = store.all.find(({ id }) => id === pictureOf(key));
    if (!picture || (old.model === model && old.microscope === microscope)) continue;
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
    const [cell] = await opened.classifyFramed([box]);
    return cell && (await framed(opened, cell));
  } finally {
    opened.close();
  }
}
