#include "commands/bench.h"

#include <print>
#include <utility>

#include "training/throughput.h"

namespace leukolens::train {

void bench_command(const RecipeOptions& options) {
  constexpr int kRounds = 9;
  constexpr double kSeconds = 1;
  const RunContext context = open_run_context(options, open_recipe(options.recipe, options.settings));
  const Throughput rate = measure_throughput(
      {context.recipe, context.model, context.samples, options.seed, options.threads}, kRounds, kSeconds);
  std::println("Recipe {}, {} images of {} x {}, batches of {}, {} threads; medians of {} rounds:",
               context.recipe.name, context.samples.list.size(), context.model.input.width,
               context.model.input.height, context.recipe.training.batch, options.threads, kRounds);
  std::println("{:32} {:>10} {:>24}", "", "images/s", "images/s of one core");
  for (const auto& [what, own] : {std::pair("loading and augmentation alone", rate.loading),
                                  {"libtorch alone", rate.learning},
                                  {"training, both at once", rate.training}})
    std::println("{:32} {:>10.0f} {:>24.0f}", what, own.per_second, own.per_processor_second);
  std::println("{:32} {:>10.3f} {:>24.3f}", "training / libtorch alone", rate.share.per_second,
               rate.share.per_processor_second);
}

}  // namespace leukolens::train
