#include "training/negatives.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace leukolens::train {
namespace {

using Colour = std::array<float, 3>;

Colour any_colour(Random& random) {
  Colour colour;
  for (float& value : colour) value = static_cast<float>(random.uniform(0, 255));
  return colour;
}

/// Glass and paper are bright.
Colour bright_colour(Random& random) {
  Colour colour = any_colour(random);
  for (float& value : colour) value = 255 - value / 5;
  return colour;
}

/// In [0, 1]: the sum of `octaves` grids of random numbers, each twice as fine as the one before and half as
/// strong (value noise; Perlin, SIGGRAPH 1985).
class Noise {
 public:
  Noise(int cells, int octaves, Random& random) : cells_(cells), octaves_(octaves) {
    for (float& value : grid_) value = static_cast<float>(random.uniform());
  }
  /// x and y from 0 to 1.
  float at(float x, float y) const {
    float sum = 0, weight = 1, total = 0;
    for (int octave = 0, cells = cells_; octave < octaves_; ++octave, cells *= 2, weight /= 2) {
      sum += weight * layer(x * static_cast<float>(cells), y * static_cast<float>(cells), octave);
      total += weight;
    }
    return sum / total;
  }

 private:
  static constexpr std::size_t kSide = 32;

  float layer(float x, float y, int octave) const {
    const auto column = static_cast<std::size_t>(x), row = static_cast<std::size_t>(y);
    const auto smooth = [](float t) { return t * t * (3 - 2 * t); };
    const float across = smooth(x - static_cast<float>(column)), down = smooth(y - static_cast<float>(row));
    const auto value = [&](std::size_t c, std::size_t r) {
      return grid_[(r + static_cast<std::size_t>(octave) * 7) % kSide * kSide + c % kSide];
    };
    const float upper = std::lerp(value(column, row), value(column + 1, row), across);
    const float lower = std::lerp(value(column, row + 1), value(column + 1, row + 1), across);
    return std::lerp(upper, lower, down);
  }

  int cells_, octaves_;
  std::array<float, kSide * kSide> grid_;
};

/// colour(x, y) for every pixel, x and y from 0 to 1.
template <class ColourAt>
void paint(Image& image, ColourAt colour_at) {
  std::uint8_t* out = image.rgb.data();
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const Colour colour = colour_at((static_cast<float>(x) + 0.5f) / static_cast<float>(image.width),
                                      (static_cast<float>(y) + 0.5f) / static_cast<float>(image.height));
      for (const float value : colour) *out++ = static_cast<std::uint8_t>(std::clamp(value, 0.0f, 255.0f));
    }
  }
}

Colour mix(const Colour& a, const Colour& b, float share) {
  return {std::lerp(a[0], b[0], share), std::lerp(a[1], b[1], share), std::lerp(a[2], b[2], share)};
}

void paint_noise(Image& image, Random& random) {
  const int cells = 1 + static_cast<int>(random.below(12)), octaves = 1 + static_cast<int>(random.below(4));
  const Noise one(cells, octaves, random), two(cells, octaves, random);
  const Colour a = any_colour(random), b = any_colour(random), c = any_colour(random);
  paint(image, [&](float x, float y) { return mix(mix(a, b, one.at(x, y)), c, two.at(x, y)); });
}

/// Objects with a ragged edge and a texture, as a locator finds them in photographs.
void paint_blobs(Image& image, Random& random) {
  const Noise shape(1 + static_cast<int>(random.below(4)), 3, random),
      texture(4 + static_cast<int>(random.below(20)), 2, random);
  const Colour glass = bright_colour(random), a = any_colour(random), b = any_colour(random);
  const auto level = static_cast<float>(random.uniform(0.2, 0.6)),
             edge = static_cast<float>(random.uniform(0.01, 0.2));
  const auto reach = static_cast<float>(random.uniform(0.2, 0.7));
  paint(image, [&](float x, float y) {
    const float from_middle = std::hypot(x - 0.5f, y - 0.5f) / reach;
    const float inside = std::clamp((shape.at(x, y) + 0.6f - 0.6f * from_middle - level) / edge, 0.0f, 1.0f);
    return mix(glass, mix(a, b, texture.at(x, y)), inside);
  });
}

void paint_stripes(Image& image, Random& random) {
  const Colour a = any_colour(random), b = any_colour(random);
  const auto angle = static_cast<float>(random.uniform(0, std::numbers::pi)),
             count = static_cast<float>(random.uniform(1, 20));
  const bool checked = random.uniform() < 0.5;
  paint(image, [&](float x, float y) {
    const float u = x * std::cos(angle) + y * std::sin(angle), v = y * std::cos(angle) - x * std::sin(angle);
    float wave = std::sin(6.28f * count * u) * (checked ? std::sin(6.28f * count * v) : 1);
    return mix(a, b, std::clamp(wave * 3 + 0.5f, 0.0f, 1.0f));
  });
}

/// Lines and filled triangles: drawings, letters, diagrams.
void paint_drawing(Image& image, Random& random) {
  const Colour paper = random.uniform() < 0.7 ? bright_colour(random) : any_colour(random);
  paint(image, [&](float, float) { return paper; });
  const int count = 1 + static_cast<int>(random.below(12));
  for (int i = 0; i < count; ++i) {
    const Colour ink = any_colour(random);
    std::array<float, 6> p;
    for (float& value : p) value = static_cast<float>(random.uniform());
    const auto width = static_cast<float>(random.uniform(0.01, 0.08));
    const bool filled = random.uniform() < 0.3;
    std::uint8_t* out = image.rgb.data();
    for (int row = 0; row < image.height; ++row) {
      for (int column = 0; column < image.width; ++column, out += 3) {
        const float x = static_cast<float>(column) / static_cast<float>(image.width),
                    y = static_cast<float>(row) / static_cast<float>(image.height);
        const auto side = [&](std::size_t a, std::size_t b) {
          return (p[b] - p[a]) * (y - p[a + 1]) - (p[b + 1] - p[a + 1]) * (x - p[a]);
        };
        const float length = std::hypot(p[2] - p[0], p[3] - p[1]);
        const float along = ((x - p[0]) * (p[2] - p[0]) + (y - p[1]) * (p[3] - p[1])) / (length * length);
        const bool on_line = along > 0 && along < 1 && std::abs(side(0, 2)) < width * length;
        const bool within = (side(0, 2) > 0) == (side(2, 4) > 0) && (side(2, 4) > 0) == (side(4, 0) > 0);
        if (filled ? within : on_line)
          for (std::size_t c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(ink[c]);
      }
    }
  }
}

/// Dark and often violet, like what a locator takes for a nucleus.
Colour ink_colour(Random& random) {
  if (random.uniform() < 0.3) return mix(any_colour(random), {0, 0, 0}, 0.5f);
  return {static_cast<float>(random.uniform(20, 200)), static_cast<float>(random.uniform(0, 90)),
          static_cast<float>(random.uniform(80, 230))};
}

struct Stroke {
  float x, y, along_x, along_y;

  float distance(float px, float py) const {
    const float length = along_x * along_x + along_y * along_y + 1e-6f;
    const float t = std::clamp(((px - x) * along_x + (py - y) * along_y) / length, 0.0f, 1.0f);
    return std::hypot(px - x - t * along_x, py - y - t * along_y);
  }
};

/// Where lines or letters of a `size` begin, one every `step`: the first at or before the edge.
std::vector<float> beginnings(float size, float step, Random& random) {
  std::vector<float> result;
  float at = -size * static_cast<float>(random.uniform());
  while (at < 1) {
    result.push_back(at);
    at += step;
  }
  return result;
}

/// Lines of letters, each of a few strokes between the corners and middles of its frame.
void paint_writing(Image& image, Random& random) {
  const auto height = static_cast<float>(random.uniform(0.12, 0.6));
  const float width = height * static_cast<float>(random.uniform(0.4, 0.7));
  const float pen = height * static_cast<float>(random.uniform(0.06, 0.16));
  std::vector<Stroke> strokes;
  for (const float top : beginnings(height, 1.5f * height, random)) {
    for (const float left : beginnings(width, 1.4f * width, random)) {
      if (random.uniform() < 0.15) continue;  // between words
      const auto corner = [&] {
        return std::array{left + width * static_cast<float>(random.below(2)),
                          top + height * static_cast<float>(random.below(3)) / 2};
      };
      for (std::size_t i = 0, count = 2 + random.below(3); i < count; ++i) {
        const auto a = corner(), b = corner();
        strokes.push_back({a[0], a[1], b[0] - a[0], b[1] - a[1]});
      }
    }
  }
  const Colour paper = bright_colour(random), ink = ink_colour(random);
  paint(image, [&](float x, float y) {
    float nearest = 1;
    for (const Stroke& stroke : strokes) nearest = std::min(nearest, stroke.distance(x, y));
    return mix(ink, paper,
               std::clamp((nearest - pen / 2) * static_cast<float>(image.width) + 0.5f, 0.0f, 1.0f));
  });
}

/// The right colours in the wrong places.
void shuffle_tiles(Image& image, const Image& cell, Random& random) {
  const int tiles = 3 + static_cast<int>(random.below(6));
  std::vector<int> places(static_cast<std::size_t>(tiles * tiles));
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<int>(i);
  random.shuffle(places);
  const int width = image.width / tiles, height = image.height / tiles;
  for (int i = 0; i < tiles * tiles; ++i) {
    const int from = places[static_cast<std::size_t>(i)];
    for (int y = 0; y < height; ++y)
      std::copy_n(
          &cell.rgb[(std::size_t(from / tiles * height + y) * image.width + from % tiles * width) * 3],
          3 * width, &image.rgb[(std::size_t(i / tiles * height + y) * image.width + i % tiles * width) * 3]);
  }
}

}  // namespace

Image draw_negative(const Image& cell, Random& random) {
  Image image = cell;
  switch (random.below(6)) {
    case 0:
      paint_noise(image, random);
      break;
    case 1:
      paint_blobs(image, random);
      break;
    case 2:
      paint_stripes(image, random);
      break;
    case 3:
      paint_drawing(image, random);
      break;
    case 4:
      paint_writing(image, random);
      break;
    default:
      shuffle_tiles(image, cell, random);
  }
  return image;
}

}  // namespace leukolens::train
