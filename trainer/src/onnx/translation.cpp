#include "onnx/translation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <functional>
#include <map>
#include <stdexcept>

#include "onnx/operators.h"
#include "onnx/schema.h"

namespace leukolens::train::onnx_graph {
namespace {

constexpr std::size_t kMaxLayers = 128, kMaxWeights = kMaxModelFile / sizeof(float);
constexpr std::int64_t kMaxKernel = 15;

/// A value of the graph that depends on the image.
struct Data {
  std::string axes;  // what each side is: "nchw", "nhwc", "nc", ...
  Shape shape;       // as the engine has it
  // Of a value that was an image and is flat: where in the graph's channels the engine's channel lies. Empty:
  // at the same place.
  std::vector<std::size_t> order;
  std::ptrdiff_t layer = -1;              // that gives it; -1: the image
  std::array<std::int64_t, 4> padding{};  // zeros above, left, below, right, for the next convolution
  bool alone = true;                      // nothing else reads it: its layer may still be changed
  Ending ending = Ending::logits;

  std::size_t channels() const { return static_cast<std::size_t>(shape.channels); }
  bool flat() const { return shape.height == 1 && shape.width == 1; }
  std::size_t in_graph(std::size_t channel) const { return order.empty() ? channel : order[channel]; }
  Integers dims() const {
    Integers dims;
    for (const char axis : axes)
      dims.push_back(axis == 'n'   ? 1
                     : axis == 'h' ? shape.height
                     : axis == 'w' ? shape.width
                                   : shape.channels);
    return dims;
  }
};

/// A convolution whose window is a square with the same padding on all sides, as the engine has it, that
/// gives what one with any window gives: zeros make up the difference.
struct Square {
  std::int64_t kernel = 0, padding = 0;
};

Square square_of(const Node& node, const Window& window, const Shape& in) {
  const std::int64_t sides[2] = {in.height, in.width};
  if (window.stride[0] != window.stride[1]) refuse(node, "has other strides for rows than for columns");
  for (std::int64_t padding = std::max(window.begin[0], window.begin[1]); padding < kMaxKernel; ++padding)
    for (std::int64_t kernel = padding + 1; kernel <= kMaxKernel; ++kernel) {
      const auto fits = [&](std::size_t i) {
        const std::int64_t reach = (window.kernel[i] - 1) * window.dilation[i] + 1;
        const std::int64_t rest = sides[i] + 2 * padding - kernel;
        return kernel >= padding - window.begin[i] + reach && rest >= 0 &&
               rest / window.stride[i] + 1 == window.out[i];
      };
      if (fits(0) && fits(1)) return {kernel, padding};
    }
  refuse(node, "has a window or padding that is too large or too uneven to be run");
}

class Translator {
 public:
  Translator(const Graph& graph, const Wanted& wanted) : graph_(graph), constants_(graph.constants) {
    result_.model.name = wanted.name;
    result_.model.labels = wanted.labels;
    open_input(wanted.input);
    choose_output(wanted.output);
    for (const Node& node : graph.nodes)
      for (const std::string& name : node.inputs) reads_[name] += node.type != "Shape";
    for (const std::string& name : graph.outputs) ++reads_[name];
  }

  Translation run() {
    for (const Node& node : graph_.nodes) {
      if (values_.contains(result_.output)) break;
      step(node);
    }
    const auto found = values_.find(result_.output);
    if (found == values_.end())
      throw std::runtime_error(
          std::format("The output \"{}\" does not depend on the image.", result_.output));
    finish(found->second);
    return std::move(result_);
  }

 private:
  std::vector<Layer>& layers() { return result_.model.layers; }

  void open_input(const Input& wanted) {
    if (graph_.inputs.size() != 1)
      throw std::runtime_error(
          std::format("The graph reads {} values; one image is needed.", graph_.inputs.size()));
    const auto& [name, dims] = graph_.inputs[0];
    const bool rows = dims.size() == 4 && dims[3] == 3;
    if (!rows && (dims.size() != 4 || dims[1] != 3))
      throw std::runtime_error(
          std::format("The input \"{}\" is no batch of RGB images, [batch, height, width, 3] or [batch, 3, "
                      "height, width].",
                      name));
    if (dims[0] > 1) throw std::runtime_error("The graph wants several images at once: export it for one.");
    Input& input = result_.input = wanted;
    const std::int64_t height = rows ? dims[1] : dims[2], width = rows ? dims[2] : dims[3];
    const auto side = [](int given, std::int64_t own) {
      if (given > 0 && own > 0 && given != own)
        throw std::runtime_error(std::format("The graph reads images of a side of {}, not {}.", own, given));
      const std::int64_t chosen = given > 0 ? given : own;
      if (chosen < 0)
        throw std::runtime_error(
            "The graph does not say how large its images are: give --size WIDTHxHEIGHT.");
      if (chosen < 8 || chosen > 512)
        throw std::runtime_error(std::format("Images have sides of 8 to 512, not {}.", chosen));
      return static_cast<int>(chosen);
    };
    input.width = side(input.width, width), input.height = side(input.height, height);
    result_.model.input = input;
    values_[name] = {.axes = rows ? "nhwc" : "nchw", .shape = {input.height, input.width, 3}};
  }

  void choose_output(const std::string& wanted) {
    std::string all;
    for (const std::string& name : graph_.outputs) all += (all.empty() ? "" : ", ") + name;
    const std::string chosen = !wanted.empty()                                          ? wanted
                               : graph_.outputs.size() == 1                             ? graph_.outputs[0]
                               : std::ranges::contains(graph_.outputs, schema::kLogits) ? schema::kLogits
                                                                                        : "";
    if (!std::ranges::contains(graph_.outputs, chosen))
      throw std::runtime_error(
          std::format("The graph gives {}: say with --output which has the classes.", all));
    result_.output = chosen;
  }

  const Data* data(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
  }
  const Tensor* constant(const std::string& name) const {
    const auto found = constants_.find(name);
    return found == constants_.end() ? nullptr : &found->second;
  }
  const Tensor& constant(const Node& node, std::size_t index, std::size_t rank = 0) const {
    const Tensor* tensor = index < node.inputs.size() ? constant(node.inputs[index]) : nullptr;
    if (!tensor) refuse(node, "needs weights that do not depend on the image");
    if (rank > 0 && tensor->dims.size() != rank) refuse(node, "has weights of an unexpected shape");
    return *tensor;
  }
  /// nullptr where the input was left out.
  const Tensor* given(const Node& node, std::size_t index) const {
    if (index >= node.inputs.size() || node.inputs[index].empty()) return nullptr;
    return &constant(node, index);
  }
  void require_axes(const Node& node, const Data& in, std::string_view axes) const {
    if (in.axes != axes) refuse(node, "reads a value whose axes are in another order than it needs");
  }

  void step(const Node& node) {
    if (!node.domain.empty() && node.domain != "ai.onnx") refuse(node, "is of a kind that cannot be run");
    std::vector<const Data*> from;
    for (const std::string& name : node.inputs)
      if (const Data* one = data(name)) from.push_back(one);
    if (from.empty()) {
      std::vector<const Tensor*> inputs;
      for (const std::string& name : node.inputs) {
        inputs.push_back(constant(name));
        if (!name.empty() && !inputs.back()) refuse(node, "reads a value that is not computed");
      }
      constants_[node.outputs[0]] = compute(node, inputs, budget_);
      return;
    }
    if (node.type == "Shape") {
      const Integers sides = sides_of(node, from[0]->dims());
      constants_[node.outputs[0]] = {{std::ssize(sides)}, {sides.begin(), sides.end()}};
      return;
    }
    if (from[0]->ending != Ending::logits && !only_moves(node))
      refuse(node, "follows the softmax or sigmoid that ends the network");
    const bool two = from.size() == 2 && node.type == "Add";
    if (!two && (from.size() != 1 || (!data(node.inputs[0]) && !is_arithmetic(node))))
      refuse(node, "combines values in a way that cannot be run: of branches, sums alone can");
    Data out = two ? add(node, *from[0], *from[1]) : apply(node, *from[0]);
    out.alone = reads_[node.outputs[0]] == 1 && out.alone;
    values_[node.outputs[0]] = std::move(out);
  }

  /// Whether it leaves the numbers of a flat value as they are.
  static bool only_moves(const Node& node) {
    constexpr std::array kTypes{"Identity", "Cast",    "Flatten",   "Reshape",
                                "Squeeze",  "Dropout", "Unsqueeze", "Transpose"};
    return std::ranges::contains(kTypes, node.type);
  }

  static bool is_arithmetic(const Node& node) {
    return node.type == "Add" || node.type == "Sub" || node.type == "Mul" || node.type == "Div";
  }

  Data apply(const Node& node, const Data& in) {
    using Method = Data (Translator::*)(const Node&, const Data&);
    static const std::map<std::string, Method, std::less<>> kMethods{
        {"Conv", &Translator::convolve},
        {"Gemm", &Translator::dense},
        {"MatMul", &Translator::dense},
        {"BatchNormalization", &Translator::batch_norm},
        {"Add", &Translator::arithmetic},
        {"Sub", &Translator::arithmetic},
        {"Mul", &Translator::arithmetic},
        {"Div", &Translator::arithmetic},
        {"Relu", &Translator::activate},
        {"Clip", &Translator::activate},
        {"MaxPool", &Translator::max_pool},
        {"AveragePool", &Translator::average_pool},
        {"GlobalMaxPool", &Translator::max_pool_all},
        {"GlobalAveragePool", &Translator::average_all},
        {"ReduceMean", &Translator::average_all},
        {"Transpose", &Translator::transpose},
        {"Flatten", &Translator::reshape},
        {"Reshape", &Translator::reshape},
        {"Squeeze", &Translator::reshape},
        {"Unsqueeze", &Translator::reshape},
        {"Identity", &Translator::same},
        {"Dropout", &Translator::same},
        {"Cast", &Translator::same},
        {"Pad", &Translator::pad},
        {"Resize", &Translator::upsample},
        {"Upsample", &Translator::upsample},
        {"Softmax", &Translator::end},
        {"LogSoftmax", &Translator::end},
        {"Sigmoid", &Translator::end}};
    const auto found = kMethods.find(node.type);
    if (found == kMethods.end())
      refuse(node, "is an operator that cannot be run: trainer/IMPORT.md lists those that can");
    const bool waits = in.padding != std::array<std::int64_t, 4>{};
    if (waits && node.type != "Conv" && node.type != "Pad" && node.type != "Transpose" &&
        node.type != "Identity")
      refuse(node, "reads a padded image, which only convolutions can");
    return (this->*found->second)(node, in);
  }

  /// Adds a layer without weights, and gives its value.
  Data emit(const Node& node, const Data& in, const Operation& operation) {
    if (in.layer + 1 != std::ssize(layers()))
      refuse(node,
             "reads a value that is not that of the layer before it: of branches, sums alone can be run");
    if (layers().size() >= kMaxLayers) refuse(node, "is one layer more than the 128 that a model may have");
    layers().push_back({std::format("{}_{}", type_name(operation), layers().size()), operation, {}, {}});
    const auto shapes = infer_shapes(layers(), {result_.input.height, result_.input.width, 3});
    if (!shapes) refuse(node, std::format("does not become a layer: {}", shapes.error().message));
    Data out{.axes = in.axes, .shape = shapes->back(), .layer = in.layer + 1};
    return out;
  }

  /// The same with weights: `weight(out, row, column, in)`, by the engine's channels.
  Data emit(const Node& node, const Data& in, const Operation& operation,
            const std::function<double(std::size_t, std::size_t, std::size_t, std::size_t)>& weight,
            const std::function<double(std::size_t)>& bias) {
    Data out = emit(node, in, operation);
    const std::vector<std::size_t> flat = weight_shape(operation, in.shape.channels);
    const std::array<std::size_t, 4> shape = flat.size() == 2
                                                 ? std::array<std::size_t, 4>{flat[0], 1, 1, flat[1]}
                                                 : std::array{flat[0], flat[1], flat[2], flat[3]};
    weights_ += shape[0] * shape[1] * shape[2] * shape[3];
    if (weights_ > kMaxWeights) refuse(node, "makes the weights more than a model may have");
    Layer& layer = layers().back();
    for (std::size_t o = 0; o < shape[0]; ++o) {
      for (std::size_t i = 0; i < shape[1]; ++i)
        for (std::size_t j = 0; j < shape[2]; ++j)
          for (std::size_t d = 0; d < shape[3]; ++d)
            layer.weight.push_back(static_cast<float>(weight(o, i, j, d)));
      layer.bias.push_back(static_cast<float>(bias(o)));
    }
    return out;
  }

  Data convolve(const Node& node, const Data& in) {
    const Tensor& weight = constant(node, 1, 4);
    return convolve(node, in, weight, given(node, 2), node.integer("group", 1));
  }

  Data convolve(const Node& node, const Data& in, const Tensor& weight, const Tensor* bias,
                std::int64_t groups) {
    require_axes(node, in, "nchw");
    const std::int64_t filters = weight.dims[0], depth = weight.dims[1];
    if (groups < 1 || filters < 1 || depth < 1 || groups > in.shape.channels ||
        depth * groups != in.shape.channels || filters % groups != 0 || filters > 1 << 16)
      refuse(node, "has weights of another shape than its input needs");
    if (bias && std::ssize(bias->values) != filters)
      refuse(node, "has a bias of another size than its filters");
    if (groups > 1 && !in.order.empty()) refuse(node, "groups channels whose order has changed");
    Window window = window_of(node, in.shape.height + in.padding[0] + in.padding[2],
                              in.shape.width + in.padding[1] + in.padding[3], weight.dims[2], weight.dims[3]);
    for (std::size_t i = 0; i < 2; ++i) window.begin[i] += in.padding[i], window.end[i] += in.padding[i + 2];
    const Square square = square_of(node, window, in.shape);
    const auto at = [&](std::size_t o, std::size_t row, std::size_t column, std::size_t d) -> double {
      std::int64_t place[2] = {static_cast<std::int64_t>(row), static_cast<std::int64_t>(column)};
      for (std::size_t i = 0; i < 2; ++i) {
        place[i] -= square.padding - window.begin[i];
        if (place[i] < 0 || place[i] % window.dilation[i] != 0) return 0;
        place[i] /= window.dilation[i];
        if (place[i] >= window.kernel[i]) return 0;
      }
      const std::size_t channel = groups == 1 ? in.in_graph(d) : d;
      return weight.values[((o * static_cast<std::size_t>(depth) + channel) *
                                static_cast<std::size_t>(window.kernel[0]) +
                            static_cast<std::size_t>(place[0])) *
                               static_cast<std::size_t>(window.kernel[1]) +
                           static_cast<std::size_t>(place[1])];
    };
    const auto shift = [&](std::size_t o) { return bias ? bias->values[o] : 0; };
    const int units = static_cast<int>(filters);
    if (in.flat() && square.kernel == 1 && groups == 1) return emit(node, in, Dense{units}, at, shift);
    return emit(node, in,
                Conv2d{units, static_cast<int>(square.kernel), static_cast<int>(window.stride[0]),
                       static_cast<int>(square.padding), static_cast<int>(groups)},
                at, shift);
  }

  Data dense(const Node& node, const Data& in) {
    const bool gemm = node.type == "Gemm";
    const Tensor& weight = constant(node, 1, 2);
    const Tensor* bias = gemm ? given(node, 2) : nullptr;
    require_axes(node, in, "nc");
    if (node.integer("transA", 0) != 0) refuse(node, "turns its input over");
    const bool turned = gemm && node.integer("transB", 0) != 0;
    const double alpha = gemm ? node.number("alpha", 1) : 1, beta = node.number("beta", 1);
    const auto rows = static_cast<std::size_t>(weight.dims[turned]),
               units = static_cast<std::size_t>(weight.dims[!turned]);
    if (rows != in.channels() || units > 1 << 16)
      refuse(node, "has weights of another shape than its input needs");
    if (bias && bias->values.size() != 1 && bias->values.size() != units)
      refuse(node, "has a bias of another size than its units");
    const auto at = [&](std::size_t o, std::size_t, std::size_t, std::size_t d) {
      const std::size_t row = in.in_graph(d);
      return alpha * weight.values[turned ? o * rows + row : row * units + o];
    };
    const auto shift = [&](std::size_t o) {
      return bias ? beta * bias->values[bias->values.size() == 1 ? 0 : o] : 0;
    };
    return emit(node, in, Dense{static_cast<int>(units)}, at, shift);
  }

  /// Whether the layer that gives `in` may still be changed, being a convolution or dense layer of numbers
  /// that no activation has changed.
  bool open(const Data& in, bool or_sum = false) {
    if (!in.alone || in.layer < 0 || in.layer + 1 != std::ssize(layers())) return false;
    const Operation& last = layers().back().operation;
    if (const auto* conv = std::get_if<Conv2d>(&last)) return conv->activation == Activation::none;
    if (const auto* dense = std::get_if<Dense>(&last)) return dense->activation == Activation::none;
    const auto* sum = std::get_if<leukolens::Add>(&last);
    return or_sum && sum && sum->activation == Activation::none;
  }

  /// Each channel times `scale` plus `shift`, by the engine's channels.
  Data scale_channels(const Node& node, const Data& in, const std::vector<double>& scale,
                      const std::vector<double>& shift) {
    if (in.layer < 0 && layers().empty() && in.alone) return change_input(node, in, scale, shift);
    if (!open(in)) {
      Data out = emit(
          node, in, Conv2d{in.shape.channels, 1, 1, 0, in.shape.channels},
          [&](std::size_t o, std::size_t, std::size_t, std::size_t) { return scale[o]; },
          [&](std::size_t o) { return shift[o]; });
      out.order = in.order;
      return out;
    }
    Layer& layer = layers().back();
    const std::size_t each = layer.weight.size() / layer.bias.size();
    for (std::size_t o = 0; o < layer.bias.size(); ++o) {
      for (std::size_t i = o * each; i < (o + 1) * each; ++i)
        layer.weight[i] = static_cast<float>(layer.weight[i] * scale[o]);
      layer.bias[o] = static_cast<float>(layer.bias[o] * scale[o] + shift[o]);
    }
    return in;
  }

  /// a * (x - mean) / std + b = (x - (mean - b * std / a)) / (std / a).
  Data change_input(const Node& node, const Data& in, const std::vector<double>& scale,
                    const std::vector<double>& shift) {
    Input& input = result_.model.input;
    for (std::size_t c = 0; c < 3; ++c) {
      const double std = input.std[c] / scale[c], mean = input.mean[c] - shift[c] * std;
      if (!(std >= 1e-3 && std <= 1e3 && mean >= -10 && mean <= 10))
        refuse(node,
               "changes the image by more than its preprocessing may: --scale 255 is for a network that was "
               "trained on pixels from 0 to 255");
      input.std[c] = static_cast<float>(std), input.mean[c] = static_cast<float>(mean);
    }
    return in;
  }

  /// The constant's number for each of the engine's channels.
  std::vector<double> by_channel(const Node& node, const Data& in, const Tensor& tensor) {
    const std::size_t rank = tensor.dims.size(), missing = in.axes.size() - std::min(rank, in.axes.size());
    if (rank > in.axes.size()) refuse(node, "has a constant of more sides than its input");
    for (std::size_t i = 0; i < rank; ++i)
      if (tensor.dims[i] != 1 && (in.axes[missing + i] != 'c' || tensor.dims[i] != in.shape.channels))
        refuse(node, "has a constant with other numbers for other places of an image");
    std::vector<double> values(in.channels());
    for (std::size_t c = 0; c < values.size(); ++c)
      values[c] = tensor.values[tensor.values.size() == 1 ? 0 : in.in_graph(c)];
    return values;
  }

  Data arithmetic(const Node& node, const Data& in) {
    if (node.inputs.size() != 2) refuse(node, "needs two inputs");
    const bool constant_first = !data(node.inputs[0]);
    std::vector<double> numbers = by_channel(node, in, constant(node, constant_first ? 0 : 1));
    std::vector<double> scale(numbers.size(), 1), shift(numbers.size(), 0);
    if (node.type == "Add") return scale_channels(node, in, scale, numbers);
    if (node.type == "Mul") return scale_channels(node, in, numbers, shift);
    if (node.type == "Sub") {
      for (double& value : constant_first ? scale : numbers) value = -value;
      return scale_channels(node, in, scale, numbers);
    }
    if (constant_first) refuse(node, "divides by what depends on the image");
    for (double& value : numbers) value = 1 / value;
    return scale_channels(node, in, numbers, shift);
  }

  Data batch_norm(const Node& node, const Data& in) {
    if (in.axes.size() < 2 || in.axes[1] != 'c')
      refuse(node, "reads a value whose axes are in another order than it needs");
    if (node.integer("training_mode", 0) != 0)
      refuse(node, "is in training mode: export the model for inference");
    const auto numbers = [&](std::size_t index) -> const std::vector<double>& {
      const Tensor& tensor = constant(node, index, 1);
      if (tensor.values.size() != in.channels()) refuse(node, "does not fit its input's channels");
      return tensor.values;
    };
    const auto &gain = numbers(1), &offset = numbers(2), &mean = numbers(3), &variance = numbers(4);
    std::vector<double> scale, shift;
    for (std::size_t c = 0; c < in.channels(); ++c) {
      const std::size_t i = in.in_graph(c);
      scale.push_back(gain[i] / std::sqrt(variance[i] + node.number("epsilon", 1e-5)));
      shift.push_back(offset[i] - mean[i] * scale.back());
    }
    return scale_channels(node, in, scale, shift);
  }

  Data activate(const Node& node, const Data& in) {
    Activation kind = Activation::relu;
    if (node.type == "Clip") {
      const auto bound = [&](std::size_t index, const char* key, double otherwise) {
        const Tensor* tensor = given(node, index);
        if (tensor && tensor->values.size() != 1) refuse(node, "has several bounds");
        return tensor ? tensor->values[0] : node.number(key, otherwise);
      };
      const double low = bound(1, "min", -1e38), high = bound(2, "max", 1e38);
      if (low != 0 || (high != 6 && !(high > 1e37)))
        refuse(node, "is no ReLU and no ReLU6: other bounds cannot be run");
      if (high == 6) kind = Activation::relu6;
    }
    if (open(in, true)) {
      std::visit(
          [&](auto& last) {
            if constexpr (requires { last.activation; }) last.activation = kind;
          },
          layers().back().operation);
      return in;
    }
    Data out = emit(
        node, in, Conv2d{in.shape.channels, 1, 1, 0, in.shape.channels, kind},
        [](std::size_t, std::size_t, std::size_t, std::size_t) { return 1; }, [](std::size_t) { return 0; });
    out.order = in.order;
    return out;
  }

  Data add(const Node& node, const Data& a, const Data& b) {
    const Data &last = a.layer > b.layer ? a : b, &earlier = a.layer > b.layer ? b : a;
    if (a.axes != b.axes || a.shape != b.shape || a.order != b.order)
      refuse(node, "adds values of different shapes");
    if (b.ending != Ending::logits || a.padding != b.padding || earlier.layer < 0 ||
        last.layer == earlier.layer)
      refuse(node, "is a sum that cannot be run");
    Data out = emit(node, last, leukolens::Add{static_cast<int>(earlier.layer)});
    out.order = last.order;
    return out;
  }

  Data max_pool(const Node& node, const Data& in) {
    require_axes(node, in, "nchw");
    const Window window = window_of(node, in.shape.height, in.shape.width);
    for (std::size_t i = 0; i < 2; ++i)
      if (window.begin[i] != 0 || window.end[i] > 0 || window.dilation[i] != 1 ||
          window.kernel[i] != window.kernel[0] || window.stride[i] != window.stride[0])
        refuse(node, "pools by padded, dilated or oblong windows, which cannot be run");
    if (window.kernel[0] == 1 && window.stride[0] == 1) return in;
    return emit(node, in, MaxPool2d{static_cast<int>(window.kernel[0]), static_cast<int>(window.stride[0])});
  }

  /// As a convolution of each channel with itself, unless it takes all of the image.
  Data average_pool(const Node& node, const Data& in) {
    require_axes(node, in, "nchw");
    const Window window = window_of(node, in.shape.height, in.shape.width);
    const bool padded = window.begin[0] + window.begin[1] + window.end[0] + window.end[1] > 0;
    if (padded && node.integer("count_include_pad", 0) == 0)
      refuse(node, "takes means that leave out the padding, which cannot be run");
    if (!padded && window.kernel[0] == in.shape.height && window.kernel[1] == in.shape.width)
      return average_all(node, in);
    if (window.kernel[0] > kMaxKernel || window.kernel[1] > kMaxKernel)
      refuse(node, "has a window of more than 15 places");
    const std::int64_t places = window.kernel[0] * window.kernel[1];
    const Tensor weight{{in.shape.channels, 1, window.kernel[0], window.kernel[1]},
                        std::vector<double>(static_cast<std::size_t>(in.shape.channels * places),
                                            1.0 / static_cast<double>(places))};
    return convolve(node, in, weight, nullptr, in.shape.channels);
  }

  Data average_all(const Node& node, const Data& in) {
    bool keep = true;
    if (node.type == "ReduceMean") {
      Integers sides;
      for (const char axis : {'h', 'w'}) sides.push_back(static_cast<std::int64_t>(in.axes.find(axis)));
      std::ranges::sort(sides);
      if (axes_of(node, given(node, 1), in.axes.size()) != sides)
        refuse(node, "takes the mean over something else than an image's places");
      keep = node.integer("keepdims", 1) != 0;
    } else {
      require_axes(node, in, "nchw");
    }
    Data out = in.flat() ? in : emit(node, in, GlobalAvgPool{});
    if (!keep) out.axes = "nc";
    return out;
  }

  Data max_pool_all(const Node& node, const Data& in) {
    require_axes(node, in, "nchw");
    if (in.flat()) return in;
    if (in.shape.height != in.shape.width)
      refuse(node, "takes the most of an oblong image, which cannot be run");
    return emit(node, in, MaxPool2d{in.shape.height, 1});
  }

  Data transpose(const Node& node, const Data& in) {
    const Integers order = node.integers("perm");
    Data out = in;
    out.axes.clear();
    for (const std::int64_t axis : order)
      if (axis >= 0 && axis < std::ssize(in.axes)) out.axes += in.axes[static_cast<std::size_t>(axis)];
    std::string before = in.axes, after = out.axes;
    std::ranges::sort(before), std::ranges::sort(after);
    if (before != after) refuse(node, "does not name each axis once");
    return out;
  }

  Data reshape(const Node& node, const Data& in) {
    const Integers before = in.dims();
    Integers dims;
    if (node.type == "Reshape") {
      dims = reshaped(node, before, constant(node, 1, 1));
    } else if (node.type == "Flatten") {
      const std::int64_t axis = node.integer("axis", 1);
      if (axis != 1 && axis != 1 - std::ssize(before)) refuse(node, "flattens the batch, too");
      dims = {1, 1};
      for (const std::int64_t side : before) dims[1] *= side;
    } else {
      dims = squeezed(node, before);
    }
    if (dims == before) return in;
    if (in.axes[0] != 'n' || dims.empty() || dims[0] != 1) refuse(node, "reshapes the batch");
    if (in.flat()) return channels_to(node, in, dims);
    if (!std::ranges::contains(dims, in.shape.height * in.shape.width * in.shape.channels))
      refuse(node, "reshapes an image to something that is not flat");
    Data out = channels_to(node, emit(node, in, Flatten{}), dims);
    std::map<char, std::size_t> step;
    std::size_t places = 1;
    for (std::size_t i = in.axes.size(); i-- > 1;) {
      step[in.axes[i]] = places;
      places *= static_cast<std::size_t>(before[i]);
    }
    if (in.axes != "nhwc")
      for (std::size_t h = 0; h < static_cast<std::size_t>(in.shape.height); ++h)
        for (std::size_t w = 0; w < static_cast<std::size_t>(in.shape.width); ++w)
          for (std::size_t c = 0; c < in.channels(); ++c)
            out.order.push_back(h * step['h'] + w * step['w'] + c * step['c']);
    return out;
  }

  Integers squeezed(const Node& node, const Integers& before) {
    const Tensor ones{before, std::vector<double>(1)};
    const Tensor* second = given(node, 1);
    const std::size_t named = second ? second->values.size() : node.integers("axes").size();
    const bool adds = node.type == "Unsqueeze";
    const Integers axes = axes_of(node, second, before.size() + (adds ? named : 0));
    Integers dims = before;
    if (adds) {
      for (const std::int64_t axis : axes) dims.insert(dims.begin() + axis, 1);
      return dims;
    }
    dims.clear();
    for (std::size_t i = 0; i < before.size(); ++i) {
      const bool removed =
          axes.empty() ? before[i] == 1 && i > 0 : std::ranges::contains(axes, static_cast<std::int64_t>(i));
      if (removed && before[i] != 1) refuse(node, "removes an axis that has more than one place");
      if (!removed) dims.push_back(before[i]);
    }
    return dims;
  }

  /// One number a channel, in other sides.
  Data channels_to(const Node& node, const Data& in, const Integers& dims) {
    Data out = in;
    const auto channels = std::ranges::find(dims.begin() + 1, dims.end(), in.shape.channels) - dims.begin();
    if (dims.size() == 2) {
      out.axes = "nc";
    } else if (dims.size() == 4 && channels == 1) {
      out.axes = "nchw";
    } else if (dims.size() == 4 && channels == 3) {
      out.axes = "nhwc";
    } else {
      refuse(node, "gives a shape that cannot be run");
    }
    return out;
  }

  Data same(const Node&, const Data& in) { return in; }

  Data pad(const Node& node, const Data& in) {
    const Tensor *sides = given(node, 1), *value = given(node, 2);
    const Integers widths = sides ? integers_of(node, *sides) : node.integers("pads");
    const std::string mode = node.text("mode");
    if (in.axes.size() != 4 || widths.size() != 8 || (!mode.empty() && mode != "constant") ||
        (value && (value->values.size() != 1 || value->values[0] != 0)) || node.number("value", 0) != 0)
      refuse(node, "pads by something else than zeros around an image");
    Data out = in;
    for (std::size_t i = 0; i < 4; ++i) {
      for (const std::int64_t width : {widths[i], widths[i + 4]})
        if (width < 0 || width > kMaxKernel) refuse(node, "pads by a number that is out of range");
      if (in.axes[i] == 'h') out.padding[0] += widths[i], out.padding[2] += widths[i + 4];
      if (in.axes[i] == 'w') out.padding[1] += widths[i], out.padding[3] += widths[i + 4];
      if ((in.axes[i] == 'n' || in.axes[i] == 'c') && (widths[i] != 0 || widths[i + 4] != 0))
        refuse(node, "pads by something else than zeros around an image");
    }
    return out;
  }

  Data upsample(const Node& node, const Data& in) {
    require_axes(node, in, "nchw");
    std::vector<const Tensor*> inputs;
    inputs.reserve(node.inputs.size());
    for (const std::string& name : node.inputs) inputs.push_back(constant(name));
    const auto [rows, columns] = enlargement_of(node, inputs);
    if (rows != columns) refuse(node, "enlarges rows more than columns");
    if (rows == 1) return in;
    return emit(node, in, Upsample2d{static_cast<int>(rows)});
  }

  Data end(const Node& node, const Data& in) {
    Data out = in;
    if (node.type == "Sigmoid" && !in.flat())
      refuse(node, "is an activation that cannot be run: ReLU and ReLU6 can");
    const auto rank = std::ssize(in.axes);
    std::int64_t axis = node.integer("axis", rank == 2 ? 1 : rank);
    if (axis < 0) axis += rank;
    if (!in.flat() || axis < 0 || axis >= rank || in.axes[static_cast<std::size_t>(axis)] != 'c')
      refuse(node, "is not over the classes");
    if (node.type == "Sigmoid" && in.shape.channels != 1)
      refuse(node, "judges each class by itself; the engine needs classes that exclude each other (softmax)");
    out.ending = node.type == "Sigmoid"   ? Ending::sigmoid
                 : node.type == "Softmax" ? Ending::softmax
                                          : Ending::log_softmax;
    return out;
  }

  void finish(const Data& out) {
    if (!out.flat() || !out.order.empty() || layers().empty() || out.layer + 1 != std::ssize(layers()))
      throw std::runtime_error(
          std::format("The output \"{}\" has places as an image has; one number for each class is needed.",
                      result_.output));
    result_.ending = out.ending;
    if (out.ending == Ending::sigmoid) split_sigmoid();
    const std::size_t classes = out.ending == Ending::sigmoid ? 2 : out.channels();
    const std::size_t labels = result_.model.labels.size();
    if (labels != classes)
      throw std::runtime_error(std::format(
          "The network tells {} classes apart: give as many with --labels, in the order of its answers{}.",
          classes, labels > 0 ? std::format(", not {}", labels) : ""));
  }

  /// sigmoid(z) is the second number of softmax(0, z).
  void split_sigmoid() {
    Layer& layer = layers().back();
    auto* last = std::get_if<Dense>(&layer.operation);
    if (!last || last->activation != Activation::none)
      throw std::runtime_error("The sigmoid at the end must follow a dense layer.");
    last->units = 2;
    layer.weight.insert(layer.weight.begin(), layer.weight.size(), 0);
    layer.bias.insert(layer.bias.begin(), 0);
  }

  const Graph& graph_;
  std::map<std::string, Tensor> constants_;
  std::map<std::string, Data> values_;
  std::map<std::string, int> reads_;
  Budget budget_{kMaxWork};
  std::size_t weights_ = 0;  // of all layers
  Translation result_;
};

}  // namespace

Translation translate(const Graph& graph, const Wanted& wanted) { return Translator(graph, wanted).run(); }

}  // namespace leukolens::train::onnx_graph
