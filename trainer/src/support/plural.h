// Counts in sentences.
#pragma once

#include <cstddef>
#include <format>
#include <string>
#include <string_view>

namespace leukolens::train {

/// "1 image" or "2 images".
inline std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace leukolens::train
