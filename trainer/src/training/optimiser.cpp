#include "training/optimiser.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace leukolens::train {
namespace {

/// The nearest matrix whose singular values are all about 1, by five steps of a quintic iteration that
/// brings any value from 0 to 1 to between 0.7 and 1.2. In bfloat16, which is exact enough and many times as
/// fast where the processor has it.
torch::Tensor orthogonalised(torch::Tensor matrix) {
  const bool is_tall = matrix.size(0) > matrix.size(1);
  if (is_tall) matrix = matrix.t();
  matrix = (matrix / (matrix.norm() + 1e-7)).to(torch::kBFloat16);
  for (int step = 0; step < 5; ++step) {
    const torch::Tensor square = matrix.mm(matrix.t());
    const torch::Tensor polynomial = torch::addmm(square, square, square, -4.7750, 2.0315);
    matrix = torch::addmm(matrix, polynomial, matrix, 3.4445);
  }
  return (is_tall ? matrix.t() : matrix).to(torch::kFloat);
}

/// Moves the filters of convolutions by their momentum made orthogonal, so that directions of small gradients
/// are learnt as fast as those of large ones (K. Jordan et al., Muon: an optimizer for hidden layers in
/// neural networks, 2024), in steps as large as Adam's usual ones (J. Liu et al., Muon is scalable for LLM
/// training, 2025); and all else as AdamW does. State, and so checkpoints, are AdamW's: a filter's momentum
/// stands in the place of the mean of gradients.
class Muon : public torch::optim::AdamW {
 public:
  Muon(const std::vector<torch::optim::OptimizerParamGroup>& groups, torch::optim::AdamWOptions options,
       double momentum)
      : AdamW(groups, std::move(options)), momentum_(momentum) {}

  torch::Tensor step(LossClosure closure) override {
    for (auto& group : param_groups()) {
      const auto& options = static_cast<const torch::optim::AdamWOptions&>(group.options());
      for (torch::Tensor& parameter : group.params())
        if (parameter.dim() == 4 && parameter.grad().defined()) move(parameter, options);
    }
    return AdamW::step(std::move(closure));
  }

 private:
  void move(torch::Tensor& filters, const torch::optim::AdamWOptions& options) {
    const torch::NoGradGuard no_gradients;
    const torch::Tensor gradient = std::exchange(filters.mutable_grad(), {});  // AdamW passes it over
    auto& slot = state_[filters.unsafeGetTensorImpl()];
    if (!slot) {
      auto fresh = std::make_unique<torch::optim::AdamWParamState>();
      fresh->step(0);
      fresh->exp_avg(torch::zeros_like(filters));
      fresh->exp_avg_sq(torch::zeros({0}));
      slot = std::move(fresh);
    }
    auto& state = static_cast<torch::optim::AdamWParamState&>(*slot);
    state.step(state.step() + 1);
    state.exp_avg().mul_(momentum_).add_(gradient);
    const torch::Tensor ahead = gradient.add(state.exp_avg(), momentum_);  // Nesterov's
    const torch::Tensor update = orthogonalised(ahead.flatten(1));
    const double size = 0.2 * std::sqrt(static_cast<double>(std::max(update.size(0), update.size(1))));
    filters.mul_(1 - options.lr() * options.weight_decay());
    filters.sub_(update.reshape_as(filters), options.lr() * size);
  }

  double momentum_;
};

}  // namespace

std::unique_ptr<torch::optim::Optimizer> make_optimiser(const Optimiser& recipe,
                                                        const std::vector<ParameterGroup>& parameters) {
  using namespace torch::optim;
  std::vector<OptimizerParamGroup> groups;
  groups.reserve(parameters.size());
  for (const ParameterGroup& one : parameters) groups.emplace_back(one.parameters);
  switch (recipe.type) {
    case Optimiser::Type::sgd:
      return std::make_unique<SGD>(
          groups,
          SGDOptions(recipe.learning_rate).momentum(recipe.momentum).weight_decay(recipe.weight_decay));
    case Optimiser::Type::adam:
      return std::make_unique<Adam>(
          groups, AdamOptions(recipe.learning_rate).eps(recipe.epsilon).weight_decay(recipe.weight_decay));
    case Optimiser::Type::adamw:
    case Optimiser::Type::muon:
      break;
  }
  const auto options =
      AdamWOptions(recipe.learning_rate).eps(recipe.epsilon).weight_decay(recipe.weight_decay);
  if (recipe.type == Optimiser::Type::muon) return std::make_unique<Muon>(groups, options, recipe.momentum);
  return std::make_unique<AdamW>(groups, options);
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
