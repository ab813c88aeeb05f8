// The words of the atlas, the camera and the model page, which the first load does without. Awaited before any of them is drawn.
import { openChapter } from "./index.js";

export const onDemand = await openChapter({
  en: async () => (await import("./en/on-demand.js")).en,
  de: async () => (await import("./de/on-demand.js")).de,
  es: async () => (await import("./es/on-demand.js")).es,
  zh: async () => (await import("./zh/on-demand.js")).zh,
});
