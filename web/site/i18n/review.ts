// The words of review, which come with it.
import type { Need } from "../state/needs.js";
import { openChapter, words } from "./index.js";

export const review = await openChapter({
  en: async () => (await import("./en/review.js")).en,
  de: async () => (await import("./de/review.js")).de,
  es: async () => (await import("./es/review.js")).es,
  zh: async () => (await import("./zh/review.js")).zh,
});

/** Why a cell needs review. */
export function reasonOf(need: Need): string {
  return need === "largeLymphoid" ? words.workbench.verdict.largeLymphoid : review.words.needs[need];
}
