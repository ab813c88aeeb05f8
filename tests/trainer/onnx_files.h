// ONNX files as other programs write them, with random weights or with those of a model.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <format>
#include <string>
#include <utility>
#include <vector>

#include "../engine/networks.h"

namespace leukolens::test {

using Sides = std::vector<std::int64_t>;

struct Convolution {
  Sides pads = {0, 0, 0, 0};
  std::int64_t stride = 1, dilation = 1;
};

/// A graph that grows node by node; each adds a value, whose name it gives.
class Written {
 public:
  /// -1: a side that is not said.
  explicit Written(const Sides& input, std::int64_t opset = 12) {
    proto_.set_ir_version(7);
    proto_.add_opset_import()->set_version(opset);
    describe(*graph().add_input(), "input_1", input);
  }

  std::string input() const { return "input_1"; }

  std::string node(const std::string& type, const std::vector<std::string>& inputs,
                   const std::vector<std::pair<std::string, Sides>>& attributes = {}) {
    onnx::NodeProto& node = *graph().add_node();
    node.set_op_type(type);
    for (const std::string& name : inputs) node.add_input(name);
    const std::string output = std::format("value{}", graph().node_size() - 1);
    node.add_output(output);
    for (const auto& [key, values] : attributes) {
      onnx::AttributeProto& attribute = *node.add_attribute();
      attribute.set_name(key);
      const bool one = key == "keepdims" || key == "axis" || key == "group" || key == "transB";
      attribute.set_type(one ? onnx::AttributeProto::INT : onnx::AttributeProto::INTS);
      if (one) attribute.set_i(values[0]);
      for (const std::int64_t value : values)
        if (!one) attribute.add_ints(value);
    }
    return output;
  }

  std::string tensor(const Sides& dims, const std::vector<float>& values) {
    onnx::TensorProto& tensor = add_tensor(onnx::TensorProto::FLOAT, dims);
    tensor.set_raw_data(values.data(), values.size() * sizeof(float));
    return tensor.name();
  }
  std::string number(float value) { return tensor({}, {value}); }
  std::string integers(const Sides& values) { return integers(values, {std::ssize(values)}); }
  std::string integers(const Sides& values, const Sides& dims) {
    onnx::TensorProto& tensor = add_tensor(onnx::TensorProto::INT64, dims);
    for (const std::int64_t value : values) tensor.add_int64_data(value);
    return tensor.name();
  }

  std::string conv(const std::string& in, int filters, int depth, int side, const Convolution& how = {}) {
    return node("Conv", {in, noise({filters, depth, side, side}), noise({filters})},
                {{"pads", how.pads},
                 {"strides", {how.stride, how.stride}},
                 {"dilations", {how.dilation, how.dilation}}});
  }
  std::string gemm(const std::string& in, int inputs, int units) {
    return node("Gemm", {in, noise({units, inputs}), noise({units})}, {{"transB", {1}}});
  }
  std::string batch_norm(const std::string& in, int channels) {
    return node("BatchNormalization", {in, noise({channels}), noise({channels}), noise({channels}),
                                       tensor({channels}, std::vector<float>(std::size_t(channels), 0.7f))});
  }

  void output(const std::string& name) { describe(*graph().add_output(), name, {}); }
  std::string bytes() const { return proto_.SerializeAsString(); }

 private:
  onnx::GraphProto& graph() { return *proto_.mutable_graph(); }
  onnx::TensorProto& add_tensor(int type, const Sides& dims) {
    onnx::TensorProto& tensor = *graph().add_initializer();
    tensor.set_name(std::format("constant{}", graph().initializer_size() - 1));
    tensor.set_data_type(type);
    for (const std::int64_t side : dims) tensor.add_dims(side);
    return tensor;
  }
  std::string noise(const Sides& dims) {
    std::vector<float> values;
    std::int64_t count = 1;
    for (const std::int64_t side : dims) count *= side;
    for (std::int64_t i = 0; i < count; ++i) values.push_back(0.3f * noise_());
    return tensor(dims, values);
  }
  static void describe(onnx::ValueInfoProto& value, const std::string& name, const Sides& sides) {
    value.set_name(name);
    onnx::TypeProto::Tensor& type = *value.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t side : sides) {
      onnx::TensorShapeProto::Dimension& dimension = *type.mutable_shape()->add_dim();
      if (side > 0)
        dimension.set_dim_value(side);
      else
        dimension.set_dim_param("unk__1");
    }
  }

  onnx::ModelProto proto_;
  Noise noise_{1};
};

/// A network of convolutions, max-pooling, flatten and dense layers as tf2onnx writes it from Keras: images
/// by rows, a Transpose on both sides of the convolutions, Reshape, MatMul and Add, a softmax at the end.
inline std::string as_tf2onnx(const Model& model) {
  Written file({-1, model.input.height, model.input.width, 3}, 15);
  const std::vector<Shape> shapes = *infer_shapes(model);
  std::string value = file.node("Transpose", {file.input()}, {{"perm", {0, 3, 1, 2}}});
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const Layer& layer = model.layers[i];
    Activation activation = Activation::none;
    if (const auto* conv = std::get_if<Conv2d>(&layer.operation)) {
      const std::size_t window = std::size_t(conv->kernel) * conv->kernel, filters = layer.bias.size(),
                        depth = layer.weight.size() / filters / window;
      std::vector<float> weight(layer.weight.size());
      for (std::size_t o = 0; o < filters; ++o)
        for (std::size_t w = 0; w < window; ++w)
          for (std::size_t d = 0; d < depth; ++d)
            weight[(o * depth + d) * window + w] = layer.weight[(o * window + w) * depth + d];
      const std::string kernel =
          file.tensor({conv->filters, std::int64_t(depth), conv->kernel, conv->kernel}, weight);
      value = file.node("Conv", {value, kernel, file.tensor({conv->filters}, layer.bias)},
                        {{"kernel_shape", {conv->kernel, conv->kernel}}, {"strides", {1, 1}}});
      activation = conv->activation;
    } else if (const auto* pool = std::get_if<MaxPool2d>(&layer.operation)) {
      value =
          file.node("MaxPool", {value},
                    {{"kernel_shape", {pool->size, pool->size}}, {"strides", {pool->stride, pool->stride}}});
    } else if (std::holds_alternative<Flatten>(layer.operation)) {
      value = file.node("Transpose", {value}, {{"perm", {0, 2, 3, 1}}});
      value = file.node("Reshape", {value, file.integers({-1, shapes[i].channels})});
    } else if (const auto* dense = std::get_if<Dense>(&layer.operation)) {
      const std::size_t units = layer.bias.size(), inputs = layer.weight.size() / units;
      std::vector<float> weight(layer.weight.size());
      for (std::size_t o = 0; o < units; ++o)
        for (std::size_t d = 0; d < inputs; ++d) weight[d * units + o] = layer.weight[o * inputs + d];
      value = file.node("MatMul", {value, file.tensor({std::int64_t(inputs), dense->units}, weight)});
      value = file.node("Add", {value, file.tensor({dense->units}, layer.bias)});
      activation = dense->activation;
    }
    if (activation == Activation::relu) value = file.node("Relu", {value});
  }
  file.output(file.node("Softmax", {value}));
  return file.bytes();
}

}  // namespace leukolens::test
