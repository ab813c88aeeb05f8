// The figures of a report, by Observable Plot: for the page, and for the reports that leukolens-train writes. Colours come from the
// style (plots.css and what it is used in), so that a dark screen and paper get theirs.
import { dot, line, lineY, link, type PlotOptions, plot, ruleX } from "@observablehq/plot";
import type { OnDemandWords } from "../i18n/en/on-demand.js";
import type { Bin, ClassMetrics, History, Report } from "./report-data.js";

/** How whoever shows them wants them. */
export interface Setting {
  /** In pixels. */
  readonly width: number;
  readonly words: OnDemandWords["model"]["report"];
  /** Of the numbers. */
  readonly language: string;
}

interface Stroke {
  readonly colour: string;
  readonly dashed: boolean;
}

interface Key extends Partial<Stroke> {
  readonly text: string;
  readonly upright?: boolean;
}

const seriesCount = 8;
const stroke = (index: number, dashed: boolean): Stroke => ({
  colour: `var(--series-${index % seriesCount})`,
  dashed,
});

/** Half of the classes are dashed too, for eyes that tell few colours apart. */
const strokeOfClass = (index: number) => stroke(index, index % seriesCount >= seriesCount / 2);
const training = stroke(0, false);
const validation = stroke(1, true);
const faint = { stroke: "currentColor", strokeOpacity: 0.35 };

const lineStyle = ({ colour, dashed }: Stroke) => ({
  stroke: colour,
  strokeWidth: 1.8,
  strokeDasharray: dashed ? "5 3" : "none",
});

export function reliability(bins: readonly Bin[], setting: Setting): HTMLElement {
  const { words, width } = setting;
  const show = format(setting, 3);
  const { colour } = stroke(0, false);
  const drawing = draw(words.reliability, {
    ...{ width, height: width },
    ...{ x: unit(words.confidence, setting), y: unit(words.accuracy, setting) },
    marks: [
      diagonal,
      ruleX(bins, {
        x: "confidence",
        y1: (bin: Bin) => bin.accuracyInterval[0],
        y2: (bin: Bin) => bin.accuracyInterval[1],
        stroke: colour,
        strokeOpacity: 0.6,
      }),
      line(bins, { x: "confidence", y: "accuracy", stroke: colour, strokeOpacity: 0.5 }),
      dot(bins, {
        ...{ x: "confidence", y: "accuracy", r: 4, fill: colour },
        title: ({ images, confidence, accuracy }: Bin) =>
          [
            `${words.images}: ${format(setting, 0)(images)}`,
            `${words.confidence}: ${show(confidence)}`,
            `${words.accuracy}: ${show(accuracy)}`,
          ].join("\n"),
      }),
    ],
  });
  return figure(words.reliability, words.reliabilityHint, drawing);
}

/** `nameOf` gives the name of a class from its id. */
export function roc(
  curves: Report["curves"]["roc"],
  classes: readonly ClassMetrics[],
  nameOf: (label: string) => string,
  setting: Setting,
): HTMLElement {
  const { words, width } = setting;
  const drawing = draw(words.roc, {
    ...{ width, height: width },
    ...{ x: unit(words.falsePositives, setting), y: unit(words.truePositives, setting) },
    marks: [
      diagonal,
      ...curves.map((curve, index) =>
        line(curve, { x: ([x]) => x, y: ([, y]) => y, ...lineStyle(strokeOfClass(index)) }),
      ),
    ],
  });
  const keys = classes.map(({ label, auc, support }, index) => ({
    ...strokeOfClass(index),
    text: `${nameOf(label)}: ${words.auc} ${support > 0 && auc !== null ? format(setting, 3)(auc) : "-"}`,
  }));
  return figure(words.roc, "", drawing, keys);
}

/** One quantity of all runs against the epoch. */
export function learningCurve(
  histories: readonly History[],
  name: "loss" | "accuracy",
  setting: Setting,
): HTMLElement {
  const { words, width } = setting;
  const of = {
    training: name,
    validation: name === "loss" ? "validationLoss" : "validationAccuracy",
  } as const;
  const rows = histories.flatMap(({ epochs }, run) => epochs.map((row) => ({ run, ...row })));
  const last = Math.max(1, ...rows.map(({ epoch }) => epoch));
  const values = rows.flatMap((row) => [row[of.training], row[of.validation]]).filter((one) => one !== null);
  const span = Math.max(...values) - Math.min(...values);
  const digits = span > 0 ? Math.min(6, Math.max(1, Math.ceil(0.5 - Math.log10(span)))) : 1; // so that no two ticks read alike
  const lines = (y: keyof (typeof rows)[number], style: Stroke) => {
    const known = rows.filter((row) => row[y] !== null);
    const single = known.filter(({ run }) => histories[run]?.epochs.length === 1); // of which there is no line
    return [
      lineY(known, { x: "epoch", y, z: "run", ...lineStyle(style) }),
      dot(single, { x: "epoch", y, r: 3, fill: style.colour }),
    ];
  };
  const drawing = draw(`${words.learning}: ${words[name]}`, {
    ...{ width, height: Math.round(width * 0.66) },
    x: { label: words.epoch, ticks: Math.min(8, last), tickFormat: "d" },
    y: { label: words[name], grid: true, nice: true, tickFormat: format(setting, digits) },
    marks: [
      ruleX(
        histories.map(({ bestEpoch }) => bestEpoch),
        faint,
      ),
      ...lines(of.training, training),
      ...lines(of.validation, validation),
    ],
  });
  return figure(words[name], "", drawing, [
    { ...training, text: words.trainingOf },
    { ...validation, text: words.validationOf },
    { upright: true, text: words.keptEpoch },
  ]);
}

const diagonal = link([0], {
  ...{ x1: 0, y1: 0, x2: 1, y2: 1 },
  ...{ stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "3 4" },
});

const unit = (label: string, setting: Setting) => ({
  ...{ label, domain: [0, 1], grid: true, ticks: 5 },
  tickFormat: format(setting, 1),
});

const format =
  ({ language }: Setting, digits: number) =>
  (value: number) =>
    value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** `label` is what a screen reader says of the drawing. */
export function draw(label: string, options: PlotOptions): Element {
  const frame = { marginTop: 26, marginLeft: 46, marginRight: 14, marginBottom: 44 };
  const drawing = plot({ className: "plot", ...frame, ...options });
  drawing.querySelector("style")?.remove(); // plots.css has it
  // Its parts are no images of their own.
  for (const part of drawing.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", label);
  return drawing;
}

export function figure(
  title: string,
  hint: string,
  drawing: Element,
  keys: readonly Key[] = [],
): HTMLElement {
  const whole = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const heading = document.createElement("b");
  heading.append(title);
  caption.append(heading, hint);
  whole.append(caption, drawing);
  if (keys.length > 0) whole.append(legend(keys));
  return whole;
}

function legend(keys: readonly Key[]): HTMLElement {
  const list = document.createElement("ul");
  list.className = "legend";
  for (const { text, colour = "currentColor", dashed = false, upright = false } of keys) {
    const item = document.createElement("li");
    item.classList.toggle("dashed", dashed);
    item.classList.toggle("upright", upright);
    item.style.setProperty("--of", colour); // a style attribute would be refused by the policy
    item.append(text);
    list.append(item);
  }
  return list;
}
