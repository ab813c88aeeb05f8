// A network and images that train within a second.
#pragma once

#include <numeric>
#include <string>

#include "smear.h"
#include "training/training.h"

namespace leukolens::train {

/// Every kind of layer that training can meet.
inline constexpr std::string_view kTiny = R"(
name = "tiny"
[input]
width = 32
mean = [0.5, 0.5, 0.5]
std = [0.25, 0.25, 0.25]
[network]
layers = [
  { type = "conv2d", filters = 8, kernel = 3, stride = 2, padding = 1, activation = "relu" },
  { type = "conv2d", filters = 8, kernel = 3, padding = 1, groups = 8, activation = "relu6" },
  { type = "add", from = 0, activation = "relu" },
  { type = "max_pool2d", size = 2 },
  { type = "conv2d", filters = 12, kernel = 3 },
  { type = "flatten" },
  { type = "dense", units = 16, activation = "relu" },
  { type = "dense" },
]
[optimiser]
type = "adam"
learning_rate = 5e-3
[training]
epochs = 40
batch = 4
patience = 40
)";

/// `each` neutrophils and as many lymphocytes, of 12 at most: drawn once a process.
inline Samples drawn_samples(int each) {
  static const std::vector<Image> kViews = [] {
    std::vector<Image> views;
    for (int i = 0; i < 24; ++i) {
      smear::Scene scene;
      scene.seed = static_cast<std::uint64_t>(i + 1);
      scene.cells = {i % 2 ? smear::Cell::lymphocyte : smear::Cell::neutrophil};
      views.push_back(resize(smear::draw(scene).image, 32, 32));
    }
    return views;
  }();
  Samples samples;
  samples.width = samples.height = 32;
  for (std::size_t i = 0; i < 2 * static_cast<std::size_t>(each); ++i) {
    samples.list.push_back({"drawn", "", files::Part::unassigned, static_cast<int>(i % 2)});
    samples.pixels.insert(samples.pixels.end(), kViews.at(i).rgb.begin(), kViews.at(i).rgb.end());
  }
  return samples;
}

inline Split everything_twice(const Samples& samples) {
  Split split;
  split.train.resize(samples.list.size());
  std::iota(split.train.begin(), split.train.end(), 0u);
  split.validation = split.train;
  return split;
}

inline Model tiny_model(const Recipe& recipe) {
  return model_of(recipe, {label_of("neutrophil"), label_of("lymphocyte")});
}

/// kTiny with `from` replaced by `to`.
inline Recipe tiny_recipe(std::string_view from = "", std::string_view to = "") {
  std::string text(kTiny);
  if (!from.empty()) text.replace(text.find(from), from.size(), to);
  return parse_recipe(text, "tiny.toml");
}

inline Outcome fit_tiny(const RunOptions& options, const Recipe& recipe = tiny_recipe(),
                        const Observer& observer = {}) {
  const Samples samples = drawn_samples(8);
  return fit(recipe, tiny_model(recipe), samples, everything_twice(samples), options, observer);
}

/// fit_tiny() of seed 1, trained once a process.
inline const Outcome& tiny_outcome() {
  static const Outcome outcome = fit_tiny({.seed = 1});
  return outcome;
}

}  // namespace leukolens::train
