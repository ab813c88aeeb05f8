// novelty: whether a recipe's networks notice cells of a class that they were never shown.
#include <algorithm>
#include <cmath>
#include <print>
#include <utility>

#include "commands/commands.h"
#include "commands/console.h"
#include "data/split.h"
#include "evaluation/rejection.h"
#include "files/figures.h"
#include "support/files.h"

namespace leukolens::train {
namespace {

/// What can tell known from unknown; the larger, the stranger.
struct Scores {
  std::vector<float> distance, energy, doubt;
};

/// Energy: minus the logarithm of the sum of the logits' exponentials (Liu et al., NeurIPS 2020). Doubt: one
/// minus the largest probability (Hendrycks & Gimpel, ICLR 2017).
Scores scores_of(const Rejection& statistics, std::span<const Answer> answers) {
  Scores scores{distances(statistics, answers), {}, {}};
  for (const Scored& one : scored(answers)) scores.doubt.push_back(1 - std::ranges::max(one.probabilities));
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
  std::size_t known = 0, strange = 0;
  Auroc distance, energy, doubt;
  double rejected = 0;  // share of the strange that lie farther than 95 % of the known
};

Novelty leave_out(const std::string& id, const Session& session, const Options& options) {
  const Samples& samples = session.samples;
  const auto label = std::ranges::find(session.model.labels, id, &Label::id);
  if (label == session.model.labels.end())
    throw std::runtime_error(std::format("The recipe has no label {} to leave out.", id));
  const auto is_known = [&](std::uint32_t i) {
    return samples.list[i].label != label - session.model.labels.begin();
  };
  const std::vector<Indices> parts = folds(samples, options.folds, options.seed);
  Indices seen, known, strange;
  for (std::size_t f = 0; f < parts.size(); ++f)
    for (const std::uint32_t i : parts[f]) (!is_known(i) ? strange : f == 0 ? known : seen).push_back(i);
  known = cells_among(samples, std::move(known));
  if (known.empty() || strange.empty())
    throw std::runtime_error(std::format("There are no images of {}, or of nothing else.", id));

  const Split inner = split(samples, seen, session.recipe.training.validation, options.seed);
  FitOptions fitting{.seed = options.seed, .threads = options.threads};
  fitting.how_to_resume = "Begin again: this verb keeps no checkpoint.";
  fitting.interrupted = &interrupted;
  std::println("Without {}: {} images to learn from, {} of its own kinds and {} strange ones to judge", id,
               inner.train.size(), known.size(), strange.size());
  const Outcome outcome = fit(session.recipe, session.model, samples, inner, fitting, console_observer());
  const Rejection statistics = fit_statistics(
      answers(outcome.model, samples, cells_among(samples, inner.train)), session.model.labels.size());
  const Scores own = scores_of(statistics, answers(outcome.model, samples, known)),
               others = scores_of(statistics, answers(outcome.model, samples, strange));
  const float limit = quantiles(own.distance, 21)[19];
  const auto beyond = std::ranges::count_if(others.distance, [&](float one) { return one > limit; });
  return {id,
          known.size(),
          strange.size(),
          auroc(own.distance, others.distance),
          auroc(own.energy, others.energy),
          auroc(own.doubt, others.doubt),
          static_cast<double>(beyond) / static_cast<double>(strange.size())};
}

}  // namespace

void novelty_command(const Options& options) {
  const Session session = open_session(options, load_recipe(options.recipe, LEUKOLENS_RECIPES));
  std::vector<Novelty> all;
  all.reserve(options.leave_out.size());
  for (const std::string& id : options.leave_out) all.push_back(leave_out(id, session, options));
  const auto text = [](const Auroc& one) {
    return std::format("{:.3f} ({})", one.area, files::range(one.interval));
  };
  std::println("\nAUROC (95 %) by distance, by energy and by doubt; rejected by distance at 95 % acceptance");
  std::println("{:14} {:>6} {:>8}  {:22} {:22} {:22} {:>8}", "left out", "known", "strange", "distance",
               "energy", "doubt", "rejected");
  for (const Novelty& one : all)
    std::println("{:14} {:>6} {:>8}  {:22} {:22} {:22} {:>6.1f} %", one.label, one.known, one.strange,
                 text(one.distance), text(one.energy), text(one.doubt), 100 * one.rejected);
  std::println("{}", kNotice);
  if (options.json.empty()) return;
  const Json json;
  json.set(json.root(), "recipe", session.recipe.name);
  json.set(json.root(), "leftOut", json.list(all, [&](const Novelty& one) {
    const Json::Value value = json.object();
    json.set(value, "label", one.label);
    json.set(value, "known", one.known);
    json.set(value, "strange", one.strange);
    for (const auto& [name, score] : {std::pair("Distance", one.distance), std::pair("Energy", one.energy),
                                      std::pair("Doubt", one.doubt)}) {
      json.set(value, std::format("auroc{}", name), score.area);
      json.set(value, std::format("auroc{}Interval", name), files::to_json(json, score.interval));
    }
    json.set(value, "rejectedAt95", one.rejected);
    return value;
  }));
  write_atomically(options.json, json.text(true) + "\n");
}

}  // namespace leukolens::train
