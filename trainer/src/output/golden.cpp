#include "output/golden.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <stdexcept>
#include <vector>

#include "files/json_writer.h"
#include "leukolens/network.h"
#include "leukolens/view.h"
#include "network/reference.h"
#include "smear.h"
#include "support/files.h"

namespace leukolens::train {
namespace fs = std::filesystem;
using files::Json;
namespace {

constexpr int kSeeds = 3;  // drawings of each kind of cell

/// Every kind of cell, even those that the model has no label for; small and large, bluish and pinkish.
std::vector<smear::Scene> golden_scenes() {
  std::vector<smear::Scene> scenes;
  for (int cell = 0; cell < smear::kCells; ++cell) {
    for (int seed = 1; seed <= kSeeds; ++seed) {
      smear::Scene scene;
      scene.seed = static_cast<std::uint64_t>(seed);
      scene.width = seed == 2 ? 240 : 320;
      scene.height = 240;
      scene.scale = seed == 2 ? 1.5 : 1;
      scene.stain = 0.5 * (seed - 2);
      scene.cells = {static_cast<smear::Cell>(cell)};
      scenes.push_back(scene);
    }
  }
  return scenes;
}

std::string golden_json(const Model& model, const std::vector<smear::Scene>& scenes,
                        const std::vector<std::vector<float>>& logits) {
  const Json json;
  json.set(json.root(), "model", model.name);
  json.set(json.root(), "tolerance", kGoldenTolerance);
  json.set(json.root(), "labels", json.list(model.labels, [](const Label& label) { return label.id; }));
  const Json::Value images = json.array();
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const smear::Scene& scene = scenes[i];
    std::vector<float> probabilities(logits[i].size());
    softmax(logits[i], model.calibration.temperature, probabilities);
    const auto same = [](float number) { return number; };
    const Json::Value image = json.object();
    json.set(image, "cell", smear::id(scene.cells[0]));
    json.set(image, "seed", std::size_t(scene.seed));
    json.set(image, "width", scene.width);
    json.set(image, "height", scene.height);
    json.set(image, "scale", scene.scale);
    json.set(image, "stain", scene.stain);
    json.set(image, "logits", json.list(logits[i], same));
    json.set(image, "probabilities", json.list(probabilities, same));
    json.add(images, image);
  }
  json.set(json.root(), "images", images);
  return json.text(true) + "\n";
}

double largest_difference(const Model& model, std::span<const float> inputs,
                          const std::vector<std::vector<float>>& logits) {
  Network network = value_or_throw(Network::create(model));
  const std::size_t each = network.input().size();
  double largest = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    std::ranges::copy(inputs.subspan(i * each, each), network.input().begin());
    const std::vector<float> engine = value_or_throw(infer(network, model.input)).logits;
    for (std::size_t j = 0; j < engine.size(); ++j) {
      largest = std::max(largest, std::abs(static_cast<double>(engine[j]) - logits[i][j]));
    }
  }
  return largest;
}

/// Throws std::runtime_error if the engine differs by more than kGoldenTolerance.
Agreement agreement_of(const Model& model, std::span<const float> inputs,
                       const std::vector<std::vector<float>>& logits) {
  const Agreement agreement{logits.size(), largest_difference(model, inputs, logits)};
  if (!(agreement.largest_difference <= kGoldenTolerance)) {
    throw std::runtime_error(
        std::format("The engine's logits differ from libtorch's by {:.2g}: this is a bug, please report it.",
                    agreement.largest_difference));
  }
  return agreement;
}

/// What a network sees of a drawing: all of it, or the cell that was drawn, whatever a locator would find.
Image view_of_scene(const smear::Scene& scene, const Input& input) {
  const Picture picture = smear::draw_located(scene);
  if (input.region == Input::Region::whole) return view_of(picture, input);
  return view_of(picture, *main_cell(picture), input);
}

}  // namespace

std::vector<float> golden_inputs(const Input& input) {
  const std::vector<smear::Scene> scenes = golden_scenes();
  const std::size_t each = std::size_t(3) * input.width * input.height;
  std::vector<float> inputs(each * scenes.size());
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    normalise(view_of_scene(scenes[i], input), input, std::span(inputs).subspan(i * each, each));
  }
  return inputs;
}

Agreement write_with_golden(const Model& model, const fs::path& path, Precision precision) {
  const std::vector<std::uint8_t> bytes = value_or_throw(write_model(model, precision));
  const Model written = value_or_throw(read_model(bytes));
  write_atomically(path, as_text(bytes));

  const std::vector<smear::Scene> scenes = golden_scenes();
  const std::vector<float> inputs = golden_inputs(model.input);
  const std::vector<std::vector<float>> logits = reference_logits(written, inputs);
  write_atomically(fs::path(path).replace_extension(".golden.json"), golden_json(model, scenes, logits));

  return agreement_of(written, inputs, logits);
}

Agreement agreement_with_engine(const Model& model) {
  const std::vector<float> inputs = golden_inputs(model.input);
  return agreement_of(model, inputs, reference_logits(model, inputs));
}

}  // namespace leukolens::train
