// bench: whether the cores wait for images, or images for the cores.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

void bench_command(const RecipeOptions& options);

}  // namespace leukolens::train
