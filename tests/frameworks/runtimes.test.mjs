// The packed package in other versions of Node, in Deno and in Bun.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { installIn } from "../../web/install.mjs";
import { at, drawAnswered, installPackage, writeFiles } from "../support.mjs";

installIn(at("tests/frameworks/runtimes"));

const [{ path: image, predictions }] = drawAnswered();
const best = predictions.toSorted((a, b) => b.probability - a.probability)[0].label;
const { folder } = installPackage();

/** What is done in each runtime; its last line is the answer. */
const program = `
import { Classifier } from "leukolens";
const answers = [];
for (const options of [{}, { workers: 1 }]) {
  const classifier = await Classifier.load(options);
  answers.push((await classifier.classify(${JSON.stringify(image)})).label);
  const codes = [];
  for await (const { error } of classifier.classifyAll(["nowhere.png", null])) codes.push(error?.code);
  answers.push(codes.join());
  classifier.dispose();
}
console.log(JSON.stringify(answers));
`;
const expected = [best, "unreadable_file,invalid_argument", best, "unreadable_file,invalid_argument"];

describe("the package runs in", () => {
  const installed = at("tests/frameworks/runtimes/node_modules");
  for (const [name, ...command] of [
    ["Node 20 or whichever is here", process.execPath],
    ["Node 22", join(installed, "node-22/bin/node")],
    ["Node 24", join(installed, "node-24/bin/node")],
    [
      "Deno",
      join(installed, "@deno/linux-x64-glibc/deno"),
      "run",
      "--allow-read",
      "--allow-env",
      "--allow-sys",
    ],
    ["Bun", join(installed, "@oven/bun-linux-x64/bin/bun")],
  ]) {
    const skip = !existsSync(command[0]) && (platform() !== "linux" || arch() !== "x64");
    test(name, { skip }, () => {
      writeFiles(folder, { "program.mjs": program });
      const [runtime, ...args] = command;
      const { stdout, stderr, status } = spawnSync(runtime, [...args, "program.mjs"], {
        ...{ cwd: folder, encoding: "utf8" },
        env: { ...process.env, DENO_NO_UPDATE_CHECK: "1", DENO_DIR: join(folder, "deno") },
      });
      assert.equal(status, 0, stderr);
      assert.deepEqual(JSON.parse(stdout.trim().split("\n").at(-1)), expected);
    });
  }
});
