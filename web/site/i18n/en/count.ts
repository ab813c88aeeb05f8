// What the differential count, its report and the training data say, fetched with the first picture.
import { pluralOf } from "../grammar.js";

const plural = pluralOf("en");
const cells = (count: number) => plural(count, { one: "1 cell", other: "# cells" });

export const en = {
  title: "Differential count",
  all: "All images",
  one: "This image",
  scope: "Images counted",
  class: "Class",
  number: "Count",
  share: "Share",
  interval: "95% interval",
  reference: "Reference",
  absolute: "10\u2079/L",
  range: (low: string, high: string) => `${low}\u2013${high}%`,
  span: (low: string, high: string) => `${low}\u2013${high}`,
  total: (count: string) => `White cells counted: ${count}`,
  others: "counted separately",
  unsure: "Unsure, not counted",
  confirmed: "Confirmed by you",
  corrected: "Corrected by you",
  tooFew: "Count at least 100 cells before comparing with reference ranges.",
  low: "below",
  high: "above",
  source: "Adult reference ranges as quoted by MedlinePlus. Ranges vary between laboratories.",
  flags: "A share is called below or above only where its whole interval lies outside the range.",
  erythroblasts: "Erythroblasts per 100 white cells",
  correctedTotal: "White cells without erythroblasts, 10\u2079/L",
  excluded: {
    drawn: "Drawn by a program, not counted",
    repeated: "Seen in two images, counted once",
    edge: "Cut by an edge, not counted",
  },
  same: (name: string, earlier: string) => `${name} is the same image as ${earlier}.`,
  overlaps: (name: string, earlier: string) => `${name} overlaps ${earlier}.`,
  repeats: "Images seen twice",
  manyPictures: (most: string) => `Overlaps are looked for in the first ${most} images only.`,
  edges: {
    label: "Cells cut by an edge",
    topLeft: "Count top and left",
    all: "Count all",
    none: "Count none",
  },
  progress: {
    target: "Cells to count",
    of: (done: string, target: string) => `${done} of ${target} cells`,
    complete: "Complete: nothing is unidentified.",
    missing: (count: number) => `${cells(count)} to go.`,
    unidentified: (count: number) =>
      plural(count, {
        one: "1 cell is unidentified: label it to complete the count.",
        other: "# cells are unidentified: label them to complete the count.",
      }),
    unsettled: "Some images are still being analysed or compared: the count may change.",
    practice: "Practice: drawn images are never part of a count.",
    sound: "Sound when the target is reached",
  },
  sample: {
    title: "Sample",
    id: "Sample ID",
    date: "Date",
    operator: "Operator's initials",
    note: "Note",
    total: "White cells by counter, 10\u2079/L",
    includes: "This total includes erythroblasts",
    kept: "Kept on this device, in saved sessions and in exports only.",
  },
  second: {
    title: "Second count",
    intro: "Keep this count, then count again: the same cells by another reader, or another 200 cells.",
    keep: "Keep as first count",
    kept: (count: number, operator: string) =>
      `First count: ${cells(count)}${operator ? `, ${operator}` : ""}.`,
    again: "Read the same images anew",
    other: "Continue with other images",
    discard: "Discard first count",
    discarded: "First count discarded.",
    first: "First",
    second: "Second",
    limits: "By chance",
    together: "Together",
    outside: "differs",
    kappa: (kappa: string, low: string, high: string) =>
      `Cohen's kappa ${kappa} (95% interval ${low} to ${high})`,
    noKappa: "Cohen's kappa is undefined: only one label was used.",
    agreed: (percent: string, count: number) => `Same label in both counts: ${percent} of ${cells(count)}.`,
    unreviewed: (count: number) =>
      `In the second count nobody has reviewed ${cells(count)} of these: there the model's answer is compared.`,
    method:
      "By chance: where the second count lies in 95% of cases if only chance makes it differ (Rümke; Fisher's exact test).",
    counted: "Images of the first count are among these: the two counts are not added together.",
    joined: (count: string) => `Both counts together: ${count} white cells.`,
  },
  report: {
    open: "Report",
    title: "Differential count report",
    back: "Back to the cells",
    print: "Print or save as PDF",
    none: "No count to report. Add images first.",
    practice: "Practice with drawn images: not a count.",
    incomplete: "Not complete.",
    unnamed: "\u2013",
    model: "Model",
    images: (count: number) => plural(count, { one: "1 image", other: "# images" }),
    redCells: (count: string, images: number) =>
      `Red cells per image: about ${count}, by the area that they cover (${plural(images, { one: "1 image", other: "median of # images" })}; may err by 40%).`,
    thick: (count: number) =>
      plural(count, {
        one: "In 1 image the red cells overlap.",
        other: "In # images the red cells overlap.",
      }),
    thin: (count: number) =>
      plural(count, {
        one: "In 1 image there are hardly any red cells.",
        other: "In # images there are hardly any red cells.",
      }),
    fingerprint: "SHA-256",
    more: (count: number) => plural(count, { one: "and 1 more", other: "and # more" }),
    strip: "Cells counted",
    stripPart: (shown: string, all: string) => `${shown} of ${all} shown`,
    method:
      "Count after CLSI H20 (third edition). Shares of the white cells with Wilson's 95% interval; erythroblasts per 100 white cells with an exact 95% interval.",
    signature: "Signature",
    created: (time: string, version: string) => `Made with Leukolens, ${time}, model ${version}`,
    learnt: (model: string, microscope: string) => `${model} (has learnt the microscope “${microscope}”)`,
  },
  training: {
    pictures: "Training data: images (zip)",
    crops: "Training data: crops (zip)",
    failed: "The training data could not be made. Try again with fewer images.",
    none: "There is no identified cell to train with. Label some cells first.",
    unreadable: (count: number) =>
      plural(count, {
        one: "1 image could not be read and is not in the training data.",
        other: "# images could not be read and are not in the training data.",
      }),
    made: (count: number, reviewed: number) =>
      `Training data saved: ${cells(count)}, ${reviewed.toLocaleString("en")} labelled by you.`,
  },
  clearQuestion: "Clear everything?",
  clearDetail: (count: number) =>
    `${plural(count, { one: "The image", other: "All # images" })}, all corrections, the sample and a first count will be deleted from this device. This cannot be undone.`,
  pictureFailed: "The annotated image cannot be made in this browser. Export the table or the data instead.",
  sharing: {
    button: "Share",
    failed: "Sharing failed. Export the table or the image instead.",
  },
  gallery: {
    title: "Cells",
    order: "Sort",
    orders: { need: "Review first", class: "By class", found: "By image" },
    filter: "Class",
    everything: "All classes",
    keys: "Arrow keys select a cell, digits correct it, 0 means not a white cell, Backspace restores the model's answer.",
    cell: (label: string, percent: string, image: string) => `${label}, ${percent}, ${image}`,
    doubtful: "unsure",
    confirmed: "confirmed by you",
    corrected: "corrected by you",
    none: "No cells of this class.",
  },
};

export type CountWords = typeof en;
