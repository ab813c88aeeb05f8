// What is said of a picture's colour profile; fetched with the first picture.
import { picture as chapter } from "../i18n/picture.js";
import { colourProfileOf } from "../state/colour-profile.js";

/** Undefined where its colours are what they are taken for. */
export async function describeProfile(file: Blob): Promise<string | undefined> {
  const name = await colourProfileOf(file);
  return name === undefined ? undefined : chapter.words.profile(name);
}
