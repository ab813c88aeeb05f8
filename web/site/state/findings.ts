// What a classifier said of a picture, as the store keeps it.
import type { Classification, Classifier, FieldClassification, Pixels } from "leukolens";
import { encodeSpriteSheet, side } from "../images/sprite-sheet.js";
import type { Findings } from "./store.js";
import { usedProfile } from "./used-profile.js";

export { side };

type Answer = (Classification | FieldClassification) & { readonly thumbnails: Pixels };

export async function findings(
  result: Answer,
  { model: { name: model }, profile }: Classifier,
): Promise<Findings> {
  const microscope = usedProfile(profile);
  const { width, height, decoder, page, pages, redCell, stain, timings } = result;
  const notes = stain ? [...result.notes, `stain evened by ${stain.cells} cells`] : result.notes;
  const whole = !("differential" in result);
  const cells = "differential" in result ? result.cells : [wholePicture(result)];
  const spriteSheet = await encodeSpriteSheet(result.thumbnails).catch(() => undefined);
  return {
    ...{ kind: "found", model, microscope, whole, width, height },
    ...{ decoder, page, pages, notes, redCell, timings, cells, spriteSheet },
  };
}

function wholePicture(result: Classification): Findings["cells"][number] {
  const { width, height, verdict, label, confidence, typicality, flags, predictions } = result;
  const box = { x: 0, y: 0, width, height };
  const place = {
    box,
    x: width / 2,
    y: height / 2,
    diameter: Math.min(width, height),
    outline: [],
    score: 1,
  };
  return { ...place, verdict, label, confidence, typicality, flags, predictions };
}
