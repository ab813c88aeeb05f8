#include "leukolens/overlay.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace leukolens {
namespace {

using Colour = std::array<std::uint8_t, 3>;

// Every sixteenth of matplotlib's viridis (CC0); straight lines in between stay within 6 of 255.
constexpr Colour kViridis[] = {{0x44, 0x01, 0x54}, {0x48, 0x18, 0x6a}, {0x47, 0x2d, 0x7b}, {0x42, 0x40, 0x86},
                               {0x3b, 0x52, 0x8b}, {0x33, 0x63, 0x8d}, {0x2c, 0x72, 0x8e}, {0x26, 0x82, 0x8e},
                               {0x21, 0x91, 0x8c}, {0x1f, 0x9f, 0x88}, {0x27, 0xad, 0x81}, {0x3d, 0xbc, 0x74},
                               {0x5c, 0xc8, 0x63}, {0x81, 0xd3, 0x4d}, {0xaa, 0xdc, 0x32}, {0xd5, 0xe2, 0x1a},
                               {0xfd, 0xe7, 0x25}};

float mix(float a, float b, float share) { return a + (b - a) * share; }

// Between which two of `cells` a position lies, and how near to the second.
struct Between {
  std::size_t low = 0, high = 0;
  float share = 0;
};

Between locate(float position, int begin, int length, int cells) {
  const float cell =
      (position - static_cast<float>(begin)) * static_cast<float>(cells) / static_cast<float>(length);
  const float at = std::clamp(cell - 0.5f, 0.0f, static_cast<float>(cells - 1)), low = std::floor(at);
  return {static_cast<std::size_t>(low), static_cast<std::size_t>(std::ceil(at)), at - low};
}

}  // namespace

float Heatmap::at(float x, float y) const {
  const Between column = locate(x, region.x, region.width, width),
                row = locate(y, region.y, region.height, height);
  const float *above = values.data() + row.low * static_cast<std::size_t>(width),
              *below = values.data() + row.high * static_cast<std::size_t>(width);
  return mix(mix(above[column.low], above[column.high], column.share),
             mix(below[column.low], below[column.high], column.share), row.share);
}

Image overlay(const Image& image, const Heatmap& heatmap, float opacity) {
  constexpr std::size_t kLast = std::size(kViridis) - 1;
  Image result = image;
  auto channel = result.rgb.begin();
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      const float value = heatmap.at(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f),
                  at = std::clamp(value, 0.0f, 1.0f) * kLast;
      const std::size_t stop = std::min(static_cast<std::size_t>(at), kLast - 1);
      for (std::size_t c = 0; c < 3; ++c, ++channel) {
        const float colour = mix(kViridis[stop][c], kViridis[stop + 1][c], at - static_cast<float>(stop));
        *channel = static_cast<std::uint8_t>(std::lround(mix(*channel, colour, opacity)));
      }
    }
  return result;
}

}  // namespace leukolens
