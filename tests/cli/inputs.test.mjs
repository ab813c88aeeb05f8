// What `leukolens` takes from files, lists, pipes and folders, whatever it is: one bad input is one line.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { at, drawFields, programs, scratch } from "../support.mjs";
import { writeStack } from "../tiff.mjs";
import { writeZip } from "../zip.mjs";

const [field, other] = drawFields(2);
const run = (options, settings = {}) =>
  spawnSync(programs.leukolens, options, { encoding: "utf8", ...settings });
const lines = ({ stdout }) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("locate reads lists, gives a line an image and takes shards, as classify does", () => {
  const folder = scratch();
  const list = join(folder, "list.txt");
  writeFileSync(list, `\ufeff${field}\r\n\r\n${other}\r\n`); // as Windows writes it
  const whole = lines(run(["locate", "--jsonl", "--files-from", list]));
  assert.deepEqual(
    whole.map(({ source }) => source),
    [field, other],
  );
  assert.ok(whole.every(({ cells, notes }) => cells.length > 0 && notes.length === 0));
  const shard = lines(run(["locate", "--jsonl", "--files-from", list, "--shard", "2/2", "--jobs", "1"]));
  assert.deepEqual(
    shard.map(({ source }) => source),
    [other],
  );
  const zeros = run(["classify", "--jsonl", "--files-from", "-"], { input: `${field}\0${other}\0` });
  assert.deepEqual(
    lines(zeros).map(({ source }) => source),
    [field, other],
  );
  assert.equal(run(["locate"]).status, 2);
});

test("lists of PowerShell in UTF-16, with backslashes and accents of another spelling, are read", () => {
  const folder = scratch();
  mkdirSync(join(folder, "Färbung"));
  const paths = ["a.png", "b.png"].map((name) => join(folder, "Färbung", name));
  for (const path of paths) writeFileSync(path, readFileSync(field));
  const text = ["Färbung\\a.png", "Fa\u0308rbung/b.png"];
  for (const swap of [false, true]) {
    const list = Buffer.from(`\ufeff${text.join("\r\n")}\r\n`, "utf16le");
    writeFileSync(join(folder, "list.txt"), swap ? list.swap16() : list);
    const answered = run(["locate", "--jsonl", "--files-from", "list.txt"], { cwd: folder });
    assert.equal(answered.status, 0);
    assert.deepEqual(
      lines(answered).map(({ source }) => source),
      text,
    );
  }
  writeFileSync(join(folder, "list.txt"), Buffer.from([0xff, 0xfe, 0x61]));
  const broken = run(["classify", "--files-from", "list.txt"], { cwd: folder });
  assert.equal(broken.status, 2);
  assert.match(broken.stderr, /the list: list\.txt is damaged: its UTF-16 breaks off/);
});

test("a file of 100 GB, a folder and a damaged image are a line each, and the others are answered", () => {
  const folder = scratch();
  const huge = join(folder, "huge.tif");
  const handle = openSync(huge, "w");
  ftruncateSync(handle, 100e9); // sparse
  closeSync(handle);
  const damaged = join(folder, "damaged.png");
  writeFileSync(damaged, readFileSync(field).subarray(0, 100));
  const answered = run(["classify", "--jsonl", huge, folder, damaged, field]);
  assert.equal(answered.status, 1);
  assert.deepEqual(
    lines(answered).map(({ error }) => error?.code ?? "ok"),
    ["image_too_large", "unreadable_file", "corrupt_image", "ok"],
  );
});

test("of stacks the page that is named is read; what has no such page is a line that says so", () => {
  const grey = (value) => ({ width: 60, height: 40, rgba: new Uint8Array(4 * 60 * 40).fill(value) });
  const stack = join(scratch(), "stack.tif");
  writeFileSync(stack, writeStack([grey(90), grey(160), grey(230)]));
  const verbs = [["locate"], ["classify"], ["classify", "--field"]];
  for (const verb of verbs) {
    const [first] = lines(run([...verb, "--jsonl", stack]));
    const grey = "It has no colours, by which cells are found and told apart.";
    assert.deepEqual([first.page, first.pages, first.notes], [1, 3, ["Page 1 of 3 was read.", grey]]);
    const answered = run([...verb, "--jsonl", "--page", "3", stack, field]);
    assert.equal(answered.status, 1);
    const [third, none] = lines(answered);
    assert.deepEqual([third.page, third.pages], [3, 3]);
    const message = "The image has one page: there is no page 3.";
    assert.deepEqual(none.error, { code: "invalid_argument", message });
    assert.equal(run([...verb, "--page", "0", stack]).status, 2);
  }
  const background = (page) => lines(run(["locate", "--jsonl", "--page", page, stack]))[0].background[0];
  assert.ok(background("1") < background("3"));
  assert.match(run(["explain", "--page", "4", stack]).stderr, /has 3 pages: there is no page 4/);
});

test("standard input and pipes are read to their end", () => {
  const input = readFileSync(field);
  const [expected] = lines(run(["locate", "--jsonl", field]));
  const [piped] = lines(run(["locate", "--jsonl", "-"], { input }));
  assert.deepEqual(piped.cells, expected.cells);
  const substituted = spawnSync(
    "bash",
    ["-c", '"$0" locate --jsonl <(cat "$1")', programs.leukolens, field],
    { encoding: "utf8" },
  );
  assert.deepEqual(lines(substituted)[0].cells, expected.cells);
});

test("a pipe that nobody writes to does not keep a signal from ending it", async () => {
  const pipe = join(scratch(), "pipe");
  execFileSync("mkfifo", [pipe]);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    const child = spawn(programs.leukolens, ["locate", "--jsonl", pipe], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.on("exit", (code, by) => resolve(by ?? code)));
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill(signal);
    assert.equal(await ended, 130);
  }
});

test("names that are no UTF-8 or have control characters are reported so that they are found", () => {
  const folder = scratch();
  const name = Buffer.concat([Buffer.from(`${folder}/a\nb`), Buffer.from([0xe9]), Buffer.from(".png")]);
  writeFileSync(name, readFileSync(field));
  const list = join(folder, "list");
  writeFileSync(list, Buffer.concat([name, Buffer.from([0])]));
  const [answer] = lines(run(["locate", "--jsonl", "--files-from", list]));
  assert.deepEqual(Buffer.from(answer.sourceBytes), name);
  const { stdout } = run(["locate", "--files-from", list]);
  assert.ok(stdout.startsWith(`$'${folder}/a\\x0ab\\xe9.png': `));
});

test("no verb prints a control character of a name, nor of what it says of it", () => {
  const folder = scratch();
  const red = "\u001b[31m";
  const cell = join(folder, `${red}cell.png`);
  writeFileSync(cell, readFileSync(field));
  const none = join(folder, `${red}none`);
  const broken = join(folder, `${red}broken.png`);
  writeFileSync(broken, "no image");
  for (const options of [
    ["classify", none],
    ["classify", cell, "--model", none],
    ["locate", none],
    ["locate", "--files-from", none],
    ["explain", cell],
    ["explain", cell, "--out", `${none}/map.png`],
    ["explain", broken],
    ["explain", none],
    ["evaluate", none],
    ["adapt", none, "--out", join(folder, "a.microscope.json")],
    ["inspect", none],
    ["bench", at("models/flagship.safetensors"), "--image", none],
    ["join", none, "--files-from", none],
    [`${red}verb`],
  ]) {
    const { stdout, stderr } = run(options);
    assert.ok(!`${stdout}${stderr}`.includes("\u001b"), options.join(" "));
    assert.ok(`${stdout}${stderr}`.includes("\\x1b[31m"), options.join(" "));
  }
});

test("answers that cannot be written end with status 1 and a sentence", () => {
  // The more threads, the surer that some of them begin only when nothing can be written any more.
  for (const redirection of ["> /dev/full", ...Array(5).fill("| true")]) {
    const script = `set -o pipefail; "$0" locate --jsonl --jobs 32 "$@" ${redirection}`;
    const images = Array.from({ length: 20 }, () => field);
    const { status, stderr } = spawnSync("bash", ["-c", script, programs.leukolens, ...images], {
      encoding: "utf8",
    });
    assert.equal(status, 1, redirection);
    assert.match(stderr, /^leukolens: The answers cannot be written: /);
  }
});

test("whatever a verb prints, status 1 and a sentence say that it could not be written", () => {
  const folder = scratch();
  const data = join(folder, "neutrophil");
  mkdirSync(data);
  writeFileSync(join(data, "cell.png"), readFileSync(field));
  const model = at("models/flagship.safetensors");
  for (const verb of [
    ["classify", field],
    ["explain", field],
    ["evaluate", folder],
    ["inspect", model],
    ["bench", model, "--iterations", "1"],
    ["--help"],
  ])
    for (const json of verb.length > 1 ? [[], ["--json"]] : [[]])
      for (const redirection of ["> /dev/full", ">&-"]) {
        const script = `"$0" "$@" ${redirection}`;
        const { status, stderr } = spawnSync("bash", ["-c", script, programs.leukolens, ...verb, ...json], {
          encoding: "utf8",
        });
        const said = [...verb, ...json, redirection].join(" ");
        assert.equal(status, 1, said);
        assert.match(
          stderr,
          /leukolens: The answers cannot be written: (No space left on device|Bad file descriptor)/,
          said,
        );
      }
});

test("a file that cannot be written is status 1 and a sentence", () => {
  const folder = scratch();
  const list = join(folder, "list");
  writeFileSync(list, field);
  for (const [verb, out, ...rest] of [
    ["explain", "heatmap.png", field, "--out"],
    ["join", "missing", "--files-from", list, list, "--missing"],
  ]) {
    const nowhere = join(folder, "none", out);
    const { status, stderr } = run([verb, ...rest, nowhere]);
    assert.equal(status, 1, verb);
    assert.ok(stderr.includes(`leukolens ${verb}: cannot write ${nowhere}`), stderr);
  }
});

test("what is mistyped is said in plain words, and a file that is read is not replaced", () => {
  const folder = scratch();
  const own = join(folder, "own.png");
  writeFileSync(own, readFileSync(field));
  writeFileSync(join(folder, "-x.png"), "");
  const list = join(folder, "list");
  writeFileSync(list, own);
  const shard = join(folder, "1.jsonl");
  writeFileSync(shard, run(["classify", "--jsonl", own]).stdout);
  const point = "--at needs X,Y in pixels, for example 160,120";
  for (const [options, said] of [
    [["clasify", own], '"clasify" is not known here. Did you mean "classify"?'],
    [["classify", own, "--tpo", "3"], '"--tpo" is not known here. Did you mean "--top"?'],
    [["--jsonl", "classify", own], '"--jsonl" belongs after the verb.'],
    [["classify", own, "--model", folder], `${folder} is a folder: name the files that are meant.`],
    [["classify", "-x.png"], '"-x.png" is no option. The file is named by ./-x.png'],
    [["classify", own, "--top", "1.5"], "--top: needs a whole number from 1 to 1000, not 1.5"],
    [["locate", own, "--jobs", "two"], "--jobs: needs a whole number from 1 to 256, not two"],
    [
      ["classify", own, "--model", at("models/locator.safetensors")],
      "it finds cells and cannot classify them",
    ],
    [["explain", own, "--at", "nan,nan"], point],
    [["explain", own, "--at", "5"], point],
    [["explain", own, "--at", "5,6,7"], point],
    [["explain", own, "--opacity", "nan"], "nan is no number from 0 to 1"],
    [["explain", own, "--opacity", "1.5"], "1.5 is no number from 0 to 1"],
    [["explain", own, "--at", "900,5"], "--at 900,5 lies outside of the image, which has 640 x 480 pixels"],
    [["explain", own, "--out", join(folder, "map.jpg")], "needs a name that ends in .png"],
    [["explain", own, "--out", own], "--out would replace the image itself"],
    [
      ["join", "--files-from", list, shard, "--missing", shard],
      `--missing would replace ${shard}, which is read`,
    ],
    [
      ["join", "--files-from", list, shard, "--missing", list],
      `--missing would replace ${list}, which is read`,
    ],
  ]) {
    const { status, stderr } = run(options, { cwd: folder });
    assert.equal(status, 2, said);
    assert.ok(stderr.includes(said), stderr);
  }
  assert.deepEqual(readFileSync(own), readFileSync(field));
  assert.equal(readFileSync(list, "utf8"), own);
});

test("names in a zip cannot steer the terminal, and of many with one reason some are named", () => {
  const folder = scratch();
  const zip = join(folder, "data.zip");
  const notes = Array.from({ length: 30 }, (_, i) => ({ name: `neutrophil/${i}.txt`, content: "x" }));
  const cell = { name: "neutrophil/cell.png", content: readFileSync(field) };
  writeFileSync(
    zip,
    writeZip([
      cell,
      ...["\x1b[31m", "\u009b31m"].map((name) => ({ name: `neutrophil/${name}.png`, content: "x" })),
      ...notes,
    ]),
  );
  const { stderr } = run(["evaluate", zip]);
  assert.ok(stderr.includes("$'neutrophil/\\x1b[31m.png': The file is not"), stderr);
  assert.ok(stderr.includes("$'neutrophil/\\xc2\\x9b31m.png': The file is not"), stderr);
  assert.equal(stderr.match(/^neutrophil.*left out/gm).length, 5);
  assert.match(stderr, /^25 more left out: not an image by its name$/m);
});

test("a link to a folder that is read anyway is left out, and CSVs of other countries are read", () => {
  const root = scratch();
  mkdirSync(join(root, "data", "neutrophil"), { recursive: true });
  writeFileSync(join(root, "data", "neutrophil", "cell.png"), readFileSync(field));
  symlinkSync("..", join(root, "data", "neutrophil", "up"));
  symlinkSync(root, join(root, "data", "whole"));
  const judged = ({ status, stdout, stderr }) => {
    assert.equal(status, 0, stderr);
    const { metrics, unreadable } = JSON.parse(stdout);
    assert.deepEqual(unreadable, []);
    return metrics.images ?? metrics.count ?? metrics;
  };
  const one = judged(run(["evaluate", join(root, "data"), "--json"]));
  for (const text of [
    "\ufeffimage;label\r\ndata\\neutrophil\\cell.png;neutrophil\r\n",
    "image\tlabel\ndata/neutrophil/cell.png\tneutrophil\n",
    "image, label\ndata/neutrophil/cell.png, Neutrophil\n",
  ]) {
    const csv = join(root, "list.csv");
    writeFileSync(csv, text);
    assert.deepEqual(judged(run(["evaluate", csv, "--json"])), one);
  }
});
