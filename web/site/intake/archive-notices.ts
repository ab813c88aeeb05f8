// What the page says of archives that cannot be read, or not whole.
import { intake } from "../i18n/intake.js";
import type { Refusal, RefusedEntry } from "../persistence/archive.js";
import { notices } from "../state/notices.js";
import type { BrokenArchive } from "./entries.js";

/** Lines that a notice has for files; of more only the number is said. */
const mostLines = 8;

/** Entries of archives, and whole archives. */
export function sayUnread(entries: readonly RefusedEntry[], archives: readonly BrokenArchive[]): void {
  if (archives.length > 0)
    notices.put(
      "archive",
      () => listed(archives, ({ name, fault }) => intake.words.archive[fault](name)).join("\n"),
      true,
    );
  if (entries.length > 0)
    notices.put(
      "entries",
      () =>
        [
          intake.words.archive.refused(entries.length),
          ...listed(entries, ({ name, refusal }) => describe(name, refusal)),
        ].join("\n"),
      true,
    );
}

function listed<Item>(all: readonly Item[], describe: (item: Item) => string): readonly string[] {
  const lines = all.slice(0, mostLines).map(describe);
  const more = all.length - lines.length;
  return more > 0 ? [...lines, intake.words.archive.more(more)] : lines;
}

function describe(name: string, refusal: Refusal): string {
  const { entry } = intake.words.archive;
  return refusal.reason === "method" ? entry.method(name, refusal.method) : entry[refusal.reason](name);
}
