#include "commands/run_context.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <print>
#include <thread>
#include <unordered_map>

#include "commands/console.h"
#include "files/figures.h"
#include "network/reference.h"
#include "output/data_summary.h"
#include "support/sha256.h"

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

Samples load(const files::Dataset& data, const Recipe& recipe, const Model& model, int threads) {
  ProgressLine line;
  Samples samples = load_samples(data, model.labels, model.input, {threads, recipe.augmentation.moves()},
                                 line.counter("reading", "images"));
  line.clear();
  return samples;
}

/// Gives the samples their groups as `--group` says, and tells what was found on the way.
void group(const files::Dataset& data, Samples& samples, const Options& options, double validation) {
  const GroupRule rule = parse_group_rule(options.group);
  const bool looks = needs_families(rule, data);
  const Audit found = looks ? audit(data, options.threads) : Audit();
  const std::vector<std::string> names = groups(data, rule, found.families);
  std::unordered_map<std::string_view, std::uint32_t> index;
  for (std::uint32_t i = 0; i < names.size(); ++i) index[data.items()[i].source] = i;
  std::vector<std::uint32_t> families_of_samples;
  for (Sample& sample : samples.list) {
    const std::uint32_t i = index.at(sample.source);
    sample.group = names[i];
    if (looks) families_of_samples.push_back(found.families[i]);
  }
  if (found.twins.empty()) return;
  print_findings(data, found);
  print_leaks(measure_leaks(samples, families_of_samples, validation, options.seed), rule,
              count_groups(names));
}

std::string processor() {
  std::ifstream stream("/proc/cpuinfo");
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

}  // namespace

files::Dataset open_data(const std::vector<std::string>& paths) {
  Result<files::Dataset> data = files::Dataset::open(std::vector<fs::path>(paths.begin(), paths.end()));
  if (!data) throw std::runtime_error(data.error().message);
  return std::move(*data);
}

Model load_model(const std::string& path) {
  const Result<std::vector<std::uint8_t>> bytes = files::read_file(path);
  if (!bytes) throw std::runtime_error(bytes.error().message);
  Result<Model> model = read_model(*bytes);
  if (!model) throw std::runtime_error(std::format("{}: {}", path, model.error().message));
  return std::move(*model);
}

std::string hash_of(const files::Dataset& data) {
  std::string list;
  for (const files::Item& item : data.items())
    list += std::format("{},{},{},{}\n", item.source, item.label, item.group, files::name(item.part));
  return sha256(list);
}

Session open_session(const Options& options, Recipe recipe) {
  files::Dataset data = open_data(options.data);
  std::vector<Label> labels = recipe.labels;
  if (labels.empty()) {
    for (const std::string& id : labels_in(data)) labels.push_back(label_of(id));
  }
  Model model = model_of(recipe, labels);
  Samples samples = load(data, recipe, model, options.threads);
  print_skipped("files are not labelled images and were left out", data.skipped());
  print_skipped("images cannot be read and were left out", samples.unreadable);
  print_skipped("images have a label that the recipe does not know and were left out", samples.unlabelled);
  group(data, samples, options, recipe.training.validation);
  return {std::move(recipe), std::move(data), std::move(model), std::move(samples)};
}

void add_facts(const Json& json, Json::Value to, const Options& options, const Session& session,
               double seconds) {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  json.set(to, "trainer", "leukolens-train " LEUKOLENS_VERSION);
  json.set(to, "commit", LEUKOLENS_COMMIT);
  json.set(to, "date", std::format("{:%F}", day));
  json.set(to, "command", options.command_line);
  json.set(to, "recipe", session.recipe.name);
  json.set(to, "recipeText", session.recipe.text);
  json.set(to, "data", json.list(options.data, [](const std::string& path) {
    return fs::path(path).filename().string();
  }));
  json.set(to, "dataSha256", hash_of(session.data));
  json.set(to, "images", session.samples.list.size());
  json.set(to, "seed", std::size_t(options.seed));
  json.set(to, "threads", options.threads);
  json.set(to, "seconds", seconds);
  json.set(to, "machine", std::format("{}, {} threads", processor(), std::thread::hardware_concurrency()));
  json.set(to, "versions", std::format("libtorch {}, gcc {}", libtorch_version(), __VERSION__));
}

void print_skipped(std::string_view what, const std::vector<files::Skipped>& skipped) {
  constexpr std::size_t kShown = 5;
  if (skipped.empty()) return;
  std::println("{} {}:", skipped.size(), what);
  for (std::size_t i = 0; i < std::min(kShown, skipped.size()); ++i) {
    std::println("  {}: {}", skipped[i].source, skipped[i].reason);
  }
  if (skipped.size() > kShown) std::println("  and {} more", skipped.size() - kShown);
}

void print_metrics(const Metrics& metrics, std::span<const Label> labels) {
  std::println("{}\n{}", files::table(metrics, labels), kNotice);
}

}  // namespace leukolens::train
