#include "network/ranked.h"

#include <algorithm>

namespace leukolens {

void sort(std::vector<Ranked>& items) {
  const auto before = [](const Ranked& a, const Ranked& b) {
    return a.key != b.key ? a.key < b.key : a.number < b.number;
  };
  std::make_heap(items.begin(), items.end(), before);
  std::sort_heap(items.begin(), items.end(), before);
}

}  // namespace leukolens
