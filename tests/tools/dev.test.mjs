// What `./dev` makes of a command line where the tools lie in a root of their own, with a sandbox that only says how it was called.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { at, scratch } from "../support.mjs";

const folder = scratch();
mkdirSync(join(folder, "bin"));
mkdirSync(join(folder, "root"));
writeFileSync(
  join(folder, "bin/bwrap"),
  `#!/bin/sh\n[ "$4" != true ] || exit 0\nprintf '%s\\n' "$@"\ngrep SigIgn /proc/self/status\n`,
);
chmodSync(join(folder, "bin/bwrap"), 0o755);

/** How the sandbox would be called for `./dev VERB ARGS...`, a word a line; what went wrong. */
function called(...args) {
  const script = `. "$1" help >/dev/null; shift
    debian13() { return 1; }; as_root() { "$@"; }; root=${folder}/root
    enter dev "$@"`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script, "bash", at("dev"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}` },
  });
  return { status, words: stdout.split("\n"), stderr };
}

const shows = ({ words }, path) => words.some((word, i) => word === "--bind" && words[i + 1] === path);

test("a file that would be written among the tools is refused, by the place that was named", () => {
  for (const path of [
    "/var/x.safetensors",
    "/usr/x.safetensors",
    "/no-such-folder/x.safetensors",
    "/run/x",
  ]) {
    for (const words of [["--out", path], [`--out=${path}`]]) {
      const { status, stderr } = called("train", "fit", ...words);
      assert.equal(status, 1, path);
      assert.ok(stderr.includes(`${path} would lie among the tools`), stderr);
    }
  }
});

test("a folder below /var that a command line names is shown at its place", () => {
  symlinkSync("/var/tmp", join(folder, "link"));
  for (const path of [
    "/var/tmp/cells/1.png",
    relative(folder, "/var/tmp/cells/1.png"),
    "link/cells/1.png",
    "link",
    "link/",
  ]) {
    const call = called("leukolens", "classify", path);
    assert.equal(call.status, 0, call.stderr);
    assert.ok(shows(call, "/var/tmp"), path);
  }
  const { status, stderr } = called("train", "fit", `--out=${relative(folder, "/usr/x.safetensors")}`);
  assert.equal(status, 1);
  assert.match(stderr, /^dev: \/usr\/x\.safetensors would lie among the tools/);
});

test("a shell may name the tools' own files", () => {
  assert.equal(called("shell", "ls", "/usr/bin").status, 0);
});

test("Ctrl-C is left to the command: the sandbox ignores it, and the command begins without that", () => {
  const { words } = called("train", "fit");
  assert.ok(words.join(" ").includes("setpriv --pdeathsig TERM env --default-signal=INT LEUKOLENS_INSIDE=1"));
  const ignored = BigInt(`0x${words.find((word) => word.startsWith("SigIgn")).split("\t")[1]}`);
  assert.equal(ignored & 2n, 2n); // SIGINT is 2, the second bit
});

test("a build that is none of the presets is refused by their names", () => {
  const env = { ...process.env, LEUKOLENS_INSIDE: "1" };
  for (const preset of [[], ["base"], ["relase"]]) {
    const { status, stderr } = spawnSync(at("dev"), ["build", ...preset], { encoding: "utf8", env });
    assert.equal(status, 1, preset.join());
    assert.equal(
      stderr,
      "dev: build which preset? One of: release, sanitize, threads, coverage, wasm, wasm-relaxed\n",
    );
  }
});

test("every verb says what it does before anything is set up or built", () => {
  const dev = (...words) => {
    const env = { ...process.env, LEUKOLENS_TOOLCHAIN: join(folder, "none"), PATH: "/usr/bin:/bin" };
    return spawnSync("bash", [at("dev"), ...words], { encoding: "utf8", env });
  };
  const ownText = ["test", "train", "leukolens", "kiosk", "help", "version"];
  const verbs = dev("help")
    .stdout.match(/^ {2}[a-z]+/gm)
    .map((verb) => verb.trim());
  for (const verb of verbs.filter((verb) => !ownText.includes(verb))) {
    const { status, stdout } = dev(verb, "--help");
    assert.equal(status, 0, verb);
    assert.match(stdout, new RegExp(`^Usage: \\./dev ${verb} .*[a-z]{3}`), verb);
  }
  for (const [verb, time] of [
    ["fuzz", "ten"],
    ["soak", "1.5"],
  ]) {
    const { status, stderr } = dev(verb, time);
    assert.equal(status, 1);
    assert.match(stderr, /takes a whole number: \.\/dev (fuzz|soak) --help/);
  }
});
