// The words of the kiosk, which the page does without.
import { openChapter } from "./index.js";

export const kiosk = await openChapter({
  en: async () => (await import("./kiosk/en.js")).en,
  de: async () => (await import("./kiosk/de.js")).de,
  es: async () => (await import("./kiosk/es.js")).es,
  zh: async () => (await import("./kiosk/zh.js")).zh,
});
