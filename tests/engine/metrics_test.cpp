#include "leukolens/metrics.h"

#include <catch2/catch_all.hpp>
#include <cmath>

using namespace leukolens;
using Catch::Approx;

namespace {

/// Two classes; the second has this probability.
Scored binary(int truth, float second) { return {truth, {1 - second, second}}; }

}  // namespace

TEST_CASE("wilson gives the published interval") {
  const Interval interval = wilson(57, 59);  // the article's test set
  CHECK(interval.low == Approx(0.885).margin(0.0005));
  CHECK(interval.high == Approx(0.991).margin(0.0005));
}

TEST_CASE("wilson stays within 0 and 1, and knows nothing without trials") {
  CHECK(wilson(0, 10).low == 0);
  CHECK(wilson(10, 10).high == 1);
  CHECK(wilson(0, 0).low == 0);
  CHECK(wilson(0, 0).high == 1);
}

TEST_CASE("measure of nothing is all zero") {
  const Metrics metrics = measure({}, 3);
  CHECK(metrics.total == 0);
  CHECK(metrics.accuracy == 0);
  CHECK(metrics.confusion.size() == 3);
}

TEST_CASE("measure counts, rates and averages by class") {
  const std::vector<Scored> scored{
      {0, {0.8f, 0.1f, 0.1f}}, {0, {0.2f, 0.7f, 0.1f}}, {1, {0.1f, 0.8f, 0.1f}}, {1, {0.1f, 0.6f, 0.3f}}};
  const Metrics metrics = measure(scored, 3);
  CHECK(metrics.correct == 3);
  CHECK(metrics.accuracy == Approx(0.75));
  CHECK(metrics.confusion[0][1] == 1);
  CHECK(metrics.classes[0].recall == Approx(0.5));
  CHECK(metrics.classes[0].precision == Approx(1));
  CHECK(metrics.classes[1].precision == Approx(2.0 / 3));
  CHECK(metrics.classes[1].f1 == Approx(0.8));
  // The third class has no images: averages are over the other two.
  CHECK(metrics.macro_recall == Approx(0.75));
  CHECK(metrics.macro_f1 == Approx((2.0 / 3 + 0.8) / 2));
  CHECK(metrics.classes[2].roc.empty());
}

TEST_CASE("measure gives loss and Brier score of their definitions") {
  const std::vector<Scored> scored{binary(1, 0.9f), binary(0, 0.2f)};
  const Metrics metrics = measure(scored, 2);
  CHECK(metrics.loss == Approx(-(std::log(0.9) + std::log(0.8)) / 2));
  CHECK(metrics.brier == Approx((2 * 0.01 + 2 * 0.04) / 2));
}

TEST_CASE("auc is the share of pairs in the right order, ties counting half") {
  const std::vector<Scored> scored{binary(1, 0.9f), binary(1, 0.5f), binary(0, 0.5f), binary(0, 0.1f),
                                   binary(0, 0.7f)};
  // Of 6 pairs: 0.9 beats all three; 0.5 ties with 0.5, beats 0.1, loses to 0.7.
  const Metrics metrics = measure(scored, 2);
  CHECK(metrics.classes[1].auc == Approx(4.5 / 6));
  CHECK(metrics.classes[0].auc == Approx(4.5 / 6));
  CHECK(metrics.classes[1].roc.front().true_positive_rate == 0);
  CHECK(metrics.classes[1].roc.back().false_positive_rate == Approx(1));
}

TEST_CASE("ece is zero for a calibrated model and large for an overconfident one") {
  std::vector<Scored> calibrated, overconfident;
  for (int i = 0; i < 1500; ++i) {
    calibrated.push_back(binary(i % 5 != 0, 0.8f));
    overconfident.push_back(binary(i % 2, 0.95f));
  }
  CHECK(measure(calibrated, 2).ece == Approx(0).margin(1e-6));
  const Metrics metrics = measure(overconfident, 2);
  CHECK(metrics.ece == Approx(0.45).margin(1e-3));
  CHECK(metrics.ece_interval.low < metrics.ece);
  CHECK(metrics.ece < metrics.ece_interval.high);
  CHECK(metrics.ece_interval.high - metrics.ece_interval.low < 0.1);
  CHECK(metrics.reliability.size() == 15);
  CHECK(metrics.reliability[0].count == 100);
}

TEST_CASE(
    "of answers that are all right, or all wrong, the interval of ece is all of 0 to 1: resampled, they stay "
    "so") {
  for (const int truth : {0, 1}) {
    const std::vector<Scored> scored{binary(truth, 0.9f), binary(truth, 0.8f), binary(truth, 0.7f)};
    CHECK(measure(scored, 2).ece > 0);
    CHECK(measure(scored, 2).ece_interval.low == 0);
    CHECK(measure(scored, 2).ece_interval.high == 1);
  }
}

TEST_CASE("a cell that was not found is wrong in every figure that counts answers") {
  const std::vector<Scored> scored{binary(1, 0.9f), binary(1, 0.8f), {1, {}}, binary(0, 0.4f)};
  const Metrics metrics = measure(scored, 2);
  CHECK(metrics.total == 4);
  CHECK(metrics.not_found == 1);
  CHECK(metrics.accuracy == Approx(0.75));
  CHECK(metrics.accuracy_interval.high == Approx(wilson(3, 4).high));
  CHECK(metrics.classes[1].support == 3);
  CHECK(metrics.classes[1].not_found == 1);
  CHECK(metrics.classes[1].recall == Approx(2.0 / 3));
  CHECK(metrics.classes[1].precision == Approx(1));
  CHECK(metrics.classes[0].not_found == 0);
  CHECK(metrics.confusion[1] == std::vector<std::size_t>{0, 2});
  // Ranked last: 0.9 and 0.8 beat the 0.4 of the other class, the cell that was not found does not.
  CHECK(metrics.classes[1].auc == Approx(2.0 / 3));
}

TEST_CASE("loss, Brier score and ECE are of the cells that were found") {
  const std::vector<Scored> found{binary(1, 0.9f), binary(0, 0.2f)};
  std::vector<Scored> with_missing = found;
  with_missing.push_back({0, {}});
  const Metrics metrics = measure(with_missing, 2), expected = measure(found, 2);
  CHECK(metrics.loss == Approx(expected.loss));
  CHECK(metrics.brier == Approx(expected.brier));
  CHECK(metrics.ece == Approx(expected.ece));
  CHECK(metrics.reliability.size() == 2);
}

TEST_CASE("figures of cells none of which was found are numbers") {
  const std::vector<Scored> scored{{0, {}}, {1, {}}};
  const Metrics metrics = measure(scored, 2);
  CHECK(metrics.not_found == 2);
  CHECK(metrics.accuracy == 0);
  CHECK(metrics.loss == 0);
  CHECK(metrics.ece == 0);
  CHECK(metrics.reliability.empty());
  CHECK_FALSE(predicted(scored[0]));
}
