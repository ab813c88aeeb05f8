#include "leukolens/classifier.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace leukolens {
namespace {

class Stopwatch {
 public:
  /// Milliseconds since the last call, or since construction.
  double lap() {
    const auto now = Clock::now();
    return std::chrono::duration<double, std::milli>(now - std::exchange(last_, now)).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_ = Clock::now();
};

}  // namespace

void prepare(const Image& image, const Input& input, std::span<float> out) {
  const Image sized = resize(image, input.width, input.height);
  // One table look-up a value: the same division gives the same float everywhere.
  float table[3][256];
  for (int c = 0; c < 3; ++c)
    for (int v = 0; v < 256; ++v)
      table[c][v] = (static_cast<float>(v) / 255.0f - input.mean[c]) / input.std[c];
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = table[i % 3][sized.rgb[i]];
}

void softmax(std::span<const float> logits, float temperature, std::span<float> probabilities) {
  const float largest = std::ranges::max(logits);
  float sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i)
    sum += probabilities[i] = std::exp((logits[i] - largest) / temperature);
  for (float& p : probabilities) p /= sum;
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::classified:
      return "classified";
    case Verdict::unsure:
      return "unsure";
    case Verdict::rejected:
      return "rejected";
  }
  return "";
}

Classifier::Classifier(Model model, Network network)
    : model_(std::move(model)), network_(std::move(network)) {}

Result<Classifier> Classifier::load(std::span<const std::uint8_t> model_file) {
  auto model = read_model(model_file);
  if (!model) return std::unexpected(model.error());
  if (model->input.region == Input::Region::cell)
    return fail(ErrorCode::unsupported_model,
                "The model looks at located cells, which this version cannot find yet.");
  auto network = Network::create(*model);
  if (!network) return std::unexpected(network.error());
  for (Layer& layer : std::span(model->layers).first(head_begin(*model))) layer.weight = layer.bias = {};
  return Classifier(std::move(*model), std::move(*network));
}

Result<Classification> Classifier::classify(std::span<const std::uint8_t> image_file) {
  Stopwatch watch;
  auto image = decode(image_file);
  if (!image) return std::unexpected(image.error());
  const double decode_ms = watch.lap();
  auto result = classify(*image);
  if (result) result->timings.decode_ms = decode_ms;
  return result;
}

Result<Classification> Classifier::classify(const Image& image) {
  if (image.width < 1 || image.height < 1) return fail(ErrorCode::empty_input, "The image has no pixels.");
  Classification result;
  Stopwatch watch;
  seen_.reset();
  prepare(image, model_.input, network_.input());
  result.timings.prepare_ms = watch.lap();
  auto logits = network_.run();
  if (!logits) return std::unexpected(logits.error());
  seen_ = {0, 0, image.width, image.height};
  result.probabilities.resize(logits->size());
  softmax(*logits, model_.calibration.temperature, result.probabilities);
  result.timings.infer_ms = watch.lap();

  const auto best = std::ranges::max_element(result.probabilities);
  result.label = static_cast<int>(best - result.probabilities.begin());
  result.confidence = *best;
  result.verdict = *best < model_.rejection.min_confidence ? Verdict::unsure : Verdict::classified;
  return result;
}

Result<Heatmap> Classifier::explain(int label) const {
  if (!seen_)
    return fail(
        ErrorCode::invalid_argument,
        "There is nothing to explain: the network has not run on an image, or found no cell on the last.");
  Stopwatch watch;
  auto map = leukolens::explain(model_, network_.features(), network_.features_shape(), label, *seen_);
  if (map) map->explain_ms = watch.lap();
  return map;
}

Result<Heatmap> Classifier::explain(std::span<const std::uint8_t> image_file, int label) {
  return classify(image_file).and_then([&](const Classification&) { return explain(label); });
}

Result<Heatmap> Classifier::explain(const Image& image, int label) {
  return classify(image).and_then([&](const Classification&) { return explain(label); });
}

std::vector<double> Classifier::benchmark(int iterations) {
  std::vector<double> times(static_cast<std::size_t>(std::max(iterations, 1)));
  Stopwatch watch;
  for (double& time : times) {
    if (!network_.run()) break;
    time = watch.lap();
  }
  return times;
}

}  // namespace leukolens
