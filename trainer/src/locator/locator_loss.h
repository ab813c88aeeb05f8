// What a locator is punished for. Brings libtorch in.
#pragma once

#include <torch/torch.h>

#include <span>

#include "locator/targets.h"

namespace leukolens::train {

struct TargetTensors {
  torch::Tensor heat, weight;  // [n, labels, side, side]
  torch::Tensor edges;         // [n, 4, side, side]
  torch::Tensor sized;         // [n, side, side]
};

TargetTensors to_tensors(std::span<const Targets> targets);

struct LocatorLoss {
  torch::Tensor centres;  // focal loss of the heat maps, by the number of middles (Zhou et al., Objects as
                          // Points, 2019)
  torch::Tensor edges;    // one minus the overlap of box and box, and the difference of the logarithms
};

/// `grid`: [n, labels + 4, side, side], as the network gives it.
LocatorLoss locator_loss(const torch::Tensor& grid, const TargetTensors& targets);

}  // namespace leukolens::train
