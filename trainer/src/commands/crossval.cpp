#include "commands/crossval.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <format>
#include <print>

#include "commands/console.h"
#include "evaluation/calibration.h"
#include "evaluation/collapse.h"
#include "files/figures.h"
#include "leukolens/notice.h"
#include "output/report.h"
#include "support/files.h"
#include "support/json_document.h"
#include "support/outputs.h"
#include "training/class_weights.h"
#include "training/cross_validation.h"

namespace leukolens::train {
using files::Json;
namespace {

Json::Value to_json(const Json& json, const Fold& fold, std::span<const Label> labels) {
  const Json::Value value = json.object();
  json.set(value, "trainingImages", fold.train);
  json.set(value, "validationImages", fold.validation);
  json.set(value, "metrics", files::to_json(json, fold.metrics, labels));
  json.set(value, "history", to_json(json, fold.history));
  return value;
}

Json::Value predictions(const Json& json, const CrossValidation& result, const Samples& samples,
                        std::span<const Label> labels) {
  const Json::Value list = json.array();
  std::size_t i = 0;
  for (std::size_t f = 0; f < result.folds.size(); ++f) {
    for (const std::uint32_t index : result.folds[f].test) {
      const Sample& sample = samples.list[index];
      const Json::Value one = json.object();
      json.set(one, "source", sample.source);
      json.set(one, "group", sample.group);
      json.set(one, "fold", f + 1);
      json.set(one, "label", labels[static_cast<std::size_t>(sample.label)].id);
      json.set(one, "probabilities", json.list(result.scored[i++].probabilities, [](float p) { return p; }));
      json.add(list, one);
    }
  }
  return list;
}

/// Whether the file has the figures of this very run. Throws std::runtime_error if it has something else.
bool is_done(const CrossvalOptions& options, const std::string& id) {
  if (options.overwrite || options.json.empty() || !std::filesystem::exists(options.json)) return false;
  const std::vector<std::uint8_t> bytes = value_or_throw(files::read_file(options.json));
  const JsonDocument before(as_text(bytes), options.json);
  if (string_of(before.find("run")) != id)
    throw std::runtime_error(std::format(
        "{} is of another recipe, data or seed: --overwrite replaces it, or write to another file.",
        options.json));
  std::println("{} has the figures of this cross-validation already; --overwrite trains again{}.",
               options.json,
               options.report.empty() && options.models.empty() ? "" : ", as report and networks would need");
  return true;
}

void write_json(const CrossValidation& result, const CrossvalOptions& options, const RunContext& context,
                const std::string& id, double seconds) {
  const std::span<const Label> labels = context.model.labels;
  const Json json;
  const Json::Value facts = json.object();
  add_facts(json, facts, options, context, seconds);
  json.set(json.root(), "facts", facts);
  json.set(json.root(), "run", id);
  json.set(json.root(), "labels", json.list(labels, [](const Label& label) { return label.id; }));
  json.set(json.root(), "temperature", result.temperature);
  json.set(json.root(), "minConfidence", result.min_confidence);
  json.set(json.root(), "rejectConfidence", result.reject_confidence);
  json.set(json.root(), "background", result.background.size());
  json.set(json.root(), "backgroundRejected", result.background_rejected);
  json.set(json.root(), "distances", json.list(result.distances, [](float distance) { return distance; }));
  json.set(json.root(), "metrics", files::to_json(json, result.metrics, labels));
  json.set(json.root(), "calibrated", files::to_json(json, result.calibrated, labels));
  json.set(json.root(), "sources", json.list(result.sources, [&](const Metrics& metrics) {
    return files::to_json(json, metrics, labels);
  }));
  json.set(json.root(), "folds",
           json.list(result.folds, [&](const Fold& fold) { return to_json(json, fold, labels); }));
  json.set(json.root(), "predictions", predictions(json, result, context.samples, labels));
  json.set(json.root(), "notice", kNotice);
  write_atomically(options.json, json.text(true) + "\n");
}

/// What class weights did to the folds' probabilities; empty where there were none.
std::string note_on_weights(const CrossValidation& result) {
  std::vector<Scored> plain;
  for (const Fold& fold : result.folds) {
    const std::vector<float>& weights = fold.history.class_weights;
    if (weights.empty()) return "";
    const auto own = std::span(result.scored).subspan(plain.size(), fold.test.size());
    const std::vector<Scored> here = without_weights(own, weights);
    plain.insert(plain.end(), here.begin(), here.end());
  }
  return effect_of_weights(result.scored, plain, result.scored.front().probabilities.size());
}

/// Of each fold whose network collapsed.
std::vector<std::string> notes_on_collapse(const CrossValidation& result, std::span<const Label> labels) {
  std::vector<std::string> notes;
  std::span<const Scored> rest = result.scored;
  for (std::size_t f = 0; f < result.folds.size(); ++f) {
    const std::size_t own = result.folds[f].test.size();
    if (const auto collapse = note_on_collapse(rest.first(own), labels))
      notes.push_back(std::format("Fold {}: {}", f + 1, *collapse));
    rest = rest.subspan(own);
  }
  return notes;
}

void report_on(const CrossValidation& result, const CrossvalOptions& options, const RunContext& context,
               double seconds) {
  const Json facts;
  add_facts(facts, facts.root(), options, context, seconds);
  Report report{.title = std::format("Cross-validation of {}", context.recipe.name)};
  report.about = std::format(
      "{} folds pooled: every image was judged by a network that saw neither it nor another image of its "
      "group. "
      "Probabilities at temperature {:.3f}, fitted on the same predictions; before that, ECE was {:.4f} and "
      "loss {:.4f}.",
      result.folds.size(), result.temperature, result.metrics.ece, result.metrics.loss);
  report.labels = context.model.labels;
  report.facts_json = facts.text(false);
  report.metrics = result.calibrated;
  for (std::size_t i = 0; result.sources.size() > 1 && i < result.sources.size(); ++i)
    if (result.sources[i].total > 0) report.sources.push_back({options.data[i], result.sources[i]});
  const std::vector<Scored> scored = at_temperature(result.scored, result.temperature);
  report.notes = notes_on_collapse(result, context.model.labels);
  if (const std::string note = note_on_weights(result); !note.empty()) report.notes.push_back(note);
  for (std::size_t f = 0; f < result.folds.size(); ++f) {
    report.histories.push_back(result.folds[f].history);
    for (const std::string& note : notes_on(result.folds[f].history))
      report.notes.push_back(std::format("Fold {}: {}", f + 1, note));
    for (const std::uint32_t index : result.folds[f].test)
      report.predictions.push_back(
          prediction_of(context.data, context.samples.list[index], scored[report.predictions.size()]));
  }
  write_report(report, context.data, {}, options.report);  // no network judged all of them
  std::println("Wrote {}.", options.report);
}

void print_folds(const CrossValidation& result) {
  std::println("\n{:>4} {:>9} {:>11} {:>6} {:>9} {:>9} {:>6} {:>6}", "fold", "training", "validation", "test",
               "accuracy", "macro F1", "epoch", "seed");
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < result.folds.size(); ++i) {
    const Fold& fold = result.folds[i];
    std::println("{:>4} {:>9} {:>11} {:>6} {:>9.4f} {:>9.4f} {:>6} {:>6}", i + 1, fold.train, fold.validation,
                 fold.test.size(), fold.metrics.accuracy, fold.metrics.macro_f1, fold.history.best_epoch,
                 fold.history.seed);
    sum += fold.metrics.accuracy;
    squares += fold.metrics.accuracy * fold.metrics.accuracy;
  }
  const auto count = static_cast<double>(result.folds.size());
  const double mean = sum / count,
               deviation = std::sqrt(std::max(0.0, (squares - count * mean * mean) / (count - 1)));
  std::println("Accuracy by fold: {:.4f} with a standard deviation of {:.4f}. All folds together:\n", mean,
               deviation);
}

/// As export would calibrate a network of all images.
void write_models(CrossValidation& result, const CrossvalOptions& options) {
  for (std::size_t f = 0; f < result.folds.size(); ++f) {
    Model& model = result.folds[f].model;
    model.calibration.temperature = result.temperature;
    model.rejection.distances = result.distances;
    model.rejection.min_confidence = result.min_confidence;
    model.rejection.reject_confidence = result.reject_confidence;
    const auto bytes = value_or_throw(write_model(model));
    write_atomically(std::filesystem::path(options.models) / std::format("fold-{}.safetensors", f + 1),
                     as_text(bytes));
  }
  std::println("Wrote the folds' networks to {}.", options.models);
}

}  // namespace

void crossval_command(const CrossvalOptions& options) {
  if (!options.report.empty()) check_report_path(options.report, options.json);
  check_fold(options.only, options.folds);
  std::vector<std::filesystem::path> outputs = report_files(options.report);
  outputs.emplace_back(options.json);
  check_outputs(outputs, options.data);
  if (!options.models.empty()) make_folder(options.models);
  for (const std::string& teacher : options.teachers)
    if (!teacher.contains("{fold}"))
      throw std::runtime_error(
          std::format("--teacher {}: a teacher must not have seen the fold that it is judged by. Name those "
                      "of the folds, as in "
                      "teachers/fold-{{fold}}.safetensors, which crossval --models writes.",
                      teacher));
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::vector<Model>> teachers;
  for (int fold = 1; fold <= options.folds && !options.teachers.empty(); ++fold)
    teachers.push_back(load_teachers(options, fold));
  const RunContext context = open_run_context(options, open_recipe(options.recipe, options.settings));
  const std::string id = crossval_id(options, options.folds, context, teachers);
  if (is_done(options, id)) return;
  if (std::ranges::any_of(context.samples.list, [](const Sample& sample) { return sample.fold > 0; }))
    std::println("The folds are those of the data's column fold.\n");
  FoldObserver observer;
  observer.run = console_observer();
  observer.on_fold = [&](int fold, const Split& parts, std::size_t test) {
    std::println("Fold {} of {}: {} images to test, never seen in training", fold + 1, options.folds, test);
    print_class_counts(context.samples, parts, context.model.labels);
  };
  observer.on_done = [&](int fold, const Fold& done) {
    const auto print = [&](const std::string& of, const Metrics& metrics) {
      std::println("Fold {}{}: accuracy {:.4f}, macro F1 {:.4f} on {} images", fold + 1, of, metrics.accuracy,
                   metrics.macro_f1, metrics.total);
    };
    print("", done.metrics);
    for (std::size_t i = 0; done.sources.size() > 1 && i < done.sources.size(); ++i)
      if (done.sources[i].total > 0) print(std::format(", {}", options.data[i]), done.sources[i]);
    std::println();
  };
  CrossOptions crossing{.folds = options.folds, .run = {.seed = options.seed, .threads = options.threads}};
  crossing.run.interrupted = &interrupted;
  crossing.run.command = id;
  crossing.teachers = std::move(teachers);
  if (!options.json.empty()) {
    crossing.run.checkpoint = options.json + ".fold";
    crossing.run.how_to_resume = "Repeat the command to resume.";
  }
  if (options.only > 0) crossing.only = options.only - 1;
  CrossValidation result = cross_validate(context.recipe, context.model, context.samples, crossing, observer);
  if (crossing.only) return;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  print_folds(result);
  print_metrics(result.metrics, context.model.labels);
  std::println(
      "\nTemperature {:.3f}: ECE {:.4f} before, {:.4f} after; loss {:.4f} and {:.4f}. 95 % of these images "
      "reach a confidence of "
      "{:.3f}. {:.0f} s in all.",
      result.temperature, result.metrics.ece, result.calibrated.ece, result.metrics.loss,
      result.calibrated.loss, result.min_confidence, seconds);
  for (const std::string& note : notes_on_collapse(result, context.model.labels)) std::println("{}", note);
  if (const std::string note = note_on_weights(result); !note.empty()) std::println("{}", note);
  if (!result.background.empty())
    std::println("Of {} places without a cell, {} stay below a confidence of {:.3f} and are rejected.",
                 result.background.size(), result.background_rejected, result.reject_confidence);
  for (std::size_t i = 0; result.sources.size() > 1 && i < result.sources.size(); ++i) {
    if (result.sources[i].total == 0) continue;
    std::println("\nOf these, those of {}, calibrated:\n", options.data[i]);
    print_metrics(result.sources[i], context.model.labels);
  }
  if (!options.json.empty()) write_json(result, options, context, id, seconds);
  if (!options.report.empty()) report_on(result, options, context, seconds);
  if (!options.models.empty()) write_models(result, options);
  remove_checkpoints(crossing);
}

}  // namespace leukolens::train
