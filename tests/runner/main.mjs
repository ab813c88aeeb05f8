// `./dev test`: builds what the chosen parts need, runs their programs, and says what failed and how long it took.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { endAllJobs, runStep } from "./job.mjs";
import { listParts } from "./parts.mjs";
import { runParts } from "./run.mjs";
import { lineFor, summaryOf } from "./summary.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const options = {
  all: { type: "boolean", default: process.env.CI === "true" },
  fuzz: { type: "string", default: "5" },
  help: { type: "boolean", short: "h" },
  jobs: { type: "string", default: String(Math.max(2, availableParallelism())) },
  list: { type: "boolean" },
};

const help = (parts) => `Usage: ./dev test [OPTION...] [PART | PART/PROGRAM]...

Builds what the parts need and runs their programs side by side. The parts, and all of them if none is named:
${namesOf(parts, false)}
Only where it is named, for it installs two gigabytes: ${namesOf(parts, true)}

  --all            runs what is unchanged since it passed too, as CI=true does
  --fuzz SECONDS   so long for each fuzzer (${options.fuzz.default})
  --jobs N         so many programs at a time (${options.jobs.default})
  --list           only names the programs
  --help           this text

The output of each program goes to build/test/, and that of one that failed also here. tests/README.md says what each program tests,
and how to run a single test.`;

const namesOf = (parts, onRequest) =>
  Object.keys(parts)
    .filter((name) => Boolean(parts[name].isOnRequest) === onRequest)
    .join(" ");

/** The jobs that `names` mean, by part. Throws one sentence for a name that means none. */
function choose(parts, names) {
  const chosen = Object.entries(parts).map(([name, { jobs, ...part }]) => ({
    ...{ ...part, name },
    jobs: jobs.filter(
      (job) =>
        (names.length === 0 && !part.isOnRequest) ||
        names.includes(name) ||
        names.includes(`${name}/${job.name}`),
    ),
  }));
  for (const name of names)
    if (
      !chosen.some(
        (part) => part.name === name || part.jobs.some((job) => `${part.name}/${job.name}` === name),
      )
    )
      throw new Error(`There is no part or program "${name}": ./dev test --list names them.`);
  return chosen.filter(({ jobs }) => jobs.length > 0);
}

const dev = (...args) => runStep([`${root}dev`, ...args]);

/** Whether all that the part needs could be built. */
async function build({ builds, isPacked }) {
  for (const args of builds) if (!(await dev("build", ...args))) return false;
  return !isPacked || dev("pack");
}

async function main() {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const parts = listParts({ fuzzSeconds: Number(values.fuzz) });
  const chosen = choose(parts, positionals);
  const titles = chosen.flatMap(({ name, jobs }) => jobs.map((job) => `${name}/${job.name}`));
  if (values.help) return console.log(help(parts));
  if (values.list) return console.log(titles.join("\n"));
  const begin = performance.now();
  const built = [];
  for (const part of chosen) if (await build(part)) built.push(part);
  console.log(`Built in ${((performance.now() - begin) / 1000).toFixed(1)} s.`);
  const outcomes = await runParts(built, {
    ...{ root, folder: `${root}build/test`, slots: Number(values.jobs), isFresh: values.all },
    tell(outcome) {
      if (outcome.failed.length > 0) console.log(readFileSync(outcome.log, "utf8"));
      console.log(lineFor(outcome));
    },
  });
  const broken = chosen.filter((part) => !built.includes(part)).map(({ name }) => name);
  console.log(summaryOf(outcomes, broken).join("\n"));
  if (positionals.length === 0) console.log(`Not run: ${namesOf(parts, true)} (./dev test frameworks).`);
  if (broken.length > 0 || outcomes.some(({ failed }) => failed.length > 0)) process.exitCode = 1;
}

// Programs have process groups of their own: an interrupt from the keyboard reaches this one alone.
process.on("exit", endAllJobs);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

main().catch((error) => {
  console.error(`dev test: ${error.message}`);
  process.exitCode = 2;
});
