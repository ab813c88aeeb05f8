#include "output/augmented_sheet.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <map>

#include "leukolens/notice.h"
#include "output/contact_sheet.h"
#include "training/batches.h"
#include "training/epoch_order.h"

namespace leukolens::train {
namespace {

constexpr std::size_t kImages = 2, kViews = 5;  // of each label; of each image: a line of the sheet
constexpr int kMostEpochs = 50;                 // to look for them in

/// The inverse of normalise().
Image image_of(const Batch& batch, std::size_t position, const Input& input) {
  Image image{input.width, input.height, {}};
  const std::size_t each = std::size_t(3) * input.width * input.height;
  for (std::size_t i = 0; i < each; ++i) {
    const float value = batch.images[position * each + i] * input.std[i % 3] + input.mean[i % 3];
    image.rgb.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(255 * value, 0.0f, 255.0f))));
  }
  return image;
}

bool shows_cell(const Batch& batch, std::size_t position, std::size_t classes) {
  if (batch.targets.empty()) return true;
  const auto [least, most] =
      std::ranges::minmax(std::span(batch.targets).subspan(position * classes, classes));
  return most - least > 1e-6f;
}

/// The first `each` samples of each label.
std::map<int, Indices> first_of_each(const Samples& samples, const Indices& order, std::size_t each) {
  std::map<int, Indices> chosen;
  for (const std::uint32_t i : order) {
    Indices& own = chosen[samples.list[i].label];
    if (own.size() < each && !std::ranges::contains(own, i)) own.push_back(i);
  }
  return chosen;
}

}  // namespace

std::vector<TrainingView> training_views(const Recipe& recipe, const Model& model, const Samples& samples,
                                         const Indices& train, std::uint64_t seed, std::size_t each,
                                         std::size_t views) {
  const Training& training = recipe.training;
  const BatchMaker maker(samples, model, recipe.augmentation, training);
  std::map<std::uint32_t, std::size_t> missing;
  for (const auto& [label, indices] :
       first_of_each(samples, epoch_order(samples, train, training, seed, 1), each))
    for (const std::uint32_t i : indices) missing[i] = views;
  std::vector<TrainingView> result;
  const auto size = static_cast<std::size_t>(training.batch);
  for (int epoch = 1; epoch <= std::min(training.epochs, kMostEpochs) && !missing.empty(); ++epoch) {
    const Indices order = epoch_order(samples, train, training, seed, epoch);
    std::map<std::size_t, Batch> batches;  // those that have one of them
    for (std::size_t at = 0; at < order.size(); ++at) {
      const auto wanted = missing.find(order[at]);
      if (wanted == missing.end()) continue;
      const std::size_t number = at / size;
      if (!batches.contains(number))
        batches[number] = batch_of(maker, order, size, batch_seed(seed, epoch), number);
      const Batch& batch = batches[number];
      result.push_back({order[at], epoch, image_of(batch, at % size, model.input),
                        shows_cell(batch, at % size, model.labels.size())});
      if (--wanted->second == 0) missing.erase(wanted);
    }
  }
  return result;
}

Image augmented_sheet(const Recipe& recipe, const Model& model, const Samples& samples, const Indices& train,
                      std::uint64_t seed) {
  std::map<std::uint32_t, std::vector<Tile>> lines;
  for (TrainingView& view : training_views(recipe, model, samples, train, seed, kImages, kViews)) {
    std::vector<Tile>& line = lines[view.sample];
    if (line.empty()) line.push_back({samples.image(view.sample), "as it is"});
    line.push_back({std::move(view.image), std::format("epoch {}", view.epoch), !view.cell});
  }
  std::map<int, SheetBlock> blocks;
  for (auto& [sample, line] : lines) {
    const int label = samples.list[sample].label;
    SheetBlock& block = blocks[label];
    block.title =
        label == kBackground ? std::string(kBackgroundId) : model.labels[static_cast<std::size_t>(label)].id;
    line.resize(1 + kViews);  // where there are fewer, the line stays open
    std::ranges::move(line, std::back_inserter(block.tiles));
  }
  std::vector<SheetBlock> list;
  list.reserve(blocks.size() + 2);
  for (auto& [label, block] : blocks) list.push_back(std::move(block));
  if (recipe.augmentation.mix_style > 0)
    list.push_back({"mix_style acts on features, which no picture shows.", {}});
  list.push_back({kNotice, {}});
  return contact_sheet(list);
}

}  // namespace leukolens::train
