#include "commands/bench.h"

#include <print>

#include "training/throughput.h"

namespace leukolens::train {

void bench_command(const RecipeOptions& options) {
  constexpr double kSeconds = 10;
  const RunContext context = open_run_context(options, open_recipe(options.recipe, options.settings));
  const Throughput rate = measure_throughput(context.recipe, context.model, context.samples, options.seed,
                                             options.threads, kSeconds);
  std::println("Recipe {}, {} images of {} x {}, batches of {}, {} threads, {:.0f} s each:",
               context.recipe.name, context.samples.list.size(), context.model.input.width,
               context.model.input.height, context.recipe.training.batch, options.threads, kSeconds);
  std::println("  loading and augmentation alone  {:>8.0f} images/s", rate.loading);
  std::println("  libtorch alone                  {:>8.0f} images/s", rate.learning);
  std::println("  training, both at once          {:>8.0f} images/s, {:.0f} % of libtorch alone",
               rate.training, 100 * rate.training / rate.learning);
}

}  // namespace leukolens::train
