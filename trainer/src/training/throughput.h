// How many images a second training takes, and what it waits for.
#pragma once

#include <cstdint>
#include <vector>

#include "data/samples.h"
#include "training/recipe.h"

namespace leukolens::train {

/// What is trained, and how: as fit() would begin.
struct Trial {
  const Recipe& recipe;
  const Model& model;
  const Samples& samples;
  std::uint64_t seed = 1;
  int threads = 1;
  std::vector<Model> teachers = {};
};

/// Images a second of training, as in fit(), measured for about `seconds`.
double training_rate(const Trial& trial, double seconds);

struct Rate {
  double per_second = 0;            // images
  double per_processor_second = 0;  // images, for each second of a core: hardly disturbed by other programs
};

/// Medians of some rounds that take turns, since a machine's other work comes and goes.
struct Throughput {
  Rate loading;   // making batches alone
  Rate learning;  // one batch again and again: libtorch alone
  Rate training;  // both, as in fit()
  Rate share;     // of training in learning, each round by itself
};

/// `seconds`: of each of the three in a round.
Throughput measure_throughput(const Trial& trial, int rounds, double seconds);

}  // namespace leukolens::train
