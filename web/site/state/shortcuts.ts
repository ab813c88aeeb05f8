// What the keys do wherever cells are shown: correct the selected cell, take back, do again.
import { correctionFor, type Labels } from "./classes.js";
import { store } from "./store.js";

/** True if the key meant something here. */
export function correctByKey(event: KeyboardEvent, labels: Labels): boolean {
  const { cell } = store;
  if (event.ctrlKey || event.metaKey || event.altKey || !cell) return false;
  if (event.key === "Backspace") store.correct(cell.key, undefined);
  else {
    const correction = correctionFor(event.key, labels);
    if (correction === undefined) return false;
    store.correct(cell.key, correction);
  }
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

export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLInputElement && ["text", "search"].includes(target.type);
}
