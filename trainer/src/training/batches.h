// Batches of an epoch, prepared by other threads while the network learns from the one before.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "data/samples.h"
#include "data/split.h"
#include "support/ahead.h"
#include "training/recipe.h"

namespace leukolens::train {

struct Batch {
  std::vector<float> images;         // [count, height, width, 3], as normalise() fills them
  std::vector<std::int64_t> labels;  // [count]; kBackground where there is no cell
  std::vector<float> targets;  // [count, classes], each row sums to its image's weight in the loss, which is
                               // 1 without class weights; empty: the labels are the targets
  // MixStyle: image i keeps the share styles[i].first of its own style, and the rest is that of image
  // styles[i].second. Empty: each keeps its own.
  std::vector<std::pair<float, std::int64_t>> styles;
  std::size_t count() const { return labels.size(); }
};

/// What a batch is made from, the same for a whole run. `samples` must outlive it.
class BatchMaker {
 public:
  /// `weights`: of the images of each class, see class_weights(); empty: all alike.
  BatchMaker(const Samples& samples, const Model& model, const Augmentation& augmentation,
             const Training& training, std::vector<float> weights = {});

  /// The same seed gives the same batch.
  Batch augmented(std::span<const std::uint32_t> indices, std::uint64_t seed) const;

 private:
  void soften(Batch& batch, std::span<const std::uint32_t> indices, std::span<const std::size_t> without_cell,
              std::uint64_t seed) const;
  void draw_styles(Batch& batch, std::uint64_t seed) const;

  const Samples& samples_;
  Augmentation augmentation_;
  Input input_;
  double label_smoothing_, negatives_;
  std::size_t classes_;
  std::vector<float> weights_;
};

/// Batch `number` of those of `size` that `order` makes; the last may be smaller.
Batch batch_of(const BatchMaker& maker, const Indices& order, std::size_t size, std::uint64_t seed,
               std::size_t number);

/// The batches of one epoch, made ahead. A batch does not depend on the thread that makes it.
using Batches = Ahead<Batch>;

/// `first`: the batch to begin with. The arguments must outlive the batches.
std::unique_ptr<Batches> batches_of(const BatchMaker& maker, const Indices& order, std::size_t size,
                                    std::uint64_t seed, std::size_t first, int threads);

}  // namespace leukolens::train
