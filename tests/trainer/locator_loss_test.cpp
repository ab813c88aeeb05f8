#include "locator/locator_loss.h"

#include <catch2/catch_all.hpp>

namespace leukolens::train {
namespace {

/// One crop of 64 px with a box in the middle of the place in row 3, column 4.
Targets one_box() {
  Crop crop{.image = {64, 64, std::vector<std::uint8_t>(std::size_t(3) * 64 * 64)}};
  crop.marks.push_back({Found::white_cell, {36 - 16, 28 - 12, 36 + 16, 28 + 12}});
  return targets_of(crop, {.diameter = 32});
}

/// What a network would say that knows the targets.
torch::Tensor right_answer(const TargetTensors& targets) {
  const torch::Tensor logits = torch::where(targets.heat.eq(1), 12.0, -12.0);
  return torch::cat({logits, targets.edges}, 1);
}

}  // namespace

TEST_CASE("the right answer costs nothing, any other costs more") {
  const std::vector<Targets> targets{one_box()};
  const TargetTensors tensors = to_tensors(targets);
  const torch::Tensor right = right_answer(tensors);
  const LocatorLoss best = locator_loss(right, tensors);
  CHECK(best.centres.item<double>() < 1e-3);
  CHECK(best.edges.item<double>() < 1e-5);

  torch::Tensor missed = right.clone();
  missed[0][0][3][4] = -5;
  CHECK(locator_loss(missed, tensors).centres.item<double>() > 1);
  torch::Tensor invented = right.clone();
  invented[0][0][7][0] = 5;
  CHECK(locator_loss(invented, tensors).centres.item<double>() > 1);
  torch::Tensor mistaken = right.clone();  // for a platelet
  mistaken[0][1][3][4] = 5;
  CHECK(locator_loss(mistaken, tensors).centres.item<double>() > 1);
  torch::Tensor wide = right.clone();
  wide[0][2][3][4] += 0.5;
  CHECK(locator_loss(wide, tensors).edges.item<double>() > 0.01);
}

TEST_CASE("the loss falls where its gradient leads, and doubt has none") {
  Targets targets = one_box();
  const std::size_t far = 7 * 8;
  targets.weight[far] = 0;
  const TargetTensors tensors = to_tensors(std::span(&targets, 1));
  torch::Tensor grid = torch::zeros({1, 6, 8, 8}, torch::requires_grad());
  const auto sum = [&](const torch::Tensor& x) {
    const LocatorLoss loss = locator_loss(x, tensors);
    return loss.centres + loss.edges;
  };
  const torch::Tensor before = sum(grid);
  before.backward();
  CHECK(grid.grad()[0][0][7][0].item<double>() == 0);
  CHECK(grid.grad()[0][0][7][1].item<double>() > 0);
  CHECK(grid.grad()[0][0][3][4].item<double>() < 0);
  CHECK(sum(grid.detach() - 0.01 * grid.grad()).item<double>() < before.item<double>());
}

}  // namespace leukolens::train
