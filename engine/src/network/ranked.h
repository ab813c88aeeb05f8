#pragma once

#include <cstdint>
#include <vector>

namespace leukolens {

/// Something to be sorted by its key, and among equal keys by its number.
struct Ranked {
  double key = 0;
  std::int32_t number = 0;
};

/// Ascending. The one sort of the classifier, by a heap: std::sort() is 4 kB of WebAssembly for each type.
void sort(std::vector<Ranked>& items);

}  // namespace leukolens
