#include "training/learner.h"

#include <optional>

#include "network/autocast.h"

namespace leukolens::train {
namespace {

Model initialised(Model model, std::uint64_t seed) {
  initialise(model, seed);
  return model;
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
      optimiser_(make_optimiser(recipe.optimiser, network_->parameters())),
      average_(network_->state(), recipe.training.ema) {}

Learner::Sums Learner::learn(Batch& batch) {
  const auto count = static_cast<std::int64_t>(batch.count());
  const torch::Tensor labels = torch::from_blob(batch.labels.data(), {count}, torch::kLong).to(device());
  const torch::Tensor targets =
      batch.targets.empty()
          ? labels
          : torch::from_blob(batch.targets.data(), {count, static_cast<std::int64_t>(model_.labels.size())})
                .to(device());
  const std::optional<StyleMixture> styles = style_mixture(batch);
  torch::Tensor right;
  const torch::Tensor loss = step(images_of(batch.images, model_.input), styles ? &*styles : nullptr,
                                  [&](const torch::Tensor& logits) {
                                    right = logits.argmax(1).eq(labels).sum();
                                    return torch::cross_entropy_loss(logits, targets);
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
