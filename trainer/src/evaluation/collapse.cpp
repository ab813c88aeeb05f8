#include "evaluation/collapse.h"

#include <algorithm>
#include <format>

namespace leukolens::train {

std::optional<std::string> note_on_collapse(std::span<const Scored> scored, std::span<const Label> labels) {
  if (scored.empty()) return std::nullopt;
  const Scored& first = scored.front();
  const std::optional<std::size_t> answer = predicted(first);
  const bool one_answer =
      answer && std::ranges::all_of(scored, [&](const Scored& one) { return predicted(one) == answer; });
  const bool one_class =
      std::ranges::all_of(scored, [&](const Scored& one) { return one.truth == first.truth; });
  if (!one_answer || one_class) return std::nullopt;
  return std::format(
      "All {} images, of several classes, get the answer {}: the network tells nothing apart. "
      "It needs a lower learning rate, more epochs or more images.",
      scored.size(), labels[*answer].id);
}

}  // namespace leukolens::train
