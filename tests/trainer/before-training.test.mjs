// What can be looked at before training: learning rates, and the views that augmentation makes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { drawSmears, programs, scratch } from "../support.mjs";

const data = dirname(dirname(drawSmears({ count: 8 })[0]));
const out = scratch();
const train = (verb, ...options) =>
  execFileSync(programs.train, [verb, "--data", data, "--recipe", "article", "--threads", "1", ...options], {
    encoding: "utf8",
  });

test("a learning rate is suggested from a course that the CSV and the plot have", () => {
  const [csv, report] = [join(out, "rates.csv"), join(out, "rates.html")];
  const said = train("learning-rate", "--csv", csv, "--report", report);
  const [, suggested] =
    /a tenth of that is the usual choice: --set optimiser\.learning_rate=(\S+)\. The/.exec(said);
  assert.match(said, /The recipe says 0\.001\./);
  const [header, ...rows] = readFileSync(csv, "utf8").trim().split("\n");
  assert.equal(header, "rate,loss,smoothed_loss");
  const rates = rows.map((row) => Number(row.split(",")[0]));
  assert.deepEqual(
    rates,
    rates.toSorted((a, b) => a - b),
  );
  assert.ok(rates[0] < suggested && suggested < rates.at(-1), suggested);
  const { learningRates, notice } = JSON.parse(readFileSync(report.replace("html", "json"), "utf8"));
  assert.equal(learningRates.steps.length, rows.length);
  assert.equal(learningRates.suggested, Number(suggested));
  assert.match(notice, /research and education only/);
  assert.match(readFileSync(report, "utf8"), /"learningRates":\{"steps":\[/);
});

test("the sheet of augmented views is a picture that depends on recipe and seed alone", () => {
  const sheet = (name, ...options) => {
    const path = join(out, `${name}.png`);
    const said = train("data", "--augmented", path, ...options);
    assert.match(said, /png: what article shows the network\./);
    return readFileSync(path);
  };
  const one = sheet("one");
  assert.equal(one.readUInt32BE(16), 1016); // px, of the PNG's header
  assert.ok(one.readUInt32BE(20) > 8 * 160); // two lines of each of four classes
  assert.ok(one.equals(sheet("again")));
  assert.ok(!one.equals(sheet("two", "--seed", "2")));
  assert.ok(!one.equals(sheet("grey", "--set", "augmentation.saturation=1")));
  assert.throws(
    () =>
      execFileSync(programs.train, ["data", "--data", data, "--augmented", join(out, "x.png")], {
        stdio: "pipe",
      }),
    /--recipe is required/,
  );
});
