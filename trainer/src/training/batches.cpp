#include "training/batches.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "leukolens/view.h"
#include "training/negatives.h"

namespace leukolens::train {
namespace {

constexpr std::size_t kAhead = 8;   // batches; a few hundred kB
constexpr double kStyleBeta = 0.1;  // as in the paper: most mixtures are nearly one of the two

}  // namespace

BatchMaker::BatchMaker(const Samples& samples, const Model& model, const Augmentation& augmentation,
                       const Training& training)
    : samples_(samples),
      augmentation_(augmentation),
      label_smoothing_(training.label_smoothing),
      distractors_(training.distractors),
      classes_(model.labels.size()),
      input_(model.input) {}

void BatchMaker::fill(Batch& batch, const Image& image) const {
  const std::size_t begin = batch.images.size();
  batch.images.resize(begin + image.rgb.size());
  normalise(image, input_, std::span(batch.images).subspan(begin));
}

Batch BatchMaker::plain(std::span<const std::uint32_t> indices) const {
  Batch batch;
  batch.images.reserve(indices.size() * samples_.pixels_each());
  for (const std::uint32_t i : indices) {
    fill(batch, samples_.image(i));
    batch.labels.push_back(samples_.list[i].label);
  }
  return batch;
}

Batch BatchMaker::augmented(std::span<const std::uint32_t> indices, std::uint64_t seed) const {
  Batch batch;
  batch.images.reserve(indices.size() * samples_.pixels_each());
  std::vector<std::size_t> nothing;  // positions without a cell
  for (std::size_t position = 0; position < indices.size(); ++position) {
    const std::uint32_t i = indices[position];
    const Frame& frame = samples_.list[i].frame;
    Random random(seed, position);
    Image image;
    if (distractors_ > 0 && random.uniform() < distractors_) {
      image = draw_distractor(samples_.image(i), random);
      recolour(image, augmentation_, random);
      if (frame.disc) mask_disc(image);
      nothing.push_back(position);
    } else if (augmentation_.moves()) {
      image = augment(samples_.source(i), frame, samples_.width, samples_.height, augmentation_, random);
    } else {
      image = samples_.image(i);
      recolour(image, augmentation_, random);
    }
    fill(batch, image);
    batch.labels.push_back(samples_.list[i].label);
    if (batch.labels.back() == kNothing && !std::ranges::contains(nothing, position))
      nothing.push_back(position);
  }
  const bool is_doubtful =
      std::ranges::any_of(indices, [&](std::uint32_t i) { return samples_.list[i].doubt != kNothing; });
  if (label_smoothing_ > 0 || augmentation_.mixup > 0 || is_doubtful || !nothing.empty())
    soften(batch, indices, nothing, seed);
  draw_styles(batch, seed);
  return batch;
}

void BatchMaker::soften(Batch& batch, std::span<const std::uint32_t> indices,
                        std::span<const std::size_t> nothing, std::uint64_t seed) const {
  const std::size_t count = batch.count(), each = samples_.pixels_each();
  batch.targets.assign(count * classes_,
                       static_cast<float>(label_smoothing_ / static_cast<double>(classes_)));
  for (std::size_t i = 0; i < count; ++i) {
    const Sample& sample = samples_.list[indices[i]];
    if (sample.label == kNothing) continue;
    const int other = sample.doubt == kNothing ? sample.label : sample.doubt;
    for (const int label : {sample.label, other})
      batch.targets[i * classes_ + static_cast<std::size_t>(label)] +=
          static_cast<float>((1 - label_smoothing_) / 2);
  }
  for (const std::size_t i : nothing)
    std::fill_n(&batch.targets[i * classes_], classes_, 1.0f / static_cast<float>(classes_));
  if (augmentation_.mixup == 0 || count < 2) return;
  // One weight for the batch; each image is mixed with its successor, the last with the first.
  Random random(seed, count);
  const double drawn = beta(augmentation_.mixup, random);
  const auto weight = static_cast<float>(
      std::max(drawn, 1 - drawn));  // the label of the larger part counts as the image's own
  const auto mix = [&](std::vector<float>& values, std::size_t stride) {
    const std::vector<float> first(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(stride));
    for (std::size_t i = 0; i < values.size(); ++i) {
      const float partner =
          i + stride < values.size() ? values[i + stride] : first[i + stride - values.size()];
      values[i] = weight * values[i] + (1 - weight) * partner;
    }
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

Batches::Batches(const BatchMaker& maker, const Indices& order, std::size_t size, std::uint64_t seed,
                 std::size_t first, int threads)
    : maker_(maker),
      order_(order),
      size_(size),
      total_((order.size() + size - 1) / size),
      seed_(seed),
      begun_(first),
      given_(first) {
  for (int i = 0; i < threads; ++i) workers_.emplace_back([this] { work(); });
}

Batches::~Batches() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void Batches::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || begun_ == total_ || begun_ < given_ + kAhead; });
    if (stopping_ || begun_ == total_) return;
    const std::size_t number = begun_++;
    lock.unlock();
    const std::size_t begin = number * size_;
    Batch batch = maker_.augmented(std::span(order_).subspan(begin, std::min(size_, order_.size() - begin)),
                                   Random(seed_, number)());
    lock.lock();
    ready_[number] = std::move(batch);
    changed_.notify_all();
  }
}

Batch Batches::next() {
  std::unique_lock lock(mutex_);
  if (given_ == total_) return {};
  changed_.wait(lock, [&] { return ready_.contains(given_); });
  Batch batch = std::move(ready_.extract(given_++).mapped());
  changed_.notify_all();
  return batch;
}

}  // namespace leukolens::train
