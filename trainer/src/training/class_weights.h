// Class weights: how much the images of each class count in the loss.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "data/split.h"
#include "leukolens/metrics.h"
#include "training/recipe.h"

namespace leukolens::train {

/// Throws std::runtime_error if the recipe weights a class that is not among the labels.
void check_class_weights(const ClassWeights& weights, std::span<const Label> labels);

/// For each label the weight of its images, whose mean over the cells of `shown` is 1, so that the learning
/// rate means what it did; empty where the recipe weights none. Balanced: the classes of `shown` weigh the
/// same in sum (n / (classes * count), as scikit-learn has it).
std::vector<float> class_weights(const ClassWeights& weights, std::span<const Label> labels,
                                 const Samples& samples, const Indices& shown);

/// The mean negative log-likelihood, weighted by class.
double weighted_loss(std::span<const Scored> scored, std::span<const float> weights);

/// The same predictions with the weights divided out again: a network that learnt with weights answers as if
/// classes were as frequent as they weigh (Saerens et al., Neural Computation 14, 2002).
std::vector<Scored> without_weights(std::span<const Scored> scored, std::span<const float> weights);

/// What a reader of probabilities must know, in one sentence with figures. `scored` as the network answers,
/// `plain` by without_weights().
std::string effect_of_weights(std::span<const Scored> scored, std::span<const Scored> plain,
                              std::size_t classes);

}  // namespace leukolens::train
