#include "commands/data.h"

#include <algorithm>
#include <filesystem>
#include <format>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <print>

#include "commands/console.h"
#include "data/annotations.h"
#include "data/split.h"
#include "duplicates/duplicate_scan.h"
#include "duplicates/grouping.h"
#include "encode.h"
#include "output/augmented_sheet.h"
#include "output/data_sheet.h"
#include "output/data_summary.h"
#include "output/data_summary_json.h"
#include "support/files.h"
#include "support/outputs.h"
#include "support/progress_line.h"

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

void print_links(const files::Dataset& data, const files::Dataset& originals,
                 std::span<const Origin> origins) {
  std::size_t linked = 0, agreeing = 0;
  int weakest = std::numeric_limits<int>::max();
  std::map<std::uint32_t, std::size_t> variants;
  for (std::size_t i = 0; i < origins.size(); ++i) {
    if (origins[i].agreement < kSameScene) continue;
    ++linked;
    ++variants[origins[i].original];
    weakest = std::min(weakest, origins[i].agreement);
    agreeing += data.items()[i].label == originals.items()[origins[i].original].label;
  }
  std::println(
      "{} of {} images are variants of {} originals. {} of them have their original's label, which "
      "the comparison does not look at.",
      linked, origins.size(), variants.size(), agreeing);
  if (linked > 0)
    std::println("The weakest link agrees in {} keypoints; {} are asked for.\n", weakest, kSameScene);
}

/// One pass over all files: their fingerprints, and what else `see` wants of them.
DuplicateScan scan(const files::Dataset& data, int threads,
                   const std::function<void(const OpenedFile&)>& see) {
  std::vector<Fingerprint> fingerprints(data.items().size());
  ProgressLine line;
  for_each_picture(data, all_items(data), threads, line.counter("reading", "images"),
                   [&](const OpenedFile& file) {
                     const Fingerprint fingerprint = fingerprint_of(file);
                     for (const std::uint32_t item : file.items) fingerprints[item] = fingerprint;
                     see(file);
                   });
  line.clear();
  DuplicateScan result =
      scan_duplicates(std::move(fingerprints), threads, line.counter("comparing", "images"));
  line.clear();
  return result;
}

/// The group of each image by its original: originals of one scene are one group, named after the first. An
/// image that no original agrees with is in none.
std::vector<std::string> link(const DataOptions& options, const files::Dataset& data,
                              const DuplicateScan& images) {
  const files::Dataset originals = open_data({options.originals});
  const DuplicateScan of_originals = scan(originals, options.threads, [](const OpenedFile&) {});
  const auto scenes = [](const DuplicateScan& from) {
    std::vector<Scene> result;
    result.reserve(from.fingerprints.size());
    for (const Fingerprint& fingerprint : from.fingerprints) result.push_back(fingerprint.scene);
    return result;
  };
  ProgressLine line;
  const std::vector<Origin> origins =
      find_origins(scenes(images), scenes(of_originals), options.threads, line.counter("linking", "images"));
  line.clear();
  print_links(data, originals, origins);
  std::vector<std::string> names;
  for (const Origin& origin : origins) {
    const std::uint32_t first = of_originals.clusters[origin.original];
    names.push_back(
        origin.agreement < kSameScene ? "" : fs::path(originals.items()[first].source).stem().string());
  }
  return names;
}

DataSummary summarise(const DataOptions& options, const files::Dataset& data, DuplicateScan scan) {
  DataSummary summary{data, parse_group_rule(options.group), std::move(scan), {}, {}, {}, {}};
  if (options.originals.empty()) {
    summary.groups = groups(data, summary.rule, summary.scan.clusters);
  } else {
    summary.groups = link(options, data, summary.scan);
    summary.rule.kind = GroupRule::Kind::column;  // given, as far as print_leaks() is concerned
  }
  const std::vector<std::string> labels = labels_in(data);
  std::vector<std::uint32_t> clusters;
  for (std::uint32_t i = 0; i < data.items().size(); ++i) {
    if (!summary.scan.fingerprints[i].error.empty()) continue;
    const files::Item& item = data.items()[i];
    const auto label = std::ranges::find(labels, item.label) - labels.begin();
    summary.samples.list.push_back({item.source, summary.groups[i], item.part, static_cast<int>(label)});
    summary.items.push_back(i);
    clusters.push_back(summary.scan.clusters[i]);
  }
  if (!summary.scan.pairs.empty())
    summary.leaks = measure_leaks(summary.samples, clusters, Training{}.validation, options.seed);
  return summary;
}

/// For each sample what the list's last columns say: fold and part.
std::vector<std::string> split_columns(const DataOptions& options, const Samples& samples) {
  std::vector<std::string> columns(samples.list.size());
  if (options.folds > 0) {
    const std::vector<Indices> parts = folds(samples, options.folds, options.seed);
    for (std::size_t f = 0; f < parts.size(); ++f)
      for (const std::uint32_t i : parts[f]) columns[i] = std::to_string(f + 1);
    for (std::size_t i = 0; i < columns.size(); ++i)
      columns[i] += samples.list[i].part == files::Part::unassigned
                        ? ","
                        : std::format(",{}", files::name(samples.list[i].part));
    return columns;
  }
  const Split parts = split(samples, Training{}.validation, options.seed);
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = files::name(samples.list[i].part);
  for (const std::uint32_t i : parts.train) columns[i] = files::name(files::Part::train);
  for (const std::uint32_t i : parts.validation) columns[i] = files::name(files::Part::validation);
  return columns;
}

void print_annotations(const AnnotationFinder& annotations, const std::string& boxes) {
  std::map<std::string, std::size_t> counts;
  for (const std::vector<Annotation>& image : annotations.found())
    for (const Annotation& one : image) ++counts[one.label];
  if (counts.empty())
    throw std::runtime_error(std::format(
        "{} has no boxes in these images: it needs the columns image,kind,xmin,ymin,xmax,ymax.", boxes));
  for (const auto& [label, count] : counts)
    std::println("{} {} of {} besides.", count, count == 1 ? "box" : "boxes", label);
}

/// Paths relative to the list, so that it can be read as a data set.
void write_list(const DataOptions& options, const DataSummary& summary,
                const std::vector<std::vector<Annotation>>& annotations) {
  const fs::path folder = fs::absolute(options.out).parent_path();
  const std::vector<std::string> columns = split_columns(options, summary.samples);
  const bool sampled = !std::ranges::all_of(summary.data.items(), &std::string::empty, &files::Item::sample);
  std::string csv = std::format("image,label,group,{}split,xmin,ymin,xmax,ymax,soft_label{}\n",
                                options.folds > 0 ? "fold," : "", sampled ? ",sample" : "");
  for (std::size_t i = 0; i < summary.items.size(); ++i) {
    const files::Item& item = summary.data.items()[summary.items[i]];
    const std::string image = fs::proximate(summary.data.location(item), folder).generic_string();
    const auto add = [&](const std::string& label, const std::optional<Rect>& box,
                         const std::string& soft_label) {
      csv += std::format(
          "{},{},{},{},{},{}{}\n", files::csv_field(image), files::csv_field(label),
          files::csv_field(summary.groups[summary.items[i]]), columns[i],
          box ? std::format("{},{},{},{}", box->x, box->y, box->x + box->width, box->y + box->height) : ",,,",
          files::csv_field(soft_label), sampled ? "," + files::csv_field(item.sample) : "");
    };
    add(item.label, item.box, item.soft_label);
    if (annotations.empty()) continue;
    for (const Annotation& other : annotations[summary.items[i]]) add(other.label, other.box, "");
  }
  write_atomically(options.out, csv);
  std::println("Wrote {}: use it as --data, and every split keeps its groups whole.", options.out);
}

void write_png(const Image& image, const std::string& path) {
  const smear::Bytes png = smear::encode_png(image);
  write_atomically(path, {reinterpret_cast<const char*>(png.data()), png.size()});
}

/// The very views that fit() of this recipe, data, grouping and seed begins with.
void write_views(const DataOptions& options, const DataSummary& summary, const Recipe& recipe,
                 const Model& model) {
  std::optional<LocatorPool> locators;
  if (model.input.region == Input::Region::cell) locators.emplace(read_locator(options));
  ProgressLine line;
  Samples samples = load_samples(summary.data, model.labels, model.input,
                                 {.threads = options.threads,
                                  .sources = recipe.augmentation.moves(),
                                  .locators = locators ? &*locators : nullptr},
                                 line.counter("reading", "images"));
  line.clear();
  for (Sample& sample : samples.list) sample.group = summary.groups[sample.item];
  const Split parts = split(samples, recipe.training.validation, options.seed);
  write_png(augmented_sheet(recipe, model, samples, parts.train, options.seed), options.augmented);
  std::println("Wrote {}: what {} shows the network.", options.augmented, recipe.name);
}

void refuse_if_too_many_unreadable(const DataSummary& summary) {
  const std::size_t all = summary.data.items().size(), broken = all - summary.items.size();
  if (broken * 10 > all)
    throw std::runtime_error(
        std::format("{} of {} images cannot be read: mend the data before training.", broken, all));
}

}  // namespace

void data_command(const DataOptions& options) {
  if (!options.out.empty()) require_extension(options.out, {".csv"});
  for (const std::string& picture : {options.sheet, options.augmented})
    if (!picture.empty()) require_extension(picture, {".png"});
  std::vector<std::string> inputs = options.data;
  inputs.insert(inputs.end(), {options.originals, options.boxes, options.recipe, options.from});
  check_outputs({options.out, options.json, options.sheet, options.augmented}, inputs);
  const files::Dataset data = open_data(options.data);
  std::optional<Recipe> recipe;  // and model: of what options.augmented shows
  std::optional<Model> model;
  if (!options.augmented.empty()) {
    recipe = open_recipe(options.recipe, options.settings);
    model = model_to_begin_with(*recipe, data, options.from);
  }
  std::optional<files::Dataset> boxes;
  std::optional<LocatorPool> locators;
  std::optional<AnnotationFinder> annotations;
  if (!options.boxes.empty()) {
    boxes = open_data({options.boxes});
    locators.emplace(read_locator(options));
    annotations.emplace(data, *boxes, *locators, options.seed);
  }
  const DataSummary summary =
      summarise(options, data, scan(data, options.threads, [&](const OpenedFile& file) {
                  if (annotations) annotations->add(file);
                }));
  print_counts(summary);
  print_not_labelled(data);
  print_skipped("image cannot be read and was left out", "images cannot be read and were left out",
                unreadable(data, summary.scan));
  print_duplicates(data, summary.scan);
  print_leaks(summary.leaks, summary.rule, count_groups(summary.groups));
  if (!options.json.empty()) write_atomically(options.json, to_json(summary, options.data));
  if (!options.sheet.empty()) write_png(data_sheet(summary, options.seed), options.sheet);
  if (recipe) write_views(options, summary, *recipe, *model);
  refuse_if_too_many_unreadable(summary);
  if (annotations) print_annotations(*annotations, options.boxes);
  if (!options.out.empty())
    write_list(options, summary, annotations ? annotations->found() : std::vector<std::vector<Annotation>>());
}

}  // namespace leukolens::train
