// What became of a batch, said once it is done, with the way to what needs review.
import { words } from "../i18n/index.js";
import { needOf } from "../state/needs.js";
import { store } from "../state/store.js";
import { toasts } from "../state/toasts.js";

/** `review` opens review. */
export function announceBatch(review: () => void): void {
  const failed = store.pictures.filter(({ outcome }) => outcome?.kind === "failed").length;
  const needing = store.cells.filter((checked) => needOf(checked) !== undefined).length;
  const counts = [store.pictures.length, store.cells.length, needing, failed] as const;
  const name = () => words.workbench.toolbar.review(needing);
  toasts.show({
    text: () => words.workbench.toolbar.finished(...counts),
    ...(needing > 0 && { action: { name, run: review } }),
  });
}
