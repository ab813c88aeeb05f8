// What passed before: a program that depends on nothing that has changed since need not run again.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { contentKey } from "../../web/content-key.mjs";

let installed;
/** Every package of the system, with its version. */
function tools() {
  installed ??= execFileSync("dpkg-query", ["-W"], { encoding: "utf8" });
  return installed;
}

/** Of all that a job's outcome depends on; `root` is where its inputs lie. */
export const keyOf = ({ command, env, inputs }, root) =>
  contentKey(
    inputs.map((path) => join(root, path)),
    [command, env ?? {}, tools()],
  );

/** The outcomes of jobs that passed, each in a file of its own in `folder`. */
export class Passed {
  #folder;

  constructor(folder) {
    this.#folder = folder;
  }

  #file(title) {
    return join(this.#folder, `${title.replace(/\W+/g, "-")}.json`);
  }

  #read(title) {
    const file = this.#file(title);
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  }

  /** The outcome under this key; undefined if there is none. */
  recall(title, key) {
    const kept = this.#read(title);
    return kept.key === key ? kept.outcome : undefined;
  }

  /** How long it took when it passed last, under whatever key: an unknown job is taken for a long one. */
  lastSeconds(title) {
    return this.#read(title).outcome?.seconds ?? 3600;
  }

  remember(title, key, outcome) {
    mkdirSync(dirname(this.#file(title)), { recursive: true });
    writeFileSync(this.#file(title), JSON.stringify({ key, outcome }));
  }
}
