// What leukolens-train answers to what a person would mistype, and to what would lose work.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { at, drawSmears, programs, scratch } from "../support.mjs";

const folder = scratch();
const data = join(folder, "cells");
const drawn = drawSmears({ count: 3 });
for (const path of drawn) {
  const label = join(data, basename(dirname(path)));
  mkdirSync(label, { recursive: true });
  copyFileSync(path, join(label, basename(path)));
}
const file = (name) => join(folder, name);

/** Exit status and all that was said. */
function train(...args) {
  const { status, stdout, stderr } = spawnSync(programs.train, [...args, "--threads", "1"], {
    encoding: "utf8",
  });
  return { status, said: stdout + stderr };
}

function refused(pattern, ...args) {
  const { status, said } = train(...args);
  assert.ok(status > 0 && status < 128, `status ${status}: ${said}`);
  assert.match(said, pattern);
}

const quick = ["--data", data, "--recipe", "article", "--set", "training.epochs=1"];

test("a misspelt verb or option is answered by the one that was meant", () => {
  refused(/"fitt" is not known here\. Did you mean "fit"\?/, "fitt", "--data", data);
  refused(
    /"--recpie" is not known here\. Did you mean "--recipe"\?/,
    "fit",
    "--recpie",
    "article",
    "--data",
    data,
  );
});

test("a recipe that is not there is named as a file or with the recipes that exist", () => {
  const out = ["--data", data, "--out", file("x.safetensors")];
  refused(/There is no file no\.toml\./, "fit", "--recipe", "no.toml", ...out);
  const { said } = train("fit", "--recipe", "no", ...out);
  assert.match(said, /Known are: article, article-originals, fine-tuning, flagship, locator\./);
});

test("a fold beyond the last, a model's name that says another format, and a misspelt setting are refused", () => {
  refused(
    /There is no fold 7: --folds makes 2\./,
    "crossval",
    ...quick,
    "--folds",
    "2",
    "--fold",
    "7",
    "--out-json",
    file("7.json"),
  );
  refused(/x\.pt must end in \.safetensors/, "fit", ...quick, "--out", file("x.pt"));
  refused(
    /Did you mean "epochs"\?/,
    "fit",
    ...quick,
    "--set",
    "training.epoch=2",
    "--out",
    file("x.safetensors"),
  );
  refused(
    /--device: gpu not in \{auto,cpu,cuda\}/,
    "fit",
    ...quick,
    "--out",
    file("x.safetensors"),
    "--device",
    "gpu",
  );
  refused(
    /--device cuda: libtorch finds no GPU here/,
    "fit",
    ...quick,
    "--out",
    file("x.safetensors"),
    "--device",
    "cuda",
  );
  refused(/sheet\.jpg must end in \.png/, "data", "--data", data, "--sheet", file("sheet.jpg"));
  refused(/--set requires --augmented/, "data", "--data", data, "--set", "augmentation.hue=9");
  assert.match(
    spawnSync(
      programs.train,
      ["export", at("models/article.safetensors"), "--out", file("x.onnx"), "--locator", "none"],
      { encoding: "utf8" },
    ).stderr,
    /--locator requires --data/,
  );
  refused(/--from MODEL/, "fit", ...quick, "--set", "training.layers=head", "--out", file("x.safetensors"));
});

test("the article's recipe learns whatever the folders are called, and a label without images is named", () => {
  const other = file("other");
  for (const [index, path] of drawSmears({ count: 2 }).entries()) {
    const label = join(other, index % 2 ? "band" : "segmented");
    mkdirSync(label, { recursive: true });
    copyFileSync(path, join(label, `${index}.png`));
  }
  const out = file("bands.safetensors");
  const { status, said } = train(
    "fit",
    "--data",
    other,
    "--recipe",
    "article",
    "--set",
    "training.epochs=1",
    "--out",
    out,
  );
  assert.equal(status, 0, said);
  assert.match(said, /^band +\d/m);
  const { said: again } = train(
    ...[
      "fit",
      "--data",
      other,
      "--from",
      out,
      "--set",
      "training.epochs=1",
      "--out",
      file("again.safetensors"),
    ],
  );
  assert.doesNotMatch(again, /There is no training image/);
  const sure = train(
    "fit",
    ...quick,
    "--set",
    'labels=["monocyte","neutrophil","martian"]',
    "--out",
    file("m.safetensors"),
  );
  assert.match(sure.said, /There is no training image of martian: it cannot be learnt here\./);
  assert.match(sure.said, /^martian +0 .* - +- +- +-$/m);
});

test("fit does not begin anew in silence where a checkpoint lies", () => {
  const out = file("kept.safetensors");
  writeFileSync(`${out}.checkpoint`, "a day's work");
  refused(
    /resume .*kept\.safetensors\.checkpoint` goes on with it, --overwrite begins anew/,
    "fit",
    ...quick,
    "--out",
    out,
  );
  assert.equal(readFileSync(`${out}.checkpoint`, "utf8"), "a day's work");
  assert.equal(train("fit", ...quick, "--out", out, "--overwrite").status, 0);
});

test("a finished crossval is not trained again, and not overwritten by another", () => {
  const json = file("folds.json");
  const options = ["--folds", "2", "--out-json", json];
  assert.equal(train("crossval", ...quick, ...options).status, 0);
  const before = readFileSync(json, "utf8");
  assert.match(
    train("crossval", ...quick, ...options).said,
    /has the figures of this cross-validation already/,
  );
  for (const other of [
    ["--seed", "2"],
    ["--group", "none"],
  ])
    refused(/of another recipe, data or seed: --overwrite/, "crossval", ...quick, ...options, ...other);
  assert.equal(readFileSync(json, "utf8"), before);
});

test("the folds that a list names are used by crossval, or refused with the reason", () => {
  const [list, json] = [file("folds.csv"), file("named.folds.json")];
  assert.equal(train("data", "--data", data, "--folds", "2", "--out", list).status, 0);
  const more = ["--recipe", "article", "--set", "training.epochs=1", "--data", list, "--out-json", json];
  refused(
    /The data has 2 folds, in its column fold: ask for --folds 2/,
    ...["crossval", ...more, "--folds", "3"],
  );
  const { status, said } = train("crossval", ...more, "--folds", "2");
  assert.equal(status, 0, said);
  assert.match(said, /The folds are those of the data's column fold\./);
  const [header, ...rows] = readFileSync(list, "utf8").trim().split("\n");
  const column = header.split(",").indexOf("fold");
  const named = new Map(rows.map((row) => row.split(",")).map((row) => [row[0], Number(row[column])]));
  const { predictions } = JSON.parse(readFileSync(json, "utf8"));
  assert.equal(predictions.length, named.size);
  for (const { source, fold } of predictions) assert.equal(fold, named.get(source), source);
});

test("export takes no calibration of another recipe that bears the same name", () => {
  const [model, json] = [file("named.safetensors"), file("named.json")];
  assert.equal(train("fit", ...quick, "--out", model).status, 0);
  const other = [...quick, "--set", "optimiser.learning_rate=1e-4"];
  assert.equal(train("crossval", ...other, "--folds", "2", "--out-json", json).status, 0);
  const { status, stderr } = spawnSync(
    programs.train,
    ["export", model, "--crossval", json, "--out", file("calibrated.safetensors")],
    { encoding: "utf8" },
  );
  assert.equal(status, 1);
  assert.match(stderr, /is of another recipe of the name "article" than the model's/);
  writeFileSync(json, "{}");
  const report = spawnSync(
    programs.train,
    ["export", model, "--crossval", json, "--out", file("c.safetensors")],
    {
      encoding: "utf8",
    },
  );
  assert.match(report.stderr, /named\.json is not what crossval writes by --out-json\./);
});

test("classes of any name are learnt, evaluated and answered", () => {
  const folder = file("named");
  const names = ["Band, young", "Größe", "中性粒"];
  for (const [index, path] of drawSmears({ count: 3 }).entries()) {
    const label = join(folder, names[index % 3]);
    mkdirSync(label, { recursive: true });
    copyFileSync(path, join(label, `${index}.png`));
  }
  const [out, csv] = [file("names.safetensors"), file("names.csv")];
  const options = ["--recipe", "article", "--set", "training.epochs=1", "--out", out];
  const { status, said } = train("fit", "--data", folder, ...options);
  assert.equal(status, 0, said);
  assert.match(train("evaluate", out, "--data", folder, "--csv", csv).said, /^中性粒 +4 /m);
  assert.match(readFileSync(csv, "utf8"), /^image,actual,predicted,band_young,größe,中性粒\n/);
  const { stdout } = spawnSync(
    programs.leukolens,
    ["classify", join(folder, names[0], "0.png"), "--model", out, "--json"],
    { encoding: "utf8" },
  );
  assert.deepEqual(
    JSON.parse(stdout)[0]
      .predictions.map(({ label }) => label)
      .sort(),
    ["band_young", "größe", "中性粒"],
  );
});

test("a network that no model file can hold is refused before it is trained", () => {
  refused(
    /The model would not be read back: .*2 to 256 labels/,
    ...["fit", "--data", data, "--out", file("large.safetensors"), "--recipe", "article"],
    ...["--set", `labels=${JSON.stringify(Array.from({ length: 300 }, (_, index) => `class${index}`))}`],
  );
  assert.doesNotMatch(
    train("fit", ...quick, "--out", file("x.safetensors"), "--set", "input.width=600").said,
    /epoch/,
  );
});

test("what could not be written at the end is refused at the beginning", () => {
  const csv = file("list.csv");
  assert.equal(train("data", "--data", data, "--out", csv).status, 0);
  const list = readFileSync(csv, "utf8");
  const folder = file("folder.safetensors");
  mkdirSync(folder);
  const out = file("unwritten.safetensors");
  const model = file("model.safetensors");
  copyFileSync(at("models/article.safetensors"), model);
  for (const [pattern, ...args] of [
    [/folder\.safetensors is a folder: name a file in it\./, "fit", ...quick, "--out", folder],
    [/Cannot make the folder .*list\.csv/, "fit", ...quick, "--out", join(csv, "x.safetensors")],
    [/Cannot make the folder .*list\.csv/, "fit", ...quick, "--out", out, "--report", join(csv, "r.html")],
    [/Two things would be written to/, "fit", ...quick, "--out", out, "--log", out],
    [/Cannot make the folder .*list\.csv/, "crossval", ...quick, "--folds", "2", "--models", csv],
    [/list\.csv is read here, and would be overwritten/, "data", "--data", csv, "--out", csv],
    [/model\.safetensors is read here/, "fit", ...quick, "--from", model, "--out", model],
    [/list\.csv is read here, and would be overwritten/, "evaluate", folder, "--data", csv, "--csv", csv],
  ]) {
    const { status, said } = train(...args);
    assert.equal(status, 1, said);
    assert.match(said, pattern);
    assert.doesNotMatch(said, /epoch +1:|filesystem error/);
  }
  assert.equal(readFileSync(csv, "utf8"), list);
  const recipe = file("own.toml");
  copyFileSync(at("trainer/recipes/article.toml"), recipe);
  const own = ["--data", data, "--recipe", recipe];
  for (const args of [
    ["novelty", ...own, "--leave-out", "monocyte", "--out-json", recipe],
    ["learning-rate", ...own, "--csv", recipe],
  ])
    assert.match(train(...args).said, /own\.toml is read here, and would be overwritten/, args[0]);
  const inPlace = ["export", model, "--precision", "i8", "--out", model]; // would lose what the weights were
  assert.match(
    spawnSync(programs.train, inPlace, { encoding: "utf8" }).stderr,
    /model\.safetensors is read here/,
  );
});

test("an option that is no number is refused, also where it would pass for one", () => {
  const onnx = file("any.onnx");
  writeFileSync(onnx, "");
  for (const [pattern, ...args] of [
    [/nan is no number from 1 to 10/, "import", onnx, "--out", file("i.safetensors"), "--extent", "nan"],
    [
      /nan is no number from 0.001 to 1e\+05/,
      "import",
      onnx,
      "--out",
      file("i.safetensors"),
      "--scale",
      "nan",
    ],
    [/nan is no number from 0.5 to 1/, "export", onnx, "--out", file("e.onnx"), "--acceptance", "nan"],
  ])
    assert.match(spawnSync(programs.train, args, { encoding: "utf8" }).stderr, pattern);
  refused(/--seed/, "fit", ...quick, "--out", file("s.safetensors"), "--seed", "");
});

test("a checkpoint that is not there is not called one of another version", () => {
  const { status, stderr } = spawnSync(programs.train, ["resume", file("no.checkpoint")], {
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /There is no file .*no\.checkpoint\./);
});

test("a finished or interrupted run of other pictures or boxes under the same names is not gone on with", () => {
  const folder = file("swapped");
  for (const [index, path] of drawn.entries()) {
    mkdirSync(join(folder, basename(dirname(path))), { recursive: true });
    copyFileSync(path, join(folder, basename(dirname(path)), `${index}.png`));
  }
  const [list, json] = [file("boxed.csv"), file("boxed.json")];
  const write = (right) => {
    const rows = drawn.map(
      (path, index) => `swapped/${basename(dirname(path))}/${index}.png,${basename(dirname(path))}`,
    );
    const boxed = rows.map(
      (row) => `${row},100,60,${right},180
`,
    );
    writeFileSync(
      list,
      `image,label,xmin,ymin,xmax,ymax
${boxed.join("")}`,
    );
  };
  const options = ["--recipe", "article", "--set", "training.epochs=1", "--folds", "2", "--out-json", json];
  write(220);
  assert.equal(train("crossval", "--data", list, ...options).status, 0);
  assert.match(
    train("crossval", "--data", list, ...options).said,
    /has the figures of this cross-validation/,
  );
  write(230);
  refused(/of another recipe, data or seed/, "crossval", "--data", list, ...options);
  write(220);
  copyFileSync(drawn[1], join(folder, basename(dirname(drawn[0])), "0.png"));
  refused(/of another recipe, data or seed/, "crossval", "--data", list, ...options);
});

/** Whether a program has come so far that an interrupt does not simply end it: signal 2 in Linux's mask. */
const catchesInterrupts = (pid) =>
  Number.parseInt(/SigCgt:\s*\w*(\w)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1], 16) & 2;

test("Ctrl-C while images are read ends at once", async () => {
  const many = file("many");
  for (const label of ["one", "two"]) mkdirSync(join(many, label), { recursive: true });
  for (let index = 0; index < 4000; index++)
    symlinkSync(drawn[index % drawn.length], join(many, index % 2 ? "one" : "two", `${index}.png`));
  const child = spawn(programs.train, ["data", "--data", many, "--threads", "1"]);
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const ended = once(child, "exit");
  while (child.exitCode === null && !catchesInterrupts(child.pid)) await sleep(50);
  await sleep(500); // so that it reads
  child.kill("SIGINT");
  const [status] = await ended;
  assert.equal(status, 130, said);
  assert.match(said, /Interrupted/);
});

test("no control character of a name reaches the terminal", () => {
  const red = "\u001b[31m";
  const folder = file("red");
  mkdirSync(join(folder, "cells"), { recursive: true });
  copyFileSync(drawn[0], join(folder, "cells", "whole.png"));
  writeFileSync(join(folder, "cells", `${red}broken.png`), "no image");
  for (const options of [
    ["data", "--data", `${red}none`],
    ["data", "--data", folder],
    ["fit", "--data", data, "--recipe", `${red}none`, "--out", "m.safetensors"],
    ["evaluate", `${red}none`, "--data", data],
  ]) {
    const { said } = train(...options);
    assert.ok(!said.includes("\u001b"), options.join(" "));
    assert.match(said, /\\x1b\[31m/, options.join(" "));
  }
});

test("a folder bears its name, also where it is typed with a slash or is the one that one stands in", () => {
  for (const [path, cwd] of [
    [`${data}/`, folder],
    [".", data],
    ["cells/.", folder],
  ]) {
    const args = ["evaluate", at("models/article.safetensors"), "--data", path, "--json"];
    const { stdout } = spawnSync(programs.train, args, { encoding: "utf8", cwd });
    assert.deepEqual(JSON.parse(stdout).facts.data, ["cells"], path);
  }
});

test("a network that gives one answer to all is said to have collapsed, by fit and by crossval", () => {
  const rate = ["--set", "optimiser.learning_rate=0.05", "--set", "training.epochs=4", "--device", "cpu"];
  const report = file("collapsed.html");
  const fit = ["fit", ...quick, ...rate, "--out", file("collapsed.safetensors"), "--report", report];
  const note = /All \d+ images, of several classes, get the answer \w+: the network tells nothing apart/;
  assert.match(train(...fit).said, note);
  assert.match(JSON.parse(readFileSync(report.replace("html", "json"), "utf8")).notes.at(-1), note);
  assert.match(train("crossval", ...quick, ...rate, "--folds", "2").said, /^Fold [12]: All \d+ images/m);
});

test("evaluate says that the model has learnt from the images", () => {
  const model = file("learnt.safetensors");
  assert.equal(train("fit", ...quick, "--out", model).status, 0);
  assert.match(train("evaluate", model, "--data", data).said, /has learnt from about 100 % of these images/);
});
