#include "leukolens/differential.h"

#include <catch2/catch_all.hpp>

using namespace leukolens;
using Catch::Approx;

namespace {

const std::vector<Label> kLabels{
    {"lymphocyte", ""}, {"monocyte", ""}, {"erythroblast", ""}, {"neutrophil", ""}, {"platelet", ""}};

std::vector<Cell> cells(std::size_t count, Verdict verdict, std::optional<int> label) {
  Cell cell;
  cell.verdict = verdict;
  cell.label = label;
  return std::vector<Cell>(count, cell);
}

}  // namespace

TEST_CASE("a differential is of leukocytes: others, unsure and rejected cells are counted apart") {
  Differential differential(kLabels);
  differential.add(cells(6, Verdict::classified, 3));
  differential.add(cells(4, Verdict::classified, 0));
  differential.add(cells(2, Verdict::classified, 2));
  differential.add(cells(1, Verdict::unsure, 3));
  differential.add(cells(3, Verdict::rejected, std::nullopt));
  CHECK(differential.total() == 10);
  CHECK(differential.unsure() == 1);
  CHECK(differential.rejected() == 3);
  const auto rows = differential.leukocytes();
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].label == 0);
  CHECK(rows[0].count == 4);
  CHECK(rows[0].percent == Approx(40));
  CHECK(rows[0].percent_interval.low == Approx(16.82).margin(0.01));
  CHECK(rows[0].percent_interval.high == Approx(68.73).margin(0.01));
  CHECK(rows[1].count == 0);
  CHECK(rows[2].percent == Approx(60));
  const auto others = differential.others();
  REQUIRE(others.size() == 2);
  CHECK(others[0].label == 2);
  CHECK(others[0].count == 2);
  CHECK(others[1].count == 0);
}

TEST_CASE("a differential without leukocytes knows nothing of their shares") {
  Differential differential(kLabels);
  differential.add(cells(2, Verdict::classified, 4));
  CHECK(differential.total() == 0);
  CHECK(differential.leukocytes()[0].percent == 0);
  CHECK(differential.leukocytes()[0].percent_interval.high == 100);
  CHECK(differential.others()[1].count == 2);
}
