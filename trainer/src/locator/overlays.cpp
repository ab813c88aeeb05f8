#include "locator/overlays.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace leukolens::train {
namespace {

using Colour = std::array<double, 3>;

/// Of what programs draw over pictures: black, white, or a loud colour.
Colour ink(Random& random) {
  static constexpr std::array<Colour, 8> kInks{{{0, 0, 0},
                                                {255, 255, 255},
                                                {0, 255, 0},
                                                {255, 0, 0},
                                                {0, 0, 255},
                                                {255, 255, 0},
                                                {255, 0, 255},
                                                {40, 120, 255}}};
  return kInks[random.below(kInks.size())];
}

void blend(Image& image, int x, int y, const Colour& colour, double share) {
  if (share <= 0) return;
  std::uint8_t* pixel = &image.rgb[(std::size_t(y) * image.width + x) * 3];
  for (std::size_t c = 0; c < 3; ++c)
    pixel[c] = static_cast<std::uint8_t>(
        std::lerp(double(pixel[c]), std::clamp(colour[c], 0.0, 255.0), std::min(share, 1.0)));
}

/// A line of `width`, whose edges fade over `soft` px.
void draw_line(Image& image, double x0, double y0, double x1, double y1, double width, double soft,
               const Colour& colour) {
  const double reach = width / 2 + soft;
  const int left = std::max(0, static_cast<int>(std::min(x0, x1) - reach)),
            right = std::min(image.width - 1, static_cast<int>(std::max(x0, x1) + reach)),
            top = std::max(0, static_cast<int>(std::min(y0, y1) - reach)),
            bottom = std::min(image.height - 1, static_cast<int>(std::max(y0, y1) + reach));
  const double dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy + 1e-9;
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) {
      const double t = std::clamp(((x - x0) * dx + (y - y0) * dy) / length, 0.0, 1.0);
      const double away = std::hypot(x - x0 - t * dx, y - y0 - t * dy);
      blend(image, x, y, colour, (reach - away) / soft);
    }
  }
}

}  // namespace

void draw_scale_bar(Image& image, Random& random) {
  const Colour colour = ink(random);
  const double length = image.width * random.uniform(0.1, 0.4), width = random.uniform(1, 4);
  const double x = random.uniform(0, image.width - length), tick = random.uniform(0, 8);
  const double y =
      image.height * (random.uniform() < 0.8 ? random.uniform(0.8, 0.98) : random.uniform(0.02, 0.8));
  draw_line(image, x, y, x + length, y, width, 0.7, colour);
  for (const double end : {x, x + length}) draw_line(image, end, y - tick, end, y + tick, width, 0.7, colour);
  const double size = random.uniform(5, 14);
  double at = x + length * random.uniform(0, 0.4);
  for (std::size_t letter = 0, count = 2 + random.below(6); letter < count; ++letter, at += 0.8 * size) {
    for (std::size_t stroke = 0; stroke < 3; ++stroke) {
      const auto across = [&] { return at + size * 0.5 * static_cast<double>(random.below(2)); };
      const auto down = [&] { return y - 3 - size * 0.5 * static_cast<double>(random.below(3)); };
      const double x0 = across(), y0 = down(), x1 = across(), y1 = down();
      draw_line(image, x0, y0, x1, y1, std::max(1.0, size / 8), 0.7, colour);
    }
  }
}

void draw_arrow(Image& image, Random& random) {
  const Colour colour = ink(random);
  const double x = random.uniform(0, image.width), y = random.uniform(0, image.height);
  const double angle = random.uniform(0, 2 * std::numbers::pi), size = random.uniform(8, 40);
  const double width = size * random.uniform(0.08, 0.3), head = size * random.uniform(0.3, 0.6);
  const double dx = std::cos(angle), dy = std::sin(angle);
  draw_line(image, x, y, x - size * dx, y - size * dy, width, 0.7, colour);
  for (int line = 0; 0.5 * line < head; ++line) {  // the head, a line across at a time
    const double along = 0.5 * line, half = along * 0.6;
    draw_line(image, x - along * dx + half * dy, y - along * dy - half * dx, x - along * dx - half * dy,
              y - along * dy + half * dx, 1, 0.7, colour);
  }
}

void draw_pointer(Image& image, Random& random) {
  const double angle = random.uniform(0, 2 * std::numbers::pi), far = image.width + image.height;
  const double x = random.uniform(0, image.width), y = random.uniform(0, image.height);
  const double dark = random.uniform(0, 70), soft = random.uniform(1, 5);
  draw_line(image, x, y, x + far * std::cos(angle), y + far * std::sin(angle), random.uniform(2, 10), soft,
            {dark, dark, dark});
}

Circle draw_surround(Image& image, Random& random) {
  const double side = std::min(image.width, image.height);
  const Circle circle{image.width * random.uniform(0.2, 0.8), image.height * random.uniform(0.2, 0.8),
                      side * random.uniform(0.4, 0.8)};
  const double soft = random.uniform(1, 12), dark = random.uniform(0, 30);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const double beyond = std::hypot(x - circle.x, y - circle.y) - circle.radius;
      blend(image, x, y, {dark, dark, dark}, beyond / soft);
    }
  }
  return circle;
}

}  // namespace leukolens::train
