// The drawings. Colours come from the style (report.css), so that a dark screen and paper get theirs.
import { axisX, axisY, cell, dot, line, lineY, link, plot, ruleX, ruleY, text } from "@observablehq/plot";
import { count, figure, key, percent, range, share, table } from "./dom.mjs";

const series = (index) => `var(--series-${index % 8})`;

/** As wide as the page lets a drawing be now; wider ones shrink, letters and all. */
const width = (most) => Math.min(most, document.querySelector("main").clientWidth - 2);

/** `label` is what a screen reader says of the drawing. */
function draw(label, options) {
  const drawing = plot({ className: "plot", marginTop: 24, marginLeft: 48, marginBottom: 46, ...options });
  // Its parts are no images of their own.
  for (const part of drawing.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", label);
  return drawing;
}

/** One quantity of all runs against the epoch; `of(epoch)` gives [training, validation]. */
function curve(name, histories, of) {
  const rows = histories.flatMap(({ epochs }, run) =>
    epochs.flatMap((epoch) =>
      of(epoch).map((value, part) => ({ run, part, epoch: epoch.epoch, value, id: `${run} ${part}` })),
    ),
  );
  const lines = (part) =>
    lineY(
      rows.filter((row) => row.part === part),
      {
        x: "epoch",
        y: "value",
        z: "id",
        stroke: series(part),
        strokeWidth: 1.8,
        strokeDasharray: part ? "5 3" : undefined,
      },
    );
  return draw(`${name} by epoch, training and validation`, {
    width: width(440),
    height: 280,
    x: {
      label: "epoch",
      ticks: Math.min(8, Math.max(1, ...rows.map(({ epoch }) => epoch))),
      tickFormat: "d",
    },
    y: { label: name, grid: true, nice: true },
    marks: [
      ruleX(
        histories.map(({ bestEpoch }) => bestEpoch),
        { stroke: "currentColor", strokeOpacity: 0.35 },
      ),
      lines(0),
      lines(1),
      dot(
        rows.filter(({ run }) => histories[run].epochs.length === 1),
        { x: "epoch", y: "value", r: 2.5 },
      ),
    ],
  });
}

export function learningCurves(histories) {
  const rows = histories.flatMap((history, run) =>
    history.epochs.map((epoch) => ({ run: run + 1, ...epoch })),
  );
  const number = (of) => (row) => (row[of] === null ? "" : row[of].toFixed(4));
  const columns = [
    ...(histories.length > 1 ? [["Fold", ({ run }) => run]] : []),
    ["Epoch", ({ epoch }) => epoch, true],
    ["Loss", number("loss"), true],
    ["Validation loss", number("validationLoss"), true],
    ["Accuracy", number("accuracy"), true],
    ["Validation accuracy", number("validationAccuracy"), true],
  ];
  const legend = [
    key("training", "training"),
    key("validation", "validation"),
    key("best", "epoch that was kept"),
  ];
  const loss = curve("loss", histories, ({ loss, validationLoss }) => [loss, validationLoss]);
  const accuracy = curve("accuracy", histories, (epoch) => [epoch.accuracy, epoch.validationAccuracy]);
  return [
    figure("Loss", loss, legend),
    figure(
      "Accuracy",
      accuracy,
      legend.map((item) => item.cloneNode(true)),
      table("Learning curves", columns, rows),
    ),
  ];
}

export function confusion(labels, counts) {
  const cells = counts.flatMap((row, actual) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((images, predicted) => ({
      actual: labels[actual].id,
      predicted: labels[predicted].id,
      images,
      share: total > 0 ? images / total : 0,
    }));
  });
  const ids = labels.map(({ id }) => id);
  const side = width(Math.max(380, 130 + 72 * ids.length));
  const step = Math.max(30, Math.min(56, (side - 100) / ids.length));
  const drawing = draw(`Confusion matrix of ${ids.length} classes`, {
    width: side,
    height: 100 + step * ids.length,
    marginLeft: 96,
    marginTop: 34,
    marginBottom: 70,
    x: { domain: ids, label: null },
    y: { domain: ids, label: null },
    marks: [
      axisX({ label: "predicted", labelAnchor: "center", tickRotate: -35, tickSize: 0 }),
      axisY({ label: "actual", labelAnchor: "top", tickSize: 0 }),
      cell(cells, {
        x: "predicted",
        y: "actual",
        inset: 1,
        fill: ({ actual, predicted }) => (actual === predicted ? "var(--right)" : "var(--wrong)"),
        fillOpacity: ({ share }) => 0.06 + 0.5 * share,
        title: (c) => `${c.actual}, answered ${c.predicted}: ${count(c.images)} images, ${percent(c.share)}`,
      }),
      text(cells, { x: "predicted", y: "actual", text: ({ images }) => count(images), fill: "currentColor" }),
    ],
  });
  const columns = [
    ["Actual, predicted", ({ id }) => id],
    ...ids.map((id, index) => [id, ({ row }) => count(row[index]), true]),
  ];
  const rows = labels.map(({ id }, index) => ({ id, row: counts[index] }));
  return figure(
    "Images by actual and predicted class; the tint is the share of the row",
    drawing,
    null,
    table("Confusion matrix", columns, rows),
  );
}

const diagonal = link([{}], {
  x1: 0,
  y1: 0,
  x2: 1,
  y2: 1,
  stroke: "currentColor",
  strokeOpacity: 0.5,
  strokeDasharray: "3 4",
});
const unit = (label) => ({ label, domain: [0, 1], grid: true, labelAnchor: "center" });

export function reliability(bins) {
  const drawing = draw("Reliability diagram: accuracy against confidence", {
    width: width(440),
    height: 400,
    x: unit("confidence"),
    y: unit("accuracy"),
    marks: [
      diagonal,
      ruleX(bins, {
        x: "confidence",
        y1: ({ accuracyInterval }) => accuracyInterval[0],
        y2: ({ accuracyInterval }) => accuracyInterval[1],
        stroke: series(0),
        strokeOpacity: 0.6,
      }),
      line(bins, { x: "confidence", y: "accuracy", stroke: series(0), strokeOpacity: 0.5 }),
      dot(bins, {
        x: "confidence",
        y: "accuracy",
        r: 4,
        fill: series(0),
        title: (bin) =>
          `${count(bin.images)} images, confidence ${share(bin.confidence)}, accuracy ${share(bin.accuracy)}`,
      }),
    ],
  });
  const columns = [
    ["Confidence", ({ confidence }) => share(confidence), true],
    ["Accuracy", ({ accuracy }) => share(accuracy), true],
    ["95 %", ({ accuracyInterval }) => range(accuracyInterval), true],
    ["Images", ({ images }) => count(images), true],
  ];
  return figure(
    "Reliability: how often right, against how sure. Bins of equally many images, bars are 95 % Wilson intervals; the " +
      "dashed line keeps every promise",
    drawing,
    null,
    table("Reliability", columns, bins),
  );
}

export function roc(labels, curves, classes) {
  const points = curves.flatMap((curve, index) =>
    curve.map(([x, y]) => ({ x, y, label: labels[index].id, index })),
  );
  const drawing = draw("ROC curves, each class against the rest", {
    width: width(440),
    height: 400,
    x: unit("false positive rate"),
    y: unit("true positive rate"),
    marks: [
      diagonal,
      ruleY([0], { strokeOpacity: 0.3 }),
      ...labels.map((_, index) =>
        line(
          points.filter((point) => point.index === index),
          {
            x: "x",
            y: "y",
            stroke: series(index),
            strokeWidth: 1.8,
            strokeDasharray: index < 4 ? undefined : "6 3",
          },
        ),
      ),
    ],
  });
  const legend = labels.map(({ id }, index) =>
    key(`line-${index % 8}`, `${id} ${share(classes[index].auc)}`),
  );
  const columns = [
    ["Class", ({ label }) => label],
    ["Area under the curve", ({ auc }) => share(auc), true],
  ];
  return figure(
    "ROC, each class against the rest, with the area under the curve",
    drawing,
    legend,
    table("Area under the ROC curve", columns, classes),
  );
}
