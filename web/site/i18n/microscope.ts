// The words of learning a microscope, which come with it.
import { openChapter } from "./index.js";

export const microscope = await openChapter({
  en: async () => (await import("./en/microscope.js")).en,
  de: async () => (await import("./de/microscope.js")).de,
  es: async () => (await import("./es/microscope.js")).es,
  zh: async () => (await import("./zh/microscope.js")).zh,
});
