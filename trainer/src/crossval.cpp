#include "crossval.h"

#include "calibration.h"

namespace leukolens::train {
namespace {

constexpr double kAccepted = 0.95;        // share of known cells whose verdict is not "unsure"
constexpr std::uint64_t kSeedStep = 100;  // so that a fold that starts again meets no other fold's seed

Indices without(const std::vector<Indices>& parts, std::size_t left_out) {
  Indices rest;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != left_out) rest.insert(rest.end(), parts[i].begin(), parts[i].end());
  }
  return rest;
}

}  // namespace

CrossValidation cross_validate(const Recipe& recipe, const Model& model, const Samples& samples, int count,
                               const FitOptions& options, const FoldObserver& observer) {
  const std::vector<Indices> parts = folds(samples, count, options.seed);
  CrossValidation result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Split inner = split(samples, without(parts, i), recipe.training.validation, options.seed);
    observer.on_fold(static_cast<int>(i), inner, parts[i].size());
    FitOptions own = options;
    own.seed = options.seed + kSeedStep * i;
    Outcome outcome = fit(recipe, model, samples, inner, own, observer.run);
    const std::vector<Scored> scored = score(outcome.model, samples, parts[i]);
    result.scored.insert(result.scored.end(), scored.begin(), scored.end());
    result.folds.push_back({parts[i], inner.train.size(), inner.validation.size(), std::move(outcome.history),
                            measure(scored, model.labels.size())});
    observer.on_done(static_cast<int>(i), result.folds.back());
  }
  result.temperature = fit_temperature(result.scored);
  const std::vector<Scored> calibrated = at_temperature(result.scored, result.temperature);
  result.min_confidence = confidence_reached_by(calibrated, kAccepted);
  result.metrics = measure(result.scored, model.labels.size());
  result.calibrated = measure(calibrated, model.labels.size());
  return result;
}

}  // namespace leukolens::train
