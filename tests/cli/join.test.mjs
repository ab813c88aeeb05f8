// Shards of one list: classified apart, one killed and repeated, joined; and the manifests of examples/cluster as far as one machine runs
// them.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  createWriteStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { at, drawSmears, programs, scratch } from "../support.mjs";

const images = drawSmears({ count: 3 });
const run = (options, settings = {}) =>
  spawnSync(programs.leukolens, options, { encoding: "utf8", ...settings });
const sourcesOf = (text) =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).source);

function listed() {
  const folder = scratch();
  const list = join(folder, "list.txt");
  writeFileSync(list, images.join("\n"));
  const classify = (shard) => {
    const { stdout } = run(["classify", "--jsonl", "--files-from", list, "--shard", `${shard}/2`]);
    const file = join(folder, `${shard}.jsonl`);
    writeFileSync(file, stdout);
    return file;
  };
  return { folder, list, classify };
}

test("shards are joined in the order of their list", () => {
  const { list, classify } = listed();
  const joined = run(["join", "--files-from", list, classify(2), classify(1)]);
  assert.equal(joined.status, 0, joined.stderr);
  assert.deepEqual(sourcesOf(joined.stdout), images);
  assert.match(joined.stderr, /^12 images: 12 answered, of which 0 are errors; 0 missing\./);
});

test("a shard that was killed lacks images, which are named, classified and joined", async () => {
  const { folder, list, classify } = listed();
  const [first, second] = [classify(1), join(folder, "2.jsonl")];
  const options = ["classify", "--jsonl", "--jobs", "1", "--files-from", list, "--shard", "2/2"];
  const child = spawn(programs.leukolens, options, { stdio: ["ignore", "pipe", "ignore"] });
  const written = once(child.stdout.pipe(createWriteStream(second)), "close"); // later than that of the process
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await written;
  const whole = readFileSync(second, "utf8").split("\n").slice(0, 2).join("\n"); // however far it came
  writeFileSync(second, whole.slice(0, Math.floor(whole.length - 40)));

  const missing = join(folder, "again.txt");
  const lacking = run(["join", "--files-from", list, "--missing", missing, first, second]);
  assert.equal(lacking.status, 1);
  assert.match(
    lacking.stderr,
    /12 images: (6|7) answered.*; (6|5) missing\. Left out: 0 doubled lines, 1 broken/s,
  );
  const named = readFileSync(missing, "utf8").split("\0").filter(Boolean);
  assert.deepEqual(
    named,
    images.filter((image) => !sourcesOf(lacking.stdout).includes(image)),
  );

  const again = join(folder, "again.jsonl");
  writeFileSync(again, run(["classify", "--jsonl", "--files-from", missing]).stdout);
  const whole2 = run(["join", "--files-from", list, first, second, again]);
  assert.equal(whole2.status, 0, whole2.stderr);
  assert.deepEqual(sourcesOf(whole2.stdout), images);
});

test("doubled lines are left out, an answer comes before an error, and what the list does not name is counted", () => {
  const { folder, list, classify } = listed();
  const files = [classify(1), classify(2)];
  const late = join(folder, "late.jsonl");
  writeFileSync(late, `${JSON.stringify({ source: images[0], error: { code: "unreadable_file" } })}\n`);
  const doubled = run(["join", "--files-from", list, ...files, files[0], late]);
  assert.equal(doubled.status, 0);
  assert.match(doubled.stderr, /of which 0 are errors.*7 doubled lines/);
  assert.deepEqual(sourcesOf(doubled.stdout), images);
  appendFileSync(late, `${JSON.stringify({ source: "elsewhere.png", verdict: "rejected" })}\n`);
  const foreign = run(["join", "--files-from", list, ...files, late]);
  assert.equal(foreign.status, 1);
  assert.match(foreign.stderr, /1 about images that the list does not name\.$/m);
});

test("an image without a valid name in UTF-8 is joined too, and one listed twice is answered twice", () => {
  const folder = scratch();
  const name = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xe9]), Buffer.from(".png")]);
  writeFileSync(name, readFileSync(images[0]));
  const list = join(folder, "list");
  writeFileSync(list, Buffer.concat([name, Buffer.from([0]), name, Buffer.from([0])]));
  const shard = join(folder, "1.jsonl");
  writeFileSync(shard, run(["classify", "--jsonl", "--files-from", list]).stdout);
  const { stdout, stderr, status } = run(["join", "--files-from", list, shard]);
  assert.equal(status, 0, stderr);
  assert.equal(sourcesOf(stdout).length, 2);
});

test("what cannot be joined is said", () => {
  const { folder, list } = listed();
  for (const none of [join(folder, "none.jsonl"), folder])
    assert.equal(run(["join", "--files-from", list, none]).status, 2);
  assert.equal(run(["join", "--files-from", join(folder, "none"), list]).status, 2);
  assert.match(run(["join", "--help"]).stdout, /Example: .*join --files-from/);
});

test("every verb's help has an example", () => {
  for (const verb of ["classify", "locate", "explain", "evaluate", "adapt", "inspect", "bench", "join"])
    assert.match(run([verb, "--help"]).stdout, new RegExp(`Example:[^]*leukolens ${verb} `), verb);
});

for (const [name, args, env] of [
  ["parallel.sh", ["2"], {}],
  ["slurm-array.sh", [], { SLURM_ARRAY_TASK_COUNT: "2", SLURM_CPUS_PER_TASK: "1" }],
])
  test(`examples/cluster/${name} leaves shards that join`, () => {
    const { folder, list } = listed();
    const path = `${dirname(programs.leukolens)}:${process.env.PATH}`;
    mkdirSync(join(folder, "shards"));
    for (const shard of name === "parallel.sh" ? [""] : ["1", "2"]) {
      const settings = { cwd: folder, encoding: "utf8" };
      const { status, stderr } = spawnSync("bash", [at(`examples/cluster/${name}`), ...args], {
        ...settings,
        env: { ...process.env, ...env, PATH: path, SLURM_ARRAY_TASK_ID: shard },
      });
      assert.equal(status, 0, stderr);
    }
    const shards = readdirSync(join(folder, "shards")).map((file) => join(folder, "shards", file));
    const { status, stderr } = run(["join", "--files-from", list, ...shards]);
    assert.equal(status, 0, stderr);
  });

test("examples/cluster/portable.sh leaves a folder that runs without anything else", () => {
  const { folder, list } = listed();
  const [script, moved] = [at("examples/cluster/portable.sh"), join(folder, "moved")];
  const made = spawnSync("bash", [script, join(folder, "made")], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  renameSync(join(folder, "made"), moved);
  const options = { encoding: "utf8", env: { PATH: process.env.PATH } };
  const { stdout, stderr } = spawnSync(
    join(moved, "leukolens"),
    ["classify", "--jsonl", "--files-from", list],
    options,
  );
  assert.deepEqual(sourcesOf(stdout), images, stderr);
  const help = spawnSync(join(moved, "leukolens"), ["classify", "--help"], options).stdout;
  assert.match(help, new RegExp(`--model TEXT .${join(moved, "flagship.safetensors")}`));
});
