// data: what is in a data set, which of its images are near-duplicates, and how it can be split.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

struct DataOptions : RecipeOptions {        // recipe, settings, from: of what `augmented` shows
  std::string originals;                    // data set of the images that `data` was made from; empty: none
  std::string out, json, sheet, augmented;  // what to write
  std::string boxes;                        // all that is annotated in the images; empty: unknown
  int folds = 0;                            // in `out`; 0: a single split
};

void data_command(const DataOptions& options);

}  // namespace leukolens::train
