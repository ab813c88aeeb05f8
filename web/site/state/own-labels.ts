// Labels that no model gives, for what a person sees: a set of them is chosen and kept, beside the model's.

import { legible } from "./legible.js";
import { getPreference, setPreference } from "./preferences.js";

/** Each with the letter that stands for it on the keyboard. */
export const ownLabels = [
  { id: "band", key: "b" },
  { id: "segmented", key: "s" },
  { id: "blast", key: "l" },
  { id: "reactive_lymphocyte", key: "r" },
  { id: "plasma_cell", key: "p" },
  { id: "smudge_cell", key: "u" },
  { id: "promyelocyte", key: "o" },
  { id: "myelocyte", key: "y" },
  { id: "metamyelocyte", key: "t" },
] as const;

/** Before a name that somebody made up. */
const prefix = "other:";
const longestName = 40;

/** A name that somebody made up; undefined for all other labels. */
export function madeUpName(id: string): string | undefined {
  return id.startsWith(prefix) ? id.slice(prefix.length) : undefined;
}

const preference = "labels";

class OwnLabels extends EventTarget {
  /** In the order in which they are offered. */
  chosen: readonly string[] = read();

  choose(id: string, chosen: boolean): void {
    const rest = this.chosen.filter((one) => one !== id);
    this.#set(chosen ? [...rest, id] : rest);
  }

  /** Adds a label by its name alone. */
  add(name: string): void {
    const short = legible(name.trim()).slice(0, longestName);
    if (short !== "") this.choose(prefix + short, true);
  }

  #set(chosen: readonly string[]): void {
    const known = ownLabels.map(({ id }): string => id);
    const others = chosen.filter((id) => !known.includes(id));
    this.chosen = [...known.filter((id) => chosen.includes(id)), ...others];
    setPreference(preference, this.chosen.length > 0 ? JSON.stringify(this.chosen) : undefined);
    this.dispatchEvent(new Event("change"));
  }
}

/** What is not as it was written is passed over. */
function read(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(getPreference(preference) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === "string") : [];
  } catch {
    return [];
  }
}

export const chosenLabels: OwnLabels = new OwnLabels();
