// The words of the kiosk, which the page does without.
import { openChapter } from "./index.js";

export const kiosk = await openChapter({
  en: async () => (await import("./en/kiosk.js")).en,
  de: async () => (await import("./de/kiosk.js")).de,
  es: async () => (await import("./es/kiosk.js")).es,
  zh: async () => (await import("./zh/kiosk.js")).zh,
});
