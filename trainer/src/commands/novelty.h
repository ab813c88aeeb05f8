// novelty: whether a recipe's networks recognise a class that was left out of training as out of
// distribution.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

struct NoveltyOptions : RecipeOptions {
  std::vector<std::string> leave_out;  // labels, each in turn
  int folds = 5;                       // one part in so many is judged
  std::string json;                    // what to write
};

void novelty_command(const NoveltyOptions& options);

}  // namespace leukolens::train
