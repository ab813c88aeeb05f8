import { en, type MoreWords } from "./en.js";
export const zh: MoreWords = en;
