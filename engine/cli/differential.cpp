#include "differential.h"

namespace leukolens::cli {
namespace {

using files::Json;

// CLSI H20-A2 counts a hundred leukocytes and more; reference ranges are about such counts.
constexpr std::size_t kEnough = 100;

bool is_leukocyte(const Label& label) { return label.id != "erythroblast" && label.id != "platelet"; }

double percent(std::size_t count, std::size_t total) {
  return total > 0 ? 100.0 * static_cast<double>(count) / static_cast<double>(total) : 0;
}

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

std::vector<std::size_t> Differential::indices(bool leukocytes) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < labels_.size(); ++i)
    if (is_leukocyte(labels_[i]) == leukocytes) out.push_back(i);
  return out;
}

std::size_t Differential::total() const {
  std::size_t sum = 0;
  for (const std::size_t i : indices(true)) sum += counts_[i];
  return sum;
}

Json::Value Differential::to_json(const Json& json) const {
  const auto counted = [&](std::size_t i) {
    const Json::Value one = json.object();
    json.set(one, "label", labels_[i].id);
    json.set(one, "count", counts_[i]);
    return one;
  };
  const Json::Value value = json.object();
  json.set(value, "total", total());
  json.set(value, "classes", json.list(indices(true), [&](std::size_t i) {
    const Interval interval = wilson(counts_[i], total());
    const Json::Value one = counted(i), bounds = json.array();
    json.add(bounds, 100 * interval.low);
    json.add(bounds, 100 * interval.high);
    json.set(one, "percent", percent(counts_[i], total()));
    json.set(one, "percentInterval", bounds);
    return one;
  }));
  json.set(value, "others", json.list(indices(false), counted));
  json.set(value, "unsure", unsure_);
  json.set(value, "rejected", rejected_);
  return value;
}

std::string Differential::text() const {
  std::string out = std::format("  {:14}{:>7}{:>9}{:>16}\n", "class", "cells", "percent", "95 %");
  for (const std::size_t i : indices(true)) {
    const Interval interval = wilson(counts_[i], total());
    out +=
        std::format("  {:14}{:>7}{:>9.1f}{:>16}\n", labels_[i].id, counts_[i], percent(counts_[i], total()),
                    std::format("{:.1f} to {:.1f}", 100 * interval.low, 100 * interval.high));
  }
  out += std::format("  {:14}{:>7}\n  apart:", "total", total());
  for (const std::size_t i : indices(false)) out += std::format(" {} {},", counts_[i], labels_[i].id);
  out += std::format(" {} unsure, {} rejected\n", unsure_, rejected_);
  if (total() < kEnough)
    out += std::format("  Fewer than {} leukocytes: too few to hold against reference ranges.\n", kEnough);
  return out;
}

}  // namespace leukolens::cli
