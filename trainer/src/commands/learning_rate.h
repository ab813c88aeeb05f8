// learning-rate: which learning rate a recipe can learn with.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

struct LearningRateOptions : RecipeOptions {
  int steps = 200;          // batches
  std::string csv, report;  // what to write; empty: nothing
};

void learning_rate_command(const LearningRateOptions& options);

}  // namespace leukolens::train
