// The learning-rate finder (L. N. Smith, Cyclical learning rates for training neural networks, WACV 2017):
// the rate grows from batch to batch, and the loss tells where learning begins and where it ends.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "training/training.h"

namespace leukolens::train {

struct RateStep {
  double rate = 0, loss = 0;
  double smoothed = 0;  // mean of the losses of this step and of the ten on either side
};

struct RateCourse {
  std::vector<RateStep> steps;
  std::optional<double> suggested;  // a tenth of that of the least loss; none: it does not fall
};

struct RateOptions {
  std::uint64_t seed = 1;
  int threads = 1;
  int steps = 200;  // batches
  double lowest = 1e-7, highest = 10;
  const std::atomic<bool>* interrupted = nullptr;
};

/// Trains a copy of `model` on `train` as fit() begins to, and throws its weights away. Ends early where the
/// loss has grown to four times its least. Throws Interrupted.
RateCourse find_rate(const Recipe& recipe, const Model& model, const Samples& samples, const Indices& train,
                     const RateOptions& options, const std::function<void(int done)>& on_step);

/// What find_rate() suggests for a course: a tenth of the rate at which the smoothed loss is least, as fastai
/// does; where it falls most steeply, a network often only learns how frequent the labels are. None where the
/// loss falls by no more than its own noise. Public for tests.
std::optional<double> rate_for(const std::vector<RateStep>& steps);

}  // namespace leukolens::train
