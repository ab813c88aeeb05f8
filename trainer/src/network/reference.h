// What libtorch computes for a model: the reference that the engine is held to.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "leukolens/model.h"

namespace leukolens::train {

/// `inputs`: any number of images as normalise() fills them, NHWC. Returns the logits of each, by libtorch in
/// F32.
std::vector<std::vector<float>> reference_logits(const Model& model, std::span<const float> inputs);

std::string libtorch_version();

bool has_gpu();

}  // namespace leukolens::train
