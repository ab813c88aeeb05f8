// Which lines of the engine its own tests run: `./dev coverage`. Prints a table by folder and the files of which most is left;
// build/coverage/html shows every line.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const program = join(root, "build/coverage/tests/engine_tests");
const others = "(/tests/|/sources/|/usr/|stb_image\\.cpp$|smear/)"; // what is not ours, and what only draws

const folder = mkdtempSync(join(tmpdir(), "leukolens-coverage-"));
try {
  execFileSync(program, [], {
    cwd: root,
    env: { ...process.env, LLVM_PROFILE_FILE: join(folder, "%p.profraw") },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const raw = readdirSync(folder).map((name) => join(folder, name));
  const profile = join(folder, "all.profdata");
  execFileSync("llvm-profdata-19", ["merge", "-sparse", ...raw, "-o", profile]);
  const options = [program, `-instr-profile=${profile}`, `-ignore-filename-regex=${others}`];
  const html = join(root, "build/coverage/html");
  execFileSync("llvm-cov-19", ["show", ...options, "-format=html", `-output-dir=${html}`], {
    stdio: "ignore",
  });
  const text = execFileSync("llvm-cov-19", ["export", ...options, "-summary-only"], { maxBuffer: 1e9 });
  print(JSON.parse(text).data[0]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print({ files, totals }) {
  const share = ({ count, covered }) => `${((100 * covered) / Math.max(1, count)).toFixed(1).padStart(5)} %`;
  const line = (name, lines) =>
    console.log(
      `${share(lines)}  ${String(lines.count - lines.covered).padStart(5)} of ${String(lines.count).padStart(5)} not run  ${name}`,
    );
  const folders = new Map();
  const named = files.map(({ filename, summary }) => ({
    name: relative(root, filename),
    lines: summary.lines,
  }));
  for (const { name, lines } of named) {
    const sum = folders.get(dirname(name)) ?? { count: 0, covered: 0 };
    folders.set(dirname(name), { count: sum.count + lines.count, covered: sum.covered + lines.covered });
  }
  console.log("Lines run, by folder");
  for (const [name, lines] of [...folders].sort()) line(name, lines);
  console.log("\nThe twelve files with most lines not run");
  const left = ({ lines }) => lines.count - lines.covered;
  for (const { name, lines } of named.toSorted((a, b) => left(b) - left(a)).slice(0, 12)) line(name, lines);
  console.log("");
  line("all", totals.lines);
}
