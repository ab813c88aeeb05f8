#include "evaluation/calibration.h"

#include <catch2/catch_all.hpp>
#include <cmath>

#include "leukolens/network.h"
#include "support/random.h"

using namespace leukolens;
using namespace leukolens::train;

namespace {

/// Answers whose labels are drawn from softmax(logits), but which claim softmax(sharpness * logits).
std::vector<Scored> overconfident(float sharpness) {
  Random random(7);
  std::vector<Scored> scored;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<float> logits{static_cast<float>(random.uniform(-2, 2)),
                              static_cast<float>(random.uniform(-2, 2)), 0},
        honest(3), claimed(3);
    softmax(logits, 1, honest);
    softmax(logits, 1 / sharpness, claimed);
    const double drawn = random.uniform();
    scored.push_back({drawn < honest[0] ? 0 : drawn < honest[0] + honest[1] ? 1 : 2, claimed});
  }
  return scored;
}

}  // namespace

TEST_CASE("the temperature undoes overconfidence") {
  const std::vector<Scored> scored = overconfident(3);
  const float temperature = fit_temperature(scored);
  CHECK(temperature == Catch::Approx(3).epsilon(0.05));
  CHECK(measure(scored, 3).ece > 0.1);
  CHECK(measure(at_temperature(scored, temperature), 3).ece < 0.02);
}

TEST_CASE("a temperature changes no answer, and 1 changes nothing") {
  const std::vector<Scored> scored = overconfident(1);
  CHECK(measure(at_temperature(scored, 4), 3).correct == measure(scored, 3).correct);
  const std::vector<Scored> same = at_temperature(scored, 1);
  for (std::size_t i = 0; i < 100; ++i)
    CHECK(same[i].probabilities[0] == Catch::Approx(scored[i].probabilities[0]).epsilon(1e-4));
}

TEST_CASE("the least confidence is reached by the asked share") {
  std::vector<Scored> scored;
  for (int i = 1; i <= 100; ++i) scored.push_back({0, {static_cast<float>(i) / 100, 0}});
  CHECK(confidence_reached_by(scored, 0.95) == Catch::Approx(0.06));
  CHECK(confidence_reached_by({}, 0.95) == 0);
}

TEST_CASE("each data set comes to the same sum, also where the largest is no multiple of another") {
  for (const int small : {1, 3, 7, 50, 67, 99, 100}) {
    std::vector<int> origins(100, 0);
    origins.resize(100 + static_cast<std::size_t>(small), 1);
    const std::vector<std::size_t> even = evenly(origins);
    const auto of_first = std::ranges::count_if(even, [](std::size_t i) { return i < 100; });
    CHECK(static_cast<double>(of_first) / static_cast<double>(even.size()) ==
          Catch::Approx(0.5).margin(0.03));
    CHECK(even.size() <= 2100);
  }
}
