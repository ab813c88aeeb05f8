#include "evaluation/sample_counts.h"

#include <algorithm>
#include <filesystem>
#include <format>
#include <map>
#include <mutex>
#include <stdexcept>

#include "data/picture_pass.h"
#include "evaluation/classifier_pool.h"
#include "files/composition.h"
#include "files/evaluation.h"
#include "files/label_id.h"
#include "support/progress_line.h"

namespace leukolens::train {
namespace {

/// None where the model does not have the label.
std::optional<Cell> labelled_cell(const files::Item& item, std::span<const Label> labels) {
  const auto label = std::ranges::find(labels, item.label, &Label::id);
  if (label == labels.end()) return std::nullopt;
  Cell cell;
  cell.verdict = Verdict::classified;
  cell.label = static_cast<int>(label - labels.begin());
  return cell;
}

/// What the model counts in a picture.
std::vector<Cell> counted_cells(const Picture& picture, bool is_field, Classifier& classifier) {
  if (is_field) {
    Result<FieldClassification> field = classifier.classify_field(picture);
    return field ? std::move(field->cells) : std::vector<Cell>();
  }
  const Result<Classification> answer = classifier.classify(picture);
  if (!answer || answer->probabilities.empty()) return {};
  Cell cell;
  static_cast<Judgement&>(cell) = *answer;
  return {cell};
}

/// What a list says; of a folder of folders what lies around the folder of the class. Empty: unknown.
std::string sample_of(const files::Item& item) {
  if (!item.sample.empty()) return item.sample;
  const std::filesystem::path folder = std::filesystem::path(item.source).parent_path();
  const bool is_class = files::label_id(folder.filename().string()) == item.label;
  return is_class ? files::composed(folder.parent_path().generic_string()) : std::string();
}

void check_samples(const files::Dataset& data, std::span<const std::uint32_t> items) {
  const std::string first = sample_of(data.items()[items[0]]);
  for (const std::uint32_t i : items) {
    const files::Item& item = data.items()[i];
    const std::string sample = sample_of(item);
    if (sample.empty())
      throw std::runtime_error(std::format(
          "{} belongs to no sample: name them in a column sample, or put the folders of the classes into one "
          "folder for each sample.",
          item.source));
    if (sample != first)
      throw std::runtime_error(
          std::format("{} belongs to the samples {} and {}.", item.source, first, sample));
  }
}

}  // namespace

void require_samples(const files::Dataset& data) {
  std::map<std::string_view, Items> pictures;
  for (const std::uint32_t i : all_items(data)) pictures[data.items()[i].source].push_back(i);
  for (const auto& [source, rows] : pictures) check_samples(data, rows);
}

std::vector<SampleCount> count_samples(const files::Dataset& data,
                                       const std::vector<std::uint8_t>& model_file,
                                       std::span<const std::uint8_t> locator, std::span<const Label> labels,
                                       int threads) {
  const std::vector<files::Item>& all = data.items();
  const Items items = all_items(data);
  ClassifierPool pool({&model_file, 1}, locator, threads);
  std::map<std::string, SampleCount> counts;
  std::mutex adding;
  ProgressLine line;
  for_each_picture(data, items, threads, line.counter("counting", "images"), [&](const OpenedFile& file) {
    if (!file.picture) return;
    Classifiers classifiers = pool.take();
    const bool has_boxes =
        std::ranges::any_of(file.items, [&](std::uint32_t i) { return all[i].box.has_value(); });
    const bool is_field = has_boxes && classifiers[0].model().input.region == Input::Region::cell;
    std::vector<Cell> labelled;
    for (const std::uint32_t i : file.items)
      if (const std::optional<Cell> cell = labelled_cell(all[i], labels)) labelled.push_back(*cell);
    std::vector<Cell> counted;
    if (is_field || !labelled.empty()) counted = counted_cells(*file.picture, is_field, classifiers[0]);
    pool.give(std::move(classifiers));
    const std::lock_guard lock(adding);
    const std::string sample = sample_of(all[file.items[0]]);
    SampleCount& count =
        counts.try_emplace(sample, SampleCount{sample, Differential(labels), Differential(labels)})
            .first->second;
    count.labelled.add(labelled);
    count.counted.add(counted);
  });
  line.clear();
  std::vector<SampleCount> list;
  list.reserve(counts.size());
  for (auto& [sample, count] : counts) list.push_back(std::move(count));
  return list;
}

}  // namespace leukolens::train
