// The drawn pictures of the page and the kiosk are those of the program that is there.
import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { draw } from "../../web/drawings.mjs";
import { scratch } from "../support.mjs";

/** Draws one file, which says what it was asked for; counts its runs. */
function writeProgram(folder, version) {
  const program = join(folder, "program");
  const lines = [
    "#!/bin/sh",
    `echo run >> ${folder}/runs`,
    'mkdir -p "$2"; out=$2; shift 2',
    `echo ${version} "$@" > "$out/$3.jpg"`,
  ];
  writeFileSync(program, `${lines.join("\n")}\n`);
  chmodSync(program, 0o755);
  return program;
}

test("pictures are drawn once, and anew when the program or what it is asked for changes", () => {
  const folder = scratch();
  const out = join(folder, "samples");
  const runs = () => readFileSync(join(folder, "runs"), "utf8").trim().split("\n").length;
  const drawn = () => readdirSync(out, { recursive: true }).filter((name) => name.endsWith(".jpg"));

  draw(writeProgram(folder, "first"), out, { ".": "--seed 1 a", field: "--seed 2 b" });
  assert.deepEqual([runs(), drawn().sort()], [2, ["a.jpg", "field/b.jpg"]]);
  assert.equal(readFileSync(join(out, "field/b.jpg"), "utf8"), "first --seed 2 b\n");
  draw(writeProgram(folder, "first"), out, { ".": "--seed 1 a", field: "--seed 2 b" });
  assert.equal(runs(), 2);

  draw(writeProgram(folder, "second"), out, { ".": "--seed 1 a", field: "--seed 2 b" });
  assert.equal(runs(), 4);
  assert.equal(readFileSync(join(out, "a.jpg"), "utf8"), "second --seed 1 a\n");
  draw(writeProgram(folder, "second"), out, { ".": "--seed 1 c" });
  assert.deepEqual([runs(), drawn()], [5, ["c.jpg"]], "what was drawn before is gone");
});

test("a drawing that was interrupted is made again", () => {
  const folder = scratch();
  const out = join(folder, "samples");
  const program = writeProgram(folder, "first");
  writeFileSync(program, "#!/bin/sh\nexit 1\n");
  assert.throws(() => draw(program, out, { ".": "--seed 1 a" }));
  assert.throws(() => draw(program, out, { ".": "--seed 1 a" }));
});
