#include "locator/locator_fit.h"

#include <cmath>
#include <format>
#include <stdexcept>

#include "leukolens/view.h"
#include "locator/crops.h"
#include "locator/locator_loss.h"
#include "locator/self_labels.h"
#include "support/ahead.h"
#include "training/learner.h"
#include "training/training.h"

namespace leukolens::train {
namespace {

struct LocatorBatch {
  std::vector<float> images;  // [n, crop, crop, 3]
  std::vector<Targets> targets;
};

LocatorBatch make_batch(const CropMaker& maker, const Recipe& recipe, const Input& input,
                        std::uint64_t seed) {
  LocatorBatch batch;
  const std::size_t each = std::size_t(3) * input.width * input.height;
  const auto count = static_cast<std::size_t>(recipe.training.batch);
  batch.images.resize(count * each);
  for (std::size_t i = 0; i < count; ++i) {
    const Crop crop = maker.draw(Random(seed, i));
    normalise(crop.image, input, std::span(batch.images).subspan(i * each, each));
    batch.targets.push_back(targets_of(crop, recipe.locator->detection));
  }
  return batch;
}

}  // namespace

Model fit_locator(const Recipe& recipe, std::vector<MarkedImage>& images, const LocatorFitOptions& options) {
  torch::set_num_threads(options.threads);
  const LocatorTraining& plan = *recipe.locator;
  Learner learner(recipe, model_of(recipe, recipe.labels), options.seed);
  Input input = recipe.input;
  input.width = input.height = plan.crop;
  const std::int64_t side = plan.crop / kLocatorStride, channels = std::ssize(kFoundIds) + kBoxEdges;
  const int stretch = std::max(1, static_cast<int>(std::ceil(plan.relabel * plan.steps)));
  LocatorStep progress{.steps = plan.steps};
  for (int begin = 0, end; begin < plan.steps; begin = end) {  // crops are labelled anew in between
    end = std::min(begin + stretch, plan.steps);
    const CropMaker maker(recipe, images);
    Ahead<LocatorBatch> batches(
        [&](std::size_t number) {
          return make_batch(maker, recipe, input, Random(options.seed, 1'000'000 + number)());
        },
        static_cast<std::size_t>(end), static_cast<std::size_t>(begin), std::max(1, options.threads / 2));
    while (std::optional<LocatorBatch> batch = batches.next()) {
      learner.set_learning_rate(learning_rate(recipe, progress.step, plan.steps));
      const TargetTensors targets = to_tensors(batch->targets);
      LocatorLoss loss;
      learner.step(images_of(batch->images, input), nullptr, [&](const torch::Tensor& output) {
        loss = locator_loss(output.reshape({-1, side, side, channels}).permute({0, 3, 1, 2}), targets);
        return loss.centres + loss.edges;
      });
      const double keep = progress.step == 0 ? 0 : 0.99;
      progress.centres = keep * progress.centres + (1 - keep) * loss.centres.item<double>();
      progress.edges = keep * progress.edges + (1 - keep) * loss.edges.item<double>();
      if (!std::isfinite(progress.centres + progress.edges))
        throw std::runtime_error(
            std::format("Training diverged in step {}: lower the learning rate.", progress.step + 1));
      ++progress.step;
      options.on_step(progress);
      if (options.interrupted && *options.interrupted)
        throw Interrupted(std::format("Interrupted in step {}. Begin again: this verb keeps no checkpoint.",
                                      progress.step));
    }
    if (end == plan.steps) break;
    learner.swap_average();
    options.on_labels(
        add_self_labels(learner.store(), plan, images, options.threads, [](std::size_t, std::size_t) {}));
    learner.swap_average();
  }
  learner.swap_average();
  return learner.take();
}

}  // namespace leukolens::train
