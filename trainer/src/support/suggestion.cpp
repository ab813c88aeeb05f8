#include "support/suggestion.h"

#include <algorithm>
#include <format>
#include <utility>

namespace leukolens::train {
namespace {

/// Levenshtein's distance, for suggestions.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

}  // namespace

std::string suggestion(std::string_view wrong, const std::vector<std::string>& known) {
  if (known.empty()) return "";
  const auto best =
      std::ranges::min_element(known, {}, [&](const auto& one) { return distance(wrong, one); });
  if (distance(wrong, *best) <= 2) return std::format(" Did you mean \"{}\"?", *best);
  std::string list;
  for (const std::string& one : known) list += (list.empty() ? "" : ", ") + one;
  return std::format(" Known are: {}.", list);
}

}  // namespace leukolens::train
