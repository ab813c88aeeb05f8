// Installs rarely needed tools on demand. They are no dependencies of the project: each lies in a folder with a package.json of its
// own.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Installs what `folder`'s package-lock.json says, or only what some of its workspaces need, unless it is there. */
export function installIn(folder, workspaces = []) {
  const lock = readFileSync(join(folder, "package-lock.json"));
  const stamp = join(folder, "node_modules/.leukolens"); // the lock, and the workspaces if not all were installed
  const installed = existsSync(stamp) && readFileSync(stamp, "utf8");
  if ([lock.toString(), stampOf(lock, workspaces)].includes(installed)) return;
  const chosen = workspaces.map((name) => `--workspace=${name}`);
  const options = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", [...options, ...chosen], { cwd: folder, stdio: "inherit" });
  writeFileSync(stamp, stampOf(lock, workspaces));
}

const stampOf = (lock, workspaces) => [lock, ...workspaces].join("\n");
