#include "evaluation/agreement.h"

#include <catch2/catch_all.hpp>

#include "output/sample_agreement.h"

using namespace leukolens;
using namespace leukolens::train;
using Catch::Approx;

namespace {

// Peak expiratory flow of 17 people by two meters, l/min (Bland and Altman, Lancet 327, 1986, table 1).
const std::vector<double> kWright{494, 395, 516, 434, 476, 557, 413, 442, 650,
                                  433, 417, 656, 267, 478, 178, 423, 427};
const std::vector<double> kMini{512, 430, 520, 428, 500, 600, 364, 380, 658,
                                445, 432, 626, 260, 477, 259, 350, 451};

SampleCount sample(const std::string& name, std::span<const Label> labels, std::vector<int> labelled,
                   std::vector<int> counted) {
  SampleCount count{name, Differential(labels), Differential(labels)};
  const auto add = [](Differential& to, const std::vector<int>& cells) {
    for (std::size_t label = 0; label < cells.size(); ++label) {
      Cell cell;
      cell.verdict = Verdict::classified;
      cell.label = static_cast<int>(label);
      to.add(std::vector<Cell>(static_cast<std::size_t>(cells[label]), cell));
    }
  };
  add(count.labelled, labelled);
  add(count.counted, counted);
  return count;
}

}  // namespace

TEST_CASE("bias, limits of agreement and correlation are those of Bland and Altman's paper") {
  const auto result = bias(kMini, kWright);
  REQUIRE(result);
  CHECK(result->mean.value == Approx(-2.1).margin(0.05));
  CHECK(result->limits.low == Approx(-2.1 - 1.96 * 38.8).margin(0.2));
  CHECK(result->limits.high == Approx(-2.1 + 1.96 * 38.8).margin(0.2));
  // Their interval: -22.0 to 17.8, by t = 2.12.
  REQUIRE(result->mean.interval);
  CHECK(result->mean.interval->low == Approx(-22.0).margin(0.1));
  CHECK(result->mean.interval->high == Approx(17.8).margin(0.1));
  const auto r = correlation(kMini, kWright);
  REQUIRE(r);
  CHECK(r->value == Approx(0.94).margin(0.005));
  CHECK(r->interval->low < 0.94);
}

TEST_CASE("the regression finds a line, whatever a single sample does, and is symmetric") {
  std::vector<double> x, y;
  for (int i = 0; i < 15; ++i) {
    x.push_back(i);
    y.push_back(1 + 2 * i + (i % 3 - 1) * 0.1);
  }
  y[7] = 900;
  const auto line = passing_bablok(x, y), turned = passing_bablok(y, x);
  REQUIRE(line);
  REQUIRE(turned);
  CHECK(line->slope.value == Approx(2).margin(0.02));
  REQUIRE(line->slope.interval);
  CHECK(line->slope.interval->low <= Approx(2));
  CHECK(line->slope.interval->high > 2);
  CHECK(line->intercept.value == Approx(1).margin(0.2));
  CHECK(turned->slope.value == Approx(1 / line->slope.value).margin(1e-3));
}

TEST_CASE("two meters that agree have a line that holds 1 and 0") {
  const auto line = passing_bablok(kWright, kMini);
  REQUIRE(line);
  CHECK(line->slope.interval->low < 1);
  CHECK(line->slope.interval->high > 1);
  CHECK(line->intercept.interval->low < 0);
  CHECK(line->intercept.interval->high > 0);
}

TEST_CASE("what too few or equal samples leave open is not answered") {
  const std::vector<double> few{1, 2, 3}, same(20, 5.0);
  CHECK_FALSE(passing_bablok(few, few));
  CHECK_FALSE(passing_bablok(same, same));
  CHECK_FALSE(correlation(few, few));
  CHECK_FALSE(correlation(same, same));
  CHECK_FALSE(bias(std::vector<double>{1}, std::vector<double>{1}));
  CHECK_FALSE(cohens_kappa({{5, 0}, {0, 0}}));
  CHECK_FALSE(cohens_kappa({{0, 0}, {0, 0}}));
}

TEST_CASE("kappa of a table that is in every textbook") {
  const auto kappa = cohens_kappa({{20, 5}, {10, 15}});
  REQUIRE(kappa);
  CHECK(kappa->value == Approx(0.4));
  // Wilson's interval of 35 in 50 is 0.5625 to 0.8090; chance agrees on half.
  CHECK(kappa->interval->low == Approx(2 * 0.5625 - 1).margin(1e-3));
  CHECK(kappa->interval->high == Approx(2 * 0.8090 - 1).margin(1e-3));
  CHECK(one_against_rest({{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, 1) ==
        std::vector<std::vector<std::size_t>>{{5, 10}, {10, 20}});
}

TEST_CASE("the limits of chance are Rümke's") {
  // His table for 100 cells: 0 to 4 of 0, 4 to 18 of 10, 39 to 61 of 50 (Clopper and Pearson, rounded
  // outwards).
  CHECK(exact_interval(0, 100).high == Approx(0.0362).margin(1e-4));
  CHECK(exact_interval(10, 100).low == Approx(0.0490).margin(1e-4));
  CHECK(exact_interval(10, 100).high == Approx(0.1762).margin(1e-4));
  CHECK(exact_interval(50, 100).low == Approx(0.3983).margin(1e-4));
  CHECK(exact_interval(0, 0).high == 1);
}

TEST_CASE("samples are compared by their shares of leukocytes, empty ones apart") {
  const std::vector<Label> labels{{"neutrophil", ""}, {"lymphocyte", ""}, {"platelet", ""}};
  const SampleAgreement agreement =
      agreement_of({sample("a", labels, {60, 40, 9}, {60, 40, 0}), sample("b", labels, {80, 20}, {40, 60}),
                    sample("c", labels, {0, 0, 5}, {0, 0, 5})},
                   {{10, 0, 0}, {0, 10, 0}, {0, 0, 0}});
  REQUIRE(agreement.classes.size() == 2);  // platelets are no leukocytes
  CHECK(agreement.empty == std::vector<std::string>{"c"});
  CHECK(agreement.classes[0].bias->mean.value == Approx(-20));
  CHECK(agreement.classes[1].bias->mean.value == Approx(20));
  CHECK(agreement.classes[0].within_chance == 1);
  CHECK(agreement.kappa->value == Approx(1));
  const std::string json = to_json(agreement);
  CHECK(json.contains(R"("counted":{"leukocytes":100,"classes":{"neutrophil":60,"lymphocyte":40})"));
  CHECK(json.contains(R"("slope":null,"slopeInterval":null)"));
}

TEST_CASE("a share that never changes correlates with nothing, though its mean is rounded") {
  const std::vector<double> same(10, 0.1), rising{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  CHECK_FALSE(correlation(same, rising));
  CHECK_FALSE(correlation(rising, same));
}

TEST_CASE("of two and three samples the bias has Student's interval") {
  const auto two = bias(std::vector<double>{0, 0}, std::vector<double>{0, 2});  // 1 +- 12.706 * 1
  CHECK(two->mean.interval->high == Approx(1 + 12.7062).margin(1e-3));
  const auto three =
      bias(std::vector<double>{0, 0, 0}, std::vector<double>{0, 1, 2});  // 1 +- 4.303 / sqrt(3)
  CHECK(three->mean.interval->high == Approx(1 + 4.30265 / std::sqrt(3)).margin(1e-4));
}

TEST_CASE("where all agree, kappa's interval has a width, and what has none is not called an interval") {
  const auto kappa = cohens_kappa({{20, 0}, {0, 20}});
  REQUIRE(kappa);
  CHECK(kappa->value == Approx(1));
  CHECK(kappa->interval->low == Approx(2 * wilson(40, 40).low - 1));
  CHECK(kappa->interval->high == Approx(1));
  const std::vector<double> x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  CHECK(correlation(x, x)->value == Approx(1));
  CHECK_FALSE(correlation(x, x)->interval);
  CHECK_FALSE(bias(x, x)->mean.interval);
  CHECK(passing_bablok(x, x)->slope.value == Approx(1));
  CHECK_FALSE(passing_bablok(x, x)->slope.interval);
  CHECK_FALSE(passing_bablok(x, x)->intercept.interval);
  const std::vector<Label> labels{{"neutrophil", ""}, {"lymphocyte", ""}};
  const SampleAgreement agreement =
      agreement_of({sample("a", labels, {60, 40}, {60, 40}), sample("b", labels, {80, 20}, {80, 20})},
                   {{140, 0}, {0, 60}});
  CHECK(to_json(agreement).contains(R"("bias":0.0,"biasInterval":null)"));
  CHECK(table(agreement).contains("  0.00  "));
}
