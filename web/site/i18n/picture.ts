// What is said of how a picture was taken, fetched with the first picture.
import { openChapter } from "./index.js";

export const picture = await openChapter({
  en: async () => (await import("./en/picture.js")).en,
  de: async () => (await import("./de/picture.js")).de,
  es: async () => (await import("./es/picture.js")).es,
  zh: async () => (await import("./zh/picture.js")).zh,
});
