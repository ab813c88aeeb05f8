#include <catch2/catch_all.hpp>
#include <cmath>

#include "commands/fit.h"
#include "data/provenance.h"
#include "evaluation/rejection.h"
#include "files/read_file.h"
#include "leukolens/novelty.h"
#include "leukolens/view.h"
#include "scratch.h"
#include "support/files.h"
#include "tiny.h"
#include "training/learner.h"  // before Catch2, whose CHECK is not libtorch's

using namespace leukolens;
using namespace leukolens::train;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The drawn images in negative, which no model knows that learnt from them as they are.
Samples from_another_camera(int each) {
  Samples samples = drawn_samples(each);
  for (std::uint8_t& value : samples.pixels) value = static_cast<std::uint8_t>(255 - value);
  return samples;
}

/// The same with red and blue exchanged.
Samples with_swapped_colours(int each) {
  Samples samples = drawn_samples(each);
  for (std::size_t i = 0; i + 2 < samples.pixels.size(); i += 3)
    std::swap(samples.pixels[i], samples.pixels[i + 2]);
  return samples;
}

double loss(const Model& model, const Samples& samples, const Indices& indices) {
  return measure(score(model, samples, indices), 2).loss;
}

Model read_back(const Model& model, Precision precision) {
  return read_model(write_model(model, precision).value()).value();
}

/// How far a layer's weights moved, relative to their size.
double moved(const Model& from, const Model& to, std::size_t layer) {
  double change = 0, size = 0;
  for (std::size_t i = 0; i < from.layers[layer].weight.size(); ++i) {
    const double before = from.layers[layer].weight[i], after = to.layers[layer].weight[i];
    change += (after - before) * (after - before);
    size += before * before;
  }
  return std::sqrt(change / size);
}

Batch batch_of(const Samples& samples, const Model& model) {
  const std::size_t count = samples.list.size(), each = samples.pixels_each();
  Batch batch;
  batch.images.resize(count * each);
  for (std::uint32_t i = 0; i < count; ++i) {
    normalise(samples.image(i), model.input, std::span(batch.images).subspan(i * each, each));
    batch.labels.push_back(samples.list[i].label);
  }
  return batch;
}

Model after_one_step(const Recipe& recipe, const Model& from) {
  Learner learner(recipe, from, 1);
  learner.set_learning_rate(1e-3);
  Batch batch = batch_of(from_another_camera(4), from);
  learner.learn(batch);
  return learner.take();
}

/// A folder of drawn cells for each label, and a model file that was made from them.
struct Trained {
  Scratch scratch;
  FitOptions options;

  Trained() {
    for (int i = 1; i <= 4; ++i) {
      const auto seed = static_cast<std::uint64_t>(i);
      scratch.write(std::format("old/neutrophil/{}.png", i), smear::encode_png(drawn_field(seed)));
      scratch.write(std::format("old/lymphocyte/{}.png", i),
                    smear::encode_png(drawn_field(seed, smear::Cell::lymphocyte)));
      scratch.write(std::format("new/neutrophil/{}.png", i), smear::encode_png(drawn_field(seed + 10)));
      scratch.write(std::format("new/lymphocyte/{}.png", i),
                    smear::encode_png(drawn_field(seed + 10, smear::Cell::lymphocyte)));
    }
    scratch.write("tiny.toml", kTiny);
    options.data = {path("old")};
    options.recipe = path("tiny.toml");
    options.settings = {"training.epochs=2"};
    options.group = "none";
    options.out = path("first.safetensors");
    fit_command(options);
    options.recipe = kFineTuning;
    options.settings = {"training.epochs=1", "training.validation=0.3"};
    options.from = options.out;
    options.out = path("second.safetensors");
  }
  std::string path(const std::string& name) const { return (scratch.path / name).string(); }
};

const Trained& trained() {
  static const Trained once;
  return once;
}

}  // namespace

TEST_CASE("training goes on from a model's weights, in whatever precision its file has them") {
  const Precision precision = GENERATE(Precision::f32, Precision::f16, Precision::i8);
  const Model before = read_back(tiny_outcome().model, precision);
  Recipe recipe = tiny_recipe("epochs = 40", "epochs = 1");
  recipe.optimiser.learning_rate = 1e-6;
  const Samples samples = drawn_samples(8);
  const Model after = fit(recipe, before, samples, everything_twice(samples), {.seed = 9}, {}).model;
  for (const std::size_t layer : {std::size_t{0}, std::size_t{7}}) {
    CHECK(moved(before, after, layer) > 0);
    CHECK(moved(before, after, layer) < 1e-3);
  }
}

TEST_CASE("a few cells of another camera bring a model nearer to it, and the head alone learns too") {
  const std::string layers = GENERATE("all", "last", "head");
  INFO(layers);
  const Samples samples = from_another_camera(12);
  Indices known, unseen;
  for (std::uint32_t i = 0; i < samples.list.size(); ++i) (i < 12 ? known : unseen).push_back(i);
  const Recipe recipe = parse_recipe("[training]\nbatch = 4\nepochs = 30\nlayers = \"" + layers +
                                         "\"\n[optimiser]\nlearning_rate = 2e-3\ndepth_decay = 0.9\n",
                                     "more.toml");
  const Model& before = tiny_outcome().model;
  const Model after = fit(recipe, before, samples, {known, known}, {.seed = 1}, {}).model;
  CHECK(loss(after, samples, known) < 0.5 * loss(before, samples, known));
  CHECK(loss(after, samples, unseen) < 0.5 * loss(before, samples, unseen));
}

TEST_CASE("only the layers that the recipe names learn") {
  const Model& before = tiny_outcome().model;
  const auto learnt = [&](Training::Layers layers) {
    Recipe recipe = tiny_recipe();
    recipe.training.layers = layers;
    const Model after = after_one_step(recipe, before);
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < before.layers.size(); ++i)
      if (before.layers[i].weight != after.layers[i].weight) which.push_back(i);
    return which;
  };
  using Layers = Training::Layers;
  using Which = std::vector<std::size_t>;
  CHECK(learnt(Layers::all) == Which({0, 1, 4, 6, 7}));
  CHECK(learnt(Layers::last) == Which({4, 6, 7}));
  CHECK(learnt(Layers::head) == Which({6, 7}));
}

TEST_CASE("each layer learns at the recipe's share of the rate of the one after it") {
  const Model& before = tiny_outcome().model;
  Recipe recipe = tiny_recipe("type = \"adam\"\nlearning_rate = 5e-3", "type = \"sgd\"\nmomentum = 0");
  const Model evenly = after_one_step(recipe, before);
  recipe.optimiser.depth_decay = 0.5;
  const Model by_depth = after_one_step(recipe, before);
  double share = 1;
  for (const std::size_t layer : {7, 6, 4, 1, 0}) {
    CHECK(moved(before, by_depth, layer) / moved(before, evenly, layer) ==
          Catch::Approx(share).epsilon(0.05));
    share *= 0.5;
  }
}

TEST_CASE("fit goes on from a file: labels and network are the model's, and it says where it comes from") {
  FitOptions options = trained().options;
  options.data = {trained().path("new"), trained().path("old")};
  fit_command(options);
  const Model before = load_model(options.from), after = load_model(options.out);
  CHECK(after.name == "second");
  REQUIRE(after.labels.size() == 2);
  CHECK(after.labels[0].id == before.labels[0].id);
  CHECK(moved(before, after, 0) > 0);
  CHECK(moved(before, after, 0) < 0.5);
  CHECK_THAT(after.training_json,
             ContainsSubstring("\"from\":{\"name\":\"tiny\",\"sha256\":\"" + before.sha256));
  const std::vector<LearntSource> sources = learnt_sources(after);
  REQUIRE(sources.size() == 2);
  CHECK(sources[0].name == "new");
  CHECK(sources[1].images == 8);
}

TEST_CASE("the data that a model has learnt is missed, and known again under another name") {
  RecipeOptions options = trained().options;
  const Recipe recipe = parse_recipe("", "x.toml");
  options.data = {trained().path("new")};
  CHECK(open_run_context(options, recipe).forgets);
  std::filesystem::copy(
      trained().path("old"), trained().path("renamed"),
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  options.data.push_back(trained().path("renamed"));
  const RunContext context = open_run_context(options, recipe);
  CHECK_FALSE(context.forgets);
  const Overlap half = overlap(learnt_sources(context.model), contents_of(context.samples));
  CHECK(half.found == 8);
  CHECK(half.share == Catch::Approx(0.5));
}

TEST_CASE("what was learnt before is kept in the record where its data is missing") {
  FitOptions options = trained().options;
  options.data = {trained().path("new")};
  options.out = trained().path("third.safetensors");
  fit_command(options);
  const Model before = load_model(options.from), after = load_model(options.out);
  CHECK(learnt_sources(after).size() == 2);
  CHECK(after.rejection.whitening == before.rejection.whitening);
  CHECK(after.rejection.distances == before.rejection.distances);
  CHECK(after.rejection.centres.size() > before.rejection.centres.size());
}

TEST_CASE("a model that cannot be gone on from, and a recipe that asks for it without a model, are refused") {
  RecipeOptions options = trained().options;
  const auto refused = [&](std::string_view recipe, const std::string& message) {
    CHECK_THROWS_WITH(open_run_context(options, parse_recipe(recipe, "x.toml")), ContainsSubstring(message));
  };
  refused("[training]\nbatch_norm = true\n", "batch norms");
  options.from = LEUKOLENS_MODELS "/locator.safetensors";
  refused("", "is a locator");
  options.from.clear();
  refused("", "Recipe x has no network");
  refused("[training]\nlayers = \"head\"\n", "--from MODEL");
}

TEST_CASE("a sketch estimates how much of a large data set is known") {
  Samples samples;
  for (int i = 0; i < 4000; ++i) {
    const std::string bytes = std::to_string(i);
    Sample sample;
    sample.content = content_of({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    samples.list.push_back(sample);
  }
  Indices first(3000);
  std::iota(first.begin(), first.end(), 0u);
  const std::vector<LearntSource> sources = sources_of(samples, first, {"cells"});
  REQUIRE(sources.size() == 1);
  CHECK(sources[0].images == 3000);
  CHECK(sources[0].sketch.size() == kSketch);
  const std::set<std::string> contents = contents_of(samples);
  CHECK(share_present(sources[0], contents) == 1);
  CHECK(overlap(sources, contents).share == Catch::Approx(0.75).margin(0.07));
  samples.list.erase(samples.list.begin(), samples.list.begin() + 3000);
  CHECK(overlap(sources, contents_of(samples)).found == 0);
}

TEST_CASE("cells that a model goes on to learn become known, at the distances that it knows") {
  const Samples old = drawn_samples(8), other = with_swapped_colours(8);
  const Model& model = tiny_outcome().model;
  const Indices all = everything_twice(old).train;
  const std::vector<Answer> answers = predict(model, old, all), others = predict(model, other, all);
  Rejection before = fit_statistics(answers, 2);
  before.distances = quantiles(distances(before, answers), 11);
  const Rejection after = extend_statistics(before, others, 2);
  CHECK(after.distances == before.distances);
  CHECK(distances(after, answers) <= distances(before, answers));
  for (const float distance : distances(after, others)) CHECK(typicality(after, distance) > 0.05f);
  for (const float distance : distances(before, others)) CHECK(typicality(before, distance) < 0.05f);
}
