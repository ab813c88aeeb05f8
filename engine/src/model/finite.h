// What no arithmetic on weights may give.
#pragma once

#include <cmath>
#include <span>

namespace leukolens {

/// Whether none of `values` is infinite or no number.
inline bool all_finite(std::span<const float> values) {
  for (const float value : values)
    if (!std::isfinite(value)) return false;
  return true;
}

}  // namespace leukolens
