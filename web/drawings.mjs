// Pictures that leukolens-smear draws for the page and the kiosk: drawn anew whenever the program, or what it is asked for, changes.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentKey } from "./content-key.mjs";

/** Runs `program` once for each of `runs`, which says what it is asked for by the place in `folder`. */
export function draw(program, folder, runs) {
  const stamp = join(folder, ".key");
  const key = contentKey([program], runs);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [place, options] of Object.entries(runs))
    execFileSync(program, ["--out", join(folder, place), ...options.split(" ")], { stdio: "ignore" });
  writeFileSync(stamp, key);
}

/** What the page offers to try: each class once, and whole fields. */
export const samples = {
  ".": "--format jpg --count 1 --seed 40",
  field: "--format jpg --field --count 2 --seed 5 --size 640x480",
};

/** The same small, to be seen before they are chosen: their buttons, and the field in the eyepiece of the first screen. */
export const previews = {
  ".": "--format jpg --quality 75 --count 1 --seed 40 --size 160x120 --scale 0.5",
  field: "--format jpg --quality 75 --field --count 2 --seed 5 --size 160x120 --scale 0.25",
  eyepiece: "--format jpg --quality 70 --field --count 1 --seed 5 --size 640x480",
};

/** Cells for the kiosk's quiz: several of each class, large in their picture, and what was drawn is the right answer. */
export const quiz = { ".": "--format jpg --count 4 --seed 11 --size 480x480 --scale 2" };
