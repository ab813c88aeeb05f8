#include "leukolens/differential.h"

namespace leukolens {
namespace {

bool is_leukocyte(const Label& label) { return label.id != "erythroblast" && label.id != "platelet"; }

}  // namespace

void Differential::add(std::span<const Cell> cells) {
  for (const Cell& cell : cells) {
    if (cell.verdict == Verdict::unsure)
      ++unsure_;
    else if (!cell.label)
      ++rejected_;
    else
      ++counts_[static_cast<std::size_t>(*cell.label)];
  }
}

std::size_t Differential::total() const {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < labels_.size(); ++i)
    if (is_leukocyte(labels_[i])) sum += counts_[i];
  return sum;
}

std::vector<Differential::Row> Differential::leukocytes() const {
  std::vector<Row> rows;
  const std::size_t all = total();
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    if (!is_leukocyte(labels_[i])) continue;
    const double percent = all > 0 ? 100.0 * static_cast<double>(counts_[i]) / static_cast<double>(all) : 0;
    const Interval share = wilson(counts_[i], all);
    rows.push_back({i, counts_[i], percent, {100 * share.low, 100 * share.high}});
  }
  return rows;
}

std::vector<Differential::Row> Differential::others() const {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < labels_.size(); ++i)
    if (!is_leukocyte(labels_[i])) rows.push_back({.label = i, .count = counts_[i], .percent_interval = {}});
  return rows;
}

}  // namespace leukolens
