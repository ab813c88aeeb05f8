// bench: measures whether training waits for images.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

void bench_command(const RecipeOptions& options);

}  // namespace leukolens::train
