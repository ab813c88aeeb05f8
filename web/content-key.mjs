// A key of everything that something is made from: while it stays, what was made need not be made again.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Every file below a folder, by its path from there; installed packages are no part of it. */
export function filesOf(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => !name.split("/").includes("node_modules"))
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

/** Of files and of folders with all that is in them, by content, and of further words. A missing file is another content. */
export function contentKey(paths, words = []) {
  const hash = createHash("sha256").update(JSON.stringify(words));
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false });
    const files = stat?.isDirectory() ? filesOf(path).map((name) => join(path, name)) : [path];
    for (const file of files) hash.update(`\0${file}\0`).update(stat ? digest(file) : "missing");
  }
  return hash.digest("hex");
}

const digest = (file) => createHash("sha256").update(readFileSync(file)).digest();
