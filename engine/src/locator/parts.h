// The steps of locate(), each a pure function in integers or in IEEE + - * / sqrt: the same bits everywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "leukolens/image.h"
#include "leukolens/locator.h"

namespace leukolens {

/// One byte for each pixel, rows from the top.
struct Plane {
  int width = 0, height = 0;
  std::vector<std::uint8_t> values;

  bool contains(int x, int y) const { return x >= 0 && y >= 0 && x < width && y < height; }
  std::size_t index(int x, int y) const { return std::size_t(y) * width + x; }
};

/// For each channel and value, the value under a light that makes the background white.
using Gains = std::array<std::array<std::uint8_t, 256>, 3>;
Gains gains(const std::array<std::uint8_t, 3>& background);

/// What the dyes left in each pixel, in grey levels of an image whose background is white.
struct Stain {
  Plane cell;     // violet or brightly pink: higher in all of a white cell than in red cells and background
  Plane nucleus;  // violet, the more so the more red is absorbed: highest in nuclei
  Plane depth;    // green absorbed: zero in the background alone
  std::array<std::uint8_t, 3> background{};       // its colour as it was
  std::size_t off_colour = 0;                     // pixels of a colour that no dye leaves
  int nucleus_threshold = 0, cell_threshold = 0;  // of nuclei, and of white cells with their cytoplasm
};
Stain measure_stain(const Image& image, const std::array<std::uint8_t, 3>& background);

/// What counts as white in each channel at least: a darker one is no light, and its gain would make noise.
constexpr int kDarkestWhite = 32;

/// The colour of the tenth of the pixels that absorbs least green: of what is, in a smear, empty glass.
std::array<std::uint8_t, 3> measure_background(const Image& image);

/// Nothing where the light is even, or where too little glass is seen to tell.
std::optional<Light> measure_light(const Image& image, const std::array<std::uint8_t, 3>& background);

/// The image as it would look if the light were the same all over.
Image make_even(const Image& image, const Light& light);

/// A part of a mask that is about as wide as it is long: a round nucleus, one lobe, one red cell.
struct Lobe {
  std::int64_t area = 0, sum_x = 0, sum_y = 0;  // of its pixels
  int depth = 0;                                // px / 3 from its innermost pixel to the edge of the mask
};

struct Lobes {
  std::vector<Lobe> list;
  std::vector<std::int32_t> map;  // for each pixel the index of its lobe, or -1
};

/// Parts the pixels of `mask` (not zero: inside; what lies beyond the image counts as inside) at its necks:
/// the watershed of the distance to its edge. Lobes of fewer than `min_area` px are dropped, and of more than
/// `max_lobes` the largest are kept.
Lobes find_lobes(const Plane& mask, int min_area, std::size_t max_lobes);

/// Something to be sorted by its key, and among equal keys by its numbers.
struct Ranked {
  double key = 0;
  std::int32_t first = 0, second = 0;
};

/// Ascending. The one sort of locate(), by a heap: std::sort() is 4 kB of WebAssembly for each type.
void sort(std::vector<Ranked>& items);

/// Sets to 255 what `mask` encloses, where that is no larger than `max_area` px and does not touch the
/// border of the image.
void fill_holes(Plane& mask, std::size_t max_area);

/// The usual diameter of the red cells in px, or 0 where none can be made out.
double red_cell_diameter(const Stain& stain);

}  // namespace leukolens
