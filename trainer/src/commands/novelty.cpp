#include "commands/novelty.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <format>
#include <iterator>
#include <print>
#include <utility>

#include "commands/console.h"
#include "data/split.h"
#include "evaluation/rejection.h"
#include "files/figures.h"
#include "files/label_id.h"
#include "files/suggestion.h"
#include "leukolens/notice.h"
#include "support/files.h"
#include "support/outputs.h"
#include "training/training.h"

namespace leukolens::train {
using files::Json;
namespace {

/// What can tell known cells from others; larger out of distribution.
struct Scores {
  std::vector<float> distance, energy, uncertainty;
};

/// Distance: Mahalanobis (Lee et al., NeurIPS 2018). Energy: minus the logarithm of the sum of the logits'
/// exponentials (Liu et al., NeurIPS 2020). Uncertainty: one minus the largest probability (Hendrycks &
/// Gimpel, ICLR 2017).
Scores scores_of(const Rejection& statistics, std::span<const Answer> answers) {
  Scores scores{distances(statistics, answers), {}, {}};
  for (const Scored& one : scored(answers))
    scores.uncertainty.push_back(1 - std::ranges::max(one.probabilities));
  for (const Answer& answer : answers) {
    const float largest = std::ranges::max(answer.logits);
    double sum = 0;
    for (const float logit : answer.logits) sum += std::exp(logit - largest);
    scores.energy.push_back(-largest - static_cast<float>(std::log(sum)));
  }
  return scores;
}

struct Novelty {
  std::string label;
  std::size_t known = 0, left_out = 0;
  Auroc distance, energy, uncertainty;
  double rejected = 0;  // share of the cells left out that lie farther than 95 % of the known ones
};

/// The indices of the labels to leave out, as folders or a person name them.
std::vector<int> labels_to_leave_out(const std::vector<std::string>& names,
                                     const std::vector<Label>& labels) {
  std::vector<int> found;
  for (const std::string& name : names) {
    const std::string id = files::label_id(name);
    const auto label = std::ranges::find(labels, id, &Label::id);
    if (label == labels.end()) {
      std::vector<std::string> known;
      std::ranges::transform(labels, std::back_inserter(known), &Label::id);
      throw std::runtime_error(
          std::format("The recipe has no label {} to leave out.{}", id, files::suggestion(id, known)));
    }
    found.push_back(static_cast<int>(label - labels.begin()));
    if (std::ranges::count(found, found.back()) > 1)
      throw std::runtime_error(std::format("{} is to be left out twice.", id));
  }
  if (labels.size() < 3)
    throw std::runtime_error(
        "Without one of two labels there is nothing to tell apart: novelty needs three or more.");
  return found;
}

Novelty leave_out(int label, const RunContext& context, const NoveltyOptions& options) {
  const Samples& samples = context.samples;
  const std::string& id = context.model.labels[static_cast<std::size_t>(label)].id;
  const auto is_known = [&](std::uint32_t i) { return samples.list[i].label != label; };
  const std::vector<Indices> parts = folds(samples, options.folds, options.seed);
  Indices seen, known, left_out;
  for (std::size_t f = 0; f < parts.size(); ++f)
    for (const std::uint32_t i : parts[f]) (!is_known(i) ? left_out : f == 0 ? known : seen).push_back(i);
  known = cells_among(samples, std::move(known));
  if (known.empty() || left_out.empty())
    throw std::runtime_error(std::format("There are no images of {}, or of no other label.", id));

  const Split inner = split(samples, seen, context.recipe.training.validation, options.seed);
  RunOptions run{.seed = options.seed, .threads = options.threads};
  run.how_to_resume = "Begin again: this verb keeps no checkpoint.";
  run.interrupted = &interrupted;
  std::println("Without {}: {} images to learn from; to judge, {} of known labels and {} of the one left out",
               id, inner.train.size(), known.size(), left_out.size());
  const Outcome outcome = fit(context.recipe, context.model, samples, inner, run, console_observer());
  const Rejection statistics = fit_statistics(
      predict(outcome.model, samples, cells_among(samples, inner.train)), context.model.labels.size());
  const Scores own = scores_of(statistics, predict(outcome.model, samples, known)),
               others = scores_of(statistics, predict(outcome.model, samples, left_out));
  const float limit = quantiles(own.distance, 21)[19];
  const auto beyond = std::ranges::count_if(others.distance, [&](float one) { return one > limit; });
  return {id,
          known.size(),
          left_out.size(),
          auroc(own.distance, others.distance),
          auroc(own.energy, others.energy),
          auroc(own.uncertainty, others.uncertainty),
          static_cast<double>(beyond) / static_cast<double>(left_out.size())};
}

}  // namespace

void novelty_command(const NoveltyOptions& options) {
  std::vector<std::string> inputs = options.data;
  inputs.push_back(options.recipe);
  check_outputs({options.json}, inputs);
  const auto start = std::chrono::steady_clock::now();
  const RunContext context = open_run_context(options, open_recipe(options.recipe, options.settings));
  std::vector<Novelty> all;
  all.reserve(options.leave_out.size());
  for (const int label : labels_to_leave_out(options.leave_out, context.model.labels))
    all.push_back(leave_out(label, context, options));
  const auto text = [](const Auroc& one) {
    return std::format("{:.3f} ({})", one.area, files::range(one.interval));
  };
  std::println(
      "\nAUROC (95 %) by distance, by energy and by uncertainty; rejected by distance at 95 % acceptance");
  std::println("{:14} {:>6} {:>8}  {:22} {:22} {:22} {:>8}", "left out", "known", "images", "distance",
               "energy", "uncertainty", "rejected");
  for (const Novelty& one : all)
    std::println("{:14} {:>6} {:>8}  {:22} {:22} {:22} {:>6.1f} %", one.label, one.known, one.left_out,
                 text(one.distance), text(one.energy), text(one.uncertainty), 100 * one.rejected);
  std::println("{}", kNotice);
  if (options.json.empty()) return;
  const Json json;
  const Json::Value facts = json.object();
  add_facts(json, facts, options, context,
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  json.set(json.root(), "facts", facts);
  json.set(json.root(), "folds", options.folds);
  json.set(json.root(), "leftOut", json.list(all, [&](const Novelty& one) {
    const Json::Value value = json.object();
    json.set(value, "label", one.label);
    json.set(value, "known", one.known);
    json.set(value, "images", one.left_out);
    for (const auto& [name, score] : {std::pair("Distance", one.distance), std::pair("Energy", one.energy),
                                      std::pair("Uncertainty", one.uncertainty)}) {
      json.set(value, std::format("auroc{}", name), score.area);
      json.set(value, std::format("auroc{}Interval", name), files::to_json(json, score.interval));
    }
    json.set(value, "rejectedAt95", one.rejected);
    return value;
  }));
  json.set(json.root(), "notice", kNotice);
  write_atomically(options.json, json.text(true) + "\n");
}

}  // namespace leukolens::train
