// Runs test programs side by side, and tells of each how it went.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runJob } from "./job.mjs";
import { keyOf, Passed } from "./passed.mjs";
import { readCatch2, readEvents } from "./results.mjs";

const reporter = new URL("reporter.mjs", import.meta.url).href;

/** In seconds. */
const now = () => performance.now() / 1000;
const toStdout = "--test-reporter-destination=stdout";

/** How a program of each kind is told to write its results into a file (LEUKOLENS_EVENTS, too), and how they are read. */
const kinds = {
  node: {
    command: ([node, ...rest]) => [
      ...[
        node,
        "--test-force-exit",
        "--test-reporter=spec",
        toStdout,
        `--test-reporter=${reporter}`,
        toStdout,
      ],
      ...rest,
    ],
    read: readEvents,
  },
  catch2: {
    command: (command, file) => [...command, "-r", "console", "-r", `xml::out=${file}`],
    read: readCatch2,
  },
  /** One test, which passes by exiting with 0. */
  plain: {
    command: (command) => command,
    read: (_, ending) => ({ passed: ending ? 0 : 1, skipped: 0, failed: [] }),
  },
};

/**
 * Runs the jobs of `parts`, [{ name, jobs }], `slots` at a time: part by part, in each the longest first. Their output goes to `folder`,
 * where also lies what passed before, and runs again only if `isFresh`. `tell` is called with the outcome of each, which also are
 * what this resolves to.
 */
export async function runParts(parts, { root, folder, slots, isFresh = false, tell }) {
  mkdirSync(folder, { recursive: true });
  const passed = new Passed(join(folder, "passed"));
  const queue = parts.flatMap(({ name, jobs }) =>
    jobs
      .map((job) => ({ seconds: 600, ...job, part: name, title: `${name}/${job.name}` }))
      .sort((one, other) => passed.lastSeconds(other.title) - passed.lastSeconds(one.title)),
  );
  const outcomes = [];
  const work = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const { title, part } = job;
      const key = keyOf(job, root);
      const begin = now();
      const known = isFresh ? undefined : passed.recall(title, key);
      const outcome = known ?? (await run(job, root, folder));
      if (outcome.failed.length === 0) passed.remember(title, key, outcome);
      outcomes.push({ ...outcome, title, part, isKnown: known !== undefined, begin, end: now() });
      tell(outcomes.at(-1));
    }
  };
  await Promise.all(Array.from({ length: slots }, work));
  return outcomes;
}

/** `failed` are the names of tests; if the program did not come to its end, the last one says so. */
async function run({ title, kind, command, env, seconds }, root, folder) {
  const base = join(folder, title.replace(/\W+/g, "-"));
  const [log, file] = [`${base}.log`, `${base}.results`];
  rmSync(file, { force: true });
  const begin = now();
  const ending = await runJob({
    ...{ command: kinds[kind].command(command, file), folder: root, log, seconds },
    env: { ...env, LEUKOLENS_EVENTS: file },
  });
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const { passed, skipped, failed, running } = kinds[kind].read(text, ending);
  if (ending && running) failed.push(`${running} (the program ${ending} meanwhile)`);
  else if (ending && failed.length === 0) failed.push(`the program ${ending}`);
  else if (passed + skipped + failed.length === 0) failed.push("the program ran no test");
  return { passed, skipped, failed, log, seconds: now() - begin };
}
