// The language of the page: which one, its words and its numbers. Only the chosen one is fetched; English is always there.
import { LitElement } from "lit";
import { legible } from "../state/legible.js";
import { madeUpName } from "../state/own-labels.js";
import { getPreference, setPreference } from "../state/preferences.js";
import { en, type Words } from "./en/first-load.js";

/** In the order in which the page offers them; the text direction follows from the tag. */
export const languages = {
  en: { name: "English", load: async () => en },
  de: { name: "Deutsch", load: async () => (await import("./de/first-load.js")).de },
  es: { name: "Español", load: async () => (await import("./es/first-load.js")).es },
  zh: { name: "中文", load: async () => (await import("./zh/first-load.js")).zh },
} satisfies Record<string, { name: string; load: () => Promise<Words> }>;

export type Language = keyof typeof languages;

const rightToLeft = new Set(["ar", "fa", "he", "ur"]);
const changed = new EventTarget();

/** A live binding: read it while rendering, never keep it. */
export let words: Words = en;
export let language: Language = "en";

/** What each chapter that was opened does when the language changes: fetch its words, then put them in place. */
const chapters: ((next: Language) => Promise<() => void>)[] = [];

/** How often a language was asked for. */
let asked = 0;

/** What was chosen earlier, else the first of the browser's languages that there is, else English. */
export function preferredLanguage(): Language {
  const wanted = [getPreference("language") ?? "", ...navigator.languages];
  const tags = wanted.map((tag) => tag.split("-")[0] ?? "");
  return tags.find((tag): tag is Language => tag in languages) ?? "en";
}

/** The last call wins. */
export async function setLanguage(next: Language, { keep = false } = {}): Promise<void> {
  asked++;
  const turn = asked;
  const loaded = await languages[next].load();
  const turnPages: (() => void)[] = [];
  // Until there is none that was opened meanwhile.
  while (turnPages.length < chapters.length)
    turnPages.push(...(await Promise.all(chapters.slice(turnPages.length).map((chapter) => chapter(next)))));
  if (turn !== asked) return;
  words = loaded;
  language = next;
  for (const turnPage of turnPages) turnPage();
  if (keep) setPreference("language", next);
  document.documentElement.lang = next;
  document.documentElement.dir = rightToLeft.has(next) ? "rtl" : "ltr";
  changed.dispatchEvent(new Event("change"));
}

/** Words that come with a part of the page, not with the first load. `words` is live, as above. */
export async function openChapter<T>(
  load: Readonly<Record<Language, () => Promise<T>>>,
): Promise<{ readonly words: T }> {
  let chosen = language;
  const chapter = { words: await load[chosen]() };
  while (chosen !== language) {
    chosen = language;
    chapter.words = await load[chosen]();
  }
  chapters.push(async (next) => {
    const words = await load[next]();
    return () => {
      chapter.words = words;
    };
  });
  return chapter;
}

/** A component that renders anew when the language changes. */
export class Localised extends LitElement {
  private readonly onLanguage = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    changed.addEventListener("change", this.onLanguage);
  }

  override disconnectedCallback(): void {
    changed.removeEventListener("change", this.onLanguage);
    super.disconnectedCallback();
  }
}

/** A class's name in the page's language, or as its model has it. */
export function nameOf(
  id: string,
  labels: readonly { readonly id: string; readonly name: string }[] = [],
): string {
  return words.classes[id] ?? legible(labels.find((label) => label.id === id)?.name ?? madeUpName(id) ?? id);
}

export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function formatPercent(share: number, digits = 1): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return share.toLocaleString(language, { style: "percent", ...options });
}
