// The differential counts of samples, by the model against by the labels (trainer/src/output/sample_agreement.h).
import { dot, ruleY } from "@observablehq/plot";
import { draw, figure } from "../../web/site/models/plots.ts";
import { count, folded, h, section, table } from "./dom.mjs";

const written = (value, interval, digits) =>
  value === null
    ? "-"
    : `${value.toFixed(digits)}${interval ? ` (${interval.map((bound) => bound.toFixed(digits)).join(" to ")})` : ""}`;

const shares = ({ labelled, counted, chance }, label) => {
  const percent = (side) => (100 * side.classes[label]) / side.leukocytes;
  const [x, y] = [percent(labelled), percent(counted)];
  const [low, high] = chance[label];
  return { mean: (x + y) / 2, difference: y - x, byChance: y >= low && y <= high };
};

/** The difference of each sample against the mean of both counts, and between which limits 95 % of them lie. */
function plot({ label, bias, limits }, samples, { width }) {
  const points = samples.map((sample) => ({ sample: sample.sample, ...shares(sample, label) }));
  const colour = ({ byChance }) => (byChance ? "var(--series-0)" : "var(--series-1)");
  const dashed = { stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "3 4" };
  const drawing = draw(`${label}: difference against mean`, {
    ...{ width, height: Math.round(width * 0.66) },
    x: { label: "mean of both, %", nice: true },
    y: { label: "model - labels, percentage points", grid: true, nice: true },
    marks: [
      ruleY([0], { stroke: "currentColor", strokeOpacity: 0.3 }),
      bias !== null && ruleY([bias], { stroke: "currentColor" }),
      limits && ruleY(limits, dashed),
      dot(points, {
        ...{ x: "mean", y: "difference", r: 3.5, stroke: colour, fill: colour, fillOpacity: 0.4 },
        title: ({ sample, mean, difference }) =>
          `${sample}: mean ${mean.toFixed(1)} %, difference ${difference.toFixed(1)}`,
      }),
    ],
  });
  return figure(label, "", drawing, [
    { colour: "var(--series-0)", text: "differs by chance at most" },
    { colour: "var(--series-1)", text: "differs by more" },
    { text: "dashed: 95 % of the differences", dashed: true },
  ]);
}

export function agreement({ classes, samples, kappa, kappaInterval, empty, sources }, setting) {
  const columns = [
    ["Class", ({ label }) => label],
    ["Slope (95 %)", ({ slope, slopeInterval }) => written(slope, slopeInterval, 2), true],
    [
      "Intercept (95 %)",
      ({ intercept, interceptInterval }) => written(intercept, interceptInterval, 1),
      true,
    ],
    ["Bias (95 %)", ({ bias, biasInterval }) => written(bias, biasInterval, 2), true],
    ["95 % of differences", ({ limits }) => limits?.map((one) => one.toFixed(1)).join(" to ") ?? "-", true],
    ["r (95 %)", ({ r, rInterval }) => written(r, rInterval, 3), true],
    ["Kappa (95 %)", (one) => written(one.kappa, one.kappaInterval, 3), true],
    ["Within chance", (one) => `${count(one.withinChance)} of ${count(one.samples)}`, true],
  ];
  const labels = classes.map(({ label }) => label);
  const both = ({ labelled, counted }, label) => `${labelled.classes[label]} / ${counted.classes[label]}`;
  const counts = [
    ["Sample", ({ sample }) => sample],
    ["Leukocytes", ({ labelled, counted }) => `${labelled.leukocytes} / ${counted.leukocytes}`, true],
    ...labels.map((label) => [label, (sample) => both(sample, label), true]),
    ["Unsure", ({ counted }) => counted.unsure, true],
    ["Rejected", ({ counted }) => counted.rejected, true],
  ];
  return section(
    "Differential count by sample",
    h(
      "p",
      {},
      `Shares of the leukocytes of ${count(samples.length)} samples, in percent: counted by the model against by the labels. `,
      `Kappa of all classes, cell by cell: ${written(kappa, kappaInterval, 3)}. `,
      "Within chance: the model's share lies within the exact 95 % interval of the labels' (Rümke's limits).",
    ),
    table("Agreement by class", columns, classes),
    h(
      "div",
      { class: "pair" },
      classes.map((one) => plot(one, samples, setting)),
    ),
    folded("Counts, by the labels / by the model", table("Counts by sample", counts, samples)),
    empty.length > 0 &&
      h("p", {}, `Without leukocytes, by labels or model, and left out: ${empty.join(", ")}.`),
    folded(
      "Sources",
      h(
        "ul",
        {},
        sources.map((source) => h("li", {}, source)),
      ),
    ),
  );
}
