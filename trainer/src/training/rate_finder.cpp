#include "training/rate_finder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "training/batches.h"
#include "training/class_weights.h"
#include "training/epoch_order.h"
#include "training/learner.h"

namespace leukolens::train {
namespace {

constexpr double kEnough = 4;        // times the least smoothed loss
constexpr std::size_t kWindow = 10;  // steps on either side
constexpr double kShare = 0.1;       // of the rate of the least loss
constexpr double kBeyondNoise = 4;   // standard errors of the first mean

/// As many images as the steps need, in the order in which fit() shows them.
Indices order_of(const Recipe& recipe, const Samples& samples, const Indices& train, std::uint64_t seed,
                 std::size_t count) {
  Indices order;
  for (int epoch = 1; order.size() < count; ++epoch) {
    const Indices own = epoch_order(samples, train, recipe.training, seed, epoch);
    order.insert(order.end(), own.begin(), own.end());
  }
  order.resize(count);
  return order;
}

/// Those of a step and of kWindow on either side, as far as there are some.
std::span<const RateStep> around(const std::vector<RateStep>& steps, std::size_t i) {
  const std::size_t begin = i - std::min(i, kWindow), end = std::min(steps.size(), i + kWindow + 1);
  return std::span(steps).subspan(begin, end - begin);
}

double mean_loss(std::span<const RateStep> steps) {
  double sum = 0;
  for (const RateStep& step : steps) sum += step.loss;
  return sum / static_cast<double>(steps.size());
}

double standard_error(std::span<const RateStep> steps) {
  const double mean = mean_loss(steps);
  double squares = 0;
  for (const RateStep& step : steps) squares += (step.loss - mean) * (step.loss - mean);
  const auto count = static_cast<double>(steps.size());
  return std::sqrt(squares / (count - 1) / count);
}

}  // namespace

std::optional<double> rate_for(const std::vector<RateStep>& steps) {
  if (steps.size() <= 2 * kWindow) return std::nullopt;
  const std::span<const RateStep> first = std::span(steps).first(2 * kWindow + 1);
  const auto least = std::ranges::min_element(steps, {}, &RateStep::smoothed);
  if (least - steps.begin() < std::ssize(first) ||
      mean_loss(first) - least->smoothed <= kBeyondNoise * standard_error(first))
    return std::nullopt;
  return kShare * least->rate;
}

RateCourse find_rate(const Recipe& recipe, const Model& model, const Samples& samples, const Indices& train,
                     const RateOptions& options, const std::function<void(int done)>& on_step) {
  torch::set_num_threads(options.threads);
  const Training& training = recipe.training;
  const auto size = static_cast<std::size_t>(training.batch);
  const Indices order =
      order_of(recipe, samples, train, options.seed, size * static_cast<std::size_t>(options.steps));
  const BatchMaker maker(
      samples, model, recipe.augmentation, training,
      class_weights(training.class_weights, model.labels, samples, whole_epoch(samples, train, training)));
  Learner learner(recipe, model, options.seed);
  const auto batches =
      batches_of(maker, order, size, batch_seed(options.seed, 1), 0, std::max(1, options.threads / 2));
  RateCourse course;
  double least = std::numeric_limits<double>::infinity();
  while (std::optional<Batch> batch = batches->next()) {
    const auto done = static_cast<int>(course.steps.size());
    const double share = static_cast<double>(done) / (options.steps - 1);
    RateStep step{.rate = options.lowest * std::pow(options.highest / options.lowest, share)};
    learner.set_learning_rate(step.rate);
    step.loss = learner.learn(*batch).loss / static_cast<double>(batch->count());
    if (!std::isfinite(step.loss)) break;
    course.steps.push_back(step);
    on_step(done + 1);
    if (options.interrupted && *options.interrupted) throw Interrupted("Interrupted: begin again.");
    if (course.steps.size() < kWindow) continue;
    const double latest = mean_loss(std::span(course.steps).last(kWindow));
    least = std::min(least, latest);
    if (latest > kEnough * least) break;
  }
  for (std::size_t i = 0; i < course.steps.size(); ++i)
    course.steps[i].smoothed = mean_loss(around(course.steps, i));
  course.suggested = rate_for(course.steps);
  return course;
}

}  // namespace leukolens::train
