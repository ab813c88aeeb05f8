// What a network's features of known cells look like, for it to notice others.
#pragma once

#include <span>
#include <vector>

#include "fit.h"

namespace leukolens::train {

/// Class means and the common covariance within classes of `known`, whitened by its Cholesky factor, with a
/// little of the mean variance added to the diagonal, for directions that hardly vary. The distances are left
/// empty.
Rejection fit_statistics(std::span<const Answer> known, std::size_t classes);

/// The distance of each answer, see leukolens::distance().
std::vector<float> distances(const Rejection& statistics, std::span<const Answer> answers);

/// `count` equally spaced quantiles of `values`, made strictly ascending.
std::vector<float> quantiles(std::vector<float> values, std::size_t count);

/// The area under the ROC curve of telling `strange` from `known` by their values; 0.5 is guessing.
double auroc(std::span<const float> known, std::span<const float> strange);

}  // namespace leukolens::train
