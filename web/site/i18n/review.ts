// The words of review, which come with it.
import { openChapter } from "./index.js";

export const review = await openChapter({
  en: async () => (await import("./en/review.js")).en,
  de: async () => (await import("./de/review.js")).de,
  es: async () => (await import("./es/review.js")).es,
  zh: async () => (await import("./zh/review.js")).zh,
});
