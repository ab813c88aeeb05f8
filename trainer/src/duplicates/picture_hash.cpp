#include "duplicates/picture_hash.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace leukolens::train {
namespace {

constexpr int kSide = 64, kFrequencies = 16;
constexpr int kLeastQuality = 50;  // of 100, as published

using Luminance = std::array<float, kSide * kSide>;
using Spectrum = std::array<float, kFrequencies * kFrequencies>;

Luminance luminance(const Image& image) {
  const Image small = resize(image, kSide, kSide);
  Luminance result;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::uint8_t* p = &small.rgb[3 * i];
    result[i] = 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2];
  }
  return result;
}

/// How much the picture varies from pixel to pixel, 0 to 100.
int quality(const Luminance& in) {
  int sum = 0;
  const auto step = [](float a, float b) { return std::abs(static_cast<int>((a - b) * 100 / 255)); };
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const float here = in[y * kSide + x];
      if (x + 1 < kSide) sum += step(here, in[y * kSide + x + 1]);
      if (y + 1 < kSide) sum += step(here, in[(y + 1) * kSide + x]);
    }
  }
  return std::min(100, sum / 90);
}

/// DCT-II, frequencies 1 to 16 along both axes: brightness itself is left out.
Spectrum spectrum(const Luminance& in) {
  static const std::array<float, kFrequencies * kSide> kWave = [] {
    std::array<float, kFrequencies * kSide> wave;
    for (int f = 0; f < kFrequencies; ++f)
      for (int x = 0; x < kSide; ++x)
        wave[f * kSide + x] =
            static_cast<float>(std::cos(std::numbers::pi / (2 * kSide) * (f + 1) * (2 * x + 1)));
    return wave;
  }();
  std::array<float, kFrequencies * kSide> down{};  // [vertical frequency, column]
  Spectrum result{};
  for (int f = 0; f < kFrequencies; ++f)
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < kSide; ++x) down[f * kSide + x] += kWave[f * kSide + y] * in[y * kSide + x];
  for (int f = 0; f < kFrequencies; ++f)
    for (int g = 0; g < kFrequencies; ++g)
      for (int x = 0; x < kSide; ++x)
        result[f * kFrequencies + g] += kWave[g * kSide + x] * down[f * kSide + x];
  return result;
}

/// The spectrum of the picture turned: mirroring an axis changes the sign of its odd frequencies, here those
/// with even index, and transposing the picture transposes the spectrum.
Spectrum turned(const Spectrum& in, bool transpose, bool mirror_x, bool mirror_y) {
  Spectrum out;
  for (int f = 0; f < kFrequencies; ++f) {
    for (int g = 0; g < kFrequencies; ++g) {
      const bool flips = (mirror_y && f % 2 == 0) != (mirror_x && g % 2 == 0);
      const float value = transpose ? in[g * kFrequencies + f] : in[f * kFrequencies + g];
      out[f * kFrequencies + g] = flips ? -value : value;
    }
  }
  return out;
}

PictureHash hash(const Spectrum& in) {
  Spectrum sorted = in;
  const auto middle = sorted.begin() + sorted.size() / 2;
  std::ranges::nth_element(sorted, middle);
  PictureHash result{};
  for (std::size_t i = 0; i < in.size(); ++i)
    if (in[i] > *middle) result[i / 64] |= std::uint64_t{1} << (i % 64);
  return result;
}

}  // namespace

std::vector<PictureHash> picture_hashes(const Image& image) {
  const Luminance small = luminance(image);
  if (quality(small) < kLeastQuality) return {};
  const Spectrum upright = spectrum(small);
  std::vector<PictureHash> result;
  result.reserve(8);
  for (int way = 0; way < 8; ++way) result.push_back(hash(turned(upright, way & 4, way & 1, way & 2)));
  return result;
}

int distance(const PictureHash& a, const PictureHash& b) {
  int sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::popcount(a[i] ^ b[i]);
  return sum;
}

int distance(const std::vector<PictureHash>& a, const std::vector<PictureHash>& b) {
  int least = 256;
  if (b.empty()) return least;
  for (const PictureHash& one : a) least = std::min(least, distance(one, b.front()));
  return least;
}

}  // namespace leukolens::train
