// How the classes look and are chosen: a colour each, and the digit that stands for it on the keyboard.
import { chosenLabels, madeUpName, ownLabels } from "./own-labels.js";
import type { Checked, Correction } from "./store.js";

/** Dark enough for white letters, and far enough apart for most eyes; never the only sign. */
const colours: Readonly<Record<string, string>> = {
  neutrophil: "#0a66b0",
  lymphocyte: "#1a7a48",
  monocyte: "#a85200",
  eosinophil: "#c2185b",
  basophil: "#4a2ab0",
  ig: "#00788a",
  erythroblast: "#7d4a36",
  platelet: "#5f6368",
  band: "#3a7fc4",
  segmented: "#1d4f91",
  blast: "#a3123b",
  reactive_lymphocyte: "#4d7c0f",
  plasma_cell: "#6b21a8",
  smudge_cell: "#6b5d4f",
  promyelocyte: "#0f766e",
  myelocyte: "#0e7490",
  metamyelocyte: "#4a6b8a",
};

export function colourOf(label: string | null): string {
  return (label === null ? undefined : colours[label]) ?? "#5b5361";
}

/** As laboratories everywhere write them, for where a name has no room. */
const abbreviations: Readonly<Record<string, string>> = {
  neutrophil: "NEU",
  lymphocyte: "LYM",
  monocyte: "MONO",
  eosinophil: "EO",
  basophil: "BASO",
  ig: "IG",
  erythroblast: "NRBC",
  platelet: "PLT",
  band: "BAND",
  segmented: "SEG",
  blast: "BLAST",
  reactive_lymphocyte: "RLYM",
  plasma_cell: "PC",
  smudge_cell: "SMDG",
  promyelocyte: "PRO",
  myelocyte: "MYE",
  metamyelocyte: "META",
};

export function shortNameOf(label: string): string {
  return abbreviations[label] ?? madeUpName(label) ?? label;
}

/** What is written at a frame: short, with the mark of what is settled and what is not. */
export function labelTextOf(checked: Checked): string {
  const { label, corrected } = checked;
  return `${label === null ? (corrected ? "–" : "?") : shortNameOf(label)}${markOf(checked)}`;
}

/** Behind a cell's name: a question mark where the model is unsure, a tick where a person agreed with it, a pencil where not. */
export function markOf({ verdict, corrected, confirmed }: Checked): string {
  if (confirmed) return " ✓";
  return corrected ? " ✎" : verdict === "unsure" ? "?" : "";
}

export type Labels = readonly { readonly id: string; readonly name: string }[];

/** What a person can say of a cell, each with its key, if it has one: the model's labels, then those that were chosen beside them. */
export function choicesOf(
  labels: Labels,
): readonly { readonly id: string; readonly key: string | undefined }[] {
  const byModel = labels.map(({ id }, index) => ({ id, key: index < 9 ? String(index + 1) : undefined }));
  const own = chosenLabels.chosen
    .filter((id) => !labels.some((label) => label.id === id))
    .map((id) => ({ id, key: ownLabels.find((label) => label.id === id)?.key }));
  return [...byModel, ...own];
}

/** By the keys of `choicesOf`; 0 and Delete: not a white cell. Undefined for any other key. */
export function correctionFor(key: string, labels: Labels): Correction | undefined {
  if (key === "0" || key === "Delete") return null;
  return choicesOf(labels).find((choice) => choice.key === key)?.id;
}
