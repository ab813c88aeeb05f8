// What the page says of archives that cannot be read, or not whole.
import { intake } from "../i18n/intake.js";
import type { ArchiveFault, Refusal, RefusedEntry } from "../persistence/archive.js";
import { notices } from "../state/notices.js";

/** Lines that a notice has for files; of more only the number is said. */
const mostLines = 8;

export function sayBroken(name: string, fault: ArchiveFault): void {
  notices.put("archive", () => intake.words.archive[fault](name), true);
}

export function sayRefused(refused: readonly RefusedEntry[]): void {
  const say = () => {
    const lines = refused.slice(0, mostLines).map(({ name, refusal }) => describe(name, refusal));
    const more = refused.length - lines.length;
    if (more > 0) lines.push(intake.words.archive.more(more));
    return [intake.words.archive.refused(refused.length), ...lines].join("\n");
  };
  notices.put("entries", say, true);
}

function describe(name: string, refusal: Refusal): string {
  const { entry } = intake.words.archive;
  return refusal.reason === "method" ? entry.method(name, refusal.method) : entry[refusal.reason](name);
}
