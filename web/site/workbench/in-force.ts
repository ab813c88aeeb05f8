// Which engine and which model are in force, in a line each.
import { formatNumber, words } from "../i18n/index.js";
import { classifiers } from "../state/classifiers.js";
import { legible } from "../state/legible.js";

/** Stands where nothing is known yet. */
export const none = "\u2013";

export function engineLine(): string {
  const { build } = classifiers.current ?? {};
  return build ? `WebAssembly, ${words.workbench.builds[build]}` : none;
}

/** The model that was asked, which after a change of models may be another than the one in force. */
export function modelLine(asked: string | undefined): string {
  const model = classifiers.current?.model;
  if (!model || (asked !== undefined && asked !== model.name)) return legible(asked ?? none);
  return `${legible(model.name)}, ${words.workbench.parameters(formatNumber(model.parameters))}`;
}
