// Installs rarely needed tools on demand. They are no dependencies of the project: each lies in a folder with a package.json of its
// own.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Installs what `folder`'s package-lock.json says, or only what some of its workspaces need, unless it is there. Whoever asks at the
 * same time waits.
 */
export function installIn(folder, workspaces = []) {
  if (isInstalled(folder, workspaces)) return;
  const lock = join(folder, "package-lock.json");
  const again = [process.execPath, fileURLToPath(import.meta.url), folder, ...workspaces];
  execFileSync("flock", [lock, ...again], { stdio: "inherit" });
}

const stampIn = (folder) => join(folder, "node_modules/.leukolens");

/** What was installed: the lock, and the workspaces if not all were. */
function stampOf(folder, workspaces) {
  return [readFileSync(join(folder, "package-lock.json")), ...workspaces].join("\n");
}

function isInstalled(folder, workspaces) {
  if (!existsSync(stampIn(folder))) return false;
  return [stampOf(folder, []), stampOf(folder, workspaces)].includes(readFileSync(stampIn(folder), "utf8"));
}

function install(folder, workspaces) {
  if (isInstalled(folder, workspaces)) return;
  const options = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const chosen = workspaces.map((name) => `--workspace=${name}`);
  execFileSync("npm", [...options, ...chosen], { cwd: folder, stdio: "inherit" });
  writeFileSync(stampIn(folder), stampOf(folder, workspaces));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, ...workspaces] = process.argv.slice(2);
  install(folder, workspaces);
}
