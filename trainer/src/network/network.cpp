#include "network/network.h"

#include <algorithm>
#include <cmath>

#include "network/device.h"
#include "support/random.h"

namespace leukolens::train {
namespace {

constexpr double kMomentum = 0.1, kEpsilon = 1e-5;  // of batch norms, as everywhere

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

torch::Tensor activate(torch::Tensor x, Activation activation) {
  if (activation == Activation::relu) return torch::relu(x);
  if (activation == Activation::relu6) return torch::relu6(x);
  return x;
}

/// Channels that each layer reads.
std::vector<int> inputs_of(const Model& model) {
  const Result<std::vector<Shape>> shapes = infer_shapes(model);
  TORCH_CHECK(shapes.has_value(), "the model's shapes were checked before");
  std::vector<int> channels{3};
  for (const Shape& shape : *shapes) channels.push_back(shape.channels);
  return channels;
}

bool halves(const Operation& operation) {
  if (const auto* conv = std::get_if<Conv2d>(&operation)) return conv->stride > 1;
  return std::holds_alternative<MaxPool2d>(operation);
}

/// MixStyle (Zhou et al., ICLR 2021): a style is the means and deviations of the channels. No gradient flows
/// through them.
torch::Tensor mix(const torch::Tensor& x, const StyleMixture& styles) {
  const torch::Tensor share = styles.share.view({-1, 1, 1, 1});
  const torch::Tensor detached = x.detach().to(torch::kFloat);
  const auto [variance, mean] = torch::var_mean(detached, std::vector<std::int64_t>{2, 3}, false, true);
  const torch::Tensor deviation = torch::sqrt(variance + 1e-6);
  const auto mixed = [&](const torch::Tensor& own) {
    return share * own + (1 - share) * own.index_select(0, styles.partner);
  };
  const torch::Tensor times = mixed(deviation) / deviation;
  return x * times.to(x.dtype()) + (mixed(mean) - mean * times).to(x.dtype());
}

torch::Tensor from_vector(const std::vector<float>& values, const std::vector<std::size_t>& shape) {
  return torch::tensor(values).reshape(std::vector<std::int64_t>(shape.begin(), shape.end()));
}

}  // namespace

std::vector<float> to_vector(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().to(torch::kFloat).cpu().contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

torch::Tensor images_of(std::vector<float>& values, const Input& input) {
  const std::int64_t each = std::int64_t{3} * input.height * input.width;
  const auto count = static_cast<std::int64_t>(values.size()) / each;
  return torch::from_blob(values.data(), {count, input.height, input.width, 3})
      .permute({0, 3, 1, 2})
      .to(device());
}

torch::Device device() { return on_gpu() ? torch::kCUDA : torch::kCPU; }

TorchNetwork::TorchNetwork(const Model& model, bool batch_norm) : statistics_layer_(statistics_layer(model)) {
  const std::vector<int> channels = inputs_of(model);
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const leukolens::Layer& layer = model.layers[i];
    Layer copy{.operation = layer.operation};
    if (const auto shape = weight_shape(layer.operation, channels[i]); !shape.empty()) {
      torch::Tensor weight = from_vector(layer.weight, shape);
      // OHWI seen as OIHW is libtorch's channels-last layout: training in it is twice as fast on a CPU.
      if (weight.dim() == 4) weight = weight.permute({0, 3, 1, 2});
      copy.weight = register_parameter(layer.name + "_weight", weight);
      copy.bias = register_parameter(layer.name + "_bias", torch::tensor(layer.bias));
      if (batch_norm && weight.dim() == 4 && i + 1 < model.layers.size()) {
        const std::int64_t filters = weight.size(0);
        copy.gain = register_parameter(layer.name + "_gain", torch::ones(filters));
        copy.mean = register_buffer(layer.name + "_mean", torch::zeros(filters));
        copy.variance = register_buffer(layer.name + "_variance", torch::ones(filters));
      }
    }
    layers_.push_back(std::move(copy));
  }
}

torch::Tensor TorchNetwork::convolve(const torch::Tensor& x, const Conv2d& conv, const Layer& layer) {
  const torch::Tensor bias = layer.gain.defined() ? torch::Tensor() : layer.bias;
  // Where each channel has several filters of its own, oneDNN computes another sum in channels-last order
  // with AVX-512 (libtorch 2.6): give it planes.
  const bool multiplies = layer.weight.size(1) == 1 && layer.weight.size(0) > conv.groups && conv.groups > 1;
  const auto laid_out = [&](const torch::Tensor& tensor) {
    return multiplies ? tensor.clone(torch::MemoryFormat::Contiguous) : tensor;
  };
  torch::Tensor y =
      torch::conv2d(laid_out(x), laid_out(layer.weight), bias, conv.stride, conv.padding, 1, conv.groups);
  if (!layer.gain.defined()) return y;
  return torch::batch_norm(y, layer.gain, layer.bias, layer.mean, layer.variance, is_training(), kMomentum,
                           kEpsilon, false);
}

torch::Tensor TorchNetwork::forward(torch::Tensor x, torch::Tensor* statistics, const StyleMixture* styles) {
  std::vector<torch::Tensor> outputs;
  int halvings = 0;
  for (const Layer& layer : layers_) {
    if (styles && halves(layer.operation)) {
      ++halvings;
      if (halvings == 2 || halvings == 3) x = mix(x, *styles);
    }
    x = std::visit(
        Overloaded{
            [&](const Conv2d& conv) { return activate(convolve(x, conv, layer), conv.activation); },
            [&](const MaxPool2d& pool) { return torch::max_pool2d(x, pool.size, pool.stride); },
            [&](const GlobalAvgPool&) { return x.mean({2, 3}, true); },
            [&](const Flatten&) { return x.permute({0, 2, 3, 1}).flatten(1).unsqueeze(-1).unsqueeze(-1); },
            [&](const Dense& dense) {
              const torch::Tensor y =
                  activate(torch::linear(x.flatten(1), layer.weight, layer.bias), dense.activation);
              return y.unsqueeze(-1).unsqueeze(-1);
            },
            [&](const Upsample2d& up) {
              return torch::upsample_nearest2d(x, c10::nullopt, std::vector<double>(2, up.scale));
            },
            [&](const Add& add) {
              return activate(x + outputs[static_cast<std::size_t>(add.from)], add.activation);
            },
        },
        layer.operation);
    outputs.push_back(x);
  }
  if (statistics) {
    *statistics = x.new_empty({x.size(0), 0});
    if (statistics_layer_) {
      const auto [deviation, mean] =
          torch::std_mean(outputs[*statistics_layer_], std::vector<std::int64_t>{2, 3}, false);
      *statistics = torch::cat({mean, deviation}, 1);
    }
  }
  return x.permute({0, 2, 3, 1}).flatten(1);  // as the engine gives it
}

torch::Tensor TorchNetwork::infer(const torch::Tensor& x, float tta_margin, torch::Tensor* statistics) {
  torch::Tensor logits = forward(x, statistics);
  if (tta_margin <= 0) return logits;
  const torch::Tensor two = std::get<0>(logits.topk(2, 1));
  const torch::Tensor close = (two.select(1, 0) - two.select(1, 1)).lt(tta_margin).nonzero().flatten();
  if (close.numel() == 0) return logits;
  const torch::Tensor again = x.index_select(0, close);
  torch::Tensor sum = logits.index_select(0, close);
  for (int turns = 1; turns < 4; ++turns) sum = sum + forward(again.rot90(turns, {2, 3}));
  return logits.index_copy(0, close, sum / 4);
}

std::vector<torch::Tensor> TorchNetwork::state() const {
  std::vector<torch::Tensor> all = parameters();
  for (const torch::Tensor& one : buffers()) all.push_back(one);
  return all;
}

std::vector<std::vector<torch::Tensor>> TorchNetwork::parameters_by_layer() const {
  std::vector<std::vector<torch::Tensor>> result;
  for (const Layer& layer : layers_) {
    std::vector<torch::Tensor>& own = result.emplace_back();
    for (const torch::Tensor& one : {layer.weight, layer.bias, layer.gain})
      if (one.defined()) own.push_back(one);
  }
  return result;
}

void TorchNetwork::store(Model& model) const {
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    if (!layer.weight.defined()) continue;
    torch::Tensor weight = layer.weight, bias = layer.bias;
    if (layer.gain.defined()) {
      const torch::Tensor scale = layer.gain / torch::sqrt(layer.variance + kEpsilon);
      weight = weight * scale.reshape({-1, 1, 1, 1});
      bias = bias - layer.mean * scale;
    }
    model.layers[i].weight = to_vector(weight.dim() == 4 ? weight.permute({0, 2, 3, 1}) : weight);
    model.layers[i].bias = to_vector(bias);
  }
}

bool has_weights(const Model& model) {
  return std::ranges::any_of(model.layers,
                             [](const leukolens::Layer& layer) { return !layer.weight.empty(); });
}

void initialise(Model& model, std::uint64_t seed) {
  const std::vector<int> channels = inputs_of(model);
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const auto shape = weight_shape(model.layers[i].operation, channels[i]);
    if (shape.empty()) continue;
    // Glorot & Bengio 2010: fans are channels times the window's area.
    const std::size_t window = shape.size() == 4 ? shape[1] * shape[2] : 1;
    const std::size_t fan_in = shape.back() * window, fan_out = shape[0] * window;
    const double limit = std::sqrt(6.0 / static_cast<double>(fan_in + fan_out));
    Random random(seed, 100 + i);
    model.layers[i].weight.resize(shape[0] * fan_in);
    for (float& value : model.layers[i].weight) value = static_cast<float>(random.uniform(-limit, limit));
    model.layers[i].bias.assign(shape[0], 0);
  }
  // Of all places few are the middle of something: an eighth is nearer to the truth than a half.
  if (model.detection) std::fill_n(model.layers.back().bias.begin(), model.labels.size(), -2.0f);
}

}  // namespace leukolens::train
