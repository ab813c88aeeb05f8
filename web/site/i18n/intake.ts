// What is said of files that were handed over, fetched when it is first said.
import { openChapter } from "./index.js";

export const intake = await openChapter({
  en: async () => (await import("./en/intake.js")).en,
  de: async () => (await import("./de/intake.js")).de,
  es: async () => (await import("./es/intake.js")).es,
  zh: async () => (await import("./zh/intake.js")).zh,
});
