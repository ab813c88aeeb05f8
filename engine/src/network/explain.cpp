#include "leukolens/explain.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/finite.h"

namespace leukolens {
namespace {

using Values = std::vector<float>;

float activate(float value, Activation activation) {
  if (activation != Activation::none) value = std::max(value, 0.0f);
  return activation == Activation::relu6 ? std::min(value, 6.0f) : value;
}

// Whether a small change before the activation reaches what is behind it.
bool passes(float activated, Activation activation) {
  return activation == Activation::none ||
         (activated > 0 && (activation == Activation::relu || activated < 6));
}

// The slopes of a logit with respect to `in`, which the first of `layers` reads; flat, so that only dense
// layers change anything.
Values slopes(std::span<const Layer> layers, const Values& in, std::size_t label) {
  Values result(in.size());
  if (layers.empty()) {
    result[label] = 1;
    return result;
  }
  const Layer& layer = layers.front();
  const auto* dense = std::get_if<Dense>(&layer.operation);
  if (!dense) return slopes(layers.subspan(1), in, label);
  Values out = layer.bias;
  const float* row = layer.weight.data();
  for (float& value : out) {
    value = activate(std::inner_product(in.begin(), in.end(), row, value), dense->activation);
    row += in.size();
  }
  const Values behind = slopes(layers.subspan(1), out, label);
  row = layer.weight.data();
  for (std::size_t unit = 0; unit < out.size(); ++unit, row += in.size())
    if (passes(out[unit], dense->activation))
      for (std::size_t i = 0; i < in.size(); ++i) result[i] += behind[unit] * row[i];
  return result;
}

// Sums over places, divided by their number: [places, channels] -> [channels].
Values mean(std::span<const float> features, std::size_t channels) {
  Values result(channels);
  for (std::size_t i = 0; i < features.size(); ++i) result[i % channels] += features[i];
  for (float& value : result) value *= static_cast<float>(channels) / static_cast<float>(features.size());
  return result;
}

// The windows that slide over the network's input, alike in both directions.
struct Grid {
  double first = 0, step = 1;  // px of the input: the centre of the first window, the distance to the next

  void slide(int size, int stride, int padding) {
    first += step * ((size - 1) / 2.0 - padding);
    step *= stride;
  }
  // Each place becomes several, side by side where it was.
  void part(int scale) {
    first -= step * (scale - 1) / (2 * scale);
    step /= scale;
  }
};

Grid grid_of(std::span<const Layer> body) {
  Grid grid;
  for (const Layer& layer : body) {
    if (const auto* conv = std::get_if<Conv2d>(&layer.operation))
      grid.slide(conv->kernel, conv->stride, conv->padding);
    if (const auto* pool = std::get_if<MaxPool2d>(&layer.operation)) grid.slide(pool->size, pool->stride, 0);
    if (const auto* up = std::get_if<Upsample2d>(&layer.operation)) grid.part(up->scale);
  }
  return grid;
}

int round(double value) { return static_cast<int>(std::floor(value + 0.5)); }

// The part of `view` (which was resampled to `input`) that the windows' own steps cover.
Rect covered(const Grid& grid, Shape features, const Input& input, Rect view) {
  const double edge = grid.first + 0.5 - grid.step / 2, x_scale = double(view.width) / input.width,
               y_scale = double(view.height) / input.height;
  return {view.x + round(x_scale * edge), view.y + round(y_scale * edge),
          std::max(1, round(x_scale * grid.step * features.width)),
          std::max(1, round(y_scale * grid.step * features.height))};
}

}  // namespace

Result<Heatmap> explain(const Model& model, std::span<const float> features, Shape shape, int label,
                        Rect view) {
  if (label < 0 || static_cast<std::size_t>(label) >= model.labels.size())
    return fail(ErrorCode::invalid_argument, "The model has no label of this number.");
  const auto channels = static_cast<std::size_t>(shape.channels), places = features.size() / channels;
  if (places < 2)
    return fail(ErrorCode::unsupported_model,
                "This model cannot be explained by a map: its last features have no place in the image.");
  const std::size_t begin = head_begin(model);
  const std::span<const Layer> layers = model.layers, head = layers.subspan(begin);
  const bool pooled = std::holds_alternative<GlobalAvgPool>(head.front().operation);
  const Values in = pooled ? mean(features, channels) : Values(features.begin(), features.end());
  const Values slope = slopes(head, in, static_cast<std::size_t>(label));

  Heatmap map{.label = label, .width = shape.width, .height = shape.height, .values = Values(places)};
  for (std::size_t i = 0; i < features.size(); ++i)
    map.values[i / channels] +=
        pooled ? features[i] * slope[i % channels] / static_cast<float>(places) : features[i] * slope[i];
  if (!all_finite(map.values))
    return fail(ErrorCode::corrupt_model,
                "The network's output is not finite: the model is damaged; load it again.");
  for (const float value : map.values) map.scale = std::max(map.scale, std::abs(value));
  if (map.scale > 0)
    for (float& value : map.values) value /= map.scale;
  map.region = covered(grid_of(layers.first(begin)), shape, model.input, view);
  return map;
}

}  // namespace leukolens
