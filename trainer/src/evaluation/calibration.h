// Temperature and thresholds, from predictions on cells that training did not see.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "leukolens/metrics.h"

namespace leukolens::train {

/// The temperature, from 0.05 to 20, that minimises the mean negative log-likelihood of softmax(logits /
/// temperature) (Guo et al., ICML 2017). Logits are taken from the probabilities of temperature 1: they
/// differ by a constant, which softmax ignores.
float fit_temperature(std::span<const Scored> scored);

/// The same predictions at another temperature.
std::vector<Scored> at_temperature(std::span<const Scored> scored, float temperature);

/// Indices of predictions from several data sets, repeated so that each set comes to the same sum, within a
/// twentieth: else the largest would decide alone. `origins`: of each prediction its data set.
std::vector<std::size_t> evenly(std::span<const int> origins);

/// The confidence that `share` of the predictions reach: below it a verdict is "unsure".
float confidence_reached_by(std::span<const Scored> scored, double share);

}  // namespace leukolens::train
