// The words of the quiz, which come with it.
import { openChapter } from "./index.js";

export const quiz = await openChapter({
  en: async () => (await import("./en/quiz.js")).en,
  de: async () => (await import("./de/quiz.js")).de,
  es: async () => (await import("./es/quiz.js")).es,
  zh: async () => (await import("./zh/quiz.js")).zh,
});
