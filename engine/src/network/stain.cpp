#include "leukolens/stain.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "network/ranked.h"

namespace leukolens {

namespace {

bool has_nucleus(const Located& cell) { return !cell.outline.empty(); }

}  // namespace

std::optional<std::array<float, 3>> usual_density(std::span<const Located> cells) {
  std::array<float, 3> usual{};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    std::vector<Ranked> values;
    for (const Located& cell : cells)
      if (has_nucleus(cell)) values.push_back({cell.density[channel]});
    if (values.empty()) return std::nullopt;
    sort(values);
    usual[channel] = static_cast<float>(values[values.size() / 2].key);
  }
  return usual;
}

StainScale even_stain(std::span<const Located> cells, const StainRange& range) {
  constexpr float kPrior = 4;     // cells
  constexpr float kLeast = 0.6f;  // the least factor that was seen to help; far below, some networks lose
  StainScale scale;
  const auto usual = usual_density(cells);
  if (!usual) return scale;
  scale.cells =
      static_cast<int>(std::min<std::ptrdiff_t>(std::ranges::count_if(cells, has_nucleus), 100'000));
  const auto count = static_cast<float>(scale.cells);
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const float density = (*usual)[channel], most = range.most[channel];
    const float factor = density > most ? std::max(most / density, kLeast) : 1;
    // As many digits as a profile keeps.
    scale.factors[channel] =
        std::nearbyint(10'000 * std::exp(std::log(factor) * count / (count + kPrior))) / 10'000;
  }
  return scale;
}

}  // namespace leukolens
