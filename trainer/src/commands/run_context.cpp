#include "commands/run_context.h"

#include <chrono>
#include <filesystem>
#include <format>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <thread>

#include "commands/console.h"
#include "duplicates/duplicate_scan.h"
#include "duplicates/grouping.h"
#include "files/figures.h"
#include "leukolens/sha256.h"
#include "network/reference.h"
#include "output/data_summary.h"
#include "support/files.h"
#include "support/progress_line.h"

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
  print_skipped("files are not labelled images and were left out", data.skipped());
  print_skipped("images cannot be read and were left out", samples.unreadable);
  print_skipped("images have a label that the recipe does not know and were left out", samples.unlabelled);

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

std::string processor() {
  std::ifstream stream("/proc/cpuinfo");
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

}  // namespace

Recipe open_recipe(const std::string& name_or_path) { return load_recipe(name_or_path, LEUKOLENS_RECIPES); }

std::vector<std::uint8_t> read_locator(const DatasetOptions& options) {
  const std::string path = options.locator.empty() ? LEUKOLENS_LOCATOR : options.locator;
  return value_or_throw(files::read_file(path));
}

files::Dataset open_data(const std::vector<std::string>& paths) {
  return value_or_throw(files::Dataset::open(std::vector<fs::path>(paths.begin(), paths.end())));
}

Model load_model(const std::string& path) {
  Result<Model> model = read_model(value_or_throw(files::read_file(path)));
  if (!model) throw std::runtime_error(std::format("{}: {}", path, model.error().message));
  return std::move(*model);
}

std::string hash_of(const files::Dataset& data) {
  std::string list;
  for (const files::Item& item : data.items())
    list += std::format("{},{},{},{}\n", item.source, item.label, item.group, files::name(item.part));
  return sha256(list);
}

RunContext open_run_context(const RecipeOptions& options, Recipe recipe) {
  if (recipe.locator)
    throw std::runtime_error(std::format("Recipe {} trains a locator: use the verb locator.", recipe.name));
  files::Dataset data = open_data(options.data);
  std::vector<Label> labels = recipe.labels;
  if (labels.empty()) {
    for (const std::string& id : labels_in(data)) labels.push_back(label_of(id));
  }
  Model model = model_of(recipe, labels);
  Samples samples = load_and_group(data, recipe, model, options);
  return {std::move(recipe), std::move(data), std::move(model), std::move(samples)};
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
  json.set(to, "machine", std::format("{}, {} threads", processor(), std::thread::hardware_concurrency()));
  json.set(to, "versions", std::format("libtorch {}, gcc {}", libtorch_version(), __VERSION__));
}

void add_facts(const Json& json, Json::Value to, const DatasetOptions& options, const files::Dataset& data,
               std::size_t images, double seconds) {
  add_facts(json, to, options.command_line, options.threads, seconds);
  json.set(to, "data", json.list(options.data, [](const std::string& path) {
    return fs::path(path).filename().string();
  }));
  json.set(to, "dataSha256", hash_of(data));
  json.set(to, "images", images);
}

void add_facts(const Json& json, Json::Value to, const RecipeOptions& options, const RunContext& context,
               double seconds) {
  add_facts(json, to, options, context.data, context.samples.list.size(), seconds);
  json.set(to, "recipe", context.recipe.name);
  json.set(to, "recipeText", context.recipe.text);
  json.set(to, "seed", std::size_t(options.seed));
}

}  // namespace leukolens::train
