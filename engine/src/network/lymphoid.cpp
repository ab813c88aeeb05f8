#include "network/lymphoid.h"

#include <cmath>
#include <numbers>

namespace leukolens {
namespace {

// Px^2, of a closed polygon.
float area_of(const std::vector<Point>& outline) {
  float twice = 0;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const Point a = outline[i], b = outline[(i + 1) % outline.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return std::abs(twice) / 2;
}

}  // namespace

bool is_large_lymphoid(std::string_view label, const Located& cell, const Field& field) {
  // In red cells. Of PBC's 1,139 lymphocytes that are called so, 89 are flagged.
  constexpr float kLarge = 1.8f;
  // Red cells that would be smaller than this part of the white one are pieces, as in a tight crop.
  constexpr float kWholeRedCell = 0.28f;
  if (label != "lymphocyte" || field.red_cell < kWholeRedCell * cell.diameter) return false;
  const float nucleus = 2 * std::sqrt(area_of(cell.outline) / std::numbers::pi_v<float>);
  return nucleus > kLarge * field.red_cell && field.red_cell > 0;
}

}  // namespace leukolens
