// How the classes look and are chosen: a colour each, and the digit that stands for it on the keyboard.
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
};

export function shortNameOf(label: string): string {
  return abbreviations[label] ?? label;
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

/** 1 to 9 in the order of the model's labels; 0 and Delete: not a white cell. Undefined for any other key. */
export function correctionFor(key: string, labels: Labels): Correction | undefined {
  if (key === "0" || key === "Delete") return null;
  return /^[1-9]$/.test(key) ? labels[Number(key) - 1]?.id : undefined;
}
