// Light, dark, or as the system has it. style.css does the rest through `color-scheme`.
import { getPreference, setPreference } from "../state/preferences.js";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export function currentTheme(): Theme {
  const kept = getPreference("theme");
  return themes.find((theme) => theme === kept) ?? "system";
}

export function setTheme(theme: Theme): void {
  setPreference("theme", theme);
  applyTheme(theme);
}

export function applyTheme(theme: Theme = currentTheme()): void {
  document.documentElement.dataset.theme = theme;
}
