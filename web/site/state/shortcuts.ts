// What the keys do wherever cells are shown: correct the selected cell, take back, do again.
import { correctionFor, type Labels } from "./classes.js";
import { store } from "./store.js";

/** Whether a key would say something of the selected cell. */
export function isCorrection(event: KeyboardEvent, labels: Labels): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || !store.cell) return false;
  return event.key === "Backspace" || correctionFor(event.key, labels) !== undefined;
}

/** True if the key meant something here. */
export function correctByKey(event: KeyboardEvent, labels: Labels): boolean {
  const { cell } = store;
  if (!cell || !isCorrection(event, labels)) return false;
  store.correct(cell.key, event.key === "Backspace" ? undefined : correctionFor(event.key, labels));
  event.preventDefault();
  return true;
}

/** Ctrl+Z, Ctrl+Y and Ctrl+Shift+Z, or with the command key; not while text is typed. */
export function undoByKey(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event)) return;
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) store.undo();
  else if (key === "y" || key === "z") store.redo();
  else return;
  event.preventDefault();
}

/** Keys and pastes are then for the field. */
export function isTyping(event: Event): boolean {
  const [target] = event.composedPath();
  return target instanceof Element && target.matches("textarea, input:not([type=checkbox], [type=range])");
}
