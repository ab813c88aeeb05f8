// The sanity checks of heatmaps, for the tests and the measuring program.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "leukolens/explain.h"
#include "networks.h"

namespace leukolens::test {

/// Ranks from 0; equal values share their mean rank.
inline std::vector<double> ranks(const std::vector<float>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> result(values.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) result[order[i]] = (static_cast<double>(begin + end) - 1) / 2;
  }
  return result;
}

/// Spearman's rank correlation; 0 if one of the two is constant.
inline double rank_correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const auto x = ranks(a), y = ranks(b);
  const double mean = (static_cast<double>(x.size()) - 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

/// The same network before any training: uniform weights of He et al. 2015, no biases.
inline Model randomised(Model model, std::uint32_t seed) {
  Noise noise(seed);
  for (Layer& layer : model.layers) {
    if (layer.weight.empty()) continue;
    const float gain =
        std::sqrt(6.0f * static_cast<float>(layer.bias.size()) / static_cast<float>(layer.weight.size()));
    for (float& weight : layer.weight) weight = noise() * gain;
    std::ranges::fill(layer.bias, 0.0f);
  }
  return model;
}

/// `image` with the pixels of the `begin`-th to `end`-th share of `map`, [0, 1] from its highest value down,
/// in the image's mean colour.
inline Image hide(const Image& image, const Heatmap& map, double begin, double end) {
  std::vector<float> values;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      values.push_back(map.at(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f));
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return values[i]; });
  std::array<double, 3> mean{};
  for (std::size_t i = 0; i < image.rgb.size(); ++i)
    mean[i % 3] += image.rgb[i] / static_cast<double>(values.size());
  Image hidden = image;
  const auto pixels = static_cast<double>(values.size());
  for (auto i = static_cast<std::size_t>(begin * pixels); i < static_cast<std::size_t>(end * pixels); ++i)
    for (std::size_t c = 0; c < 3; ++c)
      hidden.rgb[order[i] * 3 + c] = static_cast<std::uint8_t>(mean[c] + 0.5);
  return hidden;
}

/// The same values at other places, drawn at random.
inline Heatmap shuffled(Heatmap map, Noise& noise) {
  for (std::size_t i = map.values.size(); i-- > 1;) {
    const auto j = static_cast<std::size_t>((noise() + 1) / 2 * static_cast<float>(i + 1));
    std::swap(map.values[i], map.values[std::min(i, j)]);
  }
  return map;
}

}  // namespace leukolens::test
