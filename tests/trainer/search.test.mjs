// A search over settings: interrupted, shared by shard, grown, and compared.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { drawSmears, programs, scratch } from "../support.mjs";

const data = dirname(dirname(drawSmears({ count: 6 })[0]));
const out = scratch();

function search(name, ...options) {
  const json = join(out, name);
  const common = [
    "--data",
    data,
    "--recipe",
    "article",
    "--folds",
    "2",
    "--threads",
    "1",
    "--out-json",
    json,
  ];
  const { status, stdout, stderr } = spawnSync(programs.train, ["search", ...common, ...options], {
    encoding: "utf8",
  });
  return { status, said: stdout + stderr, found: () => JSON.parse(readFileSync(json, "utf8")) };
}

const figures = ({ found }) =>
  found().trials.map(({ settings, calibrated, right }) => ({ settings, loss: calibrated.loss, right }));
const grid = ["--try", "training.epochs=1,2", "--try", "optimiser.learning_rate=1e-3,3e-3"];

test("all combinations are compared, the best first, and what is known is not trained again", () => {
  const first = search("one.json", ...grid);
  assert.equal(first.status, 0, first.said);
  const { trials } = first.found();
  assert.deepEqual(
    trials.map(({ settings }) => settings.join(" ")),
    ["1e-3", "3e-3"]
      .flatMap((rate) => [1, 2].map((epochs) => `training.epochs=${epochs} optimiser.learning_rate=${rate}`))
      .sort(),
  );
  for (const { right, calibrated } of trials) {
    assert.equal(right.length, 24);
    assert.equal(right.replaceAll("0", "").length, calibrated.correct);
  }
  const lines = first.said.split("\n").filter((line) => /^ +0\.\d{4} .*training\.epochs/.test(line));
  assert.equal(lines.length, 4);
  const scores = lines.map((line) => Number(line.trim().split(/ +/)[0]));
  assert.deepEqual(
    scores,
    scores.toSorted((a, b) => b - a),
  );
  const best = /training\.epochs=(\d) optimiser\.learning_rate=(\S+)$/.exec(lines[0]);
  assert.ok(
    first.said.includes(
      `fit --data ${data} --recipe article --set training.epochs=${best[1]} --set optimiser.learning_rate=${best[2]} --out article.safetensors`,
    ),
    first.said,
  );
  assert.match(first.said, /research and education only/);
  assert.deepEqual(readdirSync(out), ["one.json"]); // no checkpoint is left

  const weighted = search(
    "weighted.json",
    "--try",
    "training.epochs=1",
    "--class-weights",
    "neutrophil=2",
    "--seed",
    "7",
  );
  assert.match(
    weighted.said,
    /--seed 7 --set 'training\.class_weights=\{'\\''neutrophil'\\''=2\}' --set training\.epochs=1 --out/,
  );

  const again = search("one.json", "--try", "training.epochs=1,2,3");
  assert.equal(again.status, 0, again.said);
  assert.equal(again.said.match(/found before/g).length, 2); // 1e-3 is what the recipe says anyway
  const grown = search("one.json", "--try", "training.epochs=1,2,3,4");
  assert.equal(grown.said.match(/found before/g).length, 3);
  assert.equal(grown.found().trials.length, 4 + 2);
});

test("shards of a search, trained apart, give what one call gives", () => {
  const whole = search("whole.json", ...grid);
  for (const shard of ["1/3", "2/3", "3/3"]) {
    const { status, said } = search("shared.json", ...grid, "--shard", shard);
    assert.equal(status, 0, said);
    assert.match(said, new RegExp(`Shard ${shard[0]} of 3 is trained`));
  }
  assert.ok(!existsSync(join(out, "shared.json")));
  assert.equal(readdirSync(out).filter((name) => name.startsWith("shared.json.")).length, 8);
  const shared = search("shared.json", ...grid);
  assert.equal(shared.status, 0, shared.said);
  assert.deepEqual(figures(shared), figures(whole));
  assert.equal(readdirSync(out).filter((name) => name.startsWith("shared.json.")).length, 0);
});

test("what cannot be tried is refused before anything is trained", () => {
  const refused = (pattern, ...options) => {
    const { status, said } = search("no.json", ...options);
    assert.ok(status > 0 && status < 128, said);
    assert.match(said, pattern);
    assert.doesNotMatch(said, /fold 1/);
  };
  refused(/--try is required/);
  refused(/Did you mean "epochs"\?/, "--try", "training.epoch=1,2");
  refused(/training\.epochs=2 is tried twice/, "--try", "training.epochs=2,2");
  refused(
    /--try training\.epochs is given twice/,
    "--try",
    "training.epochs=1",
    "--try",
    "training.epochs=2",
  );
  refused(/--shard 3\/2: give I\/N/, "--try", "training.epochs=1", "--shard", "3/2");
  writeFileSync(join(out, "no.json"), "{}");
  refused(/no\.json is of no search: write to another file/, "--try", "training.epochs=1");
});
