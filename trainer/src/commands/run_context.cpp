#include "commands/run_context.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <format>
#include <fstream>
#include <optional>
#include <print>
#include <set>
#include <stdexcept>
#include <thread>
#include <tuple>

#include "commands/console.h"
#include "data/provenance.h"
#include "duplicates/duplicate_scan.h"
#include "duplicates/grouping.h"
#include "files/figures.h"
#include "leukolens/sha256.h"
#include "network/device.h"
#include "network/network.h"
#include "network/reference.h"
#include "output/data_summary.h"
#include "support/files.h"
#include "support/progress_line.h"
#include "training/class_weights.h"

namespace leukolens::train {
namespace fs = std::filesystem;
using files::Json;
namespace {

/// Each picture is opened once, for the samples and, where groups are found by comparing images, for the
/// scan.
Samples load_and_group(const files::Dataset& data, const Recipe& recipe, const Model& model,
                       const RecipeOptions& options) {
  const GroupRule rule = parse_group_rule(options.group);
  const bool scans = needs_clusters(rule, data);
  std::optional<LocatorPool> locators;
  if (model.input.region == Input::Region::cell) locators.emplace(read_locator(options));
  SampleLoader loader(data, model.labels, model.input, recipe.augmentation.moves(),
                      locators ? &*locators : nullptr);
  std::vector<Fingerprint> fingerprints(scans ? data.items().size() : 0);
  ProgressLine line;
  for_each_picture(data, scans ? all_items(data) : loader.items(), options.threads,
                   line.counter("reading", "images"), [&](const OpenedFile& file) {
                     loader.add(file);
                     if (!scans) return;
                     const Fingerprint fingerprint = fingerprint_of(file);
                     for (const std::uint32_t item : file.items) fingerprints[item] = fingerprint;
                   });
  line.clear();
  Samples samples = loader.take();
  print_not_labelled(data);
  print_left_out(samples);

  const DuplicateScan scan =
      scan_duplicates(std::move(fingerprints), options.threads, line.counter("comparing", "images"));
  line.clear();
  const std::vector<std::string> names = groups(data, rule, scan.clusters);
  std::vector<std::uint32_t> clusters_of_samples;
  for (Sample& sample : samples.list) {
    sample.group = names[sample.item];
    if (scans) clusters_of_samples.push_back(scan.clusters[sample.item]);
  }
  if (scan.pairs.empty()) return samples;
  print_duplicates(data, scan);
  print_leaks(measure_leaks(samples, clusters_of_samples, recipe.training.validation, options.seed), rule,
              count_groups(names));
  return samples;
}

Model untrained_model(const Recipe& recipe, const files::Dataset& data) {
  if (recipe.training.layers != Training::Layers::all)
    throw std::runtime_error(
        "Some layers alone can learn only where the others have learnt before: --from MODEL.");
  std::vector<Label> labels = recipe.labels;
  if (labels.empty()) {
    for (const std::string& id : labels_in(data)) labels.push_back(label_of(id));
    if (labels.size() == 1)
      throw std::runtime_error(
          std::format("All images have the label {}: there is nothing to tell apart.", labels.front().id));
  }
  return model_of(recipe, labels);
}

Model model_to_go_on_from(const Recipe& recipe, const std::string& path) {
  Model model = load_model(path);
  if (model.detection)
    throw std::runtime_error(std::format("{} is a locator: it cannot be gone on from.", path));
  if (recipe.training.batch_norm)
    throw std::runtime_error(
        std::format("The batch norms of {} were folded into its weights when its training ended: leave "
                    "batch_norm out of the recipe (--set training.batch_norm=false), or the recipe away.",
                    path));
  return model;
}

/// What no program could read back is refused before it is trained.
void check_usable(Model model) {
  if (!has_weights(model)) initialise(model, 0);
  value_or_throw(write_model(model));
}

/// Going on without the old data forgets it: whether some is missing. And figures of data that was learnt
/// before flatter.
bool print_learnt_before(const std::vector<LearntSource>& sources, const Samples& samples,
                         const RecipeOptions& options) {
  constexpr double kPresent = 0.5;
  const std::set<std::string> contents = contents_of(samples);
  const std::vector<std::string> named = names_of(options.data);
  std::string missing;
  for (const LearntSource& source : sources) {
    const bool present = source.sketch.empty() ? std::ranges::contains(named, source.name)
                                               : share_present(source, contents) >= kPresent;
    if (!present) missing += (missing.empty() ? "" : ", ") + source.name;
  }
  if (!missing.empty())
    std::println(
        "{} learnt from {}, which is not among the data: what only that showed may be forgotten. Another "
        "--data mixes it in.",
        options.from, missing);
  if (const Overlap known = overlap(sources, contents); known.found > 0)
    std::println(
        "{} has learnt from about {:.0f} % of these images before: their figures say little about new ones.",
        options.from, 100 * known.share);
  return !missing.empty();
}

std::string processor() {
  std::ifstream stream("/proc/cpuinfo");
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

}  // namespace

Recipe open_recipe(const std::string& name_or_path, const std::vector<std::string>& settings) {
  return load_recipe(name_or_path, LEUKOLENS_RECIPES, settings);
}

std::vector<std::uint8_t> read_locator(const DatasetOptions& options) {
  const std::string path = options.locator.empty() ? LEUKOLENS_LOCATOR : options.locator;
  return value_or_throw(files::read_file(path));
}

void check_fold(int only, int folds) {
  if (only > folds)
    throw std::runtime_error(std::format("There is no fold {}: --folds makes {}.", only, folds));
}

files::Dataset open_data(const std::vector<std::string>& paths) {
  return value_or_throw(files::Dataset::open(std::vector<fs::path>(paths.begin(), paths.end())));
}

Model load_model(const std::string& path) {
  const std::vector<std::uint8_t> bytes = value_or_throw(files::read_file(path));
  Result<Model> model = read_model(bytes);
  if (!model) throw std::runtime_error(std::format("{}: {}", path, model.error().message));
  model->sha256 = sha256(as_text(bytes));
  return std::move(*model);
}

std::vector<Model> load_teachers(const RecipeOptions& options, int fold) {
  constexpr std::string_view kFold = "{fold}";
  std::vector<Model> teachers;
  for (std::string path : options.teachers) {
    if (const std::size_t at = path.find(kFold); fold > 0 && at != path.npos)
      path.replace(at, kFold.size(), std::to_string(fold));
    teachers.push_back(load_model(path));
    if (teachers.back().detection)
      throw std::runtime_error(std::format("{} is a locator: it cannot teach a classifier.", path));
  }
  return teachers;
}

std::string hash_of(const files::Dataset& data) {
  std::string list;
  for (const files::Item& item : data.items())
    list += std::format("{},{},{},{}{}\n", item.source, item.label, item.group, files::name(item.part),
                        item.fold > 0 ? std::format(",{}", item.fold) : "");
  return sha256(list);
}

std::string hash_of(const RunContext& context) {
  std::string list = hash_of(context.data);
  for (const Sample& sample : context.samples.list) {
    const files::Item& item = context.data.items()[sample.item];
    list += std::format("\n{},{}", sample.content, item.soft_label);
    if (item.box)
      list += std::format(",{},{},{},{}", item.box->x, item.box->y, item.box->width, item.box->height);
  }
  return sha256(list);
}

Model model_to_begin_with(const Recipe& recipe, const files::Dataset& data, const std::string& from) {
  if (recipe.locator)
    throw std::runtime_error(std::format("Recipe {} trains a locator: use the verb locator.", recipe.name));
  Model model = from.empty() ? untrained_model(recipe, data) : model_to_go_on_from(recipe, from);
  check_class_weights(recipe.training.class_weights, model.labels);
  check_usable(model);
  return model;
}

RunContext open_run_context(const RecipeOptions& options, Recipe recipe) {
  files::Dataset data = open_data(options.data);
  Model model = model_to_begin_with(recipe, data, options.from);
  Samples samples = load_and_group(data, recipe, model, options);
  const bool forgets = !options.from.empty() && print_learnt_before(learnt_sources(model), samples, options);
  return {std::move(recipe), std::move(data), std::move(model), std::move(samples), forgets};
}

bool read_alike(const Recipe& a, const Recipe& b) {
  const auto view = [](const Recipe& recipe) {
    const Input& input = recipe.input;
    return std::tuple(input.width, input.height, input.region, input.extent, recipe.augmentation.moves());
  };
  return view(a) == view(b) && std::ranges::equal(a.labels, b.labels, {}, &Label::id, &Label::id);
}

std::string crossval_id(const RecipeOptions& options, int folds, const RunContext& context,
                        const std::vector<std::vector<Model>>& teachers) {
  std::string text = std::format("{}\n{}\n{}\n{}{}", context.recipe.text, hash_of(context), options.seed,
                                 folds, options.from.empty() ? "" : "\n" + context.model.sha256);
  for (const std::vector<Model>& own : teachers)
    for (const Model& teacher : own) text += "\n" + teacher.sha256;
  if (options.group != RecipeOptions().group) text += "\n" + options.group;
  if (!options.locator.empty()) text += "\n" + sha256(as_text(read_locator(options)));
  return sha256(text);
}

std::vector<std::string> names_of(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  names.reserve(paths.size());
  for (const std::string& path : paths) {
    const fs::path whole = fs::absolute(path).lexically_normal();  // "cells/" and "." end in a slash
    names.push_back((whole.has_filename() ? whole : whole.parent_path()).filename().string());
  }
  return names;
}

void add_facts(const Json& json, Json::Value to, const std::string& command_line, int threads,
               double seconds) {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  json.set(to, "trainer", "leukolens-train " LEUKOLENS_VERSION);
  json.set(to, "commit", LEUKOLENS_COMMIT);
  json.set(to, "date", std::format("{:%F}", day));
  json.set(to, "command", command_line);
  json.set(to, "threads", threads);
  json.set(to, "seconds", seconds);
  json.set(to, "machine",
           std::format("{}, {} threads{}", processor(), std::thread::hardware_concurrency(),
                       on_gpu() ? ", GPU" : ""));
  json.set(to, "versions", std::format("libtorch {}, gcc {}", libtorch_version(), __VERSION__));
}

void add_facts(const Json& json, Json::Value to, const DatasetOptions& options, const files::Dataset& data,
               std::size_t images, double seconds) {
  add_facts(json, to, options.command_line, options.threads, seconds);
  json.set(to, "data", json.list(names_of(options.data), [](const std::string& name) { return name; }));
  json.set(to, "dataSha256", hash_of(data));
  json.set(to, "images", images);
}

void add_facts(const Json& json, Json::Value to, const RecipeOptions& options, const RunContext& context,
               double seconds) {
  add_facts(json, to, options, context.data, context.samples.list.size(), seconds);
  json.set(to, "recipe", context.recipe.name);
  json.set(to, "recipeText", context.recipe.text);
  json.set(to, "seed", std::size_t(options.seed));
  if (!options.teachers.empty())
    json.set(to, "teachers",
             json.list(names_of(options.teachers), [](const std::string& name) { return name; }));
  if (options.from.empty()) return;
  const Json::Value from = json.object();
  json.set(from, "name", context.model.name);
  json.set(from, "sha256", context.model.sha256);
  json.set(to, "from", from);
}

}  // namespace leukolens::train
