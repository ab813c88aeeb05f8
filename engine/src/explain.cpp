#include "leukolens/explain.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace leukolens {
namespace {

using Values = std::vector<float>;

float activate(float value, Activation activation) {
  if (activation != Activation::none) value = std::max(value, 0.0f);
  return activation == Activation::relu6 ? std::min(value, 6.0f) : value;
}

// Whether a change before the activation reaches what is behind it.
bool passes(float activated, Activation activation) {
  return activation == Activation::none ||
         (activated > 0 && (activation == Activation::relu || activated < 6));
}

Activation activation_of(const Layer& dense) { return std::get<Dense>(dense.operation).activation; }

Values forward(const Layer& dense, std::span<const float> in) {
  Values out = dense.bias;
  const float* row = dense.weight.data();
  for (float& value : out) {
    value = activate(std::inner_product(in.begin(), in.end(), row, value), activation_of(dense));
    row += in.size();
  }
  return out;
}

// The gradient with respect to the layer's input, from that with respect to its output `out`.
Values backward(const Layer& dense, const Values& out, const Values& gradient) {
  Values result(dense.weight.size() / out.size());
  const float* row = dense.weight.data();
  for (std::size_t unit = 0; unit < out.size(); ++unit, row += result.size())
    if (gradient[unit] != 0 && passes(out[unit], activation_of(dense)))
      for (std::size_t i = 0; i < result.size(); ++i) result[i] += gradient[unit] * row[i];
  return result;
}

Values mean_over_places(std::span<const float> features, std::size_t channels) {
  Values mean(channels);
  for (std::size_t i = 0; i < features.size(); ++i) mean[i % channels] += features[i];
  const auto places = static_cast<float>(features.size() / channels);
  for (float& value : mean) value /= places;
  return mean;
}

}  // namespace

Head::Head(const Model& model) : input_{model.input.height, model.input.width, 3}, features_(input_) {
  const std::size_t begin = head_begin(model);
  if (const auto shapes = infer_shapes(model); shapes && begin > 0) features_ = (*shapes)[begin - 1];
  const auto slide = [&](int size, int stride, int padding) {  // a window's centre, and the next one's
    first_ += step_ * ((size - 1) / 2.0 - padding);
    step_ *= stride;
  };
  for (std::size_t i = 0; i < begin; ++i) {
    if (const auto* conv = std::get_if<Conv2d>(&model.layers[i].operation))
      slide(conv->kernel, conv->stride, conv->padding);
    if (const auto* pool = std::get_if<MaxPool2d>(&model.layers[i].operation))
      slide(pool->size, pool->stride, 0);
  }
  for (std::size_t i = begin; i < model.layers.size(); ++i) {
    pooled_ |= i == begin && std::holds_alternative<GlobalAvgPool>(model.layers[i].operation);
    if (std::holds_alternative<Dense>(model.layers[i].operation)) dense_.push_back(model.layers[i]);
  }
  labels_ = model.labels.size();
}

Result<Heatmap> Head::explain(std::span<const float> features, int label, Rect seen) const {
  if (label < 0 || static_cast<std::size_t>(label) >= labels_)
    return fail(ErrorCode::invalid_argument, "The model has no label " + std::to_string(label) + ": it has " +
                                                 std::to_string(labels_) + ", counted from 0.");
  Heatmap map{.label = label, .width = features_.width, .height = features_.height, .region = covered(seen)};
  map.values.resize(static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height));
  if (map.values.size() < 2)
    return fail(ErrorCode::unsupported_model,
                "The model's head begins where its features have lost their place in the image: it cannot be "
                "explained by a map.");
  const auto channels = static_cast<std::size_t>(features_.channels);
  const Values slope = gradient(features, static_cast<std::size_t>(label));
  for (std::size_t i = 0; i < features.size(); ++i)
    map.values[i / channels] += features[i] * slope[pooled_ ? i % channels : i];
  for (const float value : map.values) map.scale = std::max(map.scale, std::abs(value));
  if (map.scale > 0)
    for (float& value : map.values) value /= map.scale;
  return map;
}

// Of the logit with respect to each feature; if the head pools, only of one place, since all are alike.
std::vector<float> Head::gradient(std::span<const float> features, std::size_t label) const {
  Values last = pooled_ ? mean_over_places(features, static_cast<std::size_t>(features_.channels))
                        : Values(features.begin(), features.end());
  std::vector<Values> outputs;
  for (const Layer& layer : dense_) outputs.push_back(last = forward(layer, last));
  Values gradient(last.size());
  gradient[label] = 1;
  for (std::size_t i = dense_.size(); i-- > 0;) gradient = backward(dense_[i], outputs[i], gradient);
  if (pooled_)
    for (float& value : gradient) value /= static_cast<float>(features_.height * features_.width);
  return gradient;
}

Rect Head::covered(Rect seen) const {
  const auto side = [&](int begin, int length, int cells, int input) {
    const double scale = static_cast<double>(length) / input, edge = first_ + 0.5 - step_ / 2;
    return std::pair(begin + static_cast<int>(std::lround(scale * edge)),
                     std::max(1, static_cast<int>(std::lround(scale * step_ * cells))));
  };
  const auto [x, width] = side(seen.x, seen.width, features_.width, input_.width);
  const auto [y, height] = side(seen.y, seen.height, features_.height, input_.height);
  return {x, y, width, height};
}

}  // namespace leukolens
