// data: what is in a data set, which of its images are variants of each other, and how it can be split.
#include <algorithm>
#include <filesystem>
#include <format>
#include <map>
#include <print>
#include <ranges>

#include "commands/commands.h"
#include "commands/console.h"
#include "data/annotations.h"
#include "encode.h"
#include "output/contact_sheet.h"
#include "output/data_summary.h"
#include "support/files.h"
#include "support/random.h"

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kThumbnails = 12;  // of each class, and images of pairs

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

/// The group of each image by its original: originals of one scene are one group, named after the first. An
/// image that no original agrees with is for itself.
std::vector<std::string> link(const Options& options, const files::Dataset& data, const Audit& images) {
  const files::Dataset originals = open_data({options.originals});
  const Audit of_originals = audit(originals, options.threads);
  const auto scenes = [](const Audit& from) {
    std::vector<Scene> result;
    result.reserve(from.findings.size());
    for (const Finding& finding : from.findings) result.push_back(finding.scene);
    return result;
  };
  ProgressLine line;
  const std::vector<Origin> origins =
      find_origins(scenes(images), scenes(of_originals), options.threads, line.counter("linking", "images"));
  line.clear();
  print_links(data, originals, origins);
  std::vector<std::string> names;
  for (const Origin& origin : origins) {
    const std::uint32_t first = of_originals.families[origin.original];
    names.push_back(
        origin.agreement < kSameScene ? "" : fs::path(originals.items()[first].source).stem().string());
  }
  return names;
}

DataReport examine(const Options& options, const files::Dataset& data) {
  DataReport report{data, parse_group_rule(options.group), audit(data, options.threads), {}, {}, {}, {}};
  if (options.originals.empty()) {
    report.groups = groups(data, report.rule, report.audit.families);
  } else {
    report.groups = link(options, data, report.audit);
    report.rule.kind = GroupRule::Kind::column;  // given, as far as print_leaks() is concerned
  }
  const std::vector<std::string> labels = labels_in(data);
  std::vector<std::uint32_t> families;
  for (std::uint32_t i = 0; i < data.items().size(); ++i) {
    if (!report.audit.findings[i].error.empty()) continue;
    const files::Item& item = data.items()[i];
    const auto label = std::ranges::find(labels, item.label) - labels.begin();
    report.samples.list.push_back({item.source, report.groups[i], item.part, static_cast<int>(label)});
    report.items.push_back(i);
    families.push_back(report.audit.families[i]);
  }
  if (!report.audit.twins.empty())
    report.leaks = measure_leaks(report.samples, families, Training{}.validation, options.seed);
  return report;
}

/// For each sample what the list's last columns say: fold and part.
std::vector<std::string> split_columns(const Options& options, const Samples& samples) {
  std::vector<std::string> columns(samples.list.size());
  if (options.listed_folds > 0) {
    const std::vector<Indices> parts = folds(samples, options.listed_folds, options.seed);
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

/// Where `--boxes` names any, the places of each image that its label does not name.
std::vector<std::vector<Place>> places(const Options& options, const DataReport& report) {
  if (options.boxes.empty()) return std::vector<std::vector<Place>>(report.data.items().size());
  ProgressLine line;
  std::vector<std::vector<Place>> found =
      other_places(report.data, open_data({options.boxes}), options.seed, options.threads,
                   line.counter("looking for platelets and for nothing in", "images"));
  line.clear();
  std::map<std::string, std::size_t> counts;
  for (const std::vector<Place>& image : found)
    for (const Place& place : image) ++counts[place.label];
  if (counts.empty())
    throw std::runtime_error(
        std::format("{} has no boxes in these images: it needs the columns image,kind,xmin,ymin,xmax,ymax.",
                    options.boxes));
  for (const auto& [label, count] : counts) std::println("{} places of {} besides.", count, label);
  return found;
}

/// Paths relative to the list, so that it can be read as a data set.
void write_list(const Options& options, const DataReport& report) {
  const fs::path folder = fs::absolute(options.out).parent_path();
  const std::vector<std::string> columns = split_columns(options, report.samples);
  std::string csv = std::format("image,label,group,{}split,xmin,ymin,xmax,ymax,doubt\n",
                                options.listed_folds > 0 ? "fold," : "");
  const std::vector<std::vector<Place>> others = places(options, report);
  for (std::size_t i = 0; i < report.items.size(); ++i) {
    const files::Item& item = report.data.items()[report.items[i]];
    const std::string image = fs::proximate(report.data.location(item), folder).generic_string();
    const auto add = [&](const std::string& label, const std::optional<Rect>& box, const std::string& doubt) {
      csv += std::format(
          "{},{},{},{},{},{}\n", files::csv_field(image), files::csv_field(label),
          files::csv_field(report.groups[report.items[i]]), columns[i],
          box ? std::format("{},{},{},{}", box->x, box->y, box->x + box->width, box->y + box->height) : ",,,",
          files::csv_field(doubt));
    };
    add(item.label, item.box, item.doubt);
    for (const Place& other : others[report.items[i]]) add(other.label, other.box, "");
  }
  write_atomically(options.out, csv);
  std::println("Wrote {}: use it as --data, and every split keeps its groups whole.", options.out);
}

Tile tile(const files::Dataset& data, std::uint32_t index, std::string caption, bool marked) {
  const auto bytes = data.read(data.items()[index]);
  Result<Image> image = bytes ? decode(*bytes) : Result<Image>();
  return {image ? std::move(*image) : Image(), std::move(caption), marked};
}

/// Pairs side by side, each under its labels.
SheetBlock pairs_block(const DataReport& report, std::string title, auto&& wanted) {
  SheetBlock block{std::move(title), {}};
  for (const Twins& pair : report.audit.twins) {
    const files::Item &a = report.data.items()[pair.a], &b = report.data.items()[pair.b];
    if (block.tiles.size() >= kThumbnails || !report.audit.findings[pair.a].error.empty() ||
        !wanted(pair, a.label != b.label))
      continue;
    block.tiles.push_back(tile(report.data, pair.a, a.label, a.label != b.label));
    block.tiles.push_back(tile(report.data, pair.b, b.label, a.label != b.label));
  }
  return block;
}

/// Thumbnails of each class, drawn at random, and of the pairs that a person should look at.
Image draw_sheet(const DataReport& report, std::uint64_t seed) {
  std::map<std::string, Indices> by_label;
  for (const std::uint32_t i : report.items) by_label[report.data.items()[i].label].push_back(i);
  std::vector<SheetBlock> blocks;
  Random random(seed, 2);
  for (auto& [label, indices] : by_label) {
    blocks.push_back({std::format("{}: {} images", label, indices.size()), {}});
    random.shuffle(indices);
    for (const std::uint32_t i : indices | std::views::take(kThumbnails))
      blocks.back().tiles.push_back(tile(report.data, i, "", false));
  }
  blocks.push_back(
      pairs_block(report, "The same picture under two labels",
                  [](const Twins& pair, bool other) { return other && pair.likeness != Likeness::scene; }));
  blocks.push_back(pairs_block(report, "The same scene under two labels", [](const Twins& pair, bool other) {
    return other && pair.likeness == Likeness::scene;
  }));
  blocks.push_back(pairs_block(report, "The same picture twice", [](const Twins& pair, bool other) {
    return !other && pair.likeness != Likeness::scene;
  }));
  blocks.push_back(pairs_block(report, "The same scene twice", [](const Twins& pair, bool other) {
    return !other && pair.likeness == Likeness::scene;
  }));
  std::erase_if(blocks, [](const SheetBlock& block) { return block.tiles.empty(); });
  blocks.push_back({kNotice, {}});
  return contact_sheet(blocks);
}

void refuse_if_too_many_unreadable(const DataReport& report) {
  const std::size_t all = report.data.items().size(), broken = all - report.items.size();
  if (broken * 10 > all)
    throw std::runtime_error(
        std::format("{} of {} images cannot be read: mend the data before training.", broken, all));
}

}  // namespace

void data_command(const Options& options) {
  const files::Dataset data = open_data(options.data);
  const DataReport report = examine(options, data);
  print_counts(report);
  print_skipped("files are not labelled images and were left out", data.skipped());
  print_skipped("files cannot be read as images and were left out", unreadable(data, report.audit));
  print_findings(data, report.audit);
  print_leaks(report.leaks, report.rule, count_groups(report.groups));
  if (!options.json.empty()) write_atomically(options.json, to_json(report, options.data));
  if (!options.sheet.empty()) {
    const smear::Bytes png = smear::encode_png(draw_sheet(report, options.seed));
    write_atomically(options.sheet, {reinterpret_cast<const char*>(png.data()), png.size()});
  }
  refuse_if_too_many_unreadable(report);
  if (!options.out.empty()) write_list(options, report);
}

}  // namespace leukolens::train
