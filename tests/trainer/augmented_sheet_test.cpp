#include "output/augmented_sheet.h"

#include <catch2/catch_all.hpp>
#include <numeric>
#include <set>

#include "leukolens/view.h"
#include "tiny.h"
#include "training/batches.h"
#include "training/epoch_order.h"

using namespace leukolens;
using namespace leukolens::train;

namespace {

constexpr std::uint64_t kSeed = 7;

std::vector<TrainingView> views_of(const Recipe& recipe, const Samples& samples) {
  return training_views(recipe, tiny_model(recipe), samples, everything_twice(samples).train, kSeed, 2, 5);
}

}  // namespace

TEST_CASE("without augmentation a view is the image itself, once an epoch") {
  const Samples samples = drawn_samples(8);
  const std::vector<TrainingView> views = views_of(tiny_recipe(), samples);
  REQUIRE(views.size() == 2 * 2 * 5);
  std::set<std::pair<std::uint32_t, int>> seen;
  for (const TrainingView& view : views) {
    CHECK(view.image.rgb == samples.image(view.sample).rgb);
    CHECK(view.cell);
    CHECK(seen.insert({view.sample, view.epoch}).second);
    CHECK(view.epoch <= 5);
  }
}

TEST_CASE("views are what the network gets in the batches of the run") {
  const Samples samples = drawn_samples(8);
  const Recipe recipe =
      tiny_recipe("patience = 40", "patience = 40\n[augmentation]\ngain = 0.3\nmixup = 0.2");
  const Model model = tiny_model(recipe);
  const BatchMaker maker(samples, model, recipe.augmentation, recipe.training);
  const Indices all = everything_twice(samples).train;
  for (const TrainingView& view : views_of(recipe, samples)) {
    const Indices order = epoch_order(samples, all, recipe.training, kSeed, view.epoch);
    const auto batches = batches_of(maker, order, 4, batch_seed(kSeed, view.epoch), 0, 1);
    bool found = false;
    std::vector<float> values(samples.pixels_each());
    normalise(view.image, model.input, values);
    while (const std::optional<Batch> batch = batches->next())
      for (std::size_t i = 0; i < batch->count(); ++i) {
        double largest = 0;
        for (std::size_t k = 0; k < values.size(); ++k)
          largest = std::max(largest, std::abs(static_cast<double>(batch->images[i * values.size() + k]) -
                                               static_cast<double>(values[k])));
        found |= largest < 1.01 / 255 / 2 / model.input.std[0];  // half a grey level
      }
    CHECK(found);
  }
}

TEST_CASE("a sheet has a line for each image, and a negative in an image's place is told from it") {
  const Samples samples = drawn_samples(8);
  const Recipe recipe = tiny_recipe("patience = 40", "patience = 40\nnegatives = 0.5");
  const auto views = views_of(recipe, samples);
  const auto negatives = std::ranges::count(views, false, &TrainingView::cell);
  CHECK(negatives > 3);
  CHECK(negatives < 17);
  const Image sheet =
      augmented_sheet(recipe, tiny_model(recipe), samples, everything_twice(samples).train, kSeed);
  CHECK(sheet.width == 1016);
  CHECK(sheet.height > 4 * 160);
}
