// evaluate and summary: figures about a model.
#include <algorithm>
#include <format>
#include <numeric>
#include <print>

#include "calibration.h"
#include "commands.h"
#include "console.h"
#include "files.h"

namespace leukolens::train {

namespace {

std::size_t top(const Scored& scored) {
  return static_cast<std::size_t>(std::ranges::max_element(scored.probabilities) -
                                  scored.probabilities.begin());
}

/// As the article shows them.
void print_first(const std::vector<Scored>& scored, std::span<const Label> labels) {
  constexpr std::size_t kShown = 10;
  std::println("{:>5}  {:14} {:14}", "", "ACTUAL", "PREDICTED");
  for (std::size_t i = 0; i < std::min(kShown, scored.size()); ++i) {
    const auto truth = static_cast<std::size_t>(scored[i].truth), answer = top(scored[i]);
    std::println("{:>5}  {:14} {:14}{}", i + 1, labels[truth].id, labels[answer].id,
                 truth == answer ? "" : "  wrong");
  }
  std::println("");
}

std::string csv_of(const std::vector<Scored>& scored, const Samples& samples, std::span<const Label> labels) {
  std::string csv = "image,actual,predicted";
  for (const Label& label : labels) csv += "," + label.id;
  for (std::size_t i = 0; i < scored.size(); ++i) {
    csv += std::format("\n{},{},{}", files::csv_field(samples.list[i].source),
                       labels[static_cast<std::size_t>(scored[i].truth)].id, labels[top(scored[i])].id);
    for (const float p : scored[i].probabilities) csv += std::format(",{}", p);
  }
  return csv + "\n";
}

}  // namespace

void evaluate_command(const Options& options) {
  const Model model = load_model(options.model);
  const files::Dataset data = open_data(options.data);
  ProgressLine line;
  const Samples samples = load_samples(data, model.labels, model.input, {.threads = options.threads},
                                       line.counter("reading", "images"));
  line.clear();
  Indices all(samples.list.size());
  std::iota(all.begin(), all.end(), 0u);
  const std::vector<Scored> scored =
      at_temperature(score(model, samples, all), model.calibration.temperature);
  const Metrics metrics = measure(scored, model.labels.size());
  if (!options.csv.empty()) write_atomically(options.csv, csv_of(scored, samples, model.labels));
  if (options.print_json) {
    const Json json;
    json.set(json.root(), "model", model.name);
    json.set(json.root(), "metrics", to_json(json, metrics, model.labels));
    json.set(json.root(), "notice", kNotice);
    return std::println("{}", json.text(true));
  }
  print_skipped("images cannot be read and were left out", samples.unreadable);
  print_skipped("images have a label that the model does not know and were left out", samples.unlabelled);
  // In the data's order the first ten would all be of one class.
  std::vector<Scored> shuffled = scored;
  Random(1).shuffle(shuffled);
  print_first(shuffled, model.labels);
  print_metrics(metrics, model.labels);
}

/// A recipe without labels is summarised as if there were the four of the published data.
void summary_command(const Options& options) {
  if (options.recipe.ends_with(".safetensors")) return print_summary(load_model(options.recipe));
  const Recipe recipe = load_recipe(options.recipe, LEUKOLENS_RECIPES);
  std::vector<Label> labels = recipe.labels;
  if (labels.empty())
    labels = {label_of("eosinophil"), label_of("lymphocyte"), label_of("monocyte"), label_of("neutrophil")};
  print_summary(model_of(recipe, labels));
}

}  // namespace leukolens::train
