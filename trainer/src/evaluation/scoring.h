// What a network answers to samples, computed by libtorch.
#pragma once

#include <span>
#include <vector>

#include "data/split.h"
#include "leukolens/metrics.h"

namespace leukolens::train {

class TorchNetwork;

struct Answer {
  int truth = 0;  // index of the label, or kBackground
  std::vector<float> logits;
  std::vector<float> feature_statistics;  // see feature_statistics_count(); they end with the logits
};

std::vector<Answer> predict(const Model& model, const Samples& samples, const Indices& indices);

/// Of a network in training. It is left in evaluation mode.
std::vector<Answer> predict(TorchNetwork& network, const Input& input, const Samples& samples,
                            const Indices& indices);

/// The probabilities at temperature 1.
std::vector<Scored> scored(std::span<const Answer> answers);

/// predict(), then scored().
std::vector<Scored> score(const Model& model, const Samples& samples, const Indices& indices);

}  // namespace leukolens::train
