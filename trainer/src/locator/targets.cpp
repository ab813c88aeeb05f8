#include "locator/targets.h"

#include <algorithm>
#include <cmath>

namespace leukolens::train {
namespace {

constexpr double kNearestEdge =
    1.5;                       // px; a place that is nearer to an edge, or outside, says nothing of the box
constexpr double kSpread = 6;  // a box is so many deviations of its Gaussian wide
constexpr double kLeastSpread = 0.6;  // places

/// Calls visit(index, x, y) for the places whose middle lies in the box, x and y in px.
template <class Visit>
void for_each_place(const Box& box, int side, Visit visit) {
  const auto first = [](double edge) {
    return std::max(0, static_cast<int>(std::ceil(edge / kLocatorStride - 0.5)));
  };
  const auto last = [&](double edge) {
    return std::min(side - 1, static_cast<int>(std::floor(edge / kLocatorStride - 0.5)));
  };
  for (int i = first(box.top); i <= last(box.bottom); ++i)
    for (int j = first(box.left); j <= last(box.right); ++j)
      visit(static_cast<std::size_t>(i) * static_cast<std::size_t>(side) + static_cast<std::size_t>(j),
            (j + 0.5) * kLocatorStride, (i + 0.5) * kLocatorStride);
}

}  // namespace

Targets targets_of(const Crop& crop, const Detection& detection) {
  const int side = crop.image.width / kLocatorStride;
  const auto places = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  Targets targets{.side = side,
                  .heat = std::vector<float>(kFoundIds.size() * places, 0),
                  .weight = std::vector<float>(kFoundIds.size() * places, 1),
                  .edges = std::vector<float>(kBoxEdges * places, 0),
                  .sized = std::vector<float>(places, 0)};
  for (const Doubt& doubt : crop.doubts)
    for_each_place(doubt.box, side, [&](std::size_t at, double, double) {
      targets.weight[static_cast<std::size_t>(doubt.what) * places + at] = 0;
    });
  for (const Mark& mark : crop.marks) {
    const double x = mark.box.x(), y = mark.box.y();
    const double across = std::max(mark.box.width() / kSpread, kLeastSpread * kLocatorStride),
                 down = std::max(mark.box.height() / kSpread, kLeastSpread * kLocatorStride);
    float* heat = &targets.heat[static_cast<std::size_t>(mark.what) * places];
    const Box reach{x - 3 * across, y - 3 * down, x + 3 * across, y + 3 * down};
    for_each_place(reach, side, [&](std::size_t at, double px, double py) {
      const double u = (px - x) / across, v = (py - y) / down, value = std::exp(-(u * u + v * v) / 2);
      // What is in the middle of something is known, whatever else may be around it.
      if (value > 0.1) {
        for (std::size_t label = 0; label < kFoundIds.size(); ++label)
          targets.weight[label * places + at] = 1;
      }
      heat[at] = std::max(heat[at], static_cast<float>(value));
      const double edges[] = {px - mark.box.left, py - mark.box.top, mark.box.right - px,
                              mark.box.bottom - py};
      const bool is_near = std::abs(px - x) < 1.5 * kLocatorStride && std::abs(py - y) < 1.5 * kLocatorStride;
      if (!mark.sized || !is_near || std::ranges::min(edges) < kNearestEdge || value < targets.sized[at])
        return;
      targets.sized[at] = static_cast<float>(value);
      for (std::size_t e = 0; e < kBoxEdges; ++e)
        targets.edges[e * places + at] =
            static_cast<float>(std::log(2 * edges[e] / double(detection.diameter)));
    });
    const int i = std::clamp(static_cast<int>(y / kLocatorStride), 0, side - 1),
              j = std::clamp(static_cast<int>(x / kLocatorStride), 0, side - 1);
    heat[static_cast<std::size_t>(i * side + j)] = 1;
  }
  return targets;
}

}  // namespace leukolens::train
