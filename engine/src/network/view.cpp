// In integers and in IEEE + - * / sqrt alone, for the same bits everywhere.
#include "leukolens/view.h"

#include <algorithm>
#include <cmath>

#include "locator/parts.h"

namespace leukolens {
namespace {

constexpr double kWhiteCell = 2.2;  // about so many red cells wide

// Diameter of a red cell here, px. Red cells alone would be the better measure if they were always in sight
// and never overlapped; from one microscope to another, the mean of both did better. A tight crop cuts them
// to pieces, which look smaller than they are.
double unit(const Located& cell, const Field& field) {
  constexpr double kWholeRedCell = 0.9;
  const double from_white = std::max(cell.diameter, 1.0f) / kWhiteCell;
  if (field.red_cell <= 0) return from_white;
  return std::sqrt(std::max<double>(field.red_cell, kWholeRedCell * from_white) * from_white);
}

// The square around a cell, `extent` red cells wide.
Rect square_around(const Located& cell, const Field& field, float extent) {
  const int side = std::clamp(static_cast<int>(extent * unit(cell, field) + 0.5), 1, 4 * kMaxSide);
  return {static_cast<int>(std::floor(cell.x - side / 2.0 + 0.5)),
          static_cast<int>(std::floor(cell.y - side / 2.0 + 0.5)), side, side};
}

// For each value 255 t of a transmittance t, 255 t^factor. By exp() and log(), which other steps need too:
// pow() alone is 700 bytes of WebAssembly.
Gains powers(const StainScale& stain) {
  Gains table;
  for (std::size_t channel = 0; channel < 3; ++channel)
    for (int value = 0; value < 256; ++value)
      table[channel][value] = static_cast<std::uint8_t>(
          255 * std::exp(stain.factors[channel] * std::log(float(value) / 255)) + 0.5f);
  return table;
}

// Resamples `square` under a light that makes the background white; what lies beyond the image is white.
Image cut(const Image& image, const Field& field, Rect square, int width, int height,
          const StainScale& stain) {
  Image out{width, height, std::vector<std::uint8_t>(std::size_t(3) * width * height, 255)};
  const auto [part, left, top] = resize_inside(image, square, width, height);
  Gains white = gains(background_at(square, image, field));
  if (!stain.is_none()) {
    const Gains even = powers(stain);
    for (std::size_t channel = 0; channel < 3; ++channel)
      for (std::uint8_t& value : white[channel]) value = even[channel][value];
  }
  for (int y = 0; y < part.height; ++y) {
    const std::uint8_t* from = &part.rgb[std::size_t(3) * part.width * y];
    std::uint8_t* to = &out.rgb[(std::size_t(y + top) * width + left) * 3];
    for (int i = 0; i < 3 * part.width; ++i) to[i] = white[i % 3][from[i]];
  }
  return out;
}

}  // namespace

Rect view_region(const Picture& picture, const Located& cell, const Input& input) {
  return square_around(cell, picture.field(), input.extent);
}

Image surroundings_of(const Picture& picture, const Located& cell, const Input& input, double context,
                      int width, int height, const StainScale& stain) {
  const Field& field = picture.field();
  const auto extent = static_cast<float>(input.extent * context);
  return cut(picture.pixels(), field, square_around(cell, field, extent), width, height, stain);
}

Image view_of(const Picture& picture, const Located& cell, const Input& input, const StainScale& stain) {
  Image view = surroundings_of(picture, cell, input, 1, input.width, input.height, stain);
  mask_disc(view);
  return view;
}

Image view_of(const Picture& picture, const Input& input) {
  return resize(picture.pixels(), input.width, input.height);
}

void mask_disc(Image& image) {
  const std::int64_t width = image.width, height = image.height, limit = width * width * height * height;
  for (std::int64_t y = 0; y < height; ++y) {
    // Twice the distance from the middle, in units that make the image square. A row of the disc is one
    // stretch in its middle: whiten from both ends until it begins.
    const std::int64_t down = (2 * y + 1 - height) * width;
    std::uint8_t* row = &image.rgb[static_cast<std::size_t>(y * width) * 3];
    for (std::int64_t x = 0; 2 * x < width; ++x) {
      const std::int64_t across = (2 * x + 1 - width) * height;
      if (across * across + down * down <= limit) break;
      std::fill_n(row + 3 * x, 3, std::uint8_t{255});
      std::fill_n(row + 3 * (width - 1 - x), 3, std::uint8_t{255});
    }
  }
}

void normalise(const Image& view, const Input& input, std::span<float> out) {
  // One table look-up a value: the same division gives the same float everywhere.
  float table[3][256];
  for (int c = 0; c < 3; ++c)
    for (int v = 0; v < 256; ++v)
      table[c][v] = (static_cast<float>(v) / 255.0f - input.mean[c]) / input.std[c];
  for (std::size_t i = 0; i < out.size(); i += 3)
    for (std::size_t c = 0; c < 3; ++c) out[i + c] = table[c][view.rgb[i + c]];
}

}  // namespace leukolens
