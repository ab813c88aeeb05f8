// Draws the report from the JSON in the page. Everything it shows was decided by leukolens-train (trainer/src/output/report.h).
import { model } from "../../web/site/i18n/en/on-demand.ts";
import { learningCurve, reliability, roc } from "../../web/site/models/plots.ts";
import { agreement } from "./agreement.mjs";
import { count, folded, h, percent, range, section, share, table } from "./dom.mjs";
import { learningRates } from "./learning-rates.mjs";

const say = model.report;

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
      say.accuracy,
      share(metrics.accuracy),
      `${range(metrics.accuracyInterval)}, ${count(metrics.correct)} of ${count(metrics.images)}`,
    ),
    one(say.macroF1, share(metrics.macroF1)),
    one(say.macroRecall, share(metrics.macroRecall)),
    one(say.macroAuc, share(metrics.macroAuc)),
    one(say.loss, share(metrics.loss)),
    one(say.brier, share(metrics.brier)),
    one(say.ece, share(metrics.ece), metrics.eceInterval ? range(metrics.eceInterval) : ""),
  );
}

/** What is learnt from several sources is not equally good on each. */
function sources() {
  if (report.sources.length === 0) return null;
  const columns = [
    [say.source, ({ name }) => name],
    [say.images, ({ metrics: { images } }) => count(images), true],
    [say.accuracy, ({ metrics: { accuracy } }) => share(accuracy), true],
    [say.interval95, ({ metrics: { accuracyInterval } }) => range(accuracyInterval), true],
    [say.macroRecall, ({ metrics: { macroRecall } }) => share(macroRecall), true],
    [say.macroF1, ({ metrics: { macroF1 } }) => share(macroF1), true],
    ["ECE", ({ metrics: { ece } }) => share(ece), true],
    [say.interval95, ({ metrics: { eceInterval } }) => range(eceInterval), true],
  ];
  return table(say.perSource, columns, report.sources);
}

function classes() {
  const columns = [
    [say.class, ({ label }) => label],
    [say.images, ({ support }) => count(support), true],
    [say.precision, ({ precision }) => share(precision), true],
    [say.interval95, ({ precisionInterval }) => range(precisionInterval), true],
    [say.recall, ({ recall }) => share(recall), true],
    [say.interval95, ({ recallInterval }) => range(recallInterval), true],
    [say.f1, ({ f1 }) => share(f1), true],
    [say.auc, ({ auc }) => share(auc), true],
  ];
  return table(say.perClass, columns, metrics.classes);
}

function confusion() {
  const cell = (images, support, colour, title) => {
    const part = support > 0 ? images / support : 0;
    const filled = h("td", { title }, percent(part, 0), h("small", {}, count(images)));
    filled.style.setProperty("--share", part); // a style attribute would be refused by the policy
    filled.style.setProperty("--of", colour);
    return filled;
  };
  const row = (counts, actual) => {
    const { label, support, notFound } = metrics.classes[actual];
    const cells = counts.map((images, predicted) =>
      cell(
        ...[images, support, actual === predicted ? "var(--right)" : "var(--wrong)"],
        say.confused(images, label, labels[predicted].id),
      ),
    );
    const missed =
      metrics.notFound > 0 && cell(notFound, support, "var(--wrong)", say.missed(notFound, label));
    return h("tr", {}, h("th", { scope: "row" }, label), cells, missed);
  };
  const heading = (text) => h("th", { scope: "col" }, text);
  const headings = [...labels.map(({ id }) => id), ...(metrics.notFound > 0 ? [say.notFound] : [])];
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": say.confusion },
    h(
      "table",
      { class: "confusion" },
      h("caption", {}, say.confusion),
      h("thead", {}, h("tr", {}, [say.actual, ...headings].map(heading))),
      h("tbody", {}, metrics.confusion.map(row)),
    ),
  );
}

/** As wide as the page lets a drawing be now; a wider one would shrink, letters and all. */
const setting = () => ({ width: Math.min(440, main.clientWidth - 32), words: say, language: "en" });

function confidence() {
  const columns = [
    [say.confidence, ({ confidence }) => share(confidence), true],
    [say.accuracy, ({ accuracy }) => share(accuracy), true],
    [say.interval95, ({ accuracyInterval }) => range(accuracyInterval), true],
    [say.images, ({ images }) => count(images), true],
  ];
  return h(
    "div",
    { class: "pair" },
    h(
      "div",
      {},
      reliability(curves.reliability, setting()),
      folded(say.asTable, table(say.reliability, columns, curves.reliability)),
    ),
    roc(curves.roc, metrics.classes, (label) => label, setting()),
  );
}

function example({ source, actual, predicted, probabilities, picture, activation }) {
  const right = actual === predicted;
  const confidence = predicted ? percent(Math.max(...probabilities)) : "";
  const answer = predicted ? `classified as ${predicted}, ${confidence}` : say.notFound;
  const words = right ? `${actual}, ${confidence}` : `${actual}, ${answer}`;
  return h(
    "figure",
    { class: `example ${right ? "right" : "wrong"}` },
    picture && h("img", { src: picture, alt: `Image of a cell: ${words}` }),
    activation && h("img", { src: activation, alt: `Class activation map for ${predicted}` }),
    h(
      "figcaption",
      {},
      h("b", {}, right ? actual : `${actual}, ${predicted ? `not ${predicted}` : say.notFound}`),
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
    ["Predicted", ({ predicted }) => predicted ?? say.notFound],
    ["Answer", ({ actual, predicted }) => (actual === predicted ? "correct" : "wrong")],
  ];
  const rows = report.first.map((one, index) => ({ number: index + 1, ...one }));
  return section(
    "Ten images",
    h("p", {}, "Chosen at random, whether correct or not."),
    table("Actual and predicted class", columns, rows),
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
      alt: "Contact sheet: six images of each class, chosen at random",
    }),
  );

function record(title, facts) {
  const rows = Object.entries(model.details.trained).filter(
    ([key]) => facts[key] !== undefined && facts[key] !== "",
  );
  if (rows.length === 0) return null;
  const value = (key) => (key === "seconds" ? Number(facts[key]).toFixed(1) : [facts[key]].flat().join(", "));
  return section(
    title,
    facts.command && [h("h3", {}, model.details.command), h("pre", { tabindex: "0" }, facts.command)],
    h(
      "dl",
      { class: "facts" },
      rows.map(([key, name]) => h("div", {}, h("dt", {}, name), h("dd", {}, value(key)))),
    ),
    facts.recipeText && [h("h3", {}, model.details.recipe), h("pre", { tabindex: "0" }, facts.recipeText)],
  );
}

/** Of this run, or of the one that made the model. */
function learning() {
  const own = Array.isArray(training.history?.epochs) ? [training.history] : [];
  const histories = [...report.histories, ...own].filter(({ epochs }) => epochs.length > 0);
  if (histories.length === 0) return null;
  const rows = histories.flatMap(({ epochs }, run) => epochs.map((epoch) => ({ run: run + 1, ...epoch })));
  const quantity = (part, name, key) => [
    `${part}: ${name}`,
    (row) => (row[key] === null ? "" : row[key].toFixed(4)),
    true,
  ];
  const columns = [
    [say.run, ({ run }) => run],
    [say.epoch, ({ epoch }) => epoch, true],
    quantity(say.trainingOf, say.loss, "loss"),
    quantity(say.validationOf, say.loss, "validationLoss"),
    quantity(say.trainingOf, say.accuracy, "accuracy"),
    quantity(say.validationOf, say.accuracy, "validationAccuracy"),
  ];
  return section(
    say.learning,
    h(
      "div",
      { class: "pair" },
      learningCurve(histories, "loss", setting()),
      learningCurve(histories, "accuracy", setting()),
    ),
    folded(say.asTable, table(say.learning, columns, rows)),
    runs(histories),
  );
}

function runs(histories) {
  const columns = [
    [say.run, ({ number }) => number],
    ["Seed", ({ seed }) => seed, true],
    ["Epochs", ({ epochs }) => epochs.length, true],
    ["Epoch kept", ({ bestEpoch }) => bestEpoch, true],
    ["Ended", ({ stoppedEarly }) => (stoppedEarly ? "early" : "after all epochs")],
    ["Restarts", ({ restarts }) => restarts.length, true],
  ];
  const rows = histories.map((history, index) => ({ number: index + 1, ...history }));
  return table("Runs", columns, rows);
}

document.title = `${report.title}, Leukolens`;
const main = document.querySelector("main");
main.append(header()); // before the drawings, which measure the page
const parts = report.learningRates
  ? [learningRates(report.learningRates, setting())]
  : [
      section(say.title, figures(), sources(), classes()),
      section("Confusion matrix", confusion()),
      section("Confidence and ranking", confidence()),
      report.bySample && agreement(report.bySample, setting()),
      learning(),
      first(),
      gallery("Errors", "The most confident first.", report.wrong),
      gallery("Narrowly correct", "The least confident first.", report.right),
      contactSheet(),
    ];
const hash =
  report.modelSha256 && section("Model file", h("p", { class: "hash" }, `SHA-256 ${report.modelSha256}`));
main.append(
  ...[...parts, record("This run", facts), training && record(model.details.training, training), hash].filter(
    Boolean,
  ),
);
