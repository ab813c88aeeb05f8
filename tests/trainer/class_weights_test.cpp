#include "training/class_weights.h"

#include <catch2/catch_all.hpp>
#include <cmath>

#include "evaluation/scoring.h"
#include "tiny.h"
#include "training/batches.h"
#include "training/epoch_order.h"

using namespace leukolens;
using namespace leukolens::train;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Nine neutrophils and three lymphocytes, which all look the same: a network can only learn how frequent
/// they are.
Samples alike() {
  Samples samples = drawn_samples(6);
  const std::size_t each = samples.pixels_each();
  for (std::size_t i = 0; i < samples.list.size(); ++i) {
    samples.list[i].label = i < 9 ? 0 : 1;
    std::copy_n(samples.pixels.begin(), each, samples.pixels.begin() + static_cast<std::ptrdiff_t>(i * each));
  }
  return samples;
}

Recipe with_weights(const std::string& weights) {
  return parse_recipe(kTiny, "tiny.toml", {"training.class_weights=" + weights, "training.batch=12"});
}

std::vector<float> weights_of(const Recipe& recipe, const Samples& samples) {
  return class_weights(recipe.training.class_weights, tiny_model(recipe).labels, samples,
                       whole_epoch(samples, everything_twice(samples).train, recipe.training));
}

}  // namespace

TEST_CASE("balanced classes weigh the same in sum, and an image weighs 1 on average") {
  const std::vector<float> weights = weights_of(with_weights("balanced"), alike());
  REQUIRE(weights.size() == 2);
  CHECK(weights[0] == Approx(12.0 / (2 * 9)));
  CHECK(weights[1] == Approx(12.0 / (2 * 3)));
}

TEST_CASE("weights by class keep their proportions, and a class that is not named weighs 1 beside them") {
  const std::vector<float> weights = weights_of(with_weights("{lymphocyte = 4}"), alike());
  CHECK(weights[1] / weights[0] == Approx(4));
  CHECK(9 * weights[0] + 3 * weights[1] == Approx(12));
  CHECK(weights_of(tiny_recipe(), alike()).empty());
}

TEST_CASE("weights that are none, and classes that are not there, are refused") {
  CHECK_THROWS_WITH(with_weights("blanced"),
                    ContainsSubstring("class_weights must be \"balanced\", or a table of numbers"));
  CHECK_THROWS_WITH(with_weights("{lymphocyte = 0}"), ContainsSubstring("from 0.01 to 1000"));
  const Recipe recipe = with_weights("{lymphocite = 2}");
  CHECK_THROWS_WITH(
      check_class_weights(recipe.training.class_weights, tiny_model(recipe).labels),
      ContainsSubstring("\"lymphocite\", which is not among the classes. Did you mean \"lymphocyte\"?"));
}

TEST_CASE("a target sums to its image's weight, and images without a cell weigh 1") {
  Samples samples = alike();
  samples.list[11].label = kBackground;
  const Recipe recipe = with_weights("balanced");
  const std::vector<float> weights{0.5f, 3};
  const BatchMaker maker(samples, tiny_model(recipe), {}, {.label_smoothing = 0.1}, weights);
  const Batch batch = maker.augmented(Indices{0, 10, 11}, 1);
  CHECK(batch.targets[0] + batch.targets[1] == Approx(0.5));
  CHECK(batch.targets[0] == Approx(0.5 * 0.95));
  CHECK(batch.targets[2] + batch.targets[3] == Approx(3));
  CHECK(batch.targets[4] == Approx(0.5));
  CHECK(batch.targets[5] == Approx(0.5));
}

TEST_CASE(
    "a network answers as if classes were as frequent as they weigh, which dividing the weights out undoes") {
  const Samples samples = alike();
  const Split all = everything_twice(samples);
  const auto share = [&](const Recipe& recipe) {
    return fit(recipe, tiny_model(recipe), samples, all, {.seed = 1}, {}).validation.front().probabilities[1];
  };
  CHECK(share(parse_recipe(kTiny, "tiny.toml", {"training.batch=12"})) == Approx(0.25).margin(0.02));
  const Recipe recipe = with_weights("balanced");
  const Outcome outcome = fit(recipe, tiny_model(recipe), samples, all, {.seed = 1}, {});
  CHECK(outcome.validation.front().probabilities[1] == Approx(0.5).margin(0.02));
  REQUIRE(outcome.history.class_weights.size() == 2);
  const std::vector<Scored> plain = without_weights(outcome.validation, outcome.history.class_weights);
  CHECK(plain.front().probabilities[1] == Approx(0.25).margin(0.02));
  // The validation loss that chooses the epoch is weighted as the training loss is: that of guessing here.
  const Epoch& best = outcome.history.epochs[static_cast<std::size_t>(outcome.history.best_epoch - 1)];
  CHECK(best.validation_loss == Approx(std::log(2)).margin(0.01));
  const std::string said = effect_of_weights(outcome.validation, plain, 2);
  CHECK_THAT(said, ContainsSubstring("with the weights divided out of its answers: accuracy 0.750"));
}

TEST_CASE("short epochs weigh classes by how often they come, not by how often the first shows them") {
  Recipe recipe = with_weights("balanced");
  recipe.training.samples_per_epoch = 2;
  CHECK(weights_of(recipe, alike()) == weights_of(with_weights("balanced"), alike()));
  recipe.training.samples_per_epoch = 12;
  recipe.training.balance = 1;  // then every class comes equally often
  CHECK(weights_of(recipe, alike()) == std::vector<float>{1, 1});
}
