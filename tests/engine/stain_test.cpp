// Stains that a model does not know are brought to the edge of those that it knows.
#include <catch2/catch_all.hpp>
#include <cmath>

#include "leukolens/classifier.h"
#include "leukolens/view.h"
#include "networks.h"
#include "smear.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

const StainRange kRange{{0.4f, 0.7f, 0.1f}, {0.9f, 1.5f, 0.4f}};

std::vector<Located> cells_of(std::size_t count, std::array<float, 3> density) {
  Located cell;
  cell.outline = {{0, 0}, {1, 0}, {1, 1}};
  cell.density = density;
  return std::vector(count, cell);
}

Model cell_model() {
  Model model = make_varied_model();
  model.input.region = Input::Region::cell;
  model.stain = kRange;
  return model;
}

// Drawn cells that say of their nuclei what is wanted.
Picture picture_of(int cells, std::array<float, 3> density) {
  const smear::Scene scene{.seed = 3,
                           .width = 900,
                           .height = 700,
                           .cells = std::vector(std::size_t(cells), smear::Cell::lymphocyte)};
  smear::Smear smear = smear::draw(scene);
  Field field = smear::field_of(scene, smear);
  for (Located& cell : field.cells) {
    cell.outline = cells_of(1, density)[0].outline;
    cell.density = density;
  }
  return {std::move(smear.image), std::move(field)};
}

}  // namespace

TEST_CASE("a stain darker than the range comes to its edge, channel by channel; any other is left as it is") {
  CHECK(even_stain(cells_of(50, {0.5f, 1.5f, 0.1f}), kRange).is_none());
  const StainScale far = even_stain(cells_of(100'000, {0.8f, 2.0f, 0.05f}), kRange);
  CHECK(far.factors[0] == 1);
  CHECK(far.factors[1] == Catch::Approx(0.75).margin(1e-3));
  CHECK(far.factors[2] == 1);
  CHECK(far.cells == 100'000);
  const StainScale absurd = even_stain(cells_of(100'000, {100, 0, 0.2f}), kRange);
  CHECK(absurd.factors[0] == Catch::Approx(0.6).margin(1e-3));
  CHECK(absurd.factors[1] == 1);
}

TEST_CASE("the fewer cells there are, the less they say; those without a nucleus say nothing") {
  float before = 1;
  for (const std::size_t count : {1, 4, 20, 200}) {
    const float factor = even_stain(cells_of(count, {0.8f, 3.0f, 0.2f}), kRange).factors[1];
    CHECK(factor < before);
    before = factor;
  }
  CHECK(even_stain(cells_of(4, {0.8f, 3.0f, 0.2f}), kRange).factors[1] ==
        Catch::Approx(std::sqrt(0.6)).margin(1e-3));
  std::vector<Located> cells = cells_of(3, {0.5f, 1, 0.2f});
  for (Located& cell : cells) cell.outline.clear();
  CHECK(even_stain(cells, kRange).cells == 0);
  CHECK_FALSE(usual_density(cells).has_value());
  cells.push_back(cells_of(1, {9, 9, 9})[0]);
  CHECK(even_stain(cells, kRange).cells == 1);
}

TEST_CASE("in an evened stain white stays white, and every transmittance is raised to the factor") {
  const Picture picture = smear::draw_located({.seed = 5, .cells = {smear::Cell::neutrophil}});
  const Input input{.width = 40, .height = 40, .region = Input::Region::cell};
  const Located& cell = *main_cell(picture);
  const Image plain = view_of(picture, cell, input);
  const Image even = view_of(picture, cell, input, {.factors = {1, 0.5f, 2}});
  REQUIRE(plain.rgb.size() == even.rgb.size());
  for (std::size_t i = 0; i < plain.rgb.size(); ++i) {
    const double factor = std::array{1.0, 0.5, 2.0}[i % 3];
    CHECK(std::abs(even.rgb[i] - 255 * std::pow(plain.rgb[i] / 255.0, factor)) <= 0.51);
  }
  CHECK(even.rgb[0] == 255);
}

TEST_CASE("a field of five cells is evened by itself and says so; fewer, or a known stain, are not") {
  const Model model = cell_model();
  auto classifier = Classifier::load(*write_model(model));
  REQUIRE(classifier.has_value());
  const Picture strange = picture_of(6, {0.8f, 3.0f, 0.2f});
  const auto field = classifier->classify_field(strange);
  REQUIRE(field.has_value());
  CHECK(field->stain.cells == 6);
  CHECK(field->stain.factors[1] < 0.8f);
  const Located& first = strange.field().cells[0];
  const auto one = classifier->classify(strange, Point{first.x, first.y});
  CHECK(one->probabilities == field->cells[0].probabilities);
  CHECK(one->stain.factors == field->stain.factors);
  CHECK(classifier->explain(strange, first, 0)->probability == one->probabilities[0]);

  CHECK(classifier->classify_field(picture_of(4, {0.8f, 3.0f, 0.2f}))->stain.is_none());
  CHECK(classifier->classify_field(picture_of(6, {0.8f, 1.2f, 0.2f}))->stain.is_none());

  // What is known of the microscope comes first.
  classifier->use(Profile{.stain = {.factors = {1, 0.9f, 1}, .cells = 40}});
  CHECK(classifier->classify_field(strange)->stain.cells == 40);
  Profile profile{.stain = {.factors = {1, 0.8f, 1}, .cells = 30}};
  profile.weights.resize(model.labels.size() * (embedding_size(model) - model.labels.size()));
  profile.biases.resize(model.labels.size());
  classifier->use(profile);
  CHECK(classifier->classify_field(strange)->stain.cells == 30);
  CHECK(classifier->classify_field(strange)->cells[0].probabilities != field->cells[0].probabilities);
}

TEST_CASE("a model keeps the range of its stains, and refuses one that is none") {
  Model model = cell_model();
  const auto back = read_model(*write_model(model));
  REQUIRE((back.has_value() && back->stain));
  CHECK(back->stain->least == kRange.least);
  CHECK(back->stain->most == kRange.most);
  model.stain->least[1] = 2;
  CHECK_FALSE(write_model(model).has_value());
  model.stain->least[1] = -1;
  CHECK_FALSE(write_model(model).has_value());
}

TEST_CASE("a profile of a stain alone is made where it helps, or where no label is known") {
  Model model = cell_model();
  model.sha256 = std::string(64, 'a');
  const std::size_t size = embedding_size(model), labels = model.labels.size();
  const auto examples = [&](float logit) {
    Example example{std::vector<float>(size), 1};
    example.embedding[size - labels + 1] = logit;
    return std::vector(8, example);
  };
  const StainScale stain{.factors = {1, 0.75f, 0.5f}, .cells = 8};
  // Nothing can be learnt from answers that are all right: what remains is the stain.
  const auto better = adapt(model, stain, examples(-1), examples(20));
  REQUIRE(better.has_value());
  CHECK(better->before.accuracy == 0);
  CHECK(better->after.accuracy == 1);
  // A loss that is smaller is no gain where the stain names no cell more rightly.
  CHECK(adapt(model, stain, examples(19), examples(20)).error().code == ErrorCode::invalid_argument);
  // Where fewer are named rightly in it, cells are shown as they are.
  CHECK(adapt(model, stain, examples(20), examples(-1)).error().code == ErrorCode::invalid_argument);
  CHECK(adapt_stain(model, {}).error().code == ErrorCode::invalid_argument);
  CHECK(adapt_stain(model, stain)->stain.cells == 8);

  const std::string text = write_profile(*better, model);
  const std::span file(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  const auto back = read_profile(file, model);
  REQUIRE(back.has_value());
  CHECK(back->stain.factors == stain.factors);
  CHECK(back->stain.cells == 8);
  CHECK(write_profile(*back, model) == text);
  std::vector<float> probabilities(labels), expected(labels);
  apply(*back, examples(1)[0].embedding, probabilities);
  softmax(std::span(examples(1)[0].embedding).last(labels), 1, expected);
  CHECK(probabilities == expected);
  model.stain.reset();
  CHECK(adapt_stain(model, stain).error().message == "The model names no stains that it knows.");
}
