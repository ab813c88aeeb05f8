#include "locator/things.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace leukolens::train {
namespace {

using Colour = std::array<float, 3>;

Colour any_colour(Random& random) {
  return {static_cast<float>(random.uniform(0, 255)), static_cast<float>(random.uniform(0, 255)),
          static_cast<float>(random.uniform(0, 255))};
}

Colour near(const Colour& colour, double range, Random& random) {
  Colour result;
  for (std::size_t c = 0; c < 3; ++c)
    result[c] = colour[c] + static_cast<float>(random.uniform(-range, range));
  return result;
}

/// In [0, 1], anew for each whole x and y.
float hash(int x, int y, std::uint32_t seed) {
  std::uint32_t h =
      seed ^ (static_cast<std::uint32_t>(x) * 0x9e3779b1u) ^ (static_cast<std::uint32_t>(y) * 0x85ebca77u);
  h = (h ^ (h >> 15)) * 0x2c1b3c6du;
  h = (h ^ (h >> 12)) * 0x297a2d39u;
  return static_cast<float>((h ^ (h >> 15)) >> 8) * 0x1p-24f;
}

/// Between such numbers, one every `pitch` px.
float roughness(float x, float y, float pitch, std::uint32_t seed) {
  const float u = x / pitch, v = y / pitch;
  const int column = static_cast<int>(std::floor(u)), row = static_cast<int>(std::floor(v));
  const float across = u - static_cast<float>(column), down = v - static_cast<float>(row);
  return std::lerp(std::lerp(hash(column, row, seed), hash(column + 1, row, seed), across),
                   std::lerp(hash(column, row + 1, seed), hash(column + 1, row + 1, seed), across), down);
}

float length(float x, float y) { return std::sqrt(x * x + y * y); }

enum class Form { ellipse, box, polygon, ring };
enum class Fill { flat, slope, sphere, stripes, rough };

struct Thing {
  Form form = Form::ellipse;
  Fill fill = Fill::flat;
  float x = 0, y = 0, across = 1, down = 1;  // px; across and down: half of the sides
  float cosine = 1, sine = 0;
  int corners = 3;
  float ring = 0.5f, outline = 0, soft = 1;  // share of the radius that is empty; px
  float pitch = 8, angle_cosine = 1, angle_sine = 0;
  Colour one{}, two{}, line{};
  std::uint32_t seed = 0;

  /// px inside the edge, about; negative outside. (u, v): from the centre, along its axes.
  float depth(float u, float v) const {
    const float least = std::min(across, down);
    if (form == Form::box) return std::min(across - std::abs(u), down - std::abs(v));
    const float radius = length(u / across, v / down);
    if (form == Form::ring) return least * std::min(1 - radius, radius - ring);
    if (form == Form::ellipse) return least * (1 - radius);
    const float sector = 2 * std::numbers::pi_v<float> / static_cast<float>(corners);
    const float angle = std::atan2(v / down, u / across);
    const float within = angle - sector * std::round(angle / sector);
    return least * (std::cos(sector / 2) - radius * std::cos(within));
  }

  Colour colour(float u, float v) const {
    float share = 0;
    if (fill == Fill::slope)
      share = std::clamp(0.5f + (u * angle_cosine / across + v * angle_sine / down) / 2, 0.0f, 1.0f);
    if (fill == Fill::sphere)
      share = std::min(1.0f, length(u / across - angle_cosine / 3, v / down - angle_sine / 3));
    if (fill == Fill::stripes)
      share = std::sin((u * angle_cosine + v * angle_sine) / pitch) > 0 ? 1.0f : 0.0f;
    if (fill == Fill::rough)
      share = (2 * roughness(u, v, pitch, seed) + roughness(u, v, pitch / 3, seed + 1)) / 3;
    Colour result;
    for (std::size_t c = 0; c < 3; ++c) result[c] = std::lerp(one[c], two[c], share);
    return result;
  }
};

/// `size`: half of its longer side, px.
Thing any_thing(float size, int side, const Colour& palette, Random& random) {
  Thing thing;
  const double form = random.uniform();
  thing.form = form < 0.4 ? Form::ellipse : form < 0.6 ? Form::box : form < 0.85 ? Form::polygon : Form::ring;
  const double fill = random.uniform();
  thing.fill = fill < 0.3    ? Fill::flat
               : fill < 0.5  ? Fill::slope
               : fill < 0.65 ? Fill::sphere
               : fill < 0.75 ? Fill::stripes
                             : Fill::rough;
  thing.x = static_cast<float>(random.uniform(0, side));
  thing.y = static_cast<float>(random.uniform(0, side));
  thing.across = size;
  thing.down = size * static_cast<float>(random.uniform() < 0.5 ? 1 : random.uniform(0.15, 1));
  const double turned = random.uniform(0, 2 * std::numbers::pi),
               light = random.uniform(0, 2 * std::numbers::pi);
  thing.cosine = static_cast<float>(std::cos(turned));
  thing.sine = static_cast<float>(std::sin(turned));
  thing.angle_cosine = static_cast<float>(std::cos(light));
  thing.angle_sine = static_cast<float>(std::sin(light));
  thing.corners = 3 + static_cast<int>(random.below(5));
  thing.ring = static_cast<float>(random.uniform(0.3, 0.9));
  thing.outline = random.uniform() < 0.25 ? static_cast<float>(random.uniform(1, 5)) : 0;
  thing.soft = random.uniform() < 0.7 ? 1 : static_cast<float>(random.uniform(1, 8));
  thing.pitch = static_cast<float>(random.uniform(2, 30));
  thing.one = random.uniform() < 0.6 ? near(palette, 80, random) : any_colour(random);
  thing.two = random.uniform() < 0.5 ? near(thing.one, 60, random) : any_colour(random);
  thing.line = random.uniform() < 0.5 ? Colour{} : any_colour(random);
  thing.seed = static_cast<std::uint32_t>(random());
  return thing;
}

void paint(const Thing& thing, Image& image) {
  const float reach = std::hypot(thing.across, thing.down) + thing.soft;
  const int left = std::max(0, static_cast<int>(thing.x - reach)),
            right = std::min(image.width - 1, static_cast<int>(thing.x + reach)),
            top = std::max(0, static_cast<int>(thing.y - reach)),
            bottom = std::min(image.height - 1, static_cast<int>(thing.y + reach));
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) {
      const float dx = static_cast<float>(x) - thing.x, dy = static_cast<float>(y) - thing.y;
      const float u = dx * thing.cosine + dy * thing.sine, v = dy * thing.cosine - dx * thing.sine;
      const float depth = thing.depth(u, v), share = std::min(1.0f, depth / thing.soft + 0.5f);
      if (share <= 0) continue;
      const Colour colour = depth < thing.outline ? thing.line : thing.colour(u, v);
      std::uint8_t* pixel = &image.rgb[(std::size_t(y) * image.width + x) * 3];
      for (std::size_t c = 0; c < 3; ++c)
        pixel[c] =
            static_cast<std::uint8_t>(std::clamp(std::lerp(float(pixel[c]), colour[c], share), 0.0f, 255.0f));
    }
  }
}

}  // namespace

Image draw_things(int side, Random& random) {
  Image image{side, side, std::vector<std::uint8_t>(std::size_t(3) * side * side)};
  const bool is_paper = random.uniform() < 0.4, are_alike = random.uniform() < 0.15;
  const Colour palette = any_colour(random);
  Thing ground = any_thing(static_cast<float>(side), side, palette, random);
  ground.form = Form::box, ground.outline = 0;
  ground.across = ground.down = static_cast<float>(2 * side);
  if (is_paper) {
    ground.fill = Fill::flat;
    ground.one = {255, 255, 255};
    if (random.uniform() < 0.5) ground.one = near(ground.one, 30, random);
  }
  paint(ground, image);
  // Radii fall off as 1 / r^3, as those of what lies about at all distances.
  const double smallest = side * random.uniform(0.01, 0.1), largest = side * 0.45;
  const auto size = [&] {
    const double share = random.uniform();
    return static_cast<float>(
        1 / std::sqrt(std::lerp(1 / (smallest * smallest), 1 / (largest * largest), share)));
  };
  const Thing model = any_thing(size(), side, palette, random);
  const std::size_t most = is_paper ? 12 : 80;
  for (std::size_t i = 0, count = 1 + random.below(most); i < count; ++i) {
    Thing thing = any_thing(size(), side, palette, random);
    if (are_alike) {
      const float x = thing.x, y = thing.y;
      thing = model;
      thing.x = x, thing.y = y;
    }
    paint(thing, image);
    if (random.uniform() >= 0.3) continue;
    Thing inner = any_thing(static_cast<float>(random.uniform(0.2, 0.7)) * std::min(thing.across, thing.down),
                            side, palette, random);
    inner.x = thing.x + static_cast<float>(random.uniform(-0.3, 0.3)) * thing.down;
    inner.y = thing.y + static_cast<float>(random.uniform(-0.3, 0.3)) * thing.down;
    paint(inner, image);
  }
  return image;
}

}  // namespace leukolens::train
