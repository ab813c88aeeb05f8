// What `fit` says before it trains, and what it leaves for other programs while it does.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { at, drawSmears, programs, scratch } from "../support.mjs";

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

test("a model that looks at cells says which stains it has learnt from", () => {
  const model = join(out, "cells.safetensors");
  const cells = dirname(dirname(drawSmears({ count: 6 })[0]));
  const few = ["training.epochs=1", "training.samples_per_epoch=8", "training.batch=8", "training.balance=0"];
  const said = execFileSync(
    programs.train,
    [
      ...[
        "fit",
        "--data",
        cells,
        "--recipe",
        "flagship",
        "--group",
        "none",
        "--out",
        model,
        "--threads",
        "1",
      ],
      ...few.flatMap((setting) => ["--set", setting]),
    ],
    { encoding: "utf8" },
  );
  assert.match(said, /Wrote .*cells\.safetensors/);
  const bytes = readFileSync(model);
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))));
  const { least, most } = JSON.parse(header.__metadata__.leukolens).stain;
  assert.deepEqual(least, most); // it is one data set
  for (const density of least) assert.ok(density > 0 && density < 3, `${least}`);
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

/** The tensors of a model file, whatever its metadata say of when and how it was made. */
function weightsOf(path) {
  const bytes = readFileSync(path);
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
}

/** Runs until the first line that has `pattern`, interrupts it there, and returns its exit status. */
async function interrupted(pattern, args) {
  const run = spawn(programs.train, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(run, "exit");
  for await (const said of run.stdout.setEncoding("utf8")) if (pattern.test(said)) run.kill("SIGINT");
  return (await ended)[0];
}

const resume = (path) => spawnSync(programs.train, ["resume", `${path}.checkpoint`], { encoding: "utf8" });
const long = ["--set", "training.epochs=3", "--set", "training.samples_per_epoch=800"];

test("a fit with teachers that is interrupted and resumed gives the weights that it would have had", async () => {
  const [one, other] = ["one", "other"].map((name) => join(out, `${name}.safetensors`));
  const common = ["fit", "--data", data, "--recipe", "article", "--threads", "1"];
  for (const [seed, teacher] of [one, other].entries())
    execFileSync(programs.train, [
      ...[...common, "--set", "training.epochs=1"],
      ...["--seed", String(seed + 1), "--out", teacher],
    ]);
  const args = (student) => [...common, "--out", student, ...long, "--teacher", one, "--teacher", other];
  const [whole, parted] = ["whole", "parted"].map((name) => join(out, `${name}.safetensors`));
  execFileSync(programs.train, args(whole));
  assert.equal(await interrupted(/epoch +1:/, args(parted)), 130);

  renameSync(other, `${other}.away`);
  writeFileSync(other, readFileSync(one));
  assert.match(resume(parted).stderr, /other\.safetensors is another file than when this run began/);
  renameSync(`${other}.away`, other);
  assert.equal(resume(parted).status, 0);
  assert.deepEqual(weightsOf(parted), weightsOf(whole));
  assert.notDeepEqual(weightsOf(parted), weightsOf(one));
});

test("a run is resumed with the locator and the images that it began with, or not at all", async () => {
  const recipe = join(out, "cells.toml");
  writeFileSync(
    recipe,
    `[input]
width = 32
region = "cell"
[network]
layers = [
  { type = "conv2d", filters = 8, stride = 2, activation = "relu" },
  { type = "max_pool2d" },
  { type = "flatten" },
  { type = "dense" },
]
`,
  );
  const [first] = drawSmears({ count: 3 });
  const images = dirname(dirname(first));
  const locator = join(out, "own-locator.safetensors");
  copyFileSync(at("models/locator.safetensors"), locator);
  const args = (model) => [
    ...["fit", "--data", images, "--recipe", recipe, "--locator", locator, "--threads", "1"],
    ...["--out", model, "--set", "training.epochs=3", "--set", "training.samples_per_epoch=20000"],
  ];
  const [whole, parted] = ["whole-cells", "parted-cells"].map((name) => join(out, `${name}.safetensors`));
  execFileSync(programs.train, args(whole));
  assert.equal(await interrupted(/epoch +1:/, args(parted)), 130);

  appendFileSync(locator, " ");
  assert.match(
    resume(parted).stderr,
    /own-locator\.safetensors is another file than when this run began: it cannot be resumed/,
  );
  copyFileSync(at("models/locator.safetensors"), locator);
  const bytes = readFileSync(first);
  writeFileSync(first, readFileSync(drawSmears({ count: 1, seed: 8 })[0]));
  assert.match(resume(parted).stderr, /The data is not what it was when this run began/);
  writeFileSync(first, bytes);
  const resumed = resume(parted);
  assert.equal(resumed.status, 0, resumed.stderr);
  assert.deepEqual(weightsOf(parted), weightsOf(whole));
});

test("what no run can use is said before the data is read", () => {
  assert.match(
    spawnSync(programs.train, ["fit", data, "--recipe", "article", "--out", join(out, "a.safetensors")], {
      encoding: "utf8",
    }).stderr,
    /is not known here\. Did you mean --data /,
  );
  const none = join(out, "nobody.safetensors");
  const { stdout, stderr } = spawnSync(
    programs.train,
    ["fit", "--data", data, "--recipe", "article", "--out", join(out, "b.safetensors"), "--teacher", none],
    { encoding: "utf8" },
  );
  assert.match(stderr, /Cannot read .*nobody\.safetensors/);
  assert.equal(stdout, "");
  assert.throws(
    () => fit("--set", "epochs=3"),
    /--set epochs=3: say its table, too, as in training\.epochs=3/,
  );
  assert.throws(
    () => execFileSync(programs.train, ["data", "--data", data, "--out", join(out, "list.txt")]),
    /list\.txt must end in \.csv/,
  );
  assert.throws(
    () =>
      execFileSync(programs.train, [
        ...["export", at("models/article.safetensors"), "--out", join(out, "c.safetensors")],
        ...["--acceptance", "0.9"],
      ]),
    /--acceptance requires --crossval/,
  );
});

test("an ensemble and what learns from it are one recipe and one command, which resumes", async () => {
  const recipe = join(out, "taught.toml");
  writeFileSync(
    recipe,
    `${readFileSync(at("trainer/recipes/article.toml"), "utf8")}
[teachers]
members = 2
[teachers.training]
epochs = 1
`,
  );
  const args = (student, ...more) => [
    ...["fit", "--data", data, "--recipe", recipe, "--threads", "1", "--out", student, ...long, ...more],
  ];
  const [whole, parted] = ["ensemble", "parted-ensemble"].map((name) => join(out, `${name}.safetensors`));
  const dry = execFileSync(programs.train, args(whole, "--dry-run"), { encoding: "utf8" });
  assert.match(
    dry,
    /An epoch of each of the 2 teachers is 800 images: .*\n1 epoch: about .*\nAn epoch is 800/,
  );
  const log = join(out, "student.csv");
  const said = execFileSync(programs.train, args(whole, "--log", log), { encoding: "utf8" });
  assert.match(
    said,
    /Teacher 1, seed 11: epoch 1 of 1, .*\nTeacher 2, seed 21: .*; 2 together [0-9.]+, [0-9.]+\nepoch +1:/,
  );
  assert.equal(readFileSync(log, "utf8").trim().split("\n").length, 1 + 3); // the network's epochs alone

  assert.equal(await interrupted(/Teacher 1/, args(parted)), 130);
  const resumed = resume(parted);
  assert.equal(resumed.status, 0, resumed.stderr);
  assert.deepEqual(weightsOf(parted), weightsOf(whole));
  assert.deepEqual(
    readdirSync(out).filter((name) => name.includes("checkpoint")),
    [],
  );

  const alone = join(out, "alone.safetensors");
  execFileSync(programs.train, [...args(alone).with(4, "article")]);
  assert.notDeepEqual(weightsOf(alone), weightsOf(whole));
});
