// What training will see: augmented views of some images, as one picture for a person.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "data/split.h"
#include "training/recipe.h"

namespace leukolens::train {

/// A training image as an epoch shows it to the network.
struct TrainingView {
  std::uint32_t sample = 0;  // index into Samples::list
  int epoch = 0;
  Image image;  // at the network's size; with mixup, the mixture
  bool cell =
      true;  // false: the target is every label equally (background, or a negative drawn in its place)
};

/// Of the first `each` images of each label that the first epoch shows, the first `views` views of each, in
/// the batches that fit() makes of the same arguments.
std::vector<TrainingView> training_views(const Recipe& recipe, const Model& model, const Samples& samples,
                                         const Indices& train, std::uint64_t seed, std::size_t each,
                                         std::size_t views);

/// A block for each label: two images as they are, each with five of its views beside it. Views without a
/// cell are framed in red.
Image augmented_sheet(const Recipe& recipe, const Model& model, const Samples& samples, const Indices& train,
                      std::uint64_t seed);

}  // namespace leukolens::train
