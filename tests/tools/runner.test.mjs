// The runner of the tests, on programs that pass, fail, hang, die and leave something behind.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { endAllJobs, runStep } from "../runner/job.mjs";
import { readCatch2 } from "../runner/results.mjs";
import { runParts } from "../runner/run.mjs";
import { lineFor, summaryOf } from "../runner/summary.mjs";
import { scratch, writeFiles } from "../support.mjs";

/** Runs a file of node:test with this text; its outcome, what was told of it, and the last lines. */
async function runFile(text, { seconds = 60 } = {}) {
  const root = scratch();
  writeFiles(root, { "some.test.mjs": `import { describe, test } from "node:test";\n${text}` });
  const command = [process.execPath, "some.test.mjs"];
  const job = { name: "some", kind: "node", command, inputs: ["some.test.mjs"], seconds };
  const lines = [];
  const tell = (outcome) => lines.push(lineFor(outcome));
  const options = { root, folder: join(root, "build"), slots: 1, tell };
  const outcomes = await runParts([{ name: "part", jobs: [job] }], options);
  return { root, outcomes, lines, last: summaryOf(outcomes) };
}

const isAlive = (pid) =>
  existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));

describe("the runner", () => {
  test("names a failed test in its last lines, and closes with the counts", async () => {
    const { lines, last } = await runFile(`
      describe("the page", () => {
        test("stands", () => {});
        test("is read", () => { throw new Error("no"); });
        test("is skipped", { skip: true }, () => {});
      });`);
    assert.match(lines[0], /^not ok part\/some .* 1 passed, 1 skipped, 1 failed$/);
    assert.deepEqual(last.slice(-4), [
      "Failed:",
      "  part/some: the page > is read",
      "",
      "1 passed, 1 failed",
    ]);
  });

  test("names the suite whose hook failed", async () => {
    const { outcomes } = await runFile(`
      import { before } from "node:test";
      describe("the page", () => {
        before(() => { throw new Error("no browser"); });
        test("stands", () => {});
      });`);
    assert.match(outcomes[0].failed.join(), /^the page\b/);
  });

  test("ends a program that exceeds its time, and names the test that it was in", async () => {
    const { outcomes } = await runFile(
      `describe("the page", () => {
        test("stands", () => {});
        test("comes", () => new Promise(() => setInterval(() => {}, 1000)));
      });`,
      { seconds: 5 },
    );
    const [{ passed, failed, seconds }] = outcomes;
    assert.deepEqual([passed, failed], [1, ["the page > comes (the program was ended after 5 s meanwhile)"]]);
    assert.ok(seconds < 30);
  });

  test("ends with a program what it left behind, in whatever process group", async () => {
    const { root, outcomes } = await runFile(`
      import { spawn } from "node:child_process";
      import { writeFileSync } from "node:fs";
      test("starts what it does not end", () => {
        for (const detached of [true, false]) {
          const child = spawn("sleep", ["600"], { detached, stdio: "inherit" });
          writeFileSync(String(detached), String(child.pid));
        }
      });`);
    assert.deepEqual(outcomes[0].failed, []);
    for (const name of ["true", "false"]) assert.ok(!isAlive(readFileSync(join(root, name), "utf8")), name);
  });

  test("ends a program that waits for what it left behind, though its tests are over", async () => {
    const { outcomes } = await runFile(`
      import { spawn } from "node:child_process";
      test("starts what it does not end", () => void spawn("sleep", ["600"]));`);
    assert.deepEqual(outcomes[0].failed, []);
    assert.ok(outcomes[0].seconds < 30);
  });

  test("names a program that dies, that cannot start, and that tests nothing", async () => {
    const dies = await runFile(
      `test("dies", () => new Promise(() => setTimeout(() => process.abort(), 200)));`,
    );
    assert.deepEqual(dies.outcomes[0].failed, ["dies (the program was ended by SIGABRT meanwhile)"]);
    const broken = await runFile(`import "./nowhere.mjs";`);
    assert.equal(broken.outcomes[0].failed.length, 1);
    const empty = await runFile("");
    assert.deepEqual(empty.outcomes[0].failed, ["the program ran no test"]);
  });

  test("leaves out what passed and has not changed, and runs it when asked to or when it changed", async () => {
    const root = scratch();
    const run = async (script, more = {}) => {
      writeFileSync(join(root, "script"), script);
      const job = { name: "script", kind: "plain", command: ["sh", "script"], inputs: ["script"] };
      const options = { root, folder: join(root, "build"), slots: 1, tell() {}, ...more };
      const [{ isKnown, passed, failed }] = await runParts([{ name: "part", jobs: [job] }], options);
      return { isKnown, passed, failed: failed.length };
    };
    assert.deepEqual(await run("exit 0"), { isKnown: false, passed: 1, failed: 0 });
    assert.deepEqual(await run("exit 0"), { isKnown: true, passed: 1, failed: 0 });
    assert.deepEqual(await run("exit 0", { isFresh: true }), { isKnown: false, passed: 1, failed: 0 });
    assert.deepEqual(await run("exit 1"), { isKnown: false, passed: 0, failed: 1 });
    assert.deepEqual(await run("exit 1"), { isKnown: false, passed: 0, failed: 1 });
    assert.deepEqual(await run("exit 0 "), { isKnown: false, passed: 1, failed: 0 });
  });

  test("can be ended while it builds, and the build with it", async () => {
    const pid = join(scratch(), "pid");
    const step = runStep(["sh", "-c", 'sleep 600 & echo $! >"$0.new" && mv "$0.new" "$0"; wait', pid]);
    for (let i = 0; !existsSync(pid) && i < 200; i++) await sleep(50);
    endAllJobs();
    assert.equal(await step, false);
    for (let i = 0; isAlive(readFileSync(pid, "utf8").trim()) && i < 100; i++) await sleep(50);
    assert.ok(!isAlive(readFileSync(pid, "utf8").trim()));
  });

  test("reads Catch2's results, of a program that died too", () => {
    const result = (name, success, skips = 0) =>
      `<TestCase name="${name}" tags="[a]">\n<Expression success="false"/>\n<OverallResult success="${success}" skips="${skips}"/>\n</TestCase>`;
    const text = `<Catch2TestRun>${result("stands", true)}${result("a &lt; b", false)}${result("rests", true, 1)}`;
    assert.deepEqual(readCatch2(`${text}<OverallResults successes="1"/></Catch2TestRun>`), {
      ...{ passed: 1, skipped: 1, failed: ["a < b"], running: undefined },
    });
    assert.equal(readCatch2(`${text}<TestCase name="dies">`).running, "dies");
  });
});
