// What the page says of learning a microscope, fetched with the first cell that was reviewed.
import { pluralOf } from "../grammar.js";

const plural = pluralOf("en");

export const en = {
  title: "Your microscope",
  strange:
    "The cells look unlike those that the model knows: another microscope, camera or stain. Expect more wrong answers, and check each cell.",
  known: "The cells look like those that the model knows.",
  tooFew: (missing: number) =>
    plural(missing, {
      one: "Review # more cell, and the model can learn from your answers.",
      other: "Review # more cells, and the model can learn from your answers.",
    }),
  offer: (cells: number) =>
    plural(cells, {
      one: "The model can learn your microscope from the # cell that you reviewed.",
      other: "The model can learn your microscope from the # cells that you reviewed.",
    }),
  learn: "Learn from them",
  learning: "Learning…",
  cancel: "Cancel",
  nothingGained: "Learning from these cells would not make the answers better. Nothing was changed.",
  judged: (cells: string) =>
    `How many of the ${cells} cells are named correctly, each judged without having been learnt:`,
  before: "Model alone",
  after: "Learnt",
  name: "Name of the microscope",
  usualName: "My microscope",
  use: "Use for all images",
  notNow: "Not now",
  inUse: (name: string, cells: string) => `All answers follow “${name}”, learnt from ${cells} cells.`,
  even: "Even the stain",
  evened: (cells: string) =>
    `The nuclei are darker than those that the model knows, measured on ${cells} cells of any kind. With the stain evened, the cells look more like those that it has learnt.`,
  inUseEvened: (name: string) => `All answers follow “${name}”, which evens the stain.`,
  again: "Learn again",
  undo: "Undo",
  stop: "Use the model alone",
  save: "Save",
  open: "Open a profile",
  otherModel: "This profile belongs to another model, or to a newer version of this page.",
  noProfile: "This file is no profile of a microscope.",
};

export type MicroscopeWords = typeof en;
