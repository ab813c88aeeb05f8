// data: what is in a data set, and which of its images are variants of each other.
#include <algorithm>
#include <filesystem>
#include <format>
#include <map>
#include <print>

#include "commands.h"
#include "console.h"
#include "files.h"
#include "scenes.h"

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

void print_counts(const files::Dataset& data) {
  std::map<std::string, std::map<files::Part, std::size_t>> counts;
  std::size_t grouped = 0;
  for (const files::Item& item : data.items()) {
    ++counts[item.label][item.part];
    grouped += !item.group.empty();
  }
  for (const auto& [label, parts] : counts) {
    std::string line = std::format("{:24}", label);
    for (const auto& [part, count] : parts)
      line += std::format(" {:>7} {}", count, part == files::Part::unassigned ? "images" : files::name(part));
    std::println("{}", line);
  }
  std::println("{:24} {:>7} images, {} of them with a group\n", "", data.items().size(), grouped);
}

/// The groups of the originals: those of the same scene together, named after the first.
std::vector<std::string> groups_of(const files::Dataset& originals, std::span<const Scene> scenes,
                                   int threads) {
  ProgressLine line;
  const std::vector<ScenePair> pairs = same_scenes(scenes, threads, line.counter("comparing", "originals"));
  line.clear();
  std::vector<std::string> groups;
  for (const std::uint32_t first : join(scenes.size(), pairs))
    groups.push_back(fs::path(originals.items()[first].source).stem().string());
  std::println("{} originals show {} scenes.", scenes.size(),
               std::ranges::count_if(join(scenes.size(), pairs),
                                     [i = 0u](std::uint32_t first) mutable { return first == i++; }));
  return groups;
}

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
      "{} of {} images are variants of {} originals. {} of them have their original's label, which the "
      "comparison does not look "
      "at. The weakest link agrees in {} keypoints; unrelated images reach {}.",
      linked, origins.size(), variants.size(), agreeing, weakest, kSameScene - 2);
}

void link(const Options& options, const files::Dataset& data) {
  const files::Dataset originals = open_data({options.originals});
  ProgressLine line;
  const std::vector<Scene> scenes =
      describe_scenes(originals, options.threads, line.counter("describing", "originals"));
  line.clear();
  const std::vector<std::string> groups = groups_of(originals, scenes, options.threads);
  const std::vector<Scene> images =
      describe_scenes(data, options.threads, line.counter("describing", "images"));
  line.clear();
  const std::vector<Origin> origins =
      find_origins(images, scenes, options.threads, line.counter("linking", "images"));
  line.clear();
  print_links(data, originals, origins);
  if (options.out.empty()) return;

  const fs::path from = fs::absolute(options.data[0]), folder = fs::absolute(options.out).parent_path();
  const fs::path base = fs::proximate(from.extension() == ".csv" ? from.parent_path() : from, folder);
  std::string csv = "image,label,group\n";
  for (std::size_t i = 0; i < origins.size(); ++i) {
    if (origins[i].agreement < kSameScene) continue;
    csv += std::format("{},{},{}\n", files::csv_field((base / data.items()[i].source).generic_string()),
                       data.items()[i].label, groups[origins[i].original]);
  }
  write_atomically(options.out, csv);
  std::println("Wrote {}: use it as --data, and every split keeps the variants of a cell together.",
               options.out);
}

}  // namespace

void data_command(const Options& options) {
  const files::Dataset data = open_data(options.data);
  print_skipped("files are not labelled images and were left out", data.skipped());
  print_counts(data);
  if (!options.originals.empty()) link(options, data);
}

}  // namespace leukolens::train
