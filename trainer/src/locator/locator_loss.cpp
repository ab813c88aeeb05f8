#include "locator/locator_loss.h"

#include "network/network.h"

namespace leukolens::train {
namespace {

torch::Tensor stacked(std::span<const Targets> targets, std::vector<float> Targets::* member,
                      std::int64_t channels) {
  std::vector<torch::Tensor> all;
  for (const Targets& one : targets)
    all.push_back(torch::tensor(one.*member).reshape({channels, one.side, one.side}));
  return torch::stack(all).to(device());
}

}  // namespace

TargetTensors to_tensors(std::span<const Targets> targets) {
  constexpr auto kLabels = static_cast<std::int64_t>(kFoundIds.size());
  return {stacked(targets, &Targets::heat, kLabels), stacked(targets, &Targets::weight, kLabels),
          stacked(targets, &Targets::edges, kBoxEdges), stacked(targets, &Targets::sized, 1).squeeze(1)};
}

LocatorLoss locator_loss(const torch::Tensor& grid, const TargetTensors& targets) {
  const std::int64_t labels = targets.heat.size(1);
  const torch::Tensor logits = grid.narrow(1, 0, labels);
  const torch::Tensor p = torch::sigmoid(logits);
  const torch::Tensor is_middle = targets.heat.eq(1).to(torch::kFloat) * targets.weight;
  const torch::Tensor missed = is_middle * (1 - p).square() * torch::nn::functional::softplus(-logits);
  const torch::Tensor invented = (1 - is_middle) * targets.weight * (1 - targets.heat).pow(4) * p.square() *
                                 torch::nn::functional::softplus(logits);
  LocatorLoss loss;
  loss.centres = (missed + invented).sum() / is_middle.sum().clamp_min(1);

  const torch::Tensor said = grid.narrow(1, labels, kBoxEdges).clamp(-6, 6);
  const torch::Tensor a = said.exp(), b = targets.edges.exp();
  const torch::Tensor least = torch::minimum(a, b);
  const auto area = [](const torch::Tensor& edges) {
    return (edges.select(1, 0) + edges.select(1, 2)) * (edges.select(1, 1) + edges.select(1, 3));
  };
  const torch::Tensor common = area(least);
  const torch::Tensor overlap = common / (area(a) + area(b) - common);
  const torch::Tensor difference = (said - targets.edges).abs().mean(1);
  loss.edges = (targets.sized * (1 - overlap + difference)).sum() / targets.sized.sum().clamp_min(1);
  return loss;
}

}  // namespace leukolens::train
