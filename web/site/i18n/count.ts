// The words of the differential count and its report, fetched with the first picture.
import { openChapter } from "./index.js";

export const counting = await openChapter({
  en: async () => (await import("./en/count.js")).en,
  de: async () => (await import("./de/count.js")).de,
  es: async () => (await import("./es/count.js")).es,
  zh: async () => (await import("./zh/count.js")).zh,
});
