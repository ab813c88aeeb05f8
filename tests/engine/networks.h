// Small random networks, and a plain implementation of every layer to hold XNNPACK against.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "leukolens/network.h"

namespace leukolens::test {

/// Uniform in [-1, 1); the same everywhere.
class Noise {
 public:
  explicit Noise(std::uint32_t seed) : state_(seed * 2654435761u + 1) {}
  float operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return static_cast<float>(state_ >> 8) * 0x1p-23f - 1.0f;
  }

 private:
  std::uint32_t state_;
};

inline Model make_model(std::vector<Operation> operations, int width, int height, int labels,
                        std::uint32_t seed = 1, std::optional<Detection> detection = {}) {
  Model model{.name = "test", .detection = detection};
  model.input.width = width;
  model.input.height = height;
  for (int i = 0; i < labels; ++i)
    model.labels.push_back({"label" + std::to_string(i), "Label " + std::to_string(i)});
  for (std::size_t i = 0; i < operations.size(); ++i)
    model.layers.push_back({.name = "layer" + std::to_string(i), .operation = operations[i]});
  const auto shapes = infer_shapes(model);
  if (!shapes) return model;
  Noise noise(seed);
  int channels = 3;
  for (std::size_t i = 0; i < model.layers.size(); channels = (*shapes)[i++].channels) {
    const auto shape = weight_shape(model.layers[i].operation, channels);
    if (shape.empty()) continue;
    std::size_t count = 1;
    for (std::size_t side : shape) count *= side;
    const float gain = std::sqrt(3.0f * static_cast<float>(shape[0]) / static_cast<float>(count));
    for (std::size_t k = 0; k < count; ++k) model.layers[i].weight.push_back(noise() * gain);
    for (std::size_t k = 0; k < shape[0]; ++k) model.layers[i].bias.push_back(noise() * 0.1f);
  }
  return model;
}

/// A locator of two labels: down to an eighth, up to a quarter, on images of any multiple of 32 px.
inline Model make_locator_model(std::uint32_t seed = 1) {
  return make_model({Conv2d{6, 3, 2, 1, 1, Activation::relu}, Conv2d{8, 3, 2, 1, 1, Activation::relu},
                     Conv2d{8, 3, 2, 1, 1, Activation::relu}, Upsample2d{2}, Add{1, Activation::relu},
                     Conv2d{2 + kBoxEdges, 1}},
                    96, 64, 2, seed, Detection{});
}

/// Every kind of layer in one network: strides, padding, groups, depthwise, pooling with a rest, a sum, both
/// heads.
inline Model make_varied_model() {
  return make_model({Conv2d{8, 3, 2, 1, 1, Activation::relu}, Conv2d{8, 3, 1, 1, 8, Activation::relu6},
                     Conv2d{8, 1, 1, 0, 1, Activation::none}, Add{0, Activation::relu}, MaxPool2d{2, 2},
                     Conv2d{12, 3, 1, 0, 2, Activation::relu}, MaxPool2d{3, 1}, GlobalAvgPool{},
                     Dense{10, Activation::relu}, Dense{5, Activation::none}},
                    23, 19, 5);
}

inline float activate(float value, Activation activation) {
  if (activation != Activation::none) value = std::max(value, 0.0f);
  return activation == Activation::relu6 ? std::min(value, 6.0f) : value;
}

/// What every layer gives, computed one multiplication at a time in double precision.
inline std::vector<std::vector<float>> reference_outputs(const Model& model, std::vector<float> x) {
  const auto shapes = *infer_shapes(model);
  std::vector<std::vector<float>> outputs;
  Shape in{model.input.height, model.input.width, 3};
  for (std::size_t l = 0; l < model.layers.size(); ++l) {
    const Layer& layer = model.layers[l];
    const Shape out = shapes[l];
    std::vector<float> y(static_cast<std::size_t>(out.height * out.width * out.channels));
    const auto at = [](auto& data, Shape shape, int row, int column, int channel) -> auto& {
      return data[static_cast<std::size_t>((row * shape.width + column) * shape.channels + channel)];
    };
    for (int r = 0; r < out.height; ++r)
      for (int c = 0; c < out.width; ++c)
        for (int k = 0; k < out.channels; ++k) {
          double sum = layer.bias.empty() ? 0 : layer.bias[static_cast<std::size_t>(k)];
          if (const auto* conv = std::get_if<Conv2d>(&layer.operation)) {
            const int depth = in.channels / conv->groups, first = k / (conv->filters / conv->groups) * depth;
            for (int i = 0; i < conv->kernel; ++i)
              for (int j = 0; j < conv->kernel; ++j)
                for (int d = 0; d < depth; ++d) {
                  const int row = r * conv->stride + i - conv->padding,
                            column = c * conv->stride + j - conv->padding;
                  if (row < 0 || column < 0 || row >= in.height || column >= in.width) continue;
                  sum += double{at(x, in, row, column, first + d)} *
                         layer.weight[static_cast<std::size_t>(
                             ((k * conv->kernel + i) * conv->kernel + j) * depth + d)];
                }
            at(y, out, r, c, k) = activate(static_cast<float>(sum), conv->activation);
          } else if (const auto* pool = std::get_if<MaxPool2d>(&layer.operation)) {
            float largest = at(x, in, r * pool->stride, c * pool->stride, k);
            for (int i = 0; i < pool->size; ++i)
              for (int j = 0; j < pool->size; ++j)
                largest = std::max(largest, at(x, in, r * pool->stride + i, c * pool->stride + j, k));
            at(y, out, r, c, k) = largest;
          } else if (std::holds_alternative<GlobalAvgPool>(layer.operation)) {
            for (int i = 0; i < in.height; ++i)
              for (int j = 0; j < in.width; ++j) sum += at(x, in, i, j, k);
            at(y, out, r, c, k) = static_cast<float>(sum / (in.height * in.width));
          } else if (std::holds_alternative<Flatten>(layer.operation)) {
            y = x;
          } else if (const auto* dense = std::get_if<Dense>(&layer.operation)) {
            for (int d = 0; d < in.channels; ++d)
              sum += double{x[static_cast<std::size_t>(d)]} *
                     layer.weight[static_cast<std::size_t>(k * in.channels + d)];
            at(y, out, r, c, k) = activate(static_cast<float>(sum), dense->activation);
          } else if (const auto* up = std::get_if<Upsample2d>(&layer.operation)) {
            at(y, out, r, c, k) = at(x, in, r / up->scale, c / up->scale, k);
          } else if (const auto* add = std::get_if<Add>(&layer.operation)) {
            const auto& other = outputs[static_cast<std::size_t>(add->from)];
            at(y, out, r, c, k) = activate(at(x, in, r, c, k) + at(other, in, r, c, k), add->activation);
          }
        }
    outputs.push_back(y);
    x = std::move(y);
    in = out;
  }
  return outputs;
}

/// The logits.
inline std::vector<float> reference(const Model& model, std::vector<float> x) {
  return reference_outputs(model, std::move(x)).back();
}

}  // namespace leukolens::test
