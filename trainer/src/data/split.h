// Which samples train, which validate, which test: stratified by label, groups kept whole.
#pragma once

#include <cstdint>
#include <vector>

#include "data/samples.h"

namespace leukolens::train {

/// Indices into Samples::list.
using Indices = std::vector<std::uint32_t>;

struct Split {
  Indices train, validation;  // validation: cells alone
};

/// Those of `indices` that show a cell, and those that show background.
Indices cells_among(const Samples& samples, Indices indices);
Indices background_among(const Samples& samples, Indices indices);

/// The data's own validation part where it has one; else `share` of the rest, stratified by label, groups
/// kept whole. Test parts are in neither. The same seed gives the same split.
Split split(const Samples& samples, double share, std::uint64_t seed);

/// The same for a choice of samples, whatever part the data gives them. Throws std::runtime_error if either
/// side would be empty.
Split split(const Samples& samples, const Indices& indices, double share, std::uint64_t seed);

/// `count` parts, from all samples but those of test parts: the folds that the data names, or where it names
/// none of about equal size, stratified by label, groups kept whole. Throws std::runtime_error if there are
/// fewer groups than parts, or if the data names other folds, those of a part of its images alone, or such as
/// part a group.
std::vector<Indices> folds(const Samples& samples, int count, std::uint64_t seed);

}  // namespace leukolens::train
