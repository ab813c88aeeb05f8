// What no arithmetic on weights may give.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace leukolens {

/// Whether none of `values` is infinite or no number.
inline bool all_finite(std::span<const float> values) {
  return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

}  // namespace leukolens
