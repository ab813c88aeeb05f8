// A heatmap drawn over its image.
#pragma once

#include "leukolens/explain.h"

namespace leukolens {

/// `image` under the map's positive values, drawn in viridis (van der Walt & Smith 2015: equal steps of value
/// look equally far apart, also without colour vision and in grey): dark violet at 0 and below, yellow at 1.
/// `opacity` in [0, 1]. The same bits everywhere.
Image overlay(const Image& image, const Heatmap& heatmap, float opacity);

}  // namespace leukolens
