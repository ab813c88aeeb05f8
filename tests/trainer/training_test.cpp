#include "training/training.h"

#include <catch2/catch_all.hpp>
#include <filesystem>
#include <numeric>
#include <set>

#include "evaluation/scoring.h"
#include "files/dataset.h"
#include "leukolens/network.h"
#include "leukolens/view.h"
#include "network/reference.h"
#include "output/golden.h"
#include "scratch.h"
#include "tiny.h"
#include "training/batches.h"
#include "training/cross_validation.h"

using namespace leukolens;
using namespace leukolens::train;
namespace fs = std::filesystem;

TEST_CASE("a tiny network overfits a handful of drawn images") {
  const Outcome& outcome = tiny_outcome();
  CHECK(measure(outcome.validation, 2).accuracy == 1);
  CHECK(outcome.history.restarts.empty());
}

TEST_CASE("every regulariser and way of augmentation trains") {
  const std::string_view more = GENERATE(
      "label_smoothing = 0.1", "ema = 0.9", "batch_norm = true", "bfloat16 = true", "negatives = 0.1",
      "balance = 1\nsamples_per_epoch = 20", "[augmentation]\nmixup = 0.2\ngain = 0.1",
      "[augmentation]\ngain = 0.3\nvaried_strength = 0.5\nmix_style = 0.5");
  INFO(more);
  const Recipe recipe = tiny_recipe("patience = 40", "patience = 40\n" + std::string(more));
  CHECK(measure(fit_tiny({.seed = 1}, recipe).validation, 2).accuracy > 0.9);
}

TEST_CASE("every schedule trains") {
  const std::string_view more =
      GENERATE("type = \"cosine\"\nwarm_up = 2", "type = \"one_cycle\"", "type = \"step\"\nevery = 15");
  INFO(more);
  const Recipe recipe = tiny_recipe("patience = 40", "patience = 40\n[schedule]\n" + std::string(more));
  CHECK(measure(fit_tiny({.seed = 1}, recipe).validation, 2).accuracy > 0.9);
}

TEST_CASE("every optimiser trains") {
  const std::string_view optimiser =
      GENERATE("type = \"adamw\"\nweight_decay = 0.01", "type = \"sgd\"\nmomentum = 0.9",
               "type = \"muon\"\nmomentum = 0.95\nweight_decay = 0.01");
  INFO(optimiser);
  const Recipe recipe = tiny_recipe("type = \"adam\"", optimiser);
  CHECK(measure(fit_tiny({.seed = 1}, recipe).validation, 2).accuracy == 1);
}

TEST_CASE("filters that are more than their weights are moved by orthogonal steps too") {
  Recipe recipe = tiny_recipe("filters = 12, kernel = 3", "filters = 12, kernel = 1");  // of 8 weights each
  recipe.optimiser.type = Optimiser::Type::muon;
  CHECK(measure(fit_tiny({.seed = 1}, recipe).validation, 2).accuracy == 1);
}

TEST_CASE("the same seed gives the same weights, another seed others") {
  const Outcome once = fit_tiny({.seed = 3}), again = fit_tiny({.seed = 3}), other = fit_tiny({.seed = 4});
  CHECK(once.model.layers[0].weight == again.model.layers[0].weight);
  CHECK(once.model.layers[7].bias == again.model.layers[7].bias);
  CHECK(once.model.layers[0].weight != other.model.layers[0].weight);
}

TEST_CASE("the best weights are kept, not the last") {
  // Half of the images: learnt by heart, they say less and less of the others.
  const Samples samples = drawn_samples(8);
  const Split halves{{0, 1, 2, 3, 4, 5, 6, 7}, {8, 9, 10, 11, 12, 13, 14, 15}};
  const Recipe recipe = tiny_recipe();
  const Outcome outcome = fit(recipe, tiny_model(recipe), samples, halves, {.seed = 5}, {});
  const Epoch& best = outcome.history.epochs[static_cast<std::size_t>(outcome.history.best_epoch - 1)];
  for (const Epoch& epoch : outcome.history.epochs) CHECK(best.validation_loss <= epoch.validation_loss);
  CHECK(best.validation_loss < outcome.history.epochs.back().validation_loss);
  const Metrics metrics = measure(score(outcome.model, samples, halves.validation), 2);
  CHECK(metrics.loss == Catch::Approx(best.validation_loss).epsilon(1e-6));
}

TEST_CASE("the last weights are kept where the recipe says so") {
  const Outcome outcome = fit_tiny({.seed = 5}, tiny_recipe("patience = 40", "keep = \"last\""));
  const Epoch& last = outcome.history.epochs.back();
  CHECK(last.number == 40);
  CHECK(outcome.history.best_epoch == 40);
  CHECK(measure(outcome.validation, 2).loss == Catch::Approx(last.validation_loss).epsilon(1e-6));
}

TEST_CASE("training that diverges is restarted from other seeds, then refused in plain words") {
  int restarts = 0;
  Observer observer;
  observer.on_restart = [&](const Restart&) { ++restarts; };
  const Recipe recipe =
      tiny_recipe("type = \"adam\"\nlearning_rate = 5e-3", "type = \"sgd\"\nlearning_rate = 10");
  CHECK_THROWS_WITH(fit_tiny({.seed = 1}, recipe, observer),
                    Catch::Matchers::ContainsSubstring("lower the learning rate"));
  CHECK(restarts == kMaxRestarts);
}

TEST_CASE("overfitting is noticed") {
  History history;
  history.best_epoch = 1;
  history.epochs = {{1, 1.0, 0, 0.9, 0, 0}, {2, 0.5, 0, 1.2, 0, 0}};
  CHECK(overfits(history));
  history.epochs[1].validation_loss = 0.95;
  CHECK_FALSE(overfits(history));
}

TEST_CASE("cross-validation judges every image once, by a network that has not seen it") {
  const Recipe recipe = tiny_recipe("epochs = 40", "epochs = 5");
  const Samples samples = drawn_samples(12);
  std::vector<std::set<std::uint32_t>> seen;
  FoldObserver observer;
  observer.on_fold = [&](int, const Split& split, std::size_t) {
    seen.emplace_back(split.train.begin(), split.train.end());
    seen.back().insert(split.validation.begin(), split.validation.end());
  };
  const CrossValidation result = cross_validate(recipe, tiny_model(recipe), samples, {.folds = 3}, observer);
  REQUIRE(result.folds.size() == 3);
  CHECK(result.scored.size() == 24);
  CHECK(result.metrics.total == 24);
  std::size_t i = 0;
  for (std::size_t f = 0; f < 3; ++f) {
    for (const std::uint32_t index : result.folds[f].test) {
      CHECK_FALSE(seen[f].contains(index));
      CHECK(result.scored[i++].truth == samples.list[index].label);
    }
  }
  CHECK(result.calibrated.loss <= result.metrics.loss + 1e-6);
  CHECK(result.calibrated.correct == result.metrics.correct);
}

TEST_CASE("libtorch gives the feature statistics that the engine gives") {
  Model model = fit_tiny({.seed = 1}, tiny_recipe("epochs = 40", "epochs = 1")).model;
  model.rejection.centres = {1};  // for the engine to compute them
  const Samples samples = drawn_samples(2);
  auto network = Network::create(model);
  REQUIRE(network.has_value());
  const std::vector<Answer> all = predict(model, samples, {0, 1, 2, 3});
  REQUIRE(all.size() == 4);
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    normalise(samples.image(i), model.input, network->input());
    const auto output = infer(*network, model.input);
    REQUIRE(output.has_value());
    REQUIRE(all[i].feature_statistics.size() == feature_statistics_count(model));
    REQUIRE(output->feature_statistics.size() == feature_statistics_count(model));
    for (std::size_t k = 0; k < output->feature_statistics.size(); ++k)
      CHECK(all[i].feature_statistics[k] == Catch::Approx(output->feature_statistics[k]).margin(1e-4));
  }
}

TEST_CASE("batch norms are folded into the weights that are kept") {
  const Outcome outcome =
      fit_tiny({.seed = 1}, tiny_recipe("patience = 40", "patience = 40\nbatch_norm = true"));
  // What is stored has no batch norm: it must answer as the network did while it had one.
  const Samples samples = drawn_samples(8);
  const std::vector<Scored> again = score(outcome.model, samples, everything_twice(samples).validation);
  REQUIRE(again.size() == outcome.validation.size());
  for (std::size_t i = 0; i < again.size(); ++i)
    CHECK(again[i].probabilities[0] == Catch::Approx(outcome.validation[i].probabilities[0]).margin(1e-5));
}

TEST_CASE("a cross-validation that is interrupted goes on, fold by fold, to the same result") {
  const Recipe recipe = tiny_recipe("epochs = 40", "epochs = 3");
  const Samples samples = drawn_samples(12);
  const Model model = tiny_model(recipe);
  const Scratch scratch;
  const CrossValidation whole = cross_validate(recipe, model, samples, {.folds = 3}, {});
  CrossOptions options{
      .folds = 3, .only = 1, .run = {.checkpoint = scratch.path / "folds", .command = "this"}};
  CHECK(cross_validate(recipe, model, samples, options, {}).folds.size() == 1);

  std::atomic<bool> interrupted = false;
  int batches = 0;
  FoldObserver observer;
  observer.run.on_step = [&](const Step&) { interrupted = ++batches == 5; };
  options.only.reset();
  options.run.interrupted = &interrupted;
  CHECK_THROWS_AS(cross_validate(recipe, model, samples, options, observer), Interrupted);
  interrupted = false;
  const CrossValidation resumed = cross_validate(recipe, model, samples, options, {});
  REQUIRE(resumed.scored.size() == whole.scored.size());
  for (std::size_t i = 0; i < whole.scored.size(); ++i)
    CHECK(resumed.scored[i].probabilities == whole.scored[i].probabilities);
  CHECK(resumed.temperature == whole.temperature);
  CHECK(resumed.distances == whole.distances);

  options.run.command = "something else";
  CHECK_THROWS_WITH(cross_validate(recipe, model, samples, options, {}),
                    Catch::Matchers::ContainsSubstring("another recipe, data or seed"));
  remove_checkpoints(options);
}

TEST_CASE("calibration listens to each data set alike, and figures are given for each") {
  const Recipe recipe = tiny_recipe("epochs = 40", "epochs = 3");
  Samples samples = drawn_samples(12);
  for (std::size_t i = 0; i < 6; ++i) samples.list[i].origin = 1;
  const CrossValidation result = cross_validate(recipe, tiny_model(recipe), samples, {.folds = 2}, {});
  REQUIRE(result.sources.size() == 2);
  CHECK(result.sources[0].total == 18);
  CHECK(result.sources[1].total == 6);
  CHECK(result.distances.size() == 41);
}

TEST_CASE("training uses a GPU where libtorch has one") {
  if (!has_gpu()) SKIP("libtorch has no GPU here");
  CHECK(measure(fit_tiny({.seed = 1}).validation, 2).accuracy == 1);
}

TEST_CASE("an exported model gives libtorch's outputs in the engine") {
  const Scratch scratch;
  const fs::path& folder = scratch.path;
  const Outcome& outcome = tiny_outcome();
  const Agreement agreement = write_with_golden(outcome.model, folder / "tiny.safetensors");
  INFO("largest difference of a logit: " << agreement.largest_difference);
  CHECK(agreement.largest_difference < kGoldenTolerance);
  CHECK(agreement.images == 24);
  CHECK(fs::exists(folder / "tiny.golden.json"));
  const std::vector<std::uint8_t> bytes = files::read_file(folder / "tiny.safetensors").value();
  CHECK(read_model(bytes).value().layers[6].weight == outcome.model.layers[6].weight);

  Model twice = outcome.model;
  twice.input.tta_margin = 100;
  CHECK(write_with_golden(twice, folder / "twice.safetensors").largest_difference < kGoldenTolerance);
  CHECK(files::read_file(folder / "twice.golden.json").value() !=
        files::read_file(folder / "tiny.golden.json").value());
}

TEST_CASE("reduced precisions are smaller, and the engine agrees with the weights as written") {
  const Scratch scratch;
  const fs::path path = scratch.path / "tiny.safetensors";
  const Outcome& outcome = tiny_outcome();
  std::uintmax_t before = std::numeric_limits<std::uintmax_t>::max();
  for (const Precision precision : {Precision::f32, Precision::f16, Precision::i8}) {
    CHECK(write_with_golden(outcome.model, path, precision).largest_difference < kGoldenTolerance);
    CHECK(fs::file_size(path) < before);
    before = fs::file_size(path);
  }
}

TEST_CASE("negatives that are drawn in the place of cells cannot be right, and are no mistakes") {
  const Samples samples = drawn_samples(8);
  const Recipe recipe = tiny_recipe("patience = 40", "patience = 40\nnegatives = 0.5");
  const BatchMaker maker(samples, tiny_model(recipe), recipe.augmentation, recipe.training);
  Indices all(16);
  std::iota(all.begin(), all.end(), 0u);
  const Batch batch = maker.augmented(all, 1);
  std::size_t without_cell = 0;
  for (std::size_t i = 0; i < 16; ++i) {
    CHECK((batch.labels[i] == kBackground) == (batch.targets[2 * i] == batch.targets[2 * i + 1]));
    without_cell += batch.labels[i] == kBackground;
  }
  CHECK(without_cell > 2);
  CHECK(fit_tiny({.seed = 1}, recipe).history.epochs.back().accuracy > 0.8);
}

TEST_CASE("a network that has learnt all is not taken for one that guesses where classes are unequal") {
  Samples samples = drawn_samples(8);
  for (std::size_t i = 3; i < 16; i += 2) {  // one lymphocyte is left
    samples.list[i].label = 0;
    std::copy_n(samples.pixels.begin(), samples.pixels_each(),
                samples.pixels.begin() + static_cast<std::ptrdiff_t>(i * samples.pixels_each()));
  }
  Recipe recipe = tiny_recipe("patience = 40", "patience = 40\nlabel_smoothing = 0.5");
  recipe.training.samples_per_epoch = 8000;  // after 30,000 images without success a run is given up
  recipe.training.batch = 64;
  recipe.training.epochs = 5;
  const Outcome outcome =
      fit(recipe, tiny_model(recipe), samples, everything_twice(samples), {.seed = 1}, {});
  CHECK(outcome.history.restarts.empty());
  CHECK(measure(outcome.validation, 2).accuracy == 1);
}
