// The colour of the background, and light that falls off towards the edges, as under an eyepiece or a lamp
// off its axis. A surface of second degree is laid through what is glass: nearly as grey as the background,
// and not black.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "locator/parts.h"

namespace leukolens {
namespace {

constexpr int kTerms = 6;
using Terms = std::array<double, kTerms>;
using Equations = std::array<std::array<double, kTerms + 3>, kTerms>;  // one solution for each channel

constexpr Terms terms(double x, double y) { return {1, x, y, x * x, x * y, y * y}; }

// From -1 at the left or upper edge to 1 at the other.
constexpr double across(int place, int length) { return (2 * place + 1.0) / length - 1; }

struct Glass {
  Terms at;
  std::array<double, 3> light;
};

// Solves normal equations by Gauss' elimination; nothing where they have no single solution.
std::optional<Light> solve(Equations rows) {
  for (int i = 0; i < kTerms; ++i) {
    int pivot = i;
    for (int r = i + 1; r < kTerms; ++r)
      if (std::abs(rows[r][i]) > std::abs(rows[pivot][i])) pivot = r;
    std::swap(rows[i], rows[pivot]);
    if (std::abs(rows[i][i]) < 1e-6) return {};
    for (int r = 0; r < kTerms; ++r) {
      if (r == i) continue;
      const double factor = rows[r][i] / rows[i][i];
      for (int c = i; c < kTerms + 3; ++c) rows[r][c] -= factor * rows[i][c];
    }
  }
  Light light;
  for (int channel = 0; channel < 3; ++channel)
    for (int i = 0; i < kTerms; ++i) light.terms[channel][i] = rows[i][kTerms + channel] / rows[i][i];
  return light;
}

// Least squares over the samples whose green is not more than `below` under that of `known`.
std::optional<Light> fit(const std::vector<Glass>& samples, const Light& known, double below) {
  Equations sums{};
  for (const Glass& sample : samples) {
    if (sample.light[1] < known.at(1, sample.at[1], sample.at[2]) - below) continue;
    for (int i = 0; i < kTerms; ++i) {
      for (int j = 0; j < kTerms; ++j) sums[i][j] += sample.at[i] * sample.at[j];
      for (int channel = 0; channel < 3; ++channel)
        sums[i][kTerms + channel] += sample.at[i] * sample.light[channel];
    }
  }
  return solve(sums);
}

}  // namespace

Colour measure_background(const Image& image) {
  constexpr std::int64_t kDarkestWhite = 32;
  std::array<std::int64_t, 256> green{};
  for (std::size_t i = 1; i < image.rgb.size(); i += 3) ++green[image.rgb[i]];
  const auto pixels = static_cast<std::int64_t>(image.rgb.size() / 3);
  int bright = 0;
  for (std::int64_t below = 0; bright < 255 && (below += green[bright]) * 10 < pixels * 9;) ++bright;
  std::array<std::int64_t, 3> sum{};
  std::int64_t count = 0;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    if (image.rgb[i + 1] < bright) continue;
    for (int channel = 0; channel < 3; ++channel) sum[channel] += image.rgb[i + channel];
    ++count;
  }
  Colour background;
  for (int channel = 0; channel < 3; ++channel)
    background[channel] = static_cast<std::uint8_t>(
        std::max<std::int64_t>(sum[channel] / std::max<std::int64_t>(count, 1), kDarkestWhite));
  return background;
}

Gains gains(const Colour& background) {
  Gains gains;
  for (int channel = 0; channel < 3; ++channel)
    for (int value = 0; value < 256; ++value)
      gains[channel][value] = static_cast<std::uint8_t>(std::min(255, value * 255 / background[channel]));
  return gains;
}

Colour background_at(Rect region, const Image& image, const Field& field) {
  Colour background = field.background;
  if (!field.light) return background;
  const double x = (2.0 * region.x + region.width) / image.width - 1;
  const double y = (2.0 * region.y + region.height) / image.height - 1;
  for (int channel = 0; channel < 3; ++channel) {
    const double value = background[channel] * field.light->at(channel, x, y);
    background[channel] = static_cast<std::uint8_t>(std::clamp(value, 1.0, 255.0));
  }
  return background;
}

double Light::at(int channel, double x, double y) const {
  const Terms here = leukolens::terms(x, y);
  double sum = 0;
  for (int i = 0; i < kTerms; ++i) sum += terms[channel][i] * here[i];
  return std::clamp(sum, 0.2, 1.25);
}

std::optional<Light> measure_light(const Image& image, const Colour& background) {
  constexpr int kBlocks = 4, kBlocksSeen = 11;  // of the 4 x 4 parts of an image, so many must show glass
  constexpr double kEven = 0.8;                 // with less light than this anywhere, it is made even
  const int step = std::max(4, std::max(image.width, image.height) / 80);  // px; the surface is smooth
  const Gains white = gains(background);
  std::vector<Glass> samples;
  std::array<int, kBlocks * kBlocks> seen{};
  for (int y = 0; y < image.height; y += step)
    for (int x = 0; x < image.width; x += step) {
      const std::uint8_t* pixel = &image.rgb[(std::size_t(y) * image.width + x) * 3];
      const int red = white[0][pixel[0]], green = white[1][pixel[1]], blue = white[2][pixel[2]];
      // A lamp's edge may be yellowish. Red cells are redder than this, dyed cells more violet.
      if (green < 64 || std::abs(red - green - 6) > 22 || blue - green > 16 || green - blue > 64) continue;
      samples.push_back({terms(across(x, image.width), across(y, image.height)),
                         {red / 255.0, green / 255.0, blue / 255.0}});
      ++seen[y * kBlocks / image.height * kBlocks + x * kBlocks / image.width];
    }
  const int enough = image.width * image.height / (step * step * kBlocks * kBlocks * 25);  // a 25th of a part
  if (std::ranges::count_if(seen, [&](int count) { return count > enough; }) < kBlocksSeen) return {};
  constexpr Light kNothingKnown{};
  const std::optional<Light> rough = fit(samples, kNothingKnown, 2);
  const std::optional<Light> light =
      rough ? fit(samples, *rough, 0.06) : rough;  // without grey debris and the pallor of red cells
  if (!light) return {};
  double least = 1, most = 0;
  for (const Glass& sample : samples) {
    const double green = light->at(1, sample.at[1], sample.at[2]);
    least = std::min(least, green);
    most = std::max(most, green);
  }
  return least < kEven * most ? light : std::nullopt;
}

Image make_even(const Image& image, const Light& light) {
  constexpr int kBlock = 8;           // px, either way, that share one light, for it changes slowly
  constexpr unsigned kOne = 1 << 16;  // gains are whole numbers of this part
  Image even = image;
  std::vector<unsigned> gains(std::size_t(3) * image.width);  // of a row
  for (int y = 0; y < image.height; ++y) {
    if (y % kBlock == 0)
      for (int i = 0; i < std::ssize(gains); ++i) {
        const int x = i / 3, channel = i % 3;
        gains[i] = x % kBlock != 0
                       ? gains[i - 3]
                       : static_cast<unsigned>(kOne / light.at(channel, across(x + kBlock / 2, image.width),
                                                               across(y + kBlock / 2, image.height)));
      }
    std::uint8_t* row = &even.rgb[y * gains.size()];
    for (std::size_t i = 0; i < gains.size(); ++i)
      row[i] = static_cast<std::uint8_t>(std::min(row[i] * gains[i] / kOne, 255u));
  }
  return even;
}

}  // namespace leukolens
