#include "evaluation/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

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

std::vector<std::size_t> evenly(std::span<const int> origins) {
  std::map<int, std::size_t> counts;
  for (const int origin : origins) ++counts[origin];
  std::size_t largest = 0;
  for (const auto& [origin, count] : counts) largest = std::max(largest, count);
  const auto repeats = [](std::size_t count, std::size_t sum) { return (sum + count / 2) / count; };
  const auto is_even = [&](std::size_t sum) {
    return std::ranges::all_of(counts, [&](const auto& one) {
      const double own = static_cast<double>(repeats(one.second, sum) * one.second);
      return std::abs(own / static_cast<double>(sum) - 1) <= 0.05;
    });
  };
  std::size_t sum = largest;
  while (!is_even(sum)) sum += largest;  // ten times at most: then half an image more or less is a twentieth
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < origins.size(); ++i)
    result.insert(result.end(), repeats(counts[origins[i]], sum), i);
  return result;
}

float confidence_reached_by(std::span<const Scored> scored, double share) {
  std::vector<float> confidences;
  for (const Scored& one : scored) confidences.push_back(std::ranges::max(one.probabilities));
  if (confidences.empty()) return 0;
  std::ranges::sort(confidences);
  return confidences[static_cast<std::size_t>((1 - share) * static_cast<double>(confidences.size()))];
}

}  // namespace leukolens::train
