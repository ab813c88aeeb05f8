// How well two boxes agree, for the locator's tests and its measuring program.
#pragma once

#include <algorithm>

#include "leukolens/image.h"

namespace leukolens {

/// Intersection over union, [0, 1].
inline double overlap(const Rect& a, const Rect& b) {
  const int width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const int height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const double common = double(width) * height;
  return common / (double(a.width) * a.height + double(b.width) * b.height - common);
}

}  // namespace leukolens
