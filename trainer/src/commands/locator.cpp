#include "commands/locator.h"

#include <chrono>
#include <format>
#include <memory>
#include <print>
#include <stdexcept>

#include "commands/console.h"
#include "files/dataset.h"
#include "leukolens/notice.h"
#include "locator/locator_fit.h"
#include "locator/locator_scores.h"
#include "output/golden.h"
#include "support/files.h"
#include "support/json_document.h"
#include "support/outputs.h"
#include "support/progress_line.h"

namespace leukolens::train {
using files::Json;
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSmears = 300;  // drawn once a run

Model train_on(const Recipe& recipe, std::vector<MarkedImage>& images, const LocatorOptions& options) {
  const auto line = std::make_shared<ProgressLine>();
  const auto start = Clock::now();
  LocatorFitOptions fit{.seed = options.seed, .threads = options.threads, .interrupted = &interrupted};
  fit.on_step = [&](const LocatorStep& step) {
    line->show(double(step.step) / step.steps,
               std::format("step {}/{}: loss {:.3f} of centres, {:.3f} of edges", step.step, step.steps,
                           step.centres, step.edges));
    if (step.step % 250 != 0 && step.step != step.steps) return;
    line->clear();
    std::println("step {:6}: loss {:.3f} of centres, {:.3f} of edges, {:.0f} s", step.step, step.centres,
                 step.edges, std::chrono::duration<double>(Clock::now() - start).count());
  };
  fit.on_labels = [&](int found) {
    line->clear();
    std::println("In {} crops of unknown outline the network has framed the cell.", found);
  };
  return fit_locator(recipe, images, fit);
}

void add_drawn_smears(std::vector<MarkedImage>& images, const LocatorTraining& plan, std::uint64_t seed) {
  if (plan.smears <= 0) return;
  for (MarkedImage& image : draw_marked_smears(kSmears, static_cast<int>(plan.sources.size()), seed))
    images.push_back(std::move(image));
}

Json::Value facts_of(const Json& json, const Recipe& recipe, const LocatorOptions& options,
                     Clock::time_point start) {
  const Json::Value facts = json.object();
  add_facts(json, facts, options.command_line, options.threads,
            std::chrono::duration<double>(Clock::now() - start).count());
  json.set(facts, "recipe", recipe.name);
  json.set(facts, "recipeText", recipe.text);
  json.set(facts, "seed", std::size_t(options.seed));
  return facts;
}

/// In 8 bits, as it is used. Returns the model as it is read back.
Model write(Model model, const Recipe& recipe, const LocatorOptions& options, Clock::time_point start) {
  const Json json;
  json.set(json.root(), "facts", facts_of(json, recipe, options, start));
  model.training_json = json.text(false);
  if (!options.crossval.empty()) {
    const auto text = value_or_throw(files::read_file(options.crossval));
    model.metrics_json = json_of(JsonDocument(as_text(text), options.crossval).find("sources"));
  }
  const auto file = value_or_throw(write_model(model, Precision::i8));
  Model written = value_or_throw(read_model(file));
  if (!options.out.empty()) write_atomically(options.out, as_text(file));
  const Agreement agreement = agreement_with_engine(written);
  std::println("On {} drawn smears the engine's values differ from libtorch's by at most {:.1e}.",
               agreement.images, agreement.largest_difference);
  return written;
}

Model open_locator(const std::string& path) {
  Model model =
      value_or_throw(files::read_file(path).and_then([](const auto& bytes) { return read_model(bytes); }));
  if (!model.detection) throw std::runtime_error(path + " is no locator: it classifies.");
  return model;
}

}  // namespace

void locator_command(const LocatorOptions& options) {
  const bool trains = options.evaluate.empty();
  const auto start = Clock::now();
  check_fold(options.only, options.folds);
  if (!options.out.empty()) require_extension(options.out, {".safetensors"});
  check_outputs({options.out, options.json}, {options.crossval, options.evaluate});
  const Recipe recipe = open_recipe(options.recipe);
  if (!recipe.locator)
    throw std::runtime_error(std::format("Recipe {} trains no locator: it has no [detection].", recipe.name));
  if (trains) print_summary(model_of(recipe, recipe.labels));
  ScoresBySource scores;
  std::vector<ScoresBySource> folds;
  for (int fold = 1; fold <= std::max(options.folds, 1); ++fold) {
    if (options.only > 0 && fold != options.only) continue;
    if (options.folds > 0) std::println("\nFold {} of {}", fold, options.folds);
    std::vector<MarkedImage> images =
        load_marked_images(*recipe.locator, options.data, {options.folds, fold - 1});
    if (trains) add_drawn_smears(images, *recipe.locator, options.seed);
    const Model model = trains ? write(train_on(recipe, images, options), recipe, options, start)
                               : open_locator(options.evaluate);
    ProgressLine line;
    folds.push_back(score_locator(model, *recipe.locator, images, options.folds == 0, options.threads,
                                  line.counter("judging", "images")));
    line.clear();
    std::println("\n{}{}", options.folds == 0 ? "On what it has learnt from:\n" : "", table(folds.back()));
    for (const auto& [name, one] : folds.back()) scores[name].add(one);
  }
  if (folds.size() > 1) std::println("All folds together:\n\n{}", table(scores));
  std::println("{}", kNotice);
  if (options.json.empty()) return;
  const Json json;
  json.set(json.root(), "facts", facts_of(json, recipe, options, start));
  json.set(json.root(), "sources", to_json(json, scores));
  json.set(json.root(), "folds",
           json.list(folds, [&](const ScoresBySource& one) { return to_json(json, one); }));
  json.set(json.root(), "notice", kNotice);
  write_atomically(options.json, json.text(true) + "\n");
}

}  // namespace leukolens::train
