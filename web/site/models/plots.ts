// The drawings of a report, by Observable Plot. Colours come from the style, so that a dark screen gets its own.
import { dot, line, lineY, link, type PlotOptions, plot, ruleX } from "@observablehq/plot";
import { formatNumber, nameOf } from "../i18n/index.js";
import { onDemand } from "../i18n/on-demand.js";
import type { Bin, History, Report } from "./report-data.js";

const series = (index: number) => `var(--series-${index % 8})`;
const ticks = (value: number) => formatNumber(value, 1);

/** `label` is what a screen reader says of the drawing. */
function draw(label: string, width: number, options: PlotOptions): Element {
  const frame = { marginTop: 26, marginLeft: 46, marginRight: 14, marginBottom: 44 };
  const drawing = plot({ className: "plot", width, ...frame, ...options });
  // Our own style sheet has what Plot brings along in a style element, which the page's policy would refuse.
  drawing.querySelector("style")?.remove();
  // Its parts are no images of their own.
  for (const part of drawing.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", label);
  return drawing;
}

const diagonal = link([0], {
  ...{ x1: 0, y1: 0, x2: 1, y2: 1 },
  ...{ stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "3 4" },
});

const unit = (label: string) => ({ label, domain: [0, 1], grid: true, ticks: 5, tickFormat: ticks });

export function reliability(bins: readonly Bin[], width: number): Element {
  const { report } = onDemand.words.model;
  return draw(report.reliability, width, {
    height: width,
    x: unit(report.confidence),
    y: unit(report.accuracy),
    marks: [
      diagonal,
      ruleX(bins, {
        x: "confidence",
        y1: (bin: Bin) => bin.accuracyInterval[0],
        y2: (bin: Bin) => bin.accuracyInterval[1],
        stroke: series(0),
        strokeOpacity: 0.6,
      }),
      line(bins, { x: "confidence", y: "accuracy", stroke: series(0), strokeOpacity: 0.5 }),
      dot(bins, { x: "confidence", y: "accuracy", r: 4, fill: series(0) }),
    ],
  });
}

export function roc({ labels, curves }: Report, width: number): Element {
  const { report } = onDemand.words.model;
  const points = curves.roc.flatMap((curve, index) =>
    curve.map(([x, y]) => ({ x, y, index, name: nameOf(labels[index]?.id ?? "", labels) })),
  );
  return draw(report.roc, width, {
    height: width,
    x: unit(report.falsePositives),
    y: unit(report.truePositives),
    marks: [
      diagonal,
      ...labels.map((_, index) =>
        line(
          points.filter((point) => point.index === index),
          {
            x: "x",
            y: "y",
            stroke: series(index),
            strokeWidth: 1.8,
            strokeDasharray: index < 4 ? "none" : "6 3",
          },
        ),
      ),
    ],
  });
}

/** One quantity of all runs against the epoch. */
export function curve(histories: readonly History[], name: "loss" | "accuracy", width: number): Element {
  const { report } = onDemand.words.model;
  const validation = name === "loss" ? "validationLoss" : "validationAccuracy";
  const rows = histories.flatMap(({ epochs }, run) =>
    epochs.flatMap((epoch) =>
      [epoch[name], epoch[validation]].map((value, part) => ({ run, part, epoch: epoch.epoch, value })),
    ),
  );
  const lines = (part: number) =>
    lineY(
      rows.filter((row) => row.part === part && row.value !== null),
      {
        ...{ x: "epoch", y: "value", z: "run", stroke: series(part), strokeWidth: 1.8 },
        strokeDasharray: part ? "5 3" : "none",
      },
    );
  const last = Math.max(1, ...rows.map(({ epoch }) => epoch));
  return draw(`${report.learning}: ${report[name]}`, width, {
    height: Math.round(width * 0.66),
    x: { label: report.epoch, ticks: Math.min(8, last), tickFormat: "d" },
    y: { label: report[name], grid: true, nice: true, tickFormat: ticks },
    marks: [
      ruleX(
        histories.map(({ bestEpoch }) => bestEpoch),
        { stroke: "currentColor", strokeOpacity: 0.35 },
      ),
      lines(0),
      lines(1),
    ],
  });
}
