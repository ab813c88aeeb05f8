import { en, type MoreWords } from "./en.js";
export const es: MoreWords = en;
