// Which samples an epoch shows, and in which order.
#pragma once

#include <cstdint>

#include "data/split.h"
#include "training/recipe.h"

namespace leukolens::train {

/// Each of `train` once; or, where the recipe says how many, each as often as the others but for the
/// remainder. Where it balances, labels and data sets are drawn as often as it says.
Indices epoch_order(const Samples& samples, const Indices& train, const Training& training,
                    std::uint64_t seed, int epoch);

/// One as long as `train`, whatever the recipe says: how often each label comes. Of a short epoch a rare one
/// might by chance be missing.
Indices whole_epoch(const Samples& samples, const Indices& train, const Training& training);

/// Of the batches of an epoch, for batch_of().
std::uint64_t batch_seed(std::uint64_t seed, int epoch);

}  // namespace leukolens::train
