#include "locator/finder.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "leukolens/view.h"
#include "locator/targets.h"
#include "support/files.h"

namespace leukolens::train {

namespace {

/// The image in the upper left corner of a larger one.
Image on_grey(const Image& image, int width, int height) {
  Image whole{width, height, std::vector<std::uint8_t>(std::size_t(3) * width * height, 200)};
  for (int y = 0; y < image.height; ++y)
    std::copy_n(&image.rgb[std::size_t(3) * y * image.width], 3 * image.width,
                &whole.rgb[std::size_t(3) * y * width]);
  return whole;
}

}  // namespace

Finder::Finder(const Model& model) : model_(model), network_(value_or_throw(Network::create(model))) {}

std::vector<Finding> Finder::find(const Image& image, double scale, double min_score) {
  const auto scaled = [&](int side) { return std::max(1, static_cast<int>(std::lround(side * scale))); };
  const auto padded = [](int side) { return (side + kLocatorStep - 1) / kLocatorStep * kLocatorStep; };
  const Image small = resize(image, scaled(image.width), scaled(image.height));
  const int width = padded(small.width), height = padded(small.height);
  if (const Result<void> resized = network_.resize(height, width); !resized)
    throw std::runtime_error(resized.error().message);
  normalise(on_grey(small, width, height), model_.input, network_.input());
  const std::span<const float> grid = value_or_throw(network_.run());
  const int columns = width / kLocatorStride, rows = height / kLocatorStride;
  const std::size_t labels = model_.labels.size(), channels = labels + kBoxEdges;
  const auto value = [&](int i, int j, std::size_t c) {
    return grid[std::size_t(i * columns + j) * channels + c];
  };
  const double across = double(image.width) / small.width, down = double(image.height) / small.height;
  std::vector<Finding> all;
  for (std::size_t label = 0; label < labels; ++label) {
    for (int i = 0; i < rows; ++i) {
      for (int j = 0; j < columns; ++j) {
        const float logit = value(i, j, label);
        const double score = 1 / (1 + std::exp(-double(logit)));
        if (score < min_score) continue;
        bool is_peak = true;
        for (int v = std::max(0, i - 1); v <= std::min(rows - 1, i + 1); ++v)
          for (int u = std::max(0, j - 1); u <= std::min(columns - 1, j + 1); ++u)
            is_peak = is_peak && value(v, u, label) <= logit;
        if (!is_peak) continue;
        double edge[kBoxEdges];
        for (std::size_t e = 0; e < kBoxEdges; ++e)
          edge[e] = model_.detection->diameter / 2 * std::exp(double(value(i, j, labels + e)));
        const double x = (j + 0.5) * kLocatorStride, y = (i + 0.5) * kLocatorStride;
        all.push_back({static_cast<Found>(label),
                       Box{x - edge[0], y - edge[1], x + edge[2], y + edge[3]}.scaled(across, down), score});
      }
    }
  }
  std::ranges::stable_sort(all, std::greater{}, &Finding::score);
  std::vector<Finding> kept;
  for (const Finding& one : all) {
    const auto diameter = [](const Box& box) { return std::sqrt(box.area()); };
    const bool is_known = std::ranges::any_of(kept, [&](const Finding& other) {
      return std::hypot(one.box.x() - other.box.x(), one.box.y() - other.box.y()) <
             0.5 * std::max(diameter(one.box), diameter(other.box));
    });
    if (!is_known) kept.push_back(one);
  }
  return kept;
}

}  // namespace leukolens::train
