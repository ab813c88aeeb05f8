#include "training/cross_validation.h"

#include <algorithm>
#include <format>

#include "data/stain_range.h"
#include "evaluation/calibration.h"
#include "evaluation/rejection.h"
#include "training/checkpoint.h"

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

constexpr double kAccepted = 0.95;        // share of known cells whose verdict is not "unsure"
constexpr double kKnown = 0.985;          // share of them that is not "rejected" for low confidence
constexpr std::size_t kDistances = 41;    // quantiles: steps of 2.5 %
constexpr std::uint64_t kSeedStep = 100;  // so that a fold that starts again meets no other fold's seed

Indices without(const std::vector<Indices>& parts, std::size_t left_out) {
  Indices rest;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != left_out) rest.insert(rest.end(), parts[i].begin(), parts[i].end());
  }
  return rest;
}

std::vector<int> origins_of(const Samples& samples, const Indices& indices) {
  std::vector<int> origins;
  for (const std::uint32_t i : indices) origins.push_back(samples.list[i].origin);
  return origins;
}

/// Of each data set by itself.
std::vector<Metrics> measure_sources(const std::vector<Scored>& scored, const std::vector<int>& origins,
                                     std::size_t classes) {
  std::vector<Metrics> result;
  for (int origin = 0; origin <= std::ranges::max(origins); ++origin) {
    std::vector<Scored> own;
    for (std::size_t i = 0; i < origins.size(); ++i)
      if (origins[i] == origin) own.push_back(scored[i]);
    result.push_back(measure(own, classes));
  }
  return result;
}

/// Fills everything that depends on all folds.
void calibrate(CrossValidation& result, const Samples& samples, const std::vector<float>& far) {
  const std::size_t classes = result.scored.front().probabilities.size();
  std::vector<int> origins;
  for (const Fold& fold : result.folds)
    for (const int origin : origins_of(samples, fold.test)) origins.push_back(origin);
  const std::vector<std::size_t> even = evenly(origins);
  const auto picked = [&](const auto& values) {
    std::decay_t<decltype(values)> list;
    for (const std::size_t i : even) list.push_back(values[i]);
    return list;
  };
  result.distances = quantiles(picked(far), kDistances);
  result.temperature = fit_temperature(picked(result.scored));
  const std::vector<Scored> calibrated = at_temperature(result.scored, result.temperature);
  result.min_confidence = confidence_reached_by(picked(calibrated), kAccepted);
  result.reject_confidence = confidence_reached_by(picked(calibrated), kKnown);
  result.metrics = measure(result.scored, classes);
  result.calibrated = measure(calibrated, classes);
  for (const Scored& one : at_temperature(result.background, result.temperature))
    result.background_rejected += std::ranges::max(one.probabilities) < result.reject_confidence;
  result.sources = measure_sources(calibrated, origins, classes);
}

fs::path checkpoint_of(const CrossOptions& options, std::size_t fold) {
  return std::format("{}-{}", options.run.checkpoint.string(), fold + 1);
}

RunOptions options_for(const CrossOptions& options, std::size_t fold) {
  RunOptions own = options.run;
  own.seed += kSeedStep * fold;
  if (!options.teachers.empty()) own.teachers = options.teachers[fold];
  if (own.checkpoint.empty()) return own;
  own.checkpoint = checkpoint_of(options, fold);
  own.resume = fs::exists(own.checkpoint);
  if (own.resume && checkpoint_command(own.checkpoint) != own.command)
    throw std::runtime_error(std::format(
        "{} belongs to a cross-validation of another recipe, data or seed: delete it, or write to "
        "another file.",
        own.checkpoint.string()));
  return own;
}

}  // namespace

CrossValidation cross_validate(const Recipe& recipe, const Model& model, const Samples& samples,
                               const CrossOptions& options, const FoldObserver& observer) {
  const std::vector<Indices> parts = folds(samples, options.folds, options.run.seed);
  CrossValidation result;
  std::vector<float> far;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (options.only && static_cast<std::size_t>(*options.only) != i) continue;
    const Split inner = split(samples, without(parts, i), recipe.training.validation, options.run.seed);
    const Indices test = cells_among(samples, parts[i]), background = background_among(samples, parts[i]);
    observer.on_fold(static_cast<int>(i), inner, test.size());
    Outcome outcome = fit(recipe, model, samples, inner, options_for(options, i), observer.run);
    const std::vector<Answer> own = predict(outcome.model, samples, test);
    const std::vector<Scored> scored = train::scored(own);
    const Rejection statistics = fit_statistics(
        predict(outcome.model, samples, cells_among(samples, inner.train)), model.labels.size());
    const std::vector<float> far_here = distances(statistics, own);
    far.insert(far.end(), far_here.begin(), far_here.end());
    result.scored.insert(result.scored.end(), scored.begin(), scored.end());
    const std::vector<Scored> of_background = score(outcome.model, samples, background);
    result.background.insert(result.background.end(), of_background.begin(), of_background.end());
    outcome.model.rejection = statistics;
    outcome.model.stain = widened(model.stain, stain_range(samples, inner));
    result.folds.push_back({std::move(outcome.model), test, background, inner.train.size(),
                            inner.validation.size(), std::move(outcome.history),
                            measure(scored, model.labels.size()),
                            measure_sources(scored, origins_of(samples, test), model.labels.size())});
    observer.on_done(static_cast<int>(i), result.folds.back());
  }
  calibrate(result, samples, far);
  return result;
}

void remove_checkpoints(const CrossOptions& options) {
  if (options.run.checkpoint.empty()) return;
  for (std::size_t i = 0; i < static_cast<std::size_t>(options.folds); ++i)
    remove_checkpoint(checkpoint_of(options, i));
}

}  // namespace leukolens::train
