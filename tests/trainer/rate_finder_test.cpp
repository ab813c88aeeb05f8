#include "training/rate_finder.h"

#include <catch2/catch_all.hpp>
#include <cmath>

#include "tiny.h"

using namespace leukolens;
using namespace leukolens::train;

namespace {

/// Rates from 1e-7 to 10, and a loss of the logarithm (to base 10) of each.
std::vector<RateStep> course(const std::function<double(double)>& loss) {
  std::vector<RateStep> steps;
  for (int i = 0; i < 200; ++i) {
    const double power = -7 + 8 * i / 199.0;
    steps.push_back({std::pow(10, power), loss(power), loss(power)});
  }
  return steps;
}

}  // namespace

TEST_CASE("the suggestion is a tenth of the rate at which the loss is least") {
  for (const double power : {-4.0, -3.0, -2.0}) {
    const double found = rate_for(course([power](double at) { return std::abs(at - power); })).value();
    CHECK(std::log10(found) == Catch::Approx(power - 1).margin(0.03));
  }
}

TEST_CASE("where the loss does not fall, nothing is suggested") {
  CHECK_FALSE(rate_for(course([](double) { return 0.7; })));
  CHECK_FALSE(rate_for(course([](double power) { return 1 + 0.1 * (power + 7); })));
  CHECK_FALSE(rate_for({}));
}

TEST_CASE("a tiny network learns at the rate that was found, which is well below that of divergence") {
  const Samples samples = drawn_samples(8);
  Recipe recipe = tiny_recipe();
  int last = 0;
  const RateCourse found = find_rate(recipe, tiny_model(recipe), samples, everything_twice(samples).train, {},
                                     [&](int done) { last = done; });
  CHECK(last == static_cast<int>(found.steps.size()));
  CHECK(found.steps.front().rate == Catch::Approx(1e-7));
  CHECK(found.steps.size() < 200);  // it diverges long before a rate of 10
  REQUIRE(found.suggested);
  CHECK(*found.suggested < found.steps.back().rate / 3);
  recipe.optimiser.learning_rate = *found.suggested;
  INFO("suggested: " << *found.suggested << ", the last rate: " << found.steps.back().rate);
  CHECK(measure(fit_tiny({.seed = 1}, recipe).validation, 2).accuracy == 1);
  const RateCourse again =
      find_rate(recipe, tiny_model(recipe), samples, everything_twice(samples).train, {}, [](int) {});
  CHECK(again.suggested == found.suggested);

  const std::atomic<bool> interrupted = true;
  CHECK_THROWS_AS(find_rate(recipe, tiny_model(recipe), samples, everything_twice(samples).train,
                            {.interrupted = &interrupted}, [](int) {}),
                  Interrupted);
}
