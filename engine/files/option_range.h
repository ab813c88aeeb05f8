// A check of options that all command lines need.
#pragma once

#include <CLI/CLI.hpp>
#include <format>
#include <string>

namespace leukolens::files {

/// A number from `low` to `high`, whole or not. As CLI::Range, which NaN passes, and which takes whole
/// numbers alone where its ends are ints.
inline CLI::Validator between(double low, double high) {
  return {[low, high](std::string& text) {
            double value = 0;
            if (CLI::detail::lexical_cast(text, value) && value >= low && value <= high) return std::string();
            return std::format("{} is no number from {} to {}", text, low, high);
          },
          std::format("in [{} - {}]", low, high)};
}

}  // namespace leukolens::files
