// The shipped models against what libtorch computed when they were exported, on drawn smears: natively and as
// WebAssembly.
#include <algorithm>
#include <catch2/catch_all.hpp>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

#include "leukolens/classifier.h"
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

  double largest = 0;
  for (const Json& image : golden->find("images")->items) {
    const auto result = classifier->classify(Picture(smear::draw(scene_of(image)).image));
    REQUIRE(result.has_value());
    const auto& expected = image.find("probabilities")->items;
    REQUIRE(expected.size() == result->probabilities.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
      largest = std::max(largest, std::abs(expected[i].number - result->probabilities[i]));
  }
  std::printf("%s: largest difference to libtorch %.2g\n", name.c_str(), largest);
  CHECK(largest < 1e-5);
}
