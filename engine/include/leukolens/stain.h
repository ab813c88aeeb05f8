// How a stain is brought into the range that a model knows, without a label.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "leukolens/locator.h"
#include "leukolens/model.h"

namespace leukolens {

/// By how much the optical density of each channel is multiplied before a network sees a cell.
struct StainScale {
  std::array<float, 3> factors{1, 1, 1};
  int cells = 0;  // that it was estimated from

  bool is_none() const { return factors == std::array<float, 3>{1, 1, 1}; }
};

/// Of the cells of one microscope, whatever they are: factors that bring their median nucleus down to the
/// range, channel by channel, where it absorbs more, or by 0.6 at the most. One that absorbs less is left as
/// it is: made darker, pale neutrophils pass for eosinophils (models/flagship-experiments.md). Few cells say
/// little, and are drawn towards no change: n cells count n / (n + 4). Cells without a nucleus do not count.
StainScale even_stain(std::span<const Located> cells, const StainRange& range);

/// The median nucleus; nothing without one.
std::optional<std::array<float, 3>> usual_density(std::span<const Located> cells);

}  // namespace leukolens
