// crossval: how good a recipe is on cells that its networks did not see.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

struct CrossvalOptions : RecipeOptions {
  int folds = 5;
  int only = 0;                      // the one fold to train, from 1; 0: all
  bool overwrite = false;            // train again what `json` has already, or put something else there
  std::string json, report, models;  // what to write; models: a folder for the folds' networks
};

void crossval_command(const CrossvalOptions& options);

}  // namespace leukolens::train
