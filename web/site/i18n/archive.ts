// What is said of archives, fetched with the first one of which something is to be said.
import { openChapter } from "./index.js";

export const archives = await openChapter({
  en: async () => (await import("./en/archive.js")).en,
  de: async () => (await import("./de/archive.js")).de,
  es: async () => (await import("./es/archive.js")).es,
  zh: async () => (await import("./zh/archive.js")).zh,
});
