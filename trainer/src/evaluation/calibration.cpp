#include "evaluation/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "leukolens/network.h"

namespace leukolens::train {
namespace {

std::vector<float> logits_of(const Scored& scored) {
  std::vector<float> logits;
  logits.reserve(scored.probabilities.size());
  for (const float p : scored.probabilities)
    logits.push_back(std::log(std::max(p, std::numeric_limits<float>::min())));
  return logits;
}

double loss_at(std::span<const Scored> scored, double temperature) {
  double sum = 0;
  for (const Scored& one : at_temperature(scored, static_cast<float>(temperature)))
    sum -= std::log(
        std::max(static_cast<double>(one.probabilities[static_cast<std::size_t>(one.truth)]), 1e-30));
  return sum;
}

}  // namespace

std::vector<Scored> at_temperature(std::span<const Scored> scored, float temperature) {
  std::vector<Scored> result(scored.begin(), scored.end());
  for (Scored& one : result) softmax(logits_of(one), temperature, one.probabilities);
  return result;
}

float fit_temperature(std::span<const Scored> scored) {
  // Golden-section search over the logarithm, in which the loss has one valley.
  const double golden = (std::sqrt(5.0) - 1) / 2;
  double low = std::log(0.05), high = std::log(20.0);
  while (high - low > 1e-4) {
    const double a = high - golden * (high - low), b = low + golden * (high - low);
    if (loss_at(scored, std::exp(a)) < loss_at(scored, std::exp(b))) {
      high = b;
    } else {
      low = a;
    }
  }
  return static_cast<float>(std::exp((low + high) / 2));
}

float confidence_reached_by(std::span<const Scored> scored, double share) {
  std::vector<float> confidences;
  for (const Scored& one : scored) confidences.push_back(std::ranges::max(one.probabilities));
  if (confidences.empty()) return 0;
  std::ranges::sort(confidences);
  return confidences[static_cast<std::size_t>((1 - share) * static_cast<double>(confidences.size()))];
}

}  // namespace leukolens::train
