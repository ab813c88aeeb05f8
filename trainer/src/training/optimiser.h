// The recipe's optimiser, the schedule of the learning rate, and the moving average of the weights.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "training/recipe.h"

namespace leukolens::train {

/// Parameters that learn at one share of the learning rate.
struct ParameterGroup {
  std::vector<torch::Tensor> parameters;
  double share = 1;
};

std::unique_ptr<torch::optim::Optimizer> make_optimiser(const Optimiser& recipe,
                                                        const std::vector<ParameterGroup>& groups);

/// The learning rate after `epochs` (a fraction counts) of `total`.
double learning_rate(const Recipe& recipe, double epochs, double total);

/// Exponential moving average of weights; measured and kept in place of the weights themselves (Polyak &
/// Juditsky 1992). With a decay of 0 it is the weights.
class MovingAverage {
 public:
  MovingAverage(std::vector<torch::Tensor> parameters, double decay);

  void update();
  /// Exchanges weights and average: call it before and after measuring.
  void swap();

  std::vector<torch::Tensor> state() const;
  void restore(const std::vector<torch::Tensor>& state);

 private:
  std::vector<torch::Tensor> parameters_, mean_;
  double decay_;
  std::int64_t updates_ = 0;
};

}  // namespace leukolens::train
