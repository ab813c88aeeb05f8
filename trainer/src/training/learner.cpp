#include "training/learner.h"

#include <optional>

#include "network/autocast.h"
#include "training/teachers.h"

namespace leukolens::train {
namespace {

Model initialised(Model model, std::uint64_t seed) {
  if (!has_weights(model)) initialise(model, seed);
  return model;
}

/// The index of the first layer that learns.
std::size_t first_learning(const Model& model, Training::Layers layers) {
  if (layers == Training::Layers::all) return 0;
  std::size_t first = head_begin(model);
  if (layers == Training::Layers::head) return first;
  while (first > 0 && !std::holds_alternative<Conv2d>(model.layers[first].operation)) --first;
  return first;
}

/// What learns, each layer slower than the one after it by the recipe's decay (Howard & Ruder, ACL 2018).
/// All else is frozen.
std::vector<ParameterGroup> groups_of(const TorchNetwork& network, const Model& model, const Recipe& recipe) {
  const std::size_t first = first_learning(model, recipe.training.layers);
  const std::vector<std::vector<torch::Tensor>> layers = network.parameters_by_layer();
  std::vector<ParameterGroup> groups;
  double share = 1;
  for (std::size_t i = layers.size(); i-- > 0;) {
    if (layers[i].empty()) continue;
    for (const torch::Tensor& parameter : layers[i]) parameter.set_requires_grad(i >= first);
    if (i < first) continue;
    groups.insert(groups.begin(), {layers[i], share});
    share *= recipe.optimiser.depth_decay;
  }
  if (recipe.optimiser.depth_decay < 1) return groups;
  ParameterGroup all;
  for (const ParameterGroup& group : groups)
    all.parameters.insert(all.parameters.end(), group.parameters.begin(), group.parameters.end());
  return {all};
}

std::shared_ptr<TorchNetwork> on_device(std::shared_ptr<TorchNetwork> network) {
  network->to(device());
  return network;
}

std::optional<StyleMixture> style_mixture(const Batch& batch) {
  if (batch.styles.empty()) return std::nullopt;
  std::vector<float> shares;
  std::vector<std::int64_t> partners;
  for (const auto& [share, partner] : batch.styles) {
    shares.push_back(share);
    partners.push_back(partner);
  }
  return StyleMixture{torch::tensor(shares).to(device()), torch::tensor(partners).to(device())};
}

}  // namespace

Learner::Learner(const Recipe& recipe, Model model, std::uint64_t seed)
    : model_(initialised(std::move(model), seed)),
      bfloat16_(recipe.training.bfloat16),
      network_(on_device(std::make_shared<TorchNetwork>(model_, recipe.training.batch_norm))),
      groups_(groups_of(*network_, model_, recipe)),
      optimiser_(make_optimiser(recipe.optimiser, groups_)),
      average_(network_->state(), recipe.training.ema) {}

void Learner::set_learning_rate(double rate) {
  for (std::size_t i = 0; i < groups_.size(); ++i)
    optimiser_->param_groups()[i].options().set_lr(rate * groups_[i].share);
}

Learner::Sums Learner::learn(Batch& batch, const Teachers* teachers) {
  const auto count = static_cast<std::int64_t>(batch.count());
  const torch::Tensor labels = torch::from_blob(batch.labels.data(), {count}, torch::kLong).to(device());
  const torch::Tensor targets =
      batch.targets.empty()
          ? labels
          : torch::from_blob(batch.targets.data(), {count, static_cast<std::int64_t>(model_.labels.size())})
                .to(device());
  const std::optional<StyleMixture> styles = style_mixture(batch);
  torch::Tensor right;
  const torch::Tensor images = images_of(batch.images, model_.input);
  const torch::Tensor loss = step(images, styles ? &*styles : nullptr, [&](const torch::Tensor& logits) {
    right = logits.argmax(1).eq(labels).sum();
    return teachers ? teachers->loss(images, logits, targets) : torch::cross_entropy_loss(logits, targets);
  });
  return {loss.item<double>() * static_cast<double>(count), right.item<double>()};
}

torch::Tensor Learner::step(const torch::Tensor& images, const StyleMixture* styles,
                            const std::function<torch::Tensor(const torch::Tensor& output)>& loss) {
  optimiser_->zero_grad();
  network_->train();
  const torch::Tensor output = [&] {
    const Autocast autocast(bfloat16_);
    return network_->forward(images, nullptr, styles).to(torch::kFloat);
  }();
  const torch::Tensor value = loss(output);
  value.backward();
  optimiser_->step();
  average_.update();
  return value.detach();
}

std::vector<torch::Tensor> Learner::weights() const {
  std::vector<torch::Tensor> result;
  for (const torch::Tensor& one : network_->state()) result.push_back(one.detach().cpu().clone());
  return result;
}

void Learner::set_weights(const std::vector<torch::Tensor>& weights) {
  const torch::NoGradGuard no_gradients;
  const std::vector<torch::Tensor> state = network_->state();
  for (std::size_t i = 0; i < state.size(); ++i) state[i].copy_(weights.at(i));
}

Model Learner::store() const {
  Model model = model_;
  network_->store(model);
  return model;
}

Model Learner::take() {
  network_->store(model_);
  return std::move(model_);
}

}  // namespace leukolens::train
