#include "leukolens/explain.h"

#include <catch2/catch_all.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "leukolens/classifier.h"
#include "leukolens/overlay.h"
#include "leukolens/view.h"
#include "sanity.h"
#include "smear.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

constexpr Activation kRelu = Activation::relu, kRelu6 = Activation::relu6;

// A network that is all head, so that its features are its input.
std::vector<float> random_features(const Model& model, std::uint32_t seed) {
  Noise noise(seed);
  std::vector<float> features(static_cast<std::size_t>(model.input.width * model.input.height * 3));
  for (float& value : features) value = noise();
  return features;
}

Model read_article() {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(LEUKOLENS_MODELS "/article.safetensors", "rb"), std::fclose);
  REQUIRE(file);
  std::vector<std::uint8_t> bytes(1 << 20);
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
  auto model = read_model(bytes);
  REQUIRE(model.has_value());
  return *std::move(model);
}

Classifier load(const Model& model) {
  const auto file = write_model(model);
  REQUIRE(file.has_value());
  auto classifier = Classifier::load(*file);
  REQUIRE(classifier.has_value());
  return *std::move(classifier);
}

std::vector<Picture> drawn_cells() {
  std::vector<Picture> pictures;
  for (int i = 0; i < 24; ++i)
    pictures.push_back(smear::draw_located(
        {.seed = static_cast<std::uint64_t>(i), .cells = {static_cast<smear::Cell>(i % 4)}}));
  return pictures;
}

}  // namespace

TEST_CASE("relevance is the features' share in the logit's slope, as finite differences measure it") {
  const Model model = GENERATE(make_model({Flatten{}, Dense{9, kRelu}, Dense{7, kRelu6}, Dense{3}}, 5, 4, 3),
                               make_model({GlobalAvgPool{}, Dense{9, kRelu}, Dense{3}}, 5, 4, 3),
                               make_model({GlobalAvgPool{}, Flatten{}, Dense{3}}, 5, 4, 3),
                               make_model({GlobalAvgPool{}}, 5, 4, 3));
  const auto features = random_features(model, 21);
  const int label = GENERATE(0, 2);
  const auto map = explain(model, features, {4, 5, 3}, label, {0, 0, 5, 4});
  REQUIRE(map.has_value());
  CHECK(map->label == label);
  REQUIRE(map->values.size() == 20);
  for (std::size_t place = 0; place < 20; ++place) {
    const auto logit = [&](float change) {  // with all channels of one place grown by a share of themselves
      auto changed = features;
      for (std::size_t c = 0; c < 3; ++c) changed[3 * place + c] *= 1 + change;
      return reference(model, changed)[static_cast<std::size_t>(label)];
    };
    const float slope = (logit(1e-2f) - logit(-1e-2f)) / 2e-2f;
    CHECK(map->values[place] * map->scale == Catch::Approx(slope).margin(2e-4));
  }
}

TEST_CASE("behind global average pooling, relevances and bias sum to the logit") {
  Model model = make_model(
      {Conv2d{8, 3, 2, 1, 1, kRelu}, Conv2d{12, 3, 1, 1, 1, kRelu}, GlobalAvgPool{}, Dense{4}}, 20, 16, 4);
  auto network = Network::create(model);
  REQUIRE(network.has_value());
  Noise noise(3);
  for (float& x : network->input()) x = noise();
  const auto logits = network->run();
  REQUIRE(logits.has_value());
  for (int label = 0; label < 4; ++label) {
    const auto map = explain(model, network->features(), network->features_shape(), label, {0, 0, 20, 16});
    REQUIRE(map.has_value());
    const auto i = static_cast<std::size_t>(label);
    const float sum = std::accumulate(map->values.begin(), map->values.end(), 0.0f);
    CHECK(sum * map->scale + model.layers.back().bias[i] == Catch::Approx((*logits)[i]).margin(1e-5));
    const auto [low, high] = std::ranges::minmax(map->values);
    CHECK(std::max(-low, high) == 1);
  }
}

TEST_CASE("a map's region follows the centres of the features' receptive fields") {
  const auto region = [](const Model& model, Rect seen) {
    const auto shapes = *infer_shapes(model);
    const Shape shape = shapes[head_begin(model) - 1];
    const std::vector<float> features(static_cast<std::size_t>(shape.height * shape.width * shape.channels));
    const auto map = explain(model, features, shape, 0, seen);
    REQUIRE(map.has_value());
    CHECK(map->values == std::vector<float>(map->values.size()));
    return std::array{map->region.x, map->region.y, map->region.width, map->region.height};
  };
  // Valid convolutions see the middle: 6 features 8 px apart, the first one around 11 px.
  const Model article = read_article();
  CHECK(region(article, {0, 0, 64, 64}) == std::array{7, 7, 48, 48});
  CHECK(region(article, {100, 20, 320, 640}) == std::array{135, 90, 240, 480});
  // Padded convolutions with stride 2 look at the upper left pixel of each pair.
  const Model padded =
      make_model({Conv2d{4, 3, 2, 1}, Conv2d{4, 3, 2, 1}, GlobalAvgPool{}, Dense{2}}, 64, 64, 2);
  CHECK(region(padded, {0, 0, 640, 640}) == std::array{-15, -15, 640, 640});
  // Places that become several stay where they are.
  const Model upsampled = make_model(
      {Conv2d{4, 3, 2, 1}, Conv2d{4, 3, 2, 1}, Upsample2d{2}, GlobalAvgPool{}, Dense{2}}, 64, 64, 2);
  CHECK(region(upsampled, {0, 0, 640, 640}) == std::array{-15, -15, 640, 640});
}

TEST_CASE("what cannot be explained is refused") {
  const Model model = make_model({Conv2d{4, 3, 1, 1, 1, kRelu}, GlobalAvgPool{}, Dense{3}}, 8, 8, 3);
  Classifier classifier = load(model);
  const Picture picture(smear::draw({.cells = {smear::Cell::monocyte}}).image);
  CHECK(classifier.explain(picture, 3).error().code == ErrorCode::invalid_argument);
  CHECK(classifier.explain(picture, -1).error().code == ErrorCode::invalid_argument);
  CHECK(classifier.explain(Picture({}), 0).error().code == ErrorCode::empty_input);
  CHECK(classifier.explain(picture, Located{}, 0).error().code == ErrorCode::invalid_argument);
  const Model placeless = make_model({Conv2d{4, 3, 1, 1}, Conv2d{3, 8, 1, 0}}, 8, 8, 3);
  CHECK(load(placeless).explain(picture, 0).error().code == ErrorCode::unsupported_model);
}

TEST_CASE("a map whose values overflow is refused") {
  Model model = make_model({GlobalAvgPool{}, Dense{3}}, 5, 4, 3);
  std::ranges::fill(model.layers[1].weight, 3e38f);
  const std::vector<float> features(5 * 4 * 3, 1e3f);
  CHECK(explain(model, features, {4, 5, 3}, 0, {0, 0, 5, 4}).error().code == ErrorCode::corrupt_model);
}

TEST_CASE("an explanation is of the picture that is asked about, and changes no prediction") {
  Classifier classifier = load(read_article());
  const auto pictures = drawn_cells();
  const auto map = classifier.explain(pictures[1], 2);
  REQUIRE(map.has_value());
  CHECK(map->explain_ms > 0);
  const auto before = classifier.classify(pictures[1]);
  REQUIRE(classifier.benchmark(3).has_value());
  REQUIRE(classifier.classify(pictures[2]).has_value());
  CHECK(classifier.explain(pictures[1], 2)->values == map->values);
  CHECK(classifier.classify(pictures[1])->probabilities == before->probabilities);
  CHECK(classifier.explain(pictures[1], 1)->values != map->values);
}

TEST_CASE("each cell of a field is explained by itself, upright, whatever the network was shown before") {
  Model model = make_model({Conv2d{8, 3, 2, 1, 1, kRelu}, GlobalAvgPool{}, Dense{4}}, 24, 24, 4);
  model.input.region = Input::Region::cell;
  model.input.tta_margin = 100;  // always turned
  Classifier classifier = load(model);
  const Picture picture = smear::draw_located(
      {.seed = 5, .width = 640, .height = 480, .cells = {smear::Cell::neutrophil, smear::Cell::lymphocyte}});
  REQUIRE(picture.field().cells.size() == 2);
  REQUIRE(classifier.classify_field(picture).has_value());
  auto network = Network::create(model);
  REQUIRE(network.has_value());
  for (const Located& cell : picture.field().cells) {
    const auto map = classifier.explain(picture, cell, 1);
    REQUIRE(map.has_value());
    normalise(view_of(picture, cell, model.input), model.input, network->input());
    REQUIRE(network->run().has_value());
    const auto expected = explain(model, network->features(), network->features_shape(), 1,
                                  view_region(picture, cell, model.input));
    REQUIRE(expected.has_value());
    CHECK(map->values == expected->values);
    CHECK(map->region.x == expected->region.x);
    CHECK(map->region.y == expected->region.y);
    CHECK(map->region.width == expected->region.width);
  }
  CHECK(classifier.explain(picture, 1)->values ==
        classifier.explain(picture, *main_cell(picture), 1)->values);
}

TEST_CASE("values between cells are interpolated, and beyond the outer ones they stay") {
  const Heatmap map{.width = 2, .height = 2, .values = {0, 1, -1, 0}, .region = {10, 20, 40, 40}};
  CHECK(map.at(20, 30) == 0);
  CHECK(map.at(40, 30) == 1);
  CHECK(map.at(30, 30) == 0.5f);
  CHECK(map.at(20, 40) == -0.5f);
  CHECK(map.at(0, 0) == 0);
  CHECK(map.at(99, 0) == 1);
}

TEST_CASE("an overlay lays viridis on the image, as strongly as asked") {
  const Image image{.width = 4, .height = 1, .rgb = std::vector<std::uint8_t>(12, 100)};
  const Heatmap map{.width = 2, .height = 1, .values = {-1, 1}, .region = {0, 0, 4, 1}};
  CHECK(overlay(image, map, 0).rgb == image.rgb);
  const auto full = overlay(image, map, 1).rgb;
  CHECK(std::vector(full.begin(), full.begin() + 3) == std::vector<std::uint8_t>{68, 1, 84});
  CHECK(std::vector(full.end() - 3, full.end()) == std::vector<std::uint8_t>{253, 231, 37});
  CHECK(overlay(image, map, 0.5f).rgb[0] == 84);
}

TEST_CASE("the map depends on what the network has learnt, not on the picture alone") {
  const Model article = read_article();
  Classifier trained = load(article);
  double sum = 0;
  const auto pictures = drawn_cells();
  for (std::uint32_t i = 0; i < pictures.size(); ++i) {
    const int label = *trained.classify(pictures[i])->label;
    const auto map = trained.explain(pictures[i], label),
               other = load(randomised(article, i + 1)).explain(pictures[i], label);
    REQUIRE((map.has_value() && other.has_value()));
    sum += rank_correlation(map->values, other->values);
  }
  const double mean = sum / static_cast<double>(pictures.size());
  std::printf("mean rank correlation with maps of untrained networks: %.3f\n", mean);
  CHECK(std::abs(mean) < 0.2);
}

TEST_CASE("hiding what the map highlights costs the class more than hiding as much elsewhere") {
  Classifier classifier = load(read_article());
  Noise noise(1);
  double top = 0, random = 0, bottom = 0;
  for (const Picture& picture : drawn_cells()) {
    const auto before = classifier.classify(picture);
    const Image& image = picture.pixels();
    const auto label = static_cast<std::size_t>(*before->label);
    const auto map = classifier.explain(picture, *before->label);
    const auto loss = [&](Image hidden) {
      const auto after = classifier.classify(Picture(std::move(hidden)));
      return before->probabilities[label] - after->probabilities[label];
    };
    top += loss(hide(image, *map, 0, 0.1));
    random += loss(hide(image, shuffled(*map, noise), 0, 0.1));
    bottom += loss(hide(image, *map, 0.9, 1));
  }
  std::printf("probability lost, of 24: highlighted %.2f, random %.2f, lowest %.2f\n", top, random, bottom);
  CHECK(top > random);
  CHECK(top > bottom);
}
