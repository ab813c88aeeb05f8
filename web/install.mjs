// Installs rarely needed tools on demand. They are no dependencies of the project: each lies in a folder with a package.json of its
// own.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Installs what `folder`'s package-lock.json says, unless it is there. */
export function installIn(folder) {
  const lock = readFileSync(join(folder, "package-lock.json"));
  const stamp = join(folder, "node_modules/.leukolens");
  if (existsSync(stamp) && lock.equals(readFileSync(stamp))) return;
  const options = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", options, { cwd: folder, stdio: "inherit" });
  writeFileSync(stamp, lock);
}
