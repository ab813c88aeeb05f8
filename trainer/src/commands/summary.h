// summary: the layers of a recipe or a model.
#pragma once

#include <string>

namespace leukolens::train {

struct SummaryOptions {
  std::string recipe;  // name of a recipe, a TOML file, or a model file
};

void summary_command(const SummaryOptions& options);

}  // namespace leukolens::train
