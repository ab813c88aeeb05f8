// What `fit` says before it trains, and what it leaves for other programs while it does.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
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

test("TensorBoard's event file has a record for each epoch, and one of its version", () => {
  const folder = join(out, "tensorboard");
  fit("--tensorboard", folder);
  const [file, ...others] = readdirSync(folder);
  assert.deepEqual(others, []);
  const bytes = readFileSync(join(folder, file));
  let records = 0;
  for (let at = 0; at < bytes.length; at += 16 + Number(bytes.readBigUInt64LE(at))) records++;
  assert.equal(records, 4);
  for (const tag of ["loss/validation", "accuracy/training"])
    assert.equal(bytes.toString("latin1").split(tag).length - 1, 3, tag);
});

test("class weights are recorded, and what they do to the probabilities is said with figures", () => {
  const report = join(out, "weighted.html");
  const said = fit("--class-weights", "monocyte=4,neutrophil=0.5", "--report", report);
  assert.match(
    said,
    /too high for the classes that they favour\. On these images: accuracy [0-9.]+, .*divided out/,
  );
  const { facts, notes } = JSON.parse(readFileSync(report.replace("html", "json"), "utf8"));
  assert.match(notes.at(-1), /Class weights make the network answer/);
  const [eosinophil, lymphocyte, monocyte, neutrophil] = facts.history.classWeights;
  assert.ok(Math.abs(monocyte / eosinophil - 4) < 1e-4 && Math.abs(neutrophil / lymphocyte - 0.5) < 1e-4);
  assert.match(facts.recipeText, /class_weights/);
  assert.throws(
    () => fit("--class-weights", "monocite=4"),
    /"monocite", which is not among the classes\. Did you mean "monocyte"\?/,
  );
  assert.throws(() => fit("--class-weights", "blanced"), /class_weights must be "balanced"/);
  assert.throws(() => fit("--class-weights", "monocyte=4,=2"), /balanced, or by class as in basophil=4/);
});

test("teachers are recorded, and it is said where they know the validation images", () => {
  const [teacher, student] = [join(out, "teacher.safetensors"), join(out, "student.safetensors")];
  const train = (verb, ...options) =>
    spawnSync(
      programs.train,
      [
        verb,
        "--data",
        data,
        "--recipe",
        "article",
        "--threads",
        "1",
        "--set",
        "training.epochs=1",
        ...options,
      ],
      { encoding: "utf8" },
    );
  assert.equal(train("fit", "--out", teacher).status, 0);
  const report = join(out, "student.html");
  const { status, stdout } = train("fit", "--out", student, "--teacher", teacher, "--report", report);
  assert.equal(status, 0);
  assert.match(stdout, /The teacher article has learnt from about 100 % of the validation images/);
  const { facts } = JSON.parse(readFileSync(report.replace("html", "json"), "utf8"));
  assert.deepEqual(facts.teachers, ["teacher.safetensors"]);
  assert.notDeepEqual(readFileSync(student), readFileSync(teacher));

  const folds = join(out, "folds");
  assert.equal(train("crossval", "--folds", "2", "--models", folds).status, 0);
  const taught = train("crossval", "--folds", "2", "--teacher", join(folds, "fold-{fold}.safetensors"));
  assert.equal(taught.status, 0, taught.stderr);
  assert.match(
    train("crossval", "--folds", "2", "--teacher", teacher).stderr,
    /a teacher must not have seen the fold that it is judged by\. Name those of the folds/,
  );
});
