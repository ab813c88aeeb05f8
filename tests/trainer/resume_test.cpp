#include <algorithm>
#include <catch2/catch_all.hpp>
#include <filesystem>
#include <fstream>

#include "leukolens/sha256.h"
#include "scratch.h"
#include "support/files.h"
#include "support/json_document.h"
#include "support/run_lock.h"
#include "tiny.h"
#include "training/checkpoint.h"
#include "training/history.h"

using namespace leukolens;
using namespace leukolens::train;
namespace fs = std::filesystem;

namespace {

/// Every part of the state that a run has.
Recipe demanding_recipe(Optimiser::Type optimiser = Optimiser::Type::adam) {
  Recipe recipe =
      tiny_recipe("patience = 40",
                  "patience = 40\nema = 0.9\nlabel_smoothing = 0.1\nbatch_norm = true\nnegatives = "
                  "0.1\n[schedule]\ntype = "
                  "\"cosine\"\n[augmentation]\ngain = 0.2\nmixup = 0.2\nmix_style = 0.5\n");
  recipe.optimiser.type = optimiser;
  recipe.training.epochs = 20;
  return recipe;
}

void check_equal(const Outcome& a, const Outcome& b) {
  REQUIRE(a.model.layers.size() == b.model.layers.size());
  for (std::size_t i = 0; i < a.model.layers.size(); ++i) {
    CHECK(a.model.layers[i].weight == b.model.layers[i].weight);
    CHECK(a.model.layers[i].bias == b.model.layers[i].bias);
  }
  CHECK(a.history.best_epoch == b.history.best_epoch);
  REQUIRE(a.history.epochs.size() == b.history.epochs.size());
  for (std::size_t i = 0; i < a.history.epochs.size(); ++i) {
    CHECK(a.history.epochs[i].loss == b.history.epochs[i].loss);
    CHECK(a.history.epochs[i].validation_loss == b.history.epochs[i].validation_loss);
  }
  REQUIRE(a.validation.size() == b.validation.size());
  for (std::size_t i = 0; i < a.validation.size(); ++i)
    CHECK(a.validation[i].probabilities == b.validation[i].probabilities);
}

}  // namespace

TEST_CASE("a run that is interrupted anywhere and resumed gives the same weights, bit for bit") {
  const Recipe recipe = demanding_recipe(GENERATE(Optimiser::Type::adam, Optimiser::Type::muon));
  const std::vector<Model> teachers =
      GENERATE(std::vector<Model>(), std::vector<Model>{tiny_outcome().model, fit_tiny({.seed = 9}).model});
  const Scratch scratch;
  const fs::path path = scratch.path / "checkpoint";
  const Outcome whole = fit_tiny({.seed = 2, .teachers = teachers}, recipe);
  for (const int stop_at :
       {1, 30, 4 * 17}) {  // in the first epoch, in the middle of one, after the last batch of one
    INFO("after batch " << stop_at);
    std::atomic<bool> interrupted = false;
    int batches = 0;
    Observer observer;
    observer.on_step = [&](const Step&) { interrupted = ++batches == stop_at; };
    RunOptions options{.seed = 2,
                       .checkpoint = path,
                       .command = "what it was",
                       .interrupted = &interrupted,
                       .teachers = teachers};
    CHECK_THROWS_AS(fit_tiny(options, recipe, observer), Interrupted);
    CHECK(checkpoint_command(path) == "what it was");
    options.resume = true;
    interrupted = false;
    check_equal(fit_tiny(options, recipe), whole);
  }
}

TEST_CASE("a killed run goes on from its last whole epoch") {
  const Scratch scratch;
  const fs::path path = scratch.path / "checkpoint";
  struct Killed {};
  int batches = 0;
  Observer observer;
  observer.on_step = [&](const Step&) {
    if (++batches == 30) throw Killed();
  };
  RunOptions options{.seed = 2, .checkpoint = path};
  CHECK_THROWS_AS(fit_tiny(options, demanding_recipe(), observer), Killed);
  options.resume = true;
  check_equal(fit_tiny(options, demanding_recipe()), fit_tiny({.seed = 2}, demanding_recipe()));
}

TEST_CASE("a recipe's teachers are trained first, interrupted anywhere, to the same weights") {
  Recipe recipe = demanding_recipe();
  recipe.training.epochs = 3;
  Recipe teacher = recipe;
  teacher.training.epochs = 2;
  recipe.teachers = {teacher, teacher};
  const Scratch scratch;
  const fs::path path = scratch.path / "checkpoint";
  int trained = 0;
  Observer observer;
  observer.on_teacher = [&](int number, const History& history, const Metrics&, const Metrics& together) {
    CHECK(number == ++trained);
    CHECK(history.seed == 2 + 10 * static_cast<std::uint64_t>(number));
    CHECK(together.total == 16);
  };
  const Outcome whole = fit_tiny({.seed = 2, .checkpoint = path}, recipe, observer);
  CHECK(trained == 2);

  Recipe alone = recipe;
  alone.teachers.clear();
  check_equal(
      whole,
      fit_tiny({.seed = 2,
                .teachers = {fit_tiny({.seed = 12}, teacher).model, fit_tiny({.seed = 22}, teacher).model}},
               alone));

  // A teacher has 8 batches, the network 12: in the first teacher, in the second, in the network.
  for (const int stop_at : {3, 11, 20}) {
    INFO("after batch " << stop_at);
    std::atomic<bool> interrupted = false;
    int batches = 0;
    Observer stopping;
    stopping.on_step = [&](const Step&) { interrupted = ++batches == stop_at; };
    RunOptions options{.seed = 2, .checkpoint = path, .interrupted = &interrupted};
    CHECK_THROWS_WITH(fit_tiny(options, recipe, stopping),
                      Catch::Matchers::ContainsSubstring(stop_at == 20  ? "Interrupted in epoch 1. "
                                                         : stop_at == 3 ? "It was teacher 1 of 2"
                                                                        : "It was teacher 2 of 2"));
    options.resume = true;
    interrupted = false;
    batches = 0;
    stopping.on_step = [&](const Step&) { ++batches; };
    check_equal(fit_tiny(options, recipe, stopping), whole);
    CHECK(batches == 8 + 8 + 12 - stop_at);  // nothing is trained twice
  }
  remove_checkpoint(path);
  CHECK(fs::is_empty(scratch.path));
}

TEST_CASE("what is no checkpoint is refused") {
  const Scratch scratch;
  const fs::path path = scratch.path / "checkpoint";
  write_atomically(path, "nothing of the kind");
  CHECK_THROWS_WITH(checkpoint_command(path), Catch::Matchers::ContainsSubstring("is no checkpoint"));
  fs::remove(path);
  CHECK_THROWS_WITH(checkpoint_command(path), Catch::Matchers::ContainsSubstring("is no checkpoint"));
}

TEST_CASE("a checkpoint of another network is refused") {
  const Scratch scratch;
  const fs::path path = scratch.path / "checkpoint";
  RunOptions options{.seed = 2, .checkpoint = path};
  fit_tiny(options, tiny_recipe("epochs = 40", "epochs = 1"));
  options.resume = true;
  CHECK_THROWS_WITH(
      fit_tiny(options, tiny_recipe("{ type = \"dense\", units = 16, activation = \"relu\" },", "")),
      Catch::Matchers::ContainsSubstring("another network"));
}

TEST_CASE("while a run writes its checkpoint no other may") {
  const Scratch scratch;
  const fs::path path = scratch.path / "checkpoint";
  {
    const RunLock first(path);
    CHECK_THROWS_WITH(RunLock(path), Catch::Matchers::ContainsSubstring("Another run is writing"));
    CHECK_THROWS_WITH(fit_tiny({.checkpoint = path}), Catch::Matchers::ContainsSubstring("Another run"));
  }
  CHECK_NOTHROW(RunLock(path));
  CHECK(fs::is_empty(scratch.path));
}

TEST_CASE("of thousands of epochs a model file keeps some, with the best and the last") {
  for (const int count : {7, 1000, 2503}) {
    History history{.best_epoch = count / 3};
    for (int i = 1; i <= count; ++i) history.epochs.push_back({.number = i});
    const files::Json json;
    json.set(json.root(), "history", to_json(json, history));
    const JsonDocument said(json.text(false), "history");
    std::vector<int> kept;
    for (yyjson_val* one : elements_of(yyjson_obj_get(said.find("history"), "epochs")))
      kept.push_back(yyjson_get_int(yyjson_obj_get(one, "epoch")));
    CHECK(kept.size() <= 1002);
    CHECK(kept.size() >= std::min<std::size_t>(std::size_t(count), 500));
    CHECK(std::ranges::is_sorted(kept));
    CHECK(std::ranges::contains(kept, history.best_epoch));
    CHECK(kept.back() == count);
  }
}

TEST_CASE("sha256 gives the standard's examples") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}
