import { en, type MoreWords } from "./en.js";
export const de: MoreWords = en;
