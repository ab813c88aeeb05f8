// Statistics of known cells, by which a network recognises what is out of distribution.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "evaluation/scoring.h"

namespace leukolens::train {

/// The covariance of the feature statistics within classes, as the inverse of its Cholesky factor, with a
/// hundredth of each statistic's variance added to the diagonal, for directions that hardly vary; and for
/// each class up to 32 centres by k-means, whitened. The same answers give the same result. The distances are
/// left empty.
Rejection fit_statistics(std::span<const Answer> known, std::size_t classes);

/// What a model knew, and the centres of `known` besides: for going on from it where its own data is missing.
/// The whitening and the distances stay.
Rejection extend_statistics(const Rejection& before, std::span<const Answer> known, std::size_t classes);

/// The distance of each answer, see leukolens::distance().
std::vector<float> distances(const Rejection& statistics, std::span<const Answer> answers);

/// `count` equally spaced quantiles of `values`, made strictly ascending.
std::vector<float> quantiles(std::vector<float> values, std::size_t count);

/// The area under the ROC curve, which is 0.5 for a guess, and its 95 % interval, which has a width at 0 and
/// 1 too: method 5 of Newcombe (Statistics in Medicine 25, 2006, 559-573), after Hanley & McNeil (1982).
struct Auroc {
  double area = 0.5;
  Interval interval;
};

/// Of a score that is larger out of distribution; neither list is empty.
Auroc auroc(std::span<const float> known, std::span<const float> out_of_distribution);

}  // namespace leukolens::train
