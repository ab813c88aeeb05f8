#include "commands/summary.h"

#include "commands/console.h"
#include "commands/run_context.h"

namespace leukolens::train {

void summary_command(const SummaryOptions& options) {
  if (options.recipe.ends_with(".safetensors")) return print_summary(load_model(options.recipe));
  const Recipe recipe = open_recipe(options.recipe);
  std::vector<Label> labels = recipe.labels;
  if (labels.empty())  // they will be those of the data: the four of the published set stand in for them
    labels = {label_of("eosinophil"), label_of("lymphocyte"), label_of("monocyte"), label_of("neutrophil")};
  print_summary(model_of(recipe, labels));
}

}  // namespace leukolens::train
