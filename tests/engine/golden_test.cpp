// The shipped models against what libtorch computed when they were exported, on drawn smears: natively and as
// WebAssembly.
#include <algorithm>
#include <catch2/catch_all.hpp>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include "leukolens/classifier.h"
#include "leukolens/view.h"
#include "model/json_reader.h"
#include "smear.h"

using namespace leukolens;

namespace {

std::string read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  INFO(path);
  REQUIRE(file);
  std::string content;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, file.get())) > 0;) content.append(buffer, n);
  return content;
}

smear::Scene scene_of(const Json& golden) {
  const auto number = [&](std::string_view key) { return golden.find(key)->number; };
  smear::Scene scene{.seed = static_cast<std::uint64_t>(number("seed")),
                     .width = static_cast<int>(number("width")),
                     .height = static_cast<int>(number("height")),
                     .scale = number("scale"),
                     .stain = number("stain")};
  for (int cell = 0; cell < smear::kCells; ++cell)
    if (smear::id(static_cast<smear::Cell>(cell)) == golden.find("cell")->string)
      scene.cells = {static_cast<smear::Cell>(cell)};
  REQUIRE(scene.cells.size() == 1);
  return scene;
}

// The whole picture, or its main cell, as the model sees it.
Image view_in(const Picture& picture, const Input& input) {
  if (input.region == Input::Region::whole) return view_of(picture, input);
  const Located* cell = main_cell(picture);
  REQUIRE(cell);
  return view_of(picture, *cell, input);
}

double difference(const Json& expected, const std::vector<float>& values) {
  REQUIRE(expected.items.size() == values.size());
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    REQUIRE(std::isfinite(values[i]));  // or no comparison would find it
    largest = std::max(largest, std::abs(expected.items[i].number - values[i]));
  }
  return largest;
}

}  // namespace

TEST_CASE("a shipped model answers as it did in libtorch") {
  const std::string name = GENERATE("article", "flagship");
  const std::string path = std::string(LEUKOLENS_MODELS) + "/" + name;
  const std::string file = read_file(path + ".safetensors"), text = read_file(path + ".golden.json");
  auto classifier = Classifier::load({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()});
  REQUIRE(classifier.has_value());
  const auto golden = Json::parse(text);
  REQUIRE(golden.has_value());
  REQUIRE(golden->find("images")->items.size() >= 8);
  const auto model = read_model({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()});
  auto network = Network::create(*model);
  REQUIRE(network.has_value());

  double largest = 0, largest_of_logits = 0;
  for (const Json& image : golden->find("images")->items) {
    const Picture picture = smear::draw_located(scene_of(image));
    const auto result = classifier->classify(picture);
    REQUIRE(result.has_value());
    normalise(view_in(picture, model->input), model->input, network->input());
    const auto output = infer(*network, model->input);
    REQUIRE(output.has_value());
    std::vector<float> probabilities(output->logits.size());
    softmax(output->logits, model->calibration.temperature, probabilities);
    CHECK(result->probabilities == probabilities);
    largest = std::max(largest, difference(*image.find("probabilities"), result->probabilities));
    largest_of_logits = std::max(largest_of_logits, difference(*image.find("logits"), output->logits));
  }
  std::printf("%s: largest difference to libtorch %.2g, of a logit %.2g\n", name.c_str(), largest,
              largest_of_logits);
  CHECK(largest < 1e-5);
  CHECK(largest_of_logits < golden->find("tolerance")->number);
}
