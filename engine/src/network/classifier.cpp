#include "leukolens/classifier.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

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

// A quarter turn of `side` x `side` places of three values: each ring of four moves on by one.
void turn(std::span<float> square, int side) {
  const auto at = [&](int x, int y) { return square.begin() + 3 * (std::ptrdiff_t(y) * side + x); };
  const int last = side - 1;
  for (int y = 0; y < side / 2; ++y)
    for (int x = 0; x < (side + 1) / 2; ++x) {
      const std::array ring{at(x, y), at(last - y, x), at(last - x, last - y), at(y, last - x)};
      for (int i = 3; i > 0; --i) std::swap_ranges(ring[i], ring[i] + 3, ring[i - 1]);
    }
}

// By how much the largest value exceeds the second.
float lead(std::span<const float> logits) {
  float first = logits[0], second = -std::numeric_limits<float>::infinity();
  for (const float logit : logits.subspan(1)) {
    second = std::max(second, std::min(first, logit));
    first = std::max(first, logit);
  }
  return first - second;
}

}  // namespace

Result<std::vector<float>> look(Network& network, const Input& input, Seen& seen) {
  constexpr int kTurns = 4;
  std::vector<float> mean;
  for (int turns = 0; turns < kTurns; ++turns) {
    if (turns > 0) turn(network.input(), input.width);
    const auto logits = network.run();
    if (!logits) return std::unexpected(logits.error());
    if (turns == 0) {
      seen.features.assign(network.features().begin(), network.features().end());
      seen.traits.assign(network.style().begin(), network.style().end());
      mean.assign(logits->begin(), logits->end());
      if (!(lead(mean) < input.second_look)) break;  // nor where a logit is no number
      for (float& logit : mean) logit /= kTurns;
    } else {
      std::ranges::transform(mean, *logits, mean.begin(),
                             [](float sum, float logit) { return sum + logit / kTurns; });
    }
  }
  seen.traits.insert(seen.traits.end(), mean.begin(), mean.end());
  return mean;
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
  auto network = Network::create(*model);
  if (!network) return std::unexpected(network.error());
  for (Layer& layer : std::span(model->layers).first(head_begin(*model))) layer.weight = layer.bias = {};
  return Classifier(std::move(*model), std::move(*network));
}

namespace {

// Decodes, and lets `classify` do the rest.
template <class Answer>
Result<Answer> decoded(std::span<const std::uint8_t> image_file, auto classify) {
  Stopwatch watch;
  auto image = decode(image_file);
  if (!image) return std::unexpected(image.error());
  const double decode_ms = watch.lap();
  Result<Answer> result = classify(*image);
  if (result) result->timings.decode_ms = decode_ms;
  return result;
}

Field timed_locate(const Image& image, Timings& timings) {
  Stopwatch watch;
  Field field = locate(image);
  timings.locate_ms = watch.lap();
  return field;
}

bool has_pixels(const Image& image) { return image.width > 0 && image.height > 0; }

std::unexpected<Error> sees_no_cells() {
  return fail(ErrorCode::invalid_argument,
              "The model sees the whole image: take one that looks at located cells, like the flagship.");
}

}  // namespace

Result<Judgement> Classifier::judge(const Image& view, Rect place, Timings& timings) {
  Stopwatch watch;
  view_.reset();
  normalise(view, model_.input, network_.input());
  timings.prepare_ms += watch.lap();
  const auto logits = look(network_, model_.input, seen_);
  if (!logits) return std::unexpected(logits.error());
  view_ = place;
  Judgement result;
  result.probabilities.resize(logits->size());
  softmax(*logits, model_.calibration.temperature, result.probabilities);
  timings.infer_ms += watch.lap();

  const auto best = std::ranges::max_element(result.probabilities);
  result.confidence = *best;
  const Rejection& rejection = model_.rejection;
  if (!rejection.centres.empty())
    result.familiarity = leukolens::familiarity(rejection, distance(rejection, seen_.traits));
  const bool strange = result.familiarity && *result.familiarity < rejection.min_familiarity;
  if (strange || *best < rejection.reject_confidence) return result;
  if (model_.input.region == Input::Region::cell && is_drawn(view)) return result;
  result.label = static_cast<int>(best - result.probabilities.begin());
  result.verdict = *best < rejection.min_confidence ? Verdict::unsure : Verdict::classified;
  return result;
}

Result<Cell> Classifier::judge(const Image& image, const Field& field, const Located& located,
                               Timings& timings) {
  const Input& input = model_.input;
  Stopwatch watch;
  const Rect square = square_around(located, field, input.extent);
  Image view = cut(image, field, square, input.width, input.height);
  mask_disc(view);
  timings.prepare_ms += watch.lap();
  auto judgement = judge(view, square, timings);
  if (!judgement) return std::unexpected(judgement.error());
  return Cell{std::move(*judgement), located};
}

Result<Classification> Classifier::classify(std::span<const std::uint8_t> image_file,
                                            std::optional<Point> at) {
  return decoded<Classification>(image_file, [&](const Image& image) { return classify(image, at); });
}

Result<Classification> Classifier::classify(const Image& image, std::optional<Point> at) {
  if (!has_pixels(image)) return fail(ErrorCode::empty_input, "The image has no pixels.");
  Timings timings;
  if (model_.input.region == Input::Region::whole) {
    if (at) return sees_no_cells();
    Stopwatch watch;
    const Image view = resize(image, model_.input.width, model_.input.height);
    timings.prepare_ms = watch.lap();
    auto judgement = judge(view, {0, 0, image.width, image.height}, timings);
    if (!judgement) return std::unexpected(judgement.error());
    return Classification{std::move(*judgement), {}, timings};
  }
  const Field field = timed_locate(image, timings);
  const Located* located = at ? nearest(field, *at) : subject(image, field);
  if (!located) {
    view_.reset();
    return Classification{{}, {}, timings};
  }
  auto cell = judge(image, field, *located, timings);
  if (!cell) return std::unexpected(cell.error());
  return Classification{*cell, {*cell}, timings};
}

Result<FieldClassification> Classifier::classify_field(std::span<const std::uint8_t> image_file) {
  return decoded<FieldClassification>(image_file,
                                      [this](const Image& image) { return classify_field(image); });
}

Result<FieldClassification> Classifier::classify_field(const Image& image) {
  if (!has_pixels(image)) return fail(ErrorCode::empty_input, "The image has no pixels.");
  if (model_.input.region == Input::Region::whole) return sees_no_cells();
  FieldClassification result;
  const Field field = timed_locate(image, result.timings);
  for (const Located& located : field.cells) {
    auto cell = judge(image, field, located, result.timings);
    if (!cell) return std::unexpected(cell.error());
    result.cells.push_back(std::move(*cell));
  }
  return result;
}

Result<Heatmap> Classifier::explain(int label) const {
  if (!view_)
    return fail(
        ErrorCode::invalid_argument,
        "There is nothing to explain: the network has not run on an image, or found no cell on the last.");
  Stopwatch watch;
  auto map = leukolens::explain(model_, seen_.features, network_.features_shape(), label, *view_);
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
