// What the learning-rate finder saw (trainer/src/training/rate_finder.h).
import { dot, line, ruleX } from "@observablehq/plot";
import { draw, figure } from "../../web/site/models/plots.ts";
import { folded, section, table } from "./dom.mjs";

const short = (rate) => rate.toExponential(1).replace(".0e", "e").replace("e+0", "").replace("e+", "e");

export function learningRates({ steps, suggested, recipe }, { width }) {
  const colour = "var(--series-0)";
  const dashed = { stroke: "currentColor", strokeOpacity: 0.6, strokeDasharray: "3 4" };
  // The last losses, beyond use, would press all others flat.
  const highest = 1.5 * Math.max(...steps.slice(0, 10).map(({ loss }) => loss));
  const drawing = draw("Loss against learning rate", {
    ...{ width: 1.6 * width, height: width, marginRight: 24 },
    x: { type: "log", label: "learning rate", ticks: 8, tickFormat: short },
    y: { label: "loss", grid: true, domain: [0, highest], clamp: true },
    marks: [
      dot(steps, { x: "rate", y: "loss", r: 1.5, fill: colour, fillOpacity: 0.35 }),
      line(steps, { x: "rate", y: "smoothed", stroke: colour, strokeWidth: 1.8 }),
      ruleX([recipe], dashed),
      suggested === null ? null : ruleX([suggested], { stroke: "currentColor", strokeWidth: 1.5 }),
    ],
  });
  const columns = [
    ["Learning rate", ({ rate }) => rate.toExponential(2), true],
    ["Loss", ({ loss }) => loss.toFixed(4), true],
    ["Smoothed", ({ smoothed }) => smoothed.toFixed(4), true],
  ];
  return section(
    "Learning rates",
    figure(
      "Loss against learning rate",
      "Each point is a batch; the line is the mean of 21 batches.",
      drawing,
      [
        ...(suggested === null ? [] : [{ text: `suggested: ${short(suggested)}`, upright: true }]),
        { text: `dashed: of the recipe, ${short(recipe)}`, upright: true },
      ],
    ),
    folded("As a table", table("Learning rates", columns, steps)),
  );
}
