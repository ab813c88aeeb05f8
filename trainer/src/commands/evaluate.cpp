#include "commands/evaluate.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <format>
#include <numeric>
#include <optional>
#include <print>

#include "commands/console.h"
#include "data/provenance.h"
#include "evaluation/evaluation.h"
#include "files/figures.h"
#include "leukolens/notice.h"
#include "leukolens/sha256.h"
#include "output/report.h"
#include "output/sample_agreement.h"
#include "support/files.h"
#include "support/json_document.h"
#include "support/outputs.h"
#include "support/plural.h"
#include "support/random.h"

namespace leukolens::train {
using files::Json;
namespace {

constexpr std::size_t kFirst = 10;

struct Measured {
  files::Dataset data;
  Model model;
  std::vector<std::uint8_t> file;  // of the model
  Evaluation evaluation;
  Metrics metrics;
  std::optional<SampleAgreement> agreement;  // by sample, where asked for
  double seconds = 0;

  const std::vector<Sample>& samples() const { return evaluation.samples.list; }
  const std::vector<Scored>& scored() const { return evaluation.scored.front(); }
  std::span<const Label> labels() const { return model.labels; }
  const std::string& actual(std::size_t i) const {
    return labels()[static_cast<std::size_t>(scored()[i].truth)].id;
  }
  /// None where the cell was not found.
  std::optional<std::string> answer(std::size_t i) const {
    return predicted(scored()[i]).transform([&](std::size_t label) { return labels()[label].id; });
  }
};

/// What to say where the model learnt from the images that judge it; none where it did not.
std::optional<std::string> flattery(const Measured& measured) {
  const std::vector<LearntSource> sources = learnt_sources(measured.model);
  const Overlap known = overlap(sources, contents_of(measured.evaluation.samples));
  if (known.found > 0)
    return std::format(
        "The model has learnt from about {:.0f} % of these images: the figures say little about new ones.",
        100 * known.share);
  const JsonDocument training(measured.model.training_json, "The model's training record");
  if (string_of(training.find("dataSha256")) != hash_of(measured.data)) return std::nullopt;
  return "The model has learnt from this very list of images: the figures say little about new ones.";
}

/// Labels that no image has get no share.
void keep_present(std::vector<Scored>& scored, std::size_t labels) {
  std::vector<bool> present(labels);
  for (const Scored& one : scored) present[static_cast<std::size_t>(one.truth)] = true;
  for (Scored& one : scored) {
    float sum = 0;
    for (std::size_t i = 0; i < one.probabilities.size(); ++i) sum += present[i] ? one.probabilities[i] : 0;
    for (std::size_t i = 0; i < one.probabilities.size(); ++i)
      one.probabilities[i] = present[i] ? one.probabilities[i] / std::max(sum, 1e-30f) : 0;
  }
}

Measured measured(const EvaluateOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  Measured result{.data = open_data(options.data),
                  .model = load_model(options.model),
                  .file = value_or_throw(files::read_file(options.model))};
  const bool by_sample = options.by == "sample";
  if (by_sample) require_samples(result.data);
  result.evaluation =
      evaluate(result.data, {&result.file, 1}, read_locator(options), result.labels(), options.threads);
  if (options.present_only) keep_present(result.evaluation.scored.front(), result.labels().size());
  result.metrics = measure(result.scored(), result.labels().size());
  if (by_sample)
    result.agreement = agreement_of(
        count_samples(result.data, result.file, read_locator(options), result.labels(), options.threads),
        result.metrics.confusion);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

/// Ten images of any class: in the data's order the first ten would all be of one.
std::vector<std::size_t> first_ten(const Measured& measured) {
  std::vector<std::size_t> order(measured.scored().size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random(1).shuffle(order);
  order.resize(std::min(kFirst, order.size()));
  return order;
}

/// As the article shows them.
void print_first(const Measured& measured) {
  std::println("{:>5}  {:14} {:14}", "", "ACTUAL", "PREDICTED");
  std::size_t number = 0;
  for (const std::size_t i : first_ten(measured)) {
    const std::optional<std::string> answer = measured.answer(i);
    std::println("{:>5}  {:14} {:14}{}", ++number, measured.actual(i), answer.value_or("not found"),
                 measured.actual(i) == answer ? "" : "  wrong");
  }
  std::println("");
}

std::string csv_of(const Measured& measured) {
  std::string csv = "image,actual,predicted";
  for (const Label& label : measured.labels()) csv += "," + label.id;
  for (std::size_t i = 0; i < measured.scored().size(); ++i) {
    csv += std::format("\n{},{},{}", files::csv_field(measured.samples()[i].source), measured.actual(i),
                       measured.answer(i).value_or(""));
    const std::vector<float>& probabilities = measured.scored()[i].probabilities;
    for (const float p : probabilities) csv += std::format(",{}", p);
    if (probabilities.empty()) csv.append(measured.labels().size(), ',');
  }
  return csv + "\n";
}

std::string json_of(const Measured& measured, const EvaluateOptions& options) {
  const Evaluation& evaluation = measured.evaluation;
  const Json json;
  const Json::Value root = json.root(), facts = json.object();
  json.set(root, "model", measured.model.name);
  json.set(root, "modelSha256", sha256(as_text(measured.file)));
  json.set(root, "metrics", files::to_json(json, measured.metrics, measured.labels()));
  json.set(root, "curves", files::curves_to_json(json, measured.metrics));
  json.set(root, "verdicts", files::to_json(json, evaluation.verdicts));
  if (measured.agreement) json.set(root, "bySample", json.raw(to_json(*measured.agreement)));
  json.set(root, "first", json.list(first_ten(measured), [&](std::size_t i) {
    const Json::Value one = json.object();
    json.set(one, "source", measured.samples()[i].source);
    json.set(one, "actual", measured.actual(i));
    const std::optional<std::string> answer = measured.answer(i);
    json.set(one, "predicted", answer ? json.value(*answer) : json.null());
    return one;
  }));
  if (const std::optional<std::string> learnt = flattery(measured)) json.set(root, "warning", *learnt);
  json.set(root, "unreadable", files::to_json(json, evaluation.samples.unreadable));
  json.set(root, "unlabelled", files::to_json(json, evaluation.samples.unlabelled));
  add_facts(json, facts, options, measured.data, measured.samples().size(), measured.seconds);
  json.set(root, "facts", facts);
  json.set(root, "notice", kNotice);
  return json.text(true);
}

std::vector<std::string> notes_on(const Measured& measured) {
  const Evaluation& evaluation = measured.evaluation;
  std::vector<std::string> notes;
  if (const std::optional<std::string> learnt = flattery(measured)) notes.push_back(*learnt);
  const auto note = [&](std::size_t count, const char* one, const char* many) {
    if (count > 0) notes.push_back(counted(count, one, many));
  };
  note(evaluation.samples.unreadable.size(), "image cannot be read and was left out.",
       "images cannot be read and were left out.");
  note(evaluation.samples.unlabelled.size(),
       "image has a label that the model does not know and was left out.",
       "images have a label that the model does not know and were left out.");
  note(evaluation.verdicts.not_found, "cell was not found. It counts as wrong.",
       "cells were not found. They count as wrong.");
  note(evaluation.verdicts.unsure, "answer is below the model's threshold: the engine calls it unsure.",
       "answers are below the model's threshold: the engine calls them unsure.");
  note(evaluation.verdicts.rejected, "cell was rejected: the model has no class for it.",
       "cells were rejected: the model has no class for them.");
  return notes;
}

void report_on(const Measured& measured, const EvaluateOptions& options) {
  const Json facts;
  add_facts(facts, facts.root(), options, measured.data, measured.samples().size(), measured.seconds);
  Report report{.title = std::format("Evaluation of {}", measured.model.name)};
  report.about = std::format("Measured on {} by the engine, calibrated (temperature {:.3f}).",
                             counted(measured.scored().size(), "image", "images"),
                             measured.model.calibration.temperature);
  report.labels = measured.model.labels;
  report.facts_json = facts.text(false);
  report.training_json = measured.model.training_json;
  report.model_sha256 = sha256(as_text(measured.file));
  report.notes = notes_on(measured);
  report.metrics = measured.metrics;
  if (measured.agreement) report.agreement_json = to_json(*measured.agreement);
  for (std::size_t i = 0; i < measured.scored().size(); ++i)
    report.predictions.push_back(prediction_of(measured.data, measured.samples()[i], measured.scored()[i]));
  write_report(report, measured.data, explain_with(measured.file, read_locator(options)), options.report);
}

}  // namespace

void evaluate_command(const EvaluateOptions& options) {
  if (!options.report.empty()) check_report_path(options.report, "");
  std::vector<std::filesystem::path> outputs = report_files(options.report);
  outputs.emplace_back(options.csv);
  std::vector<std::string> inputs = options.data;
  inputs.push_back(options.model);
  check_outputs(outputs, inputs);
  const Measured measured = train::measured(options);
  if (!options.csv.empty()) write_atomically(options.csv, csv_of(measured));
  if (!options.report.empty()) report_on(measured, options);
  if (options.print_json) return std::println("{}", json_of(measured, options));
  print_left_out(measured.evaluation.samples);
  if (const std::optional<std::string> learnt = flattery(measured)) std::println("{}\n", *learnt);
  print_first(measured);
  print_metrics(measured.metrics, measured.labels());
  const files::VerdictCounts& verdicts = measured.evaluation.verdicts;
  std::println("\n{}{} of {} cells unsure, {} rejected, {} not found",
               files::reliability_table(measured.metrics), verdicts.unsure, measured.scored().size(),
               verdicts.rejected, verdicts.not_found);
  if (measured.agreement) std::print("\n{}", table(*measured.agreement));
}

}  // namespace leukolens::train
