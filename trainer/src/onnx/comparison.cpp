#include "onnx/comparison.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <stdexcept>

#include "leukolens/network.h"
#include "leukolens/view.h"
#include "onnx/operators.h"
#include "support/files.h"
#include "support/random.h"

namespace leukolens::train::onnx_graph {
namespace {

constexpr int kImages = 8;
constexpr std::int64_t kPatience = 500'000'000;  // multiply-adds, some seconds by plain loops

/// Blocks of one colour: noise that changes at each pixel would be a grey image after the first pooling.
Image random_image(const Input& input, Random& random) {
  Image image{input.width, input.height, {}};
  image.rgb.resize(std::size_t(3) * input.width * input.height);
  const std::size_t block = 1 + random.below(8), across = std::size_t(input.width) / block + 1;
  std::vector<std::uint8_t> colours(3 * across * (std::size_t(input.height) / block + 1));
  for (std::uint8_t& colour : colours) colour = static_cast<std::uint8_t>(random.below(256));
  for (std::size_t i = 0; i < image.rgb.size(); ++i) {
    const std::size_t pixel = i / 3, row = pixel / std::size_t(input.width) / block,
                      column = pixel % std::size_t(input.width) / block;
    image.rgb[i] = colours[3 * (row * across + column) + i % 3];
  }
  return image;
}

Tensor tensor_of(const Graph& graph, const std::vector<float>& pixels, const Input& input) {
  const std::int64_t height = input.height, width = input.width;
  if (graph.inputs[0].dims[3] == 3) return {{1, height, width, 3}, {pixels.begin(), pixels.end()}};
  Tensor tensor{{1, 3, height, width}, {}};
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = c; i < pixels.size(); i += 3) tensor.values.push_back(pixels[i]);
  return tensor;
}

/// What the graph would answer with the engine's logits.
std::vector<double> answer_of(std::span<const float> logits, Ending ending) {
  std::vector<double> answer(logits.begin(), logits.end());
  if (ending == Ending::logits) return answer;
  const double most = *std::ranges::max_element(answer);
  double sum = 0;
  for (const double value : answer) sum += std::exp(value - most);
  for (double& value : answer)
    value = ending == Ending::log_softmax ? value - most - std::log(sum) : std::exp(value - most) / sum;
  if (ending == Ending::sigmoid) answer.erase(answer.begin());
  return answer;
}

}  // namespace

Comparison compare(const Graph& graph, const Translation& translation) {
  const Model& model = translation.model;
  Network network = value_or_throw(Network::create(model));
  const auto work = std::max<std::int64_t>(1, total_cost(model).macs);
  Comparison result{.images = static_cast<int>(std::clamp<std::int64_t>(kPatience / work, 1, kImages))};
  Random random(1);
  for (int i = 0; i < result.images; ++i) {
    const Image image = random_image(translation.input, random);
    std::vector<float> pixels(image.rgb.size());
    normalise(image, translation.input, pixels);
    Budget budget{4 * kMaxWork};
    const std::vector<double> expected =
        evaluate(graph, translation.output, tensor_of(graph, pixels, translation.input), budget).values;
    normalise(image, model.input, network.input());
    const std::vector<double> answer = answer_of(value_or_throw(network.run()), translation.ending);
    if (answer.size() != expected.size())
      throw std::runtime_error("The graph gives another number of answers.");
    for (std::size_t k = 0; k < answer.size(); ++k)
      result.largest_difference =
          std::max(result.largest_difference,
                   std::abs(answer[k] - expected[k]) / std::max(1.0, std::abs(expected[k])));
  }
  if (!(result.largest_difference <= kImportTolerance))
    throw std::runtime_error(std::format(
        "The network's answers differ from the graph's by {:.2g}: this is a bug, please report it.",
        result.largest_difference));
  return result;
}

}  // namespace leukolens::train::onnx_graph
