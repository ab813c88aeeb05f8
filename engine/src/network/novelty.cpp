#include "leukolens/novelty.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace leukolens {

bool is_drawn(const Image& view) {
  constexpr int kGlass = 200;  // of the background, which is white, eosin and dyes leave less green
  constexpr int kShare = 8;    // of letters on a screen more is flat, of cells a fiftieth at most
  const std::ptrdiff_t down = std::ptrdiff_t(3) * view.width;
  int stained = 0, flat = 0;
  for (int y = 1; y + 1 < view.height; ++y)
    for (int x = 1; x + 1 < view.width; ++x) {
      const std::uint8_t* pixel = &view.rgb[static_cast<std::size_t>(y * down + 3 * x)];
      if (pixel[1] >= kGlass) continue;
      ++stained;
      flat +=
          std::ranges::all_of(std::array{std::ptrdiff_t(-3), std::ptrdiff_t(3), -down, down},
                              [&](std::ptrdiff_t to) { return std::equal(pixel, pixel + 3, pixel + to); });
    }
  return flat * kShare >= stained;
}

float distance(const Rejection& rejection, std::span<const float> feature_statistics) {
  const std::size_t size = feature_statistics.size();
  std::vector<float> white(size);
  for (std::size_t row = 0; row < size; ++row)
    for (std::size_t i = 0; i <= row; ++i)
      white[row] += rejection.whitening[row * size + i] * feature_statistics[i];
  float nearest = std::numeric_limits<float>::max();
  for (std::size_t centre = 0; centre < rejection.centres.size(); centre += size) {
    float sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const float difference = white[i] - rejection.centres[centre + i];
      sum += difference * difference;
    }
    nearest = std::min(nearest, sum);
  }
  return nearest;
}

float typicality(const Rejection& rejection, float distance) {
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
