#include "training/batches.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "leukolens/view.h"
#include "training/negatives.h"

namespace leukolens::train {
namespace {

constexpr double kStyleBeta = 0.1;  // as in the paper: most mixtures are nearly one of the two

}  // namespace

BatchMaker::BatchMaker(const Samples& samples, const Model& model, const Augmentation& augmentation,
                       const Training& training, std::vector<float> weights)
    : samples_(samples),
      augmentation_(augmentation),
      input_(model.input),
      label_smoothing_(training.label_smoothing),
      negatives_(training.negatives),
      classes_(model.labels.size()),
      weights_(std::move(weights)) {}

Batch BatchMaker::augmented(std::span<const std::uint32_t> indices, std::uint64_t seed) const {
  Batch batch;
  const std::size_t each = samples_.pixels_each();
  batch.images.resize(indices.size() * each);
  std::vector<std::size_t> without_cell;  // positions
  for (std::size_t position = 0; position < indices.size(); ++position) {
    const std::uint32_t i = indices[position];
    const Frame& frame = samples_.list[i].frame;
    Random random(seed, position);
    Image image;
    std::int64_t label = samples_.list[i].label;
    if (negatives_ > 0 && random.uniform() < negatives_) {
      image = draw_negative(samples_.image(i), random);
      recolour(image, augmentation_, random);
      if (frame.disc) mask_disc(image);
      label = kBackground;
    } else if (augmentation_.moves()) {
      image = augment(samples_.source(i), frame, samples_.width, samples_.height, augmentation_, random);
    } else {
      image = samples_.image(i);
      recolour(image, augmentation_, random);
    }
    normalise(image, input_, std::span(batch.images).subspan(position * each, each));
    batch.labels.push_back(label);
    if (label == kBackground) without_cell.push_back(position);
  }
  const bool has_soft_labels =
      std::ranges::any_of(indices, [&](std::uint32_t i) { return samples_.list[i].soft_label.has_value(); });
  if (label_smoothing_ > 0 || augmentation_.mixup > 0 || has_soft_labels || !weights_.empty() ||
      !without_cell.empty())
    soften(batch, indices, without_cell, seed);
  draw_styles(batch, seed);
  return batch;
}

void BatchMaker::soften(Batch& batch, std::span<const std::uint32_t> indices,
                        std::span<const std::size_t> without_cell, std::uint64_t seed) const {
  const std::size_t count = batch.count(), each = samples_.pixels_each();
  batch.targets.assign(count * classes_,
                       static_cast<float>(label_smoothing_ / static_cast<double>(classes_)));
  for (std::size_t i = 0; i < count; ++i) {
    const Sample& sample = samples_.list[indices[i]];
    if (sample.label == kBackground) continue;
    for (const int label : {sample.label, sample.soft_label.value_or(sample.label)})
      batch.targets[i * classes_ + static_cast<std::size_t>(label)] +=
          static_cast<float>((1 - label_smoothing_) / 2);
    if (weights_.empty()) continue;
    for (float& target : std::span(batch.targets).subspan(i * classes_, classes_))
      target *= weights_[static_cast<std::size_t>(sample.label)];
  }
  for (const std::size_t i : without_cell)
    std::fill_n(&batch.targets[i * classes_], classes_, 1.0f / static_cast<float>(classes_));
  if (augmentation_.mixup == 0 || count < 2) return;
  // One weight for the batch; each image is mixed with its successor, the last with the first.
  Random random(seed, count);
  const double drawn = beta(augmentation_.mixup, random);
  const auto weight = static_cast<float>(
      std::max(drawn, 1 - drawn));  // the label of the larger part counts as the image's own
  const auto mix = [&](std::vector<float>& values, std::size_t stride) {
    const std::vector<float> first(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(stride));
    const std::size_t rest = values.size() - stride;
    for (std::size_t i = 0; i < rest; ++i) values[i] = weight * values[i] + (1 - weight) * values[i + stride];
    for (std::size_t i = 0; i < stride; ++i)
      values[rest + i] = weight * values[rest + i] + (1 - weight) * first[i];
  };
  mix(batch.images, each);
  mix(batch.targets, classes_);
}

void BatchMaker::draw_styles(Batch& batch, std::uint64_t seed) const {
  const std::size_t count = batch.count();
  Random random(seed, count + 1);
  if (augmentation_.mix_style == 0 || random.uniform() >= augmentation_.mix_style) return;
  std::vector<std::int64_t> partners(count);
  std::iota(partners.begin(), partners.end(), 0);
  random.shuffle(partners);
  for (const std::int64_t partner : partners)
    batch.styles.emplace_back(static_cast<float>(beta(kStyleBeta, random)), partner);
}

Batch batch_of(const BatchMaker& maker, const Indices& order, std::size_t size, std::uint64_t seed,
               std::size_t number) {
  const std::size_t begin = number * size;
  return maker.augmented(std::span(order).subspan(begin, std::min(size, order.size() - begin)),
                         Random(seed, number)());
}

std::unique_ptr<Batches> batches_of(const BatchMaker& maker, const Indices& order, std::size_t size,
                                    std::uint64_t seed, std::size_t first, int threads) {
  const auto make = [&maker, &order, size, seed](std::size_t number) {
    return batch_of(maker, order, size, seed, number);
  };
  return std::make_unique<Batches>(make, (order.size() + size - 1) / size, first, threads);
}

}  // namespace leukolens::train
