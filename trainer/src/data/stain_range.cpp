#include "data/stain_range.h"

#include <algorithm>
#include <map>
#include <vector>

namespace leukolens::train {
namespace {

constexpr std::size_t kEnough = 20;  // nuclei: the median of fewer is that of their classes

}  // namespace

std::optional<StainRange> stain_range(const Samples& samples, const Split& learnt) {
  std::map<int, std::vector<std::array<float, 3>>> nuclei;
  for (const Indices* part : {&learnt.train, &learnt.validation})
    for (const std::uint32_t i : cells_among(samples, *part))
      if (samples.list[i].nucleus) nuclei[samples.list[i].origin].push_back(*samples.list[i].nucleus);
  std::optional<StainRange> range;
  for (auto& [origin, densities] : nuclei) {
    if (densities.size() < kEnough) continue;
    StainRange own;
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const auto middle = densities.begin() + std::ssize(densities) / 2;
      std::ranges::nth_element(densities, middle, {}, [&](const auto& density) { return density[channel]; });
      own.least[channel] = own.most[channel] = (*middle)[channel];
    }
    range = widened(range, own);
  }
  return range;
}

std::optional<StainRange> widened(const std::optional<StainRange>& one,
                                  const std::optional<StainRange>& other) {
  if (!one || !other) return one ? one : other;
  StainRange both = *one;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    both.least[channel] = std::min(both.least[channel], other->least[channel]);
    both.most[channel] = std::max(both.most[channel], other->most[channel]);
  }
  return both;
}

}  // namespace leukolens::train
