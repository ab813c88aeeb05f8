// Learning a microscope in Node, and what its profile changes: in every worker, and the same as on the command line.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { blankBmp } from "../bmp.mjs";
import { cellModel } from "../cell-model.mjs";
import { assertAgree, drawFields, drawSmears, installPackage, native, scratch } from "../support.mjs";

const { Classifier, LeukolensError } = await import(pathToFileURL(installPackage().entry));

const failsWith =
  (code, message = /./) =>
  (error) =>
    error instanceof LeukolensError && error.code === code && message.test(error.message);

/** Drawn cells, those of two labels called by the other's name: a microscope on which the model errs. */
const swapped = { lymphocyte: "monocyte", monocyte: "lymphocyte" };
const drawConfused = (seed, count = 4) =>
  drawSmears({ seed, count }).map((path) => {
    const drawn = basename(dirname(path));
    return { path, label: swapped[drawn] ?? drawn };
  });
const toExamples = (drawn) => drawn.map(({ path, label }) => ({ picture: pathToFileURL(path), label }));

/** For the command line: a folder for each label. */
function inFolders(drawn) {
  const folder = scratch();
  for (const { path, label } of drawn) {
    mkdirSync(join(folder, label), { recursive: true });
    cpSync(path, join(folder, label, basename(path)));
  }
  return folder;
}

function save(profile) {
  const path = join(scratch(), "room.microscope.json");
  writeFileSync(path, JSON.stringify(profile));
  return path;
}

/** The package gives floats, JSON their shortest text. */
const rounded = ({ factors, cells }) => ({
  factors: factors.map((factor) => Number(factor.toFixed(4))),
  cells,
});

const learnt = drawConfused(5);
const others = drawConfused(6);
const files = others.map(({ path }) => pathToFileURL(path));
const classifyAll = async (classifier) => {
  const answers = [];
  for await (const { error, ...answer } of classifier.classifyAll(files)) answers.push(error ?? answer);
  return answers;
};
const countRight = (answers) =>
  answers.filter(({ predictions }, i) => predictions[0].label === others[i].label).length;

describe("a microscope on which the model errs", () => {
  let classifier;
  let alone;
  let profile;
  before(async () => {
    classifier = await Classifier.load({ workers: 2 });
    alone = await classifyAll(classifier);
    profile = await classifier.adapt(toExamples(learnt), { name: "room 2" });
  });
  after(() => classifier.dispose());

  test("is learnt from a few cells, and the profile says how much better it is on those left out", () => {
    assert.equal(profile.name, "room 2");
    assert.equal(profile.model, classifier.model.name);
    const ids = classifier.model.labels.map(({ id }) => id);
    assert.equal(profile.examples[ids.indexOf("monocyte")], 4);
    assert.equal(profile.examples[ids.indexOf("basophil")], 0);
    assert.ok(profile.after.accuracy > profile.before.accuracy);
    assert.ok(profile.after.log_loss < profile.before.log_loss);
    assert.ok(JSON.stringify(profile).length < 16_000);
  });

  test("is answered better on other cells, by all workers, as long as the profile is used", async () => {
    assert.equal(classifier.profile, null);
    await classifier.use(profile);
    assert.deepEqual(classifier.profile, profile);
    const corrected = await classifyAll(classifier);
    assert.ok(countRight(corrected) >= countRight(alone) + 4);
    const found = (answers) => answers.map(({ cells }) => cells);
    assert.deepEqual(found(corrected), found(alone));
    await classifier.use(null);
    assert.equal(classifier.profile, null);
    assertAgree(await classifyAll(classifier), alone, "without a profile again");
  });

  test("gives the same profile whatever the order of its cells, and however their pictures come", async () => {
    const pictures = await Promise.all(learnt.map(({ path }) => classifier.open(readFileSync(path))));
    const answers = await Promise.all(pictures.map((picture) => picture.classify()));
    const examples = pictures.map((picture, i) => ({
      picture,
      cell: answers[i].cells[0],
      label: learnt[i].label,
    }));
    assert.deepEqual(await classifier.adapt(examples.reverse(), { name: "room 2" }), profile);
    for (const picture of pictures) assert.equal((await picture.locate()).cells.length, 1, "they stay open");
    await classifier.use(profile); // what was learnt before does not count
    assert.deepEqual(await classifier.adapt(toExamples(learnt), { name: "room 2" }), profile);
    await classifier.use(null);
  });

  test("is known to a classifier that is loaded with its profile, also after an engine was replaced", async () => {
    const corrected = await Classifier.load({ profile });
    assert.deepEqual(corrected.profile, profile);
    await classifier.use(profile);
    const expected = await classifyAll(classifier);
    assertAgree(await classifyAll(corrected), expected, "loaded with a profile");
    await corrected.decode(blankBmp(6000, 5000));
    assertAgree(await classifyAll(corrected), expected, "after a large image");
    await classifier.use(null);
    corrected.dispose();
  });

  test("goes from the command line to the package, and back, in one file", async () => {
    const path = join(scratch(), "room.microscope.json");
    native("adapt", inFolders(learnt), "--out", path, "--name", "room 2");
    const natively = JSON.parse(readFileSync(path, "utf8"));
    assert.deepEqual(Object.keys(natively), Object.keys(profile));
    for (const [i, { weights, bias }] of natively.weights.entries()) {
      assert.ok(Math.abs(bias - profile.weights[i].bias) < 2e-3);
      for (const [j, weight] of weights.entries())
        assert.ok(Math.abs(weight - profile.weights[i].weights[j]) < 2e-3);
    }
    for (const [file, input] of [
      [path, pathToFileURL(path)],
      [save(profile), profile],
    ]) {
      const answers = native("classify", "--profile", file, ...others.map(({ path }) => path));
      await classifier.use(input);
      assertAgree(await classifyAll(classifier), answers, "with the command line's profile, or to it");
    }
    await classifier.use(null);
  });

  test("is not learnt from what teaches nothing", async () => {
    const neutrophils = learnt.filter(({ label }) => label === "neutrophil");
    const contradictions = neutrophils.flatMap(({ path }) =>
      ["neutrophil", "eosinophil"].map((label) => ({ picture: pathToFileURL(path), label })),
    );
    await assert.rejects(
      classifier.adapt(contradictions),
      failsWith("invalid_argument", /^Nothing is gained: .* with a profile and .* without one\.$/),
    );
    await assert.rejects(classifier.adapt([]), failsWith("invalid_argument", /Too few examples/));
    const examples = toExamples(learnt);
    await assert.rejects(
      classifier.adapt([...examples, { picture: examples[0].picture, label: "platypus" }]),
      failsWith("invalid_argument", /no label "platypus"/),
    );
    for (const name of ["", "two\nlines", "ä".repeat(33)])
      await assert.rejects(classifier.adapt(examples, { name }), failsWith("invalid_argument", /name/));
    const signal = AbortSignal.abort();
    await assert.rejects(classifier.adapt(examples, { signal }), failsWith("aborted"));
  });

  test("is learnt without what cannot be read and where no cell is, if that is wanted", async () => {
    const unusable = [
      { picture: new Blob(["no picture"]), label: "monocyte" },
      { picture: blankBmp(200, 200), label: "monocyte" },
    ];
    for (const [i, code] of ["unsupported_format", "invalid_argument"].entries())
      await assert.rejects(classifier.adapt([...toExamples(learnt), unusable[i]]), failsWith(code));
    const leftOut = [];
    const onLeftOut = (example, { code }) => leftOut.push([example, code]);
    const examples = [unusable[0], ...toExamples(learnt), unusable[1]];
    assert.deepEqual(await classifier.adapt(examples, { name: "room 2", onLeftOut }), profile);
    assert.deepEqual(leftOut, [
      [unusable[0], "unsupported_format"],
      [unusable[1], "invalid_argument"],
    ]);
  });

  test("keeps its profile where another one is refused", async () => {
    await classifier.use(profile);
    const { weights: _, ...damaged } = profile;
    const foreign = { ...profile, model_sha256: "0".repeat(64) };
    for (const [wrong, code] of [
      [damaged, "corrupt_profile"],
      [new Blob(["no profile"]), "corrupt_profile"],
      [foreign, "unsupported_profile"],
      [{ ...profile, leukolens_microscope: 3 }, "unsupported_profile"],
      [pathToFileURL("/nowhere"), "unreadable_file"],
      [42, "invalid_argument"],
    ]) {
      await assert.rejects(classifier.use(wrong), failsWith(code));
      await assert.rejects(Classifier.load({ profile: wrong }), failsWith(code));
    }
    assert.deepEqual(classifier.profile, profile);
    assert.ok(countRight(await classifyAll(classifier)) > countRight(alone));
    await assert.rejects(Classifier.load({ model: "article", profile }), failsWith("unsupported_profile"));
    const uses = [classifier.use(profile), classifier.use(null)]; // the last one counts
    await Promise.all(uses);
    assert.equal(classifier.profile, null);
  });
});

describe("a field's cells", () => {
  const [field] = drawFields(1);
  let classifier;
  before(async () => {
    classifier = await Classifier.load({ model: cellModel() });
  });
  after(() => classifier.dispose());

  test("are learnt each by its own place, in the picture that is open or in one that is opened anew", async () => {
    const picture = await classifier.open(readFileSync(field));
    const { cells } = await picture.classifyField();
    assert.ok(cells.length >= 4);
    const labels = ["monocyte", "monocyte", "lymphocyte", "lymphocyte"];
    const examples = labels.map((label, i) => ({ picture, cell: cells[i], label }));
    const profile = await classifier.adapt(examples);
    const bytes = readFileSync(field);
    const anew = examples.map((example) => ({ ...example, picture: bytes }));
    assert.deepEqual(await classifier.adapt(anew), profile);
    // Located elsewhere, a cell is known by its box.
    const moved = examples.map(({ cell, ...example }) => ({
      ...example,
      cell: { ...cell, x: cell.x + 0.25 },
    }));
    assert.deepEqual(await classifier.adapt(moved), profile);
    const nowhere = { picture, cell: { ...cells[0], x: 0, box: { x: 0, y: 0, width: 1, height: 1 } } };
    await assert.rejects(
      classifier.adapt([...examples, { ...nowhere, label: "monocyte" }]),
      failsWith("invalid_argument", /No white cell/),
    );
    const other = await Classifier.load();
    await assert.rejects(other.adapt(examples), failsWith("invalid_argument", /another classifier/));
    other.dispose();
  });

  test("teach as they were framed, where a person drew or moved a frame", async () => {
    const bytes = readFileSync(field);
    const picture = await classifier.open(bytes);
    const { cells } = await picture.classifyField();
    const drawn = { x: 2, y: 3, width: 30, height: 34 };
    assert.ok(
      cells.every(({ x, y }) => x > 32 || y > 37),
      "a cell was found there",
    );
    const moved = cells.slice(0, 3).map(({ box }) => ({ ...box, x: box.x + 6, width: box.width + 3 }));
    const framed = await picture.classifyFramed([drawn, ...moved]);
    // An embedding ends with the logits.
    for (const [i, { embedding }] of (await picture.embed(framed, null, classifier.model)).entries()) {
      const exponentials = embedding.slice(-classifier.model.labels.length).map(Math.exp);
      const sum = exponentials.reduce((all, one) => all + one);
      for (const { label, probability } of framed[i].predictions) {
        const index = classifier.model.labels.findIndex(({ id }) => id === label);
        assert.ok(Math.abs(exponentials[index] / sum - probability) < 1e-5);
      }
    }
    const labels = ["monocyte", "monocyte", "lymphocyte", "lymphocyte"];
    const examples = labels.map((label, i) => ({ picture, cell: framed[i], label }));
    const profile = await classifier.adapt(examples);
    assert.equal(Math.max(...profile.examples), 2);
    assert.deepEqual(await classifier.adapt(examples.map((one) => ({ ...one, picture: bytes }))), profile);
    const beside = { ...framed[0], x: 9000, box: { ...drawn, x: 9000 } };
    const leftOut = [];
    const onLeftOut = ({ cell }) => leftOut.push(cell);
    const more = [{ picture, cell: beside, label: "monocyte" }, ...examples];
    assert.deepEqual(await classifier.adapt(more, { onLeftOut }), profile);
    assert.deepEqual(leftOut, [beside]);
    picture.close();
  });
});

describe("a stain darker than those that the model knows", () => {
  const model = cellModel({ stain: { least: [0, 0, 0], most: [0.2, 0.4, 0.05] } });
  const path = join(scratch(), "stain.safetensors");
  writeFileSync(path, model);
  const field = drawFields(4).at(-1);
  let classifier;
  before(async () => {
    classifier = await Classifier.load({ model });
  });
  after(() => classifier.dispose());

  test("is evened in a field with enough cells, and the answer says so, as on the command line", async () => {
    const [natively] = native("classify", "--field", "--model", path, field);
    const { stain, cells } = await classifier.classifyField(readFileSync(field));
    assert.ok(cells.length >= 5);
    assert.deepEqual(rounded(stain), natively.stain);
    assert.ok(stain.factors.every((factor) => factor < 1));
    assertAgree(cells, natively.cells, "in an evened stain");
    const known = await Classifier.load({ model: cellModel() });
    assert.equal((await known.classifyField(readFileSync(field))).stain, null);
    known.dispose();
  });

  test("is kept in a profile, which is fitted to cells in that stain, as on the command line", async () => {
    const drawn = drawSmears({ seed: 5, count: 6 }).map((path) => ({ path, label: basename(dirname(path)) }));
    const profile = await classifier.adapt(toExamples(drawn));
    const file = join(scratch(), "room.microscope.json");
    native("adapt", inFolders(drawn), "--model", path, "--out", file);
    const natively = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual(profile.stain, natively.stain);
    assert.equal(profile.stain.cells, drawn.length);
    assert.deepEqual(profile.examples, natively.examples);
    await classifier.use(profile);
    const { stain } = await classifier.classify(readFileSync(drawn[0].path));
    assert.deepEqual(rounded(stain), profile.stain);
    await classifier.use(null);
    assert.equal((await classifier.classify(readFileSync(drawn[0].path))).stain, null);
  });

  test("is learnt from cells that nobody has named", async () => {
    const pictures = drawSmears({ seed: 6, count: 2 }).map((path) => readFileSync(path));
    const profile = await classifier.adapt(pictures.map((picture) => ({ picture })));
    assert.deepEqual(new Set(profile.examples), new Set([0]));
    assert.equal(profile.stain.cells, pictures.length);
    assert.ok(profile.stain.factors.every((factor) => factor < 1));
    await classifier.use(profile);
    assert.deepEqual(rounded((await classifier.classify(pictures[0])).stain), profile.stain);
    await classifier.use(null);
    const known = await Classifier.load({
      model: cellModel({ stain: { least: [0, 0, 0], most: [3, 3, 3] } }),
    });
    await assert.rejects(
      known.adapt([{ picture: pictures[0] }]),
      failsWith("invalid_argument", /The stain is no darker than those that the model knows/),
    );
    known.dispose();
  });
});
