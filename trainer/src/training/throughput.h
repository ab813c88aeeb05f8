// How many images a second training takes, and what it waits for.
#pragma once

#include <cstdint>

#include "data/samples.h"
#include "training/recipe.h"

namespace leukolens::train {

/// Images a second.
struct Throughput {
  double loading = 0;   // making batches alone
  double learning = 0;  // one batch again and again: libtorch alone
  double training = 0;  // both, as in fit()
};

/// Measures each for about `seconds`, on the whole of `samples`.
Throughput measure_throughput(const Recipe& recipe, const Model& model, const Samples& samples,
                              std::uint64_t seed, int threads, double seconds);

}  // namespace leukolens::train
