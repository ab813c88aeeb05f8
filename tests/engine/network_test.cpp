#include <catch2/catch_all.hpp>

#include "networks.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

float largest_difference(const Model& model, std::uint32_t seed) {
  auto network = Network::create(model);
  REQUIRE(network.has_value());
  Noise noise(seed);
  for (float& x : network->input()) x = noise();
  const std::vector<float> input(network->input().begin(), network->input().end());
  const auto expected = reference(model, input);
  const auto logits = network->run();
  REQUIRE(logits.has_value());
  REQUIRE(logits->size() == expected.size());
  float largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    REQUIRE(std::isfinite(expected[i]));
    largest = std::max(largest, std::abs((*logits)[i] - expected[i]));
  }
  return largest;
}

}  // namespace

TEST_CASE("test-time augmentation averages the logits of four quarter turns, where two are close") {
  for (const int side : {8, 9}) {
    Model model = make_model({Conv2d{4, 3, 2, 1, 1, Activation::relu}, Flatten{}, Dense{3}}, side, side, 3);
    auto network = Network::create(model);
    REQUIRE(network.has_value());
    Noise noise(11);
    std::vector<float> upright(network->input().size());
    for (float& x : upright) x = noise();

    std::vector<float> input = upright, mean(3), first, averages(4);
    for (int turns = 0; turns < 4; ++turns) {
      std::ranges::copy(input, network->input().begin());
      const auto logits = network->run();
      REQUIRE(logits.has_value());
      for (std::size_t i = 0; i < 3; ++i) mean[i] += (*logits)[i] / 4;
      const auto features = network->features();
      for (std::size_t i = 0; i < features.size(); ++i)
        averages[i % 4] += features[i] / static_cast<float>(features.size());
      if (turns == 0) first.assign(logits->begin(), logits->end());
      const std::vector<float> before = input;
      const auto place = [&](int x, int y) { return static_cast<std::size_t>(3 * (y * side + x)); };
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) std::copy_n(&before[place(y, side - 1 - x)], 3, &input[place(x, y)]);
    }

    std::vector<float> sorted = first;
    std::ranges::sort(sorted, std::greater());
    const auto inferred = [&](float margin, Looks looks = Looks::as_needed) {
      std::ranges::copy(upright, network->input().begin());
      model.input.tta_margin = margin;
      return infer(*network, model.input, looks);
    };
    for (const float margin : {0.0f, sorted[0] - sorted[1] - 1e-4f}) CHECK(inferred(margin)->logits == first);
    const auto again = inferred(sorted[0] - sorted[1] + 1e-4f);
    REQUIRE(again.has_value());
    for (std::size_t i = 0; i < 3; ++i) CHECK(again->logits[i] == Catch::Approx(mean[i]).margin(1e-5));
    CHECK(again->logits != first);
    CHECK(again->feature_statistics == again->logits);  // nothing to compare channels with
    CHECK(again->embedding.empty());

    const auto all = inferred((sorted[0] - sorted[1]) / 2, Looks::all);
    REQUIRE(all.has_value());
    CHECK(all->logits == again->logits);
    CHECK(all->feature_statistics == first);  // as it would look without being asked for all
    CHECK(all->features == inferred(0)->features);
    REQUIRE(all->embedding.size() == 4 + 3);
    for (std::size_t i = 0; i < 4; ++i) CHECK(all->embedding[i] == Catch::Approx(averages[i]).margin(1e-5));
    for (std::size_t i = 0; i < 3; ++i) CHECK(all->embedding[4 + i] == all->logits[i]);
    CHECK(inferred(0, Looks::all)->logits == first);  // it has not learnt to be turned
  }
}

TEST_CASE("XNNPACK computes every kind of layer like the definition") {
  CHECK(largest_difference(make_varied_model(), 7) < 1e-5f);
}

TEST_CASE("the published network's layers compute like the definition") {
  const Activation relu = Activation::relu;
  const Model model = make_model(
      {Conv2d{32, 3, 1, 0, 1, relu}, MaxPool2d{2, 2}, Conv2d{32, 3, 1, 0, 1, relu}, MaxPool2d{2, 2},
       Conv2d{16, 3, 1, 0, 1, relu}, MaxPool2d{2, 2}, Flatten{}, Dense{128, relu}, Dense{4}},
      64, 64, 4);
  CHECK(total_cost(model).parameters == 89'140);
  CHECK(largest_difference(model, 3) < 2e-5f);
}

TEST_CASE("a sum keeps its earlier operand alive across layers that reuse memory") {
  const Model model =
      make_model({Conv2d{6, 3, 1, 1, 1, Activation::relu}, Conv2d{6, 3, 1, 1, 1, Activation::relu},
                  Conv2d{6, 3, 1, 1, 1, Activation::relu}, Add{0}, Conv2d{6, 3, 1, 1, 1, Activation::none},
                  Add{3}, Add{0}, Flatten{}, Dense{3}},
                 9, 8, 3);
  CHECK(largest_difference(model, 11) < 1e-5f);
}

TEST_CASE("a first layer that takes four pixels at a step computes like the definition") {
  for (const auto& [width, height] : {std::pair(96, 64), {64, 64}, {320, 256}})
    CHECK(largest_difference(
              make_model({Conv2d{16, 5, 4, 2, 1, Activation::relu}, Conv2d{24, 3, 2, 1, 1, Activation::relu},
                          Upsample2d{2}, Conv2d{16, 3, 1, 1, 1, Activation::relu}, Conv2d{6, 1},
                          GlobalAvgPool{}, Dense{3}},
                         width, height, 3),
              5) < 1e-4f);
}

TEST_CASE("a network resized computes like one that was made for that size, and goes back") {
  Model model = make_locator_model();
  CHECK(largest_difference(model, 17) < 1e-5f);
  auto resized = Network::create(model);
  REQUIRE(resized.has_value());
  for (const auto& [width, height] : {std::pair(160, 32), {32, 32}, {224, 96}, {96, 64}}) {
    model.input.width = width;
    model.input.height = height;
    auto made = Network::create(model);
    REQUIRE(made.has_value());
    REQUIRE(resized->resize(height, width).has_value());
    REQUIRE(resized->input().size() == made->input().size());
    Noise noise(19);
    for (std::size_t i = 0; i < made->input().size(); ++i) resized->input()[i] = made->input()[i] = noise();
    const auto expected = made->run(), grid = resized->run();
    REQUIRE((expected.has_value() && grid.has_value()));
    CHECK(grid->size() == static_cast<std::size_t>(width / 4 * (height / 4) * (2 + kBoxEdges)));
    CHECK(std::ranges::equal(*expected, *grid));
  }
  CHECK_FALSE(resized->resize(33, 64).has_value());
}

TEST_CASE("a network gives the same answer again after seeing another image") {
  auto network = Network::create(make_varied_model());
  REQUIRE(network.has_value());
  Noise noise(5);
  for (float& x : network->input()) x = noise();
  const std::vector<float> input(network->input().begin(), network->input().end());
  const auto run = [&] {
    const auto logits = network->run();
    return std::vector<float>(logits->begin(), logits->end());
  };
  const auto first = run();
  for (float& x : network->input()) x = 0.5f;
  CHECK(run() != first);
  std::ranges::copy(input, network->input().begin());
  CHECK(run() == first);
}

TEST_CASE("the features are what the head reads, untouched by the layers after it") {
  const Activation relu = Activation::relu;
  const Model model =
      GENERATE(make_varied_model(), make_model({Flatten{}, Dense{8, relu}, Dense{3}}, 6, 5, 3),
               make_model({Conv2d{4, 3, 1, 1, 1, relu}, MaxPool2d{2, 2}, Conv2d{4, 3, 1, 0, 1, relu},
                           Flatten{}, Dense{40, relu}, Dense{40, relu}, Dense{40, relu}, Dense{3}},
                          12, 10, 3));
  auto network = Network::create(model);
  REQUIRE(network.has_value());
  Noise noise(13);
  for (float& x : network->input()) x = noise();
  std::vector<float> expected(network->input().begin(), network->input().end());
  const std::size_t head = head_begin(model);
  if (head > 0) expected = reference_outputs(model, expected)[head - 1];
  REQUIRE(network->run().has_value());
  const Shape shape = network->features_shape();
  REQUIRE(network->features().size() ==
          static_cast<std::size_t>(shape.height * shape.width * shape.channels));
  REQUIRE(network->features().size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(network->features()[i] == Catch::Approx(expected[i]).margin(1e-5));
}

TEST_CASE(
    "feature statistics are the mean and deviation of the first convolution's channels, and the logits") {
  Model model = make_varied_model();
  model.rejection.centres = {1};
  auto network = Network::create(model);
  REQUIRE(network.has_value());
  Noise noise(17);
  for (float& x : network->input()) x = noise();
  const std::vector<float> input(network->input().begin(), network->input().end());
  REQUIRE(network->run().has_value());
  const std::size_t layer = statistics_layer(model).value();
  const std::vector<float> values = reference_outputs(model, input)[layer];
  const Shape shape = (*infer_shapes(model))[layer];
  const auto channels = static_cast<std::size_t>(shape.channels);
  REQUIRE(network->channel_statistics().size() == 2 * channels);
  CHECK(feature_statistics_count(model) == 2 * channels + model.labels.size());
  for (std::size_t c = 0; c < channels; ++c) {
    double sum = 0, squares = 0;
    const double count = shape.height * shape.width;
    for (std::size_t i = c; i < values.size(); i += channels) sum += values[i];
    for (std::size_t i = c; i < values.size(); i += channels) squares += std::pow(values[i] - sum / count, 2);
    CHECK(network->channel_statistics()[c] == Catch::Approx(sum / count).margin(1e-5));
    CHECK(network->channel_statistics()[channels + c] ==
          Catch::Approx(std::sqrt(squares / count)).margin(1e-4));
  }
  const auto output = infer(*network, model.input);
  REQUIRE(output.has_value());
  REQUIRE(output->feature_statistics.size() == feature_statistics_count(model));
  CHECK(std::ranges::equal(network->channel_statistics(),
                           std::span(output->feature_statistics).first(2 * channels)));
  CHECK(std::ranges::equal(output->logits, std::span(output->feature_statistics).subspan(2 * channels)));

  // What a profile is fitted to ends with them.
  std::ranges::copy(input, network->input().begin());
  const auto all = infer(*network, model.input, Looks::all);
  REQUIRE(all.has_value());
  REQUIRE(all->embedding.size() == embedding_size(model));
  CHECK(std::ranges::equal(all->feature_statistics,
                           std::span(all->embedding).last(feature_statistics_count(model))));
}

TEST_CASE("a network whose output is not finite gives an error, and no numbers") {
  constexpr float kHuge = 3e38f;
  const auto error_of = [](const Model& model) {
    auto network = Network::create(model);
    REQUIRE(network.has_value());
    std::ranges::fill(network->input(), 0.5f);
    const auto logits = network->run();
    REQUIRE_FALSE(logits.has_value());
    CHECK_FALSE(infer(*network, model.input).has_value());
    return logits.error().code;
  };
  const Model sound =
      make_model({Conv2d{4, 3, 1, 1}, GlobalAvgPool{}, Dense{5, Activation::relu}, Dense{3}}, 8, 8, 3);
  Model logits = sound;  // overflow in the last layer alone
  std::ranges::fill(logits.layers[2].bias, 10.0f);
  for (std::size_t i = 0; i < logits.layers[3].weight.size(); ++i)
    logits.layers[3].weight[i] = i % 2 == 0 ? kHuge : -kHuge;
  CHECK(error_of(logits) == ErrorCode::corrupt_model);
  Model features = sound;  // which the rectifier behind them hides
  std::ranges::fill(features.layers[0].weight, kHuge);
  std::ranges::fill(features.layers[2].weight, -1.0f);
  CHECK(error_of(features) == ErrorCode::corrupt_model);
  Model statistics = sound;  // the square of a channel, in which nothing else overflows
  statistics.rejection.centres = {1};
  std::ranges::fill(statistics.layers[0].bias, 1e25f);
  CHECK(error_of(statistics) == ErrorCode::corrupt_model);
}

TEST_CASE("softmax sums to one and survives logits that overflow") {
  std::vector<float> p(3);
  softmax(std::vector<float>{1000, 999, -1000}, 1, p);
  CHECK(p[0] == Catch::Approx(1 / (1 + std::exp(-1.0))).epsilon(1e-6));
  CHECK(p[2] == 0);
  softmax(std::vector<float>{2, 0, 0}, 2, p);
  CHECK(p[0] == Catch::Approx(std::exp(1.0) / (std::exp(1.0) + 2)).epsilon(1e-6));
}
