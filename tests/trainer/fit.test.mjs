// What `fit` says before it trains, and what it leaves for other programs while it does.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { drawSmears, programs, scratch } from "../support.mjs";

const data = dirname(dirname(drawSmears({ count: 6 })[0]));
const out = scratch();
const log = join(out, "log.csv");
const fit = (...options) =>
  execFileSync(
    programs.train,
    [
      ...["fit", "--data", data, "--recipe", "article", "--out", join(out, "a.safetensors")],
      ...["--threads", "1", "--set", "training.epochs=3", ...options],
    ],
    { encoding: "utf8" },
  );

test("a dry run says what would be trained and how long it would take, and writes nothing", () => {
  const said = fit("--dry-run", "--log", log);
  assert.match(said, /neutrophil +\d+ +\d+/); // for training and validation
  assert.match(said, /Total parameters: 89,140/);
  assert.match(said, /An epoch is \d+ images: about \d+ s here, at \d+ images\/s\./);
  assert.match(said, /3 epochs: about \d+ s/);
  assert.match(said, /a\.safetensors was not written/);
  assert.deepEqual(readdirSync(out), []);
});

test("the log has a line for each epoch", () => {
  const said = fit("--log", log);
  assert.ok(existsSync(join(out, "a.safetensors")));
  const [header, ...lines] = readFileSync(log, "utf8").trim().split("\n");
  assert.equal(header, "epoch,loss,accuracy,validation_loss,validation_accuracy,seconds,kept");
  assert.deepEqual(
    lines.map((line) => line.split(",")[0]),
    ["1", "2", "3"],
  );
  for (const line of lines) {
    const [epoch, loss, , validation] = line.split(",").map(Number);
    const [, printed] = new RegExp(`epoch +${epoch}: loss ([0-9.]+)`).exec(said);
    assert.ok(Math.abs(printed - loss) < 1e-4, line);
    assert.ok(validation > 0);
  }
  assert.equal(lines[0].split(",").at(-1), "1"); // the first is always the best so far
});
