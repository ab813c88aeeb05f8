// The steps of Locator::locate(). Those beside the network are pure functions in integers or in IEEE + - * /
// sqrt: the same bits everywhere.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "leukolens/image.h"
#include "leukolens/locator.h"

namespace leukolens {

using Colour = std::array<std::uint8_t, 3>;

/// One byte for each pixel, rows from the top.
struct Plane {
  int width = 0, height = 0;
  std::vector<std::uint8_t> values;

  bool contains(int x, int y) const { return x >= 0 && y >= 0 && x < width && y < height; }
  std::size_t index(int x, int y) const { return std::size_t(y) * width + x; }
};

/// For each channel and value, the value under a light that makes the background white.
using Gains = std::array<std::array<std::uint8_t, 256>, 3>;
Gains gains(const Colour& background);

/// The colour of the tenth of the pixels that absorbs least green: of what is, in a smear, empty glass. At
/// least 32 in each channel: a darker one is no light, and its gain would make noise.
Colour measure_background(const Image& image);

/// Nothing where the light is even, or where too little glass is seen to tell.
std::optional<Light> measure_light(const Image& image, const Colour& background);

/// The image as it would look if the light were the same all over.
Image make_even(const Image& image, const Light& light);

/// The colour of empty glass where `region` is.
Colour background_at(Rect region, const Image& image, const Field& field);

/// What the network says is somewhere in an image, px.
struct Box {
  float left = 0, top = 0, right = 0, bottom = 0;  // inside the image
  float score = 0;                                 // probability
  int label = 0;                                   // of the locator's model

  float diameter() const { return (right - left + bottom - top) / 2; }
  float longer_side() const { return std::max(right - left, bottom - top); }
  Point middle() const { return {(left + right) / 2, (top + bottom) / 2}; }
};

/// Everything of at least `least` probability, the likeliest first. Of several whose middles lie closer to
/// each other than half of the larger's diameter, whatever their labels, the likeliest. Errors: those of
/// Network::resize() and Network::run().
Result<std::vector<Box>> detect(Network& network, const Model& model, const Image& image,
                                const Colour& background, float least);

/// A part of a mask that is about as wide as it is long: one red cell.
struct Lobe {
  std::int64_t area = 0;  // px
  int depth = 0;          // px / 3 from its innermost pixel to the edge of the mask
};

/// Parts the pixels of `mask` (not zero: inside; what lies beyond the image counts as inside) at its necks:
/// the watershed of the distance to its edge. Lobes of fewer than `min_area` px are dropped.
std::vector<Lobe> find_lobes(const Plane& mask, int min_area);

/// Sets to 255 what `mask` encloses, where that is no larger than `max_area` px and does not touch the
/// border of the image.
void fill_holes(Plane& mask, std::size_t max_area);

/// The usual diameter in px of the red cells: of what absorbs green outside of the boxes. 0 where none can be
/// made out.
float red_cell_diameter(const Image& image, const Colour& background, const std::vector<Box>& white_cells);

/// The nucleus that stands out violet in a cell's box.
struct Nucleus {
  Point centre;
  std::vector<Point> outline;
  std::array<float, 3> density{};  // see Located
};

/// Nothing where no nucleus stands out.
std::optional<Nucleus> find_nucleus(const Image& image, Rect box, const Colour& background);

}  // namespace leukolens
