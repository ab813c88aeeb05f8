#include "commands/locator.h"

#include <chrono>
#include <filesystem>
#include <format>
#include <memory>
#include <print>
#include <stdexcept>

#include "commands/console.h"
#include "leukolens/notice.h"
#include "locator/locator_fit.h"
#include "locator/locator_scores.h"
#include "support/files.h"
#include "support/progress_line.h"

namespace leukolens::train {
namespace fs = std::filesystem;
using files::Json;
namespace {

constexpr int kSmears = 300;  // drawn once a run

Model train_on(const Recipe& recipe, std::vector<MarkedImage>& images, const LocatorOptions& options) {
  const auto line = std::make_shared<ProgressLine>();
  const auto start = std::chrono::steady_clock::now();
  LocatorFitOptions fit{.seed = options.seed, .threads = options.threads, .interrupted = &interrupted};
  fit.on_step = [&](const LocatorStep& step) {
    line->show(double(step.step) / step.steps,
               std::format("step {}/{}: loss {:.3f} of centres, {:.3f} of edges", step.step, step.steps,
                           step.centres, step.edges));
    if (step.step % 250 != 0 && step.step != step.steps) return;
    line->clear();
    std::println("step {:6}: loss {:.3f} of centres, {:.3f} of edges, {:.0f} s", step.step, step.centres, step.edges,
                 std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  };
  fit.on_labels = [&](int found) {
    line->clear();
    std::println("In {} crops of unknown outline the network has framed the cell.", found);
  };
  return fit_locator(recipe, images, fit);
}

std::vector<MarkedImage> images_for(const Recipe& recipe, const LocatorOptions& options, FoldChoice choice) {
  const LocatorTraining& plan = *recipe.locator;
  std::vector<MarkedImage> images = load_marked_images(plan, options.data, choice);
  if (plan.smears > 0)
    for (MarkedImage& image : draw_marked_smears(kSmears, static_cast<int>(plan.sources.size()), options.seed))
      images.push_back(std::move(image));
  return images;
}

}  // namespace

void locator_command(const LocatorOptions& options) {
  const Recipe recipe = open_recipe(options.recipe);
  if (!recipe.locator)
    throw std::runtime_error(std::format("Recipe {} trains no locator: it has no [detection].", recipe.name));
  print_summary(model_of(recipe, locator_labels()));
  ScoresBySource scores;
  for (int fold = 1; fold <= std::max(options.folds, 1); ++fold) {
    if (options.only > 0 && fold != options.only) continue;
    if (options.folds > 0) std::println("\nFold {} of {}", fold, options.folds);
    std::vector<MarkedImage> images = images_for(recipe, options, {options.folds, fold - 1});
    const Model trained = train_on(recipe, images, options);
    const auto file = value_or_throw(write_model(trained, Precision::i8));
    if (!options.out.empty()) write_atomically(options.out, as_text(file));
    const Model model = value_or_throw(read_model(file));
    const ScoresBySource of_fold = score_locator(model, *recipe.locator, images, options.folds == 0,
                                                 options.threads, [](std::size_t, std::size_t) {});
    std::println("\n{}", table(of_fold));
    for (const auto& [name, one] : of_fold) scores[name].add(one);
  }
  if (options.folds > 1 && options.only == 0) std::println("All folds together:\n\n{}", table(scores));
  std::println("{}", kNotice);
  if (options.json.empty()) return;
  const Json json;
  json.set(json.root(), "recipe", recipe.name);
  json.set(json.root(), "sources", to_json(json, scores));
  json.set(json.root(), "notice", kNotice);
  write_atomically(options.json, json.text(true) + "\n");
}

}  // namespace leukolens::train
