// How large the red cells are: the scale of every picture that shows some.
#include <algorithm>
#include <limits>

#include "image/codec.h"
#include "locator/parts.h"
#include "network/ranked.h"

namespace leukolens {
namespace {

constexpr int kStep = 2;           // every other pixel will do
constexpr int kDepthOfCells = 25;  // grey levels: absorbs more green than the background does

// What absorbs green, but for what is black: nothing in a smear is, and so the rim of an eyepiece is no cell.
Plane mask_of(const Image& image, const Colour& background) {
  const Gains white = gains(background);
  Plane mask{(image.width + 1) / kStep, (image.height + 1) / kStep, {}};
  mask.values = zeros(std::size_t(mask.width) * mask.height);
  std::uint8_t* value = mask.values.data();
  for (int y = 0; y < image.height; y += kStep)
    for (int x = 0; x < image.width; x += kStep) {
      const std::uint8_t* pixel = &image.rgb[(std::size_t(y) * image.width + x) * 3];
      const int red = white[0][pixel[0]], green = white[1][pixel[1]], blue = white[2][pixel[2]];
      *value++ = (red | green | blue) >= 32 && 255 - green > kDepthOfCells ? 255 : 0;
    }
  return mask;
}

void erase(Plane& mask, const Box& box) {
  const auto place = [](float value, int length) {
    return std::clamp(static_cast<int>(value) / kStep, 0, length);
  };
  const int left = place(box.left, mask.width), right = place(box.right + 1, mask.width);
  for (int y = place(box.top, mask.height); y < place(box.bottom + 1, mask.height); ++y)
    std::fill(mask.values.begin() + std::ptrdiff_t(mask.index(left, y)),
              mask.values.begin() + std::ptrdiff_t(mask.index(right, y)), std::uint8_t{0});
}

}  // namespace

float red_cell_diameter(const Image& image, const Colour& background, const std::vector<Box>& white_cells) {
  Plane mask = mask_of(image, background);
  fill_holes(mask, mask.values.size() / 150);  // the pallor in the middle of a red cell
  for (const Box& box : white_cells) erase(mask, box);
  // No red cell is much wider than the white cells beside it: what is, is the rim of an eyepiece.
  constexpr float kOfWhiteCell = 1.5f;
  float widest = white_cells.empty() ? std::numeric_limits<float>::infinity() : 0;
  for (const Box& box : white_cells) widest = std::max(widest, box.diameter());
  constexpr int kMinArea = 8;
  constexpr float kDiameterOfDepth = kStep * 2.0f / 3;
  std::vector<Ranked> depths;
  double total = 0, below = 0;
  for (const Lobe& cell : find_lobes(mask, kMinArea)) {
    if (cell.depth * kDiameterOfDepth > kOfWhiteCell * widest) continue;
    depths.push_back({double(cell.depth)});
    total += double(cell.depth) * cell.depth;
  }
  sort(depths);
  // The lower quartile by area: clumps measure too large, and debris is many but small.
  for (const Ranked& depth : depths) {
    below += depth.key * depth.key;
    if (below * 4 >= total) return static_cast<float>(depth.key) * kDiameterOfDepth;
  }
  return 0;
}

}  // namespace leukolens
