// Whether a network knows what it sees.
#include <algorithm>
#include <limits>

#include "leukolens/classifier.h"

namespace leukolens {

std::vector<float> pool(std::span<const float> features, int channels) {
  const auto count = static_cast<std::size_t>(channels);
  std::vector<float> pooled(count);
  for (std::size_t i = 0; i < features.size(); ++i) pooled[i % count] += features[i];
  for (float& value : pooled) value *= static_cast<float>(count) / static_cast<float>(features.size());
  return pooled;
}

float distance(const Rejection& rejection, std::span<const float> pooled) {
  const std::size_t size = pooled.size();
  std::vector<float> white(size);
  for (std::size_t row = 0; row < size; ++row)
    for (std::size_t i = 0; i <= row; ++i) white[row] += rejection.whitening[row * size + i] * pooled[i];
  float nearest = std::numeric_limits<float>::max();
  for (std::size_t mean = 0; mean < rejection.means.size(); mean += size) {
    float sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const float difference = white[i] - rejection.means[mean + i];
      sum += difference * difference;
    }
    nearest = std::min(nearest, sum);
  }
  return nearest;
}

float familiarity(const Rejection& rejection, float distance) {
  const std::vector<float>& known = rejection.distances;
  const auto above = std::ranges::lower_bound(known, distance);
  if (above == known.end()) return 0;
  if (above == known.begin()) return 1;
  // Straight between two quantiles.
  const float low = above[-1], high = above[0], steps = static_cast<float>(known.size() - 1);
  const float place = static_cast<float>(above - known.begin()) - (high - distance) / (high - low);
  return 1 - place / steps;
}

}  // namespace leukolens
