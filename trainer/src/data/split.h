// Which samples train, which validate, which test: stratified by label, groups kept whole.
#pragma once

#include <cstdint>
#include <vector>

#include "data/samples.h"
#include "training/recipe.h"

namespace leukolens::train {

/// Indices into Samples::list.
using Indices = std::vector<std::uint32_t>;

struct Split {
  Indices train, validation;  // the latter of cells alone
};

/// Those of `indices` that are cells, or those that are nothing.
Indices cells_among(const Samples& samples, Indices indices);
Indices nothing_among(const Samples& samples, Indices indices);

/// The data's own validation part where it has one; else `share` of the rest, stratified by label, groups
/// kept whole. Test parts are in neither. The same seed gives the same split.
Split split(const Samples& samples, double share, std::uint64_t seed);

/// The same for a choice of samples, whatever part the data gives them. Throws std::runtime_error if either
/// side would be empty.
Split split(const Samples& samples, const Indices& indices, double share, std::uint64_t seed);

/// `count` parts of about equal size, stratified by label, groups kept whole, from all samples but those of
/// test parts. Throws std::runtime_error if there are fewer groups than parts.
std::vector<Indices> folds(const Samples& samples, int count, std::uint64_t seed);

/// The samples of one epoch in order: all of `train` once; or, where `count` is not 0, that many, each as
/// often as the others but for the remainder. `training` may ask for a number, for balance of labels, and for
/// as much of each data set.
Indices epoch_order(const Samples& samples, const Indices& train, const Training& training,
                    std::uint64_t seed, int epoch);

}  // namespace leukolens::train
