// What a locator should answer to a crop, place by place.
#pragma once

#include <vector>

#include "locator/crops.h"

namespace leukolens::train {

inline constexpr int kLocatorStride = 8;  // px of the input from one place to the next

/// Of a grid of side x side places.
struct Targets {
  int side = 0;
  std::vector<float> heat;    // [labels, side, side]: 1 at the middle of a box, falling off as a Gaussian
  std::vector<float> weight;  // [labels, side, side]: 0 where nothing is known
  std::vector<float> edges;   // [4, side, side]: log of the distance to the left, upper, right and lower edge
                              // by half the detection's diameter
  std::vector<float> sized;   // [side, side]: how much the edges count
};

Targets targets_of(const Crop& crop, const Detection& detection);

}  // namespace leukolens::train
