// One test program, or one step of the building, run to its end: a program within its time, in a process group of its own, and nothing that it started or wrote into the
// system's temporary folder outlives it.
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The environment variable that all descendants of a job carry: browsers leave its process group. */
const mark = "LEUKOLENS_JOB";
const running = new Set();

/**
 * Runs `command` in `folder`, its output in the file `log`. Resolves to how it ended, in words that follow "it": undefined if it
 * exited with 0. `seconds` is its limit.
 */
export async function runJob({ command, env, folder, log, seconds }) {
  const id = newId();
  const output = openSync(log, "w");
  const temporary = mkdtempSync(join(tmpdir(), "leukolens-test-")); // programs side by side may choose the same names
  const child = spawn(command[0], command.slice(1), {
    cwd: folder,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, TMPDIR: temporary, ...env, [mark]: id },
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  running.add(id);
  let isLate = false;
  const clock = setTimeout(() => {
    isLate = true;
    kill(-child.pid);
  }, 1000 * seconds);
  const ending = await new Promise((resolve) => {
    child.once("error", (error) => resolve(`could not start: ${error.message}`));
    child.once("exit", (code, signal) => resolve(wordsFor(code, signal)));
  });
  clearTimeout(clock);
  await endMarked(id);
  running.delete(id);
  rmSync(temporary, { recursive: true, force: true });
  return isLate ? `was ended after ${seconds} s` : ending;
}

/** Whether a step of the building succeeds, whose output is shown. It shares the runner's process group, and so an interrupt by key. */
export async function runStep(command) {
  const id = newId();
  const child = spawn(command[0], command.slice(1), {
    env: { ...process.env, [mark]: id },
    stdio: ["ignore", "inherit", "inherit"],
  });
  running.add(id);
  const succeeded = await new Promise((resolve) => {
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
  running.delete(id);
  return succeeded;
}

const newId = () => `${process.pid}-${performance.now()}`;

function wordsFor(code, signal) {
  if (signal) return `was ended by ${signal}`;
  return code === 0 ? undefined : `exited with ${code}`;
}

/** Ends all jobs and steps at once, as when the runner itself is told to end. */
export function endAllJobs() {
  for (const id of running) for (const pid of marked(id)) kill(pid);
}

/** What the job left behind has a second to go by itself, as a browser does whose pipe was closed. */
async function endMarked(id) {
  for (let round = 0; marked(id).length > 0 && round < 100; round++) {
    if (round >= 10) for (const pid of marked(id)) kill(pid);
    await sleep(100);
  }
}

/** The processes whose environment carries the mark. Those of other users cannot be read, and are not ours. */
function marked(id) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(`${mark}=${id}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

function kill(pid) {
  try {
    process.kill(pid, constants.signals.SIGKILL);
  } catch {
    // It has gone already.
  }
}
