// Draws the report from the JSON in the page. Everything it shows was decided by leukolens-train (trainer/src/output/report.h).
import { count, h, percent, range, section, share, table } from "./dom.mjs";
import { confusion, learningCurves, reliability, roc } from "./plots.mjs";

const report = JSON.parse(document.getElementById("report").textContent);
const { labels, metrics, curves, facts, training } = report;

const header = () =>
  h(
    "header",
    {},
    h("h1", {}, report.title),
    h("p", { class: "notice" }, report.notice),
    h("p", {}, report.about),
    report.notes.length > 0 &&
      h(
        "ul",
        { class: "notes" },
        report.notes.map((note) => h("li", {}, note)),
      ),
  );

function figures() {
  const one = (name, value, detail = "") =>
    h("div", {}, h("dt", {}, name), h("dd", {}, h("strong", {}, value), detail && h("span", {}, detail)));
  return h(
    "dl",
    { class: "figures" },
    one(
      "Accuracy",
      share(metrics.accuracy),
      `${range(metrics.accuracyInterval)}, ${count(metrics.correct)} of ${count(metrics.images)}`,
    ),
    one("Macro F1", share(metrics.macroF1)),
    one("Macro recall", share(metrics.macroRecall)),
    one("Macro AUC", share(metrics.macroAuc)),
    one("Loss", share(metrics.loss)),
    one("Brier score", share(metrics.brier)),
    one("Calibration error (ECE)", share(metrics.ece), range(metrics.eceInterval)),
  );
}

/** What is learnt from several sources is not equally good on each. */
function sources() {
  if (report.sources.length === 0) return null;
  const columns = [
    ["Source", ({ name }) => name],
    ["Images", ({ metrics: { images } }) => count(images), true],
    ["Accuracy", ({ metrics: { accuracy } }) => share(accuracy), true],
    ["95 %", ({ metrics: { accuracyInterval } }) => range(accuracyInterval), true],
    ["Macro recall", ({ metrics: { macroRecall } }) => share(macroRecall), true],
    ["Macro F1", ({ metrics: { macroF1 } }) => share(macroF1), true],
    ["ECE", ({ metrics: { ece } }) => share(ece), true],
    ["95 %", ({ metrics: { eceInterval } }) => range(eceInterval), true],
  ];
  return table("Each source by itself", columns, report.sources);
}

function classes() {
  const columns = [
    ["Class", ({ label }) => label],
    ["Images", ({ support }) => count(support), true],
    ["Precision", ({ precision }) => share(precision), true],
    ["95 %", ({ precisionInterval }) => range(precisionInterval), true],
    ["Recall", ({ recall }) => share(recall), true],
    ["95 %", ({ recallInterval }) => range(recallInterval), true],
    ["F1", ({ f1 }) => share(f1), true],
    ["AUC", ({ auc }) => share(auc), true],
  ];
  return table("Per class, with 95 % Wilson intervals", columns, metrics.classes);
}

function example({ source, actual, predicted, probabilities, picture, activation }) {
  const right = actual === predicted;
  const confidence = predicted ? percent(Math.max(...probabilities)) : "";
  const answer = predicted ? `answered ${predicted}, ${confidence}` : "not found";
  const words = right ? `${actual}, ${confidence}` : `${actual}, ${answer}`;
  return h(
    "figure",
    { class: `example ${right ? "right" : "wrong"}` },
    picture && h("img", { src: picture, alt: `Image of a cell: ${words}` }),
    activation && h("img", { src: activation, alt: `Class activation map for ${predicted}` }),
    h(
      "figcaption",
      {},
      h("b", {}, right ? actual : `${actual}, ${predicted ? `not ${predicted}` : "not found"}`),
      ` ${confidence}`,
      h("small", {}, source),
    ),
  );
}

const gallery = (title, about, examples) =>
  examples.length > 0 &&
  section(title, h("p", {}, about), h("div", { class: "gallery" }, examples.map(example)));

function first() {
  const columns = [
    ["Image", ({ number }) => number],
    ["Actual", ({ actual }) => actual],
    ["Predicted", ({ predicted }) => predicted ?? "not found"],
    ["Answer", ({ actual, predicted }) => (actual === predicted ? "right" : "wrong")],
  ];
  const rows = report.first.map((one, index) => ({ number: index + 1, ...one }));
  return section(
    "Ten images",
    h("p", {}, "Drawn at random, whether right or wrong."),
    table("Actual against predicted", columns, rows),
    h("div", { class: "gallery" }, report.first.map(example)),
  );
}

const contactSheet = () =>
  report.contactSheet &&
  section(
    "The data",
    h("img", {
      class: "sheet",
      src: report.contactSheet,
      alt: "Contact sheet: six images of each class, drawn at random",
    }),
  );

/** Keys of the JSON in words. */
const words = {
  trainer: "Trainer",
  commit: "Commit",
  date: "Date",
  recipe: "Recipe",
  data: "Data",
  dataSha256: "SHA-256 of the data's list",
  images: "Images",
  seed: "Seed",
  threads: "Threads",
  seconds: "Seconds",
  machine: "Machine",
  versions: "Versions",
  trainingImages: "Training images",
  validationImages: "Validation images",
};

function record(title, facts) {
  const rows = Object.entries(words).filter(([key]) => facts[key] !== undefined && facts[key] !== "");
  if (rows.length === 0) return null;
  const value = (key) => (key === "seconds" ? Number(facts[key]).toFixed(1) : [facts[key]].flat().join(", "));
  return section(
    title,
    facts.command && [h("h3", {}, "Command"), h("pre", { tabindex: "0" }, facts.command)],
    h(
      "dl",
      { class: "facts" },
      rows.map(([key, name]) => h("div", {}, h("dt", {}, name), h("dd", {}, value(key)))),
    ),
    facts.recipeText && [h("h3", {}, "Recipe"), h("pre", { tabindex: "0" }, facts.recipeText)],
  );
}

/** Of this run, or of the one that made the model. */
function runs() {
  const own = Array.isArray(training.history?.epochs) ? [training.history] : [];
  const histories = [...report.histories, ...own].filter(({ epochs }) => epochs.length > 0);
  if (histories.length === 0) return null;
  const columns = [
    ["Run", ({ number }) => number],
    ["Seed", ({ seed }) => seed, true],
    ["Epochs", ({ epochs }) => epochs.length, true],
    ["Kept", ({ bestEpoch }) => bestEpoch, true],
    ["Ended", ({ stoppedEarly }) => (stoppedEarly ? "early" : "after all epochs")],
    ["Restarts", ({ restarts }) => restarts.length, true],
  ];
  return section(
    "Learning",
    h("div", { class: "pair" }, learningCurves(histories)),
    table(
      "Runs",
      columns,
      histories.map((history, index) => ({ number: index + 1, ...history })),
    ),
  );
}

document.title = `${report.title}, Leukolens`;
const main = document.querySelector("main");
main.append(header()); // before the drawings, which measure the page
const hash =
  report.modelSha256 && section("Model file", h("p", { class: "hash" }, `SHA-256 ${report.modelSha256}`));
main.append(
  ...[
    section("Figures", figures(), sources(), classes()),
    section("Confusions", confusion(labels, metrics.confusion)),
    section(
      "Confidence and ranking",
      h("div", { class: "pair" }, reliability(curves.reliability), roc(labels, curves.roc, metrics.classes)),
    ),
    runs(),
    first(),
    gallery("Mistakes", "The surest first.", report.wrong),
    gallery("Right, but barely", "The least sure first.", report.right),
    contactSheet(),
    record("This run", facts),
    record("How the model was trained", training),
    hash,
  ].filter(Boolean),
);
