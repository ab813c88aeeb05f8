// The nucleus inside a cell's box. Nuclei are stained blue to violet: they let blue pass, absorb green most
// and red much, whatever the stain; how much is told by the box itself.
#include <algorithm>
#include <array>
#include <cmath>

#include "image/codec.h"
#include "locator/parts.h"

namespace leukolens {
namespace {

using Histogram = std::array<std::int64_t, 256>;

struct Threshold {
  int value = 0;
  double contrast = 0;  // between the means on both sides
};

// N. Otsu, A threshold selection method from gray-level histograms, IEEE Trans. SMC 9, 1979.
Threshold otsu(const Histogram& histogram) {
  std::int64_t total = 0, sum = 0;
  for (int value = 0; value < 256; ++value) {
    total += histogram[value];
    sum += value * histogram[value];
  }
  std::int64_t low = 0, low_sum = 0;
  double best = 0;
  Threshold threshold;
  for (int value = 0; value < 255; ++value) {
    low += histogram[value];
    low_sum += value * histogram[value];
    if (low == 0 || low == total) continue;
    const double distance = double(sum - low_sum) / (total - low) - double(low_sum) / low;
    const double between = distance * distance * low * (total - low);
    if (between > best) {
      best = between;
      threshold = {value, distance};
    }
  }
  return threshold;
}

// Under a light that makes the background white.
Image balanced(Image image, const Colour& background) {
  const Gains white = gains(background);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3)
    for (std::size_t c = 0; c < 3; ++c) image.rgb[i + c] = white[c][image.rgb[i + c]];
  return image;
}

// Bounded by purple, so that dirt, which absorbs everything, does not look like a nucleus.
Plane measure_violet(const Image& image) {
  Plane violet{image.width, image.height, {}};
  violet.values = zeros(image.rgb.size() / 3);
  const std::uint8_t* pixel = image.rgb.data();
  for (std::uint8_t& value : violet.values) {
    const int red = pixel[0], green = pixel[1], blue = pixel[2], purple = std::max(blue - green, 0);
    value = static_cast<std::uint8_t>(std::min(purple + std::min((255 - red) / 2, purple), 255));
    pixel += 3;
  }
  return violet;
}

constexpr int kSide = 64;  // px, of the larger side: an outline has 32 corners

// Of the distances from the middle, which the first and the last of `length` places have nearly 1.
std::array<double, kSide> squares_from_middle(int length) {
  std::array<double, kSide> squares;
  for (int i = 0; i < length; ++i) {
    const double distance = (2 * i + 1.0) / length - 1;
    squares[i] = distance * distance;
  }
  return squares;
}

struct Vector {
  double x = 0, y = 0;
};

constexpr int kRays = 32;
constexpr std::array<Vector, kRays> kDirections = [] {
  constexpr std::array kCosines{1.0,        0.98078528, 0.92387953, 0.83146961, 0.70710678,
                                0.55557023, 0.38268343, 0.19509032, 0.0};
  std::array<Vector, kRays> directions;
  for (int i = 0; i < kRays / 4; ++i) {
    const double cosine = kCosines[i], sine = kCosines[8 - i];
    directions[i] = {cosine, sine};
    directions[i + 8] = {-sine, cosine};
    directions[i + 16] = {-cosine, -sine};
    directions[i + 24] = {sine, -cosine};
  }
  return directions;
}();

}  // namespace

std::optional<Nucleus> find_nucleus(const Image& image, Rect box, const Colour& background) {
  constexpr double kContrast = 16;  // grey levels; red cells and cytoplasm alone show less
  constexpr int kPart = 20;         // of the ellipse at least this part
  const double scale = std::max({double(box.width) / kSide, double(box.height) / kSide, 1.0});
  const int width = std::max(1, static_cast<int>(box.width / scale)),
            height = std::max(1, static_cast<int>(box.height / scale));
  const Image cell = balanced(resize(image, box, width, height), background);
  const Plane violet = measure_violet(cell);
  Histogram histogram{};
  for (const std::uint8_t value : violet.values) ++histogram[value];
  const Threshold threshold = otsu(histogram);

  // Neighbours reach into the corners of the box.
  const auto columns = squares_from_middle(width), rows = squares_from_middle(height);
  const auto inside = [&](int x, int y) {
    return columns[x] + rows[y] <= 1 && violet.values[violet.index(x, y)] > threshold.value;
  };
  std::int64_t area = 0, sum_x = 0, sum_y = 0;
  std::array<std::array<std::int64_t, 256>, 3> levels{};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      if (inside(x, y)) {
        ++area;
        sum_x += x;
        sum_y += y;
        for (std::size_t c = 0; c < 3; ++c) ++levels[c][cell.rgb[3 * violet.index(x, y) + c]];
      }
  if (threshold.contrast < kContrast || area * kPart < std::int64_t(width) * height) return {};

  const Vector centre{double(sum_x) / double(area) + 0.5, double(sum_y) / double(area) + 0.5};
  const double scale_x = double(box.width) / width, scale_y = double(box.height) / height;
  const auto in_image = [&](double x, double y) {
    return Point{static_cast<float>(box.x + x * scale_x), static_cast<float>(box.y + y * scale_y)};
  };
  Nucleus nucleus{in_image(centre.x, centre.y), {}};
  for (std::size_t c = 0; c < 3; ++c)
    for (int level = 0; level < 256; ++level)
      nucleus.density[c] += static_cast<float>(double(levels[c][level]) / double(area) *
                                               -std::log(float(std::max(level, 1)) / 255));
  for (const Vector& direction : kDirections) {
    double farthest = 0;
    for (int r = 0; r < kSide; ++r) {
      const int x = static_cast<int>(std::floor(centre.x + direction.x * r)),
                y = static_cast<int>(std::floor(centre.y + direction.y * r));
      if (!violet.contains(x, y)) break;
      if (inside(x, y)) farthest = r;
    }
    nucleus.outline.push_back(in_image(centre.x + direction.x * farthest, centre.y + direction.y * farthest));
  }
  return nucleus;
}

}  // namespace leukolens
