// bench: whether the cores wait for images, or images for the cores.
#include <print>

#include "commands/commands.h"
#include "commands/console.h"

namespace leukolens::train {

void bench_command(const Options& options) {
  constexpr double kSeconds = 10;
  const Session session = open_session(options, load_recipe(options.recipe, LEUKOLENS_RECIPES));
  const FitOptions fitting{.seed = options.seed, .threads = options.threads};
  const Throughput rate =
      measure_throughput(session.recipe, session.model, session.samples, fitting, kSeconds);
  std::println("Recipe {}, {} images of {} x {}, batches of {}, {} threads, {:.0f} s each:",
               session.recipe.name, session.samples.list.size(), session.model.input.width,
               session.model.input.height, session.recipe.training.batch, options.threads, kSeconds);
  std::println("  loading and augmentation alone  {:>8.0f} images/s", rate.loading);
  std::println("  libtorch alone                  {:>8.0f} images/s", rate.learning);
  std::println("  training, both at once          {:>8.0f} images/s, {:.0f} % of libtorch alone",
               rate.training, 100 * rate.training / rate.learning);
}

}  // namespace leukolens::train
