// The words of the atlas, the camera and the model page, which the first load does without. Awaited before any of them is drawn.
import { openChapter } from "./index.js";

export const more = await openChapter({
  en: async () => (await import("./more/en.js")).en,
  de: async () => (await import("./more/de.js")).de,
  es: async () => (await import("./more/es.js")).es,
  zh: async () => (await import("./more/zh.js")).zh,
});
