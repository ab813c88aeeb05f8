// search: which of a few settings of a recipe is best, by cross-validation of each.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

struct SearchOptions : RecipeOptions {
  std::vector<std::string> tries;  // KEY=VALUE,VALUE each; all combinations are tried
  int folds = 5;
  std::string shard;  // "I/N": train every N-th fold alone, for a later call that has none; empty: all
  std::string json;   // what to write, and what to go on from
};

void search_command(const SearchOptions& options);

/// The values of "KEY=VALUE,VALUE", as "KEY=VALUE" each; commas in brackets, braces and quotes part nothing.
/// Throws std::runtime_error if there is no key or a value is empty.
std::vector<std::string> settings_to_try(const std::string& tried);

/// By chance alone, how probable it is that two answers to the same cells differ as much or more: `only_a`
/// cells were answered rightly by the first alone, `only_b` by the second alone (exact McNemar test).
double mcnemar(std::size_t only_a, std::size_t only_b);

}  // namespace leukolens::train
