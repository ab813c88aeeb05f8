// What a network notes of known cells, for it to notice others.
#pragma once

#include <span>
#include <vector>

#include "training/training.h"

namespace leukolens::train {

/// The common covariance of the traits within classes, as the inverse of its Cholesky factor, with a
/// hundredth of each trait's variance added to the diagonal, for directions that hardly vary; and for each
/// class up to 32 centres by k-means, whitened. The same answers give the same statistics. The distances are
/// left empty.
Rejection fit_statistics(std::span<const Answer> known, std::size_t classes);

/// The distance of each answer, see leukolens::distance().
std::vector<float> distances(const Rejection& statistics, std::span<const Answer> answers);

/// `count` equally spaced quantiles of `values`, made strictly ascending.
std::vector<float> quantiles(std::vector<float> values, std::size_t count);

/// The area under the ROC curve, which is 0.5 for a guess, and its 95 % interval by the standard error of
/// Hanley & McNeil (Radiology 143, 1982).
struct Auroc {
  double area = 0.5;
  Interval interval;
};

/// Of telling `strange` from `known` by their values, the larger the stranger; neither is empty.
Auroc auroc(std::span<const float> known, std::span<const float> strange);

}  // namespace leukolens::train
