// What the page says of archives that cannot be read, or not whole.
import { archives } from "../i18n/archive.js";
import type { ArchiveFault, Refusal, RefusedEntry } from "../persistence/archive.js";
import { notices } from "../state/notices.js";

/** Lines that a notice has for files; of more only the number is said. */
const mostLines = 8;

export function sayBroken(name: string, fault: ArchiveFault): void {
  notices.put("archive", () => archives.words[fault](name), true);
}

export function sayRefused(refused: readonly RefusedEntry[]): void {
  const say = () => {
    const lines = refused.slice(0, mostLines).map(({ name, refusal }) => describe(name, refusal));
    const more = refused.length - lines.length;
    if (more > 0) lines.push(archives.words.more(more));
    return [archives.words.refused(refused.length), ...lines].join("\n");
  };
  notices.put("entries", say, true);
}

function describe(name: string, refusal: Refusal): string {
  const { entry } = archives.words;
  return refusal.reason === "method" ? entry.method(name, refusal.method) : entry[refusal.reason](name);
}
