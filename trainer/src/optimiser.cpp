#include "optimiser.h"

#include <cmath>
#include <numbers>

namespace leukolens::train {

std::unique_ptr<torch::optim::Optimizer> make_optimiser(const Optimiser& recipe,
                                                        std::vector<torch::Tensor> parameters) {
  using namespace torch::optim;
  switch (recipe.type) {
    case Optimiser::Type::sgd:
      return std::make_unique<SGD>(
          parameters,
          SGDOptions(recipe.learning_rate).momentum(recipe.momentum).weight_decay(recipe.weight_decay));
    case Optimiser::Type::adam:
      return std::make_unique<Adam>(
          parameters,
          AdamOptions(recipe.learning_rate).eps(recipe.epsilon).weight_decay(recipe.weight_decay));
    case Optimiser::Type::adamw:
      break;
  }
  return std::make_unique<AdamW>(
      parameters, AdamWOptions(recipe.learning_rate).eps(recipe.epsilon).weight_decay(recipe.weight_decay));
}

double learning_rate(const Recipe& recipe, double epochs, double total) {
  const Schedule& schedule = recipe.schedule;
  const auto cosine = [](double from, double to, double share) {
    return to + (from - to) * (1 + std::cos(std::numbers::pi * std::clamp(share, 0.0, 1.0))) / 2;
  };
  double factor = 1;
  if (schedule.type == Schedule::Type::step)
    factor = std::pow(schedule.factor, std::floor(epochs / schedule.every));
  if (schedule.type == Schedule::Type::cosine)
    factor =
        cosine(1, schedule.final, (epochs - schedule.warm_up) / std::max(total - schedule.warm_up, 1e-9));
  if (schedule.type == Schedule::Type::one_cycle) {
    // Smith & Topin 2018: up from a 25th to the peak in the first 30 %, then down to nearly nothing.
    const double share = epochs / total;
    factor = share < 0.3 ? cosine(0.04, 1, share / 0.3) : cosine(1, schedule.final, (share - 0.3) / 0.7);
  }
  if (epochs < schedule.warm_up) factor *= (epochs + 1e-3) / (schedule.warm_up + 1e-3);
  return recipe.optimiser.learning_rate * factor;
}

void set_learning_rate(torch::optim::Optimizer& optimiser, double rate) {
  for (auto& group : optimiser.param_groups()) group.options().set_lr(rate);
}

MovingAverage::MovingAverage(std::vector<torch::Tensor> parameters, double decay)
    : parameters_(std::move(parameters)), decay_(decay) {
  if (decay_ == 0) return;
  for (const torch::Tensor& one : parameters_) mean_.push_back(one.detach().clone());
}

void MovingAverage::update() {
  if (decay_ == 0) return;
  const torch::NoGradGuard no_gradients;
  ++updates_;
  // Young averages forget faster, or the random weights of the beginning would linger.
  const double decay =
      std::min(decay_, static_cast<double>(1 + updates_) / static_cast<double>(10 + updates_));
  for (std::size_t i = 0; i < mean_.size(); ++i) mean_[i].lerp_(parameters_[i], 1 - decay);
}

void MovingAverage::swap() {
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < mean_.size(); ++i) {
    const torch::Tensor weights = parameters_[i].detach().clone();
    parameters_[i].copy_(mean_[i]);
    mean_[i].copy_(weights);
  }
}

std::vector<torch::Tensor> MovingAverage::state() const {
  std::vector<torch::Tensor> state = mean_;
  state.push_back(torch::tensor(updates_));
  return state;
}

void MovingAverage::restore(const std::vector<torch::Tensor>& state) {
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < mean_.size(); ++i) mean_[i].copy_(state.at(i));
  updates_ = state.back().item<std::int64_t>();
}

}  // namespace leukolens::train
