#include "output/onnx.h"

#include <onnx/checker.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <format>
#include <limits>
#include <stdexcept>

#include "files/json_writer.h"
#include "leukolens/notice.h"
#include "onnx/schema.h"

namespace leukolens::train {
namespace {

using files::Json;
using Integers = std::vector<std::int64_t>;

/// Builds the graph. Every value inside it is [batch, channels, height, width], as ONNX wants it. The names
/// of inner values have a dot in them, so that no layer's name can collide with those of inputs and outputs.
class Graph {
 public:
  explicit Graph(onnx::GraphProto& graph) : graph_(graph) {}

  /// Adds a node, and returns it; its output is `output`.
  onnx::NodeProto& node(const char* type, const std::vector<std::string>& inputs, const std::string& output) {
    onnx::NodeProto& node = *graph_.add_node();
    node.set_op_type(type);
    node.set_name(output);
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(output);
    return node;
  }

  std::string tensor(const std::string& name, const Integers& shape, const std::vector<float>& values) {
    fill(name, shape, onnx::TensorProto::FLOAT, values.data(), values.size() * sizeof(float));
    return name;
  }
  std::string tensor(const std::string& name, const Integers& values) {
    fill(name, {std::ssize(values)}, onnx::TensorProto::INT64, values.data(),
         values.size() * sizeof(values[0]));
    return name;
  }

  std::string activate(const std::string& value, Activation activation) {
    if (activation == Activation::none) return value;
    const std::string output = value + ".relu";
    if (activation == Activation::relu) {
      node("Relu", {value}, output);
    } else {
      node("Clip", {value, tensor(output + ".low", {}, {0}), tensor(output + ".high", {}, {6})}, output);
    }
    return output;
  }

 private:
  void fill(const std::string& name, const Integers& shape, int type, const void* data, std::size_t bytes) {
    onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(type);
    for (const std::int64_t side : shape) tensor.add_dims(side);
    tensor.set_raw_data(data, bytes);
  }

  onnx::GraphProto& graph_;
};

void attribute(onnx::NodeProto& node, const char* name, std::int64_t value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

void attribute(onnx::NodeProto& node, const char* name, const Integers& values) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) attribute.add_ints(value);
}

void attribute(onnx::NodeProto& node, const char* name, const char* value) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::STRING);
  attribute.set_s(value);
}

/// [out, height, width, in] to ONNX's [out, in, height, width].
std::vector<float> channels_first(const std::vector<float>& weight, std::size_t out, std::size_t window) {
  const std::size_t in = weight.size() / out / window;
  std::vector<float> result(weight.size());
  for (std::size_t o = 0; o < out; ++o)
    for (std::size_t w = 0; w < window; ++w)
      for (std::size_t i = 0; i < in; ++i)
        result[(o * in + i) * window + w] = weight[(o * window + w) * in + i];
  return result;
}

std::string convolve(Graph& graph, const Layer& layer, const Conv2d& conv, const std::string& in) {
  const auto out = static_cast<std::size_t>(conv.filters), side = static_cast<std::size_t>(conv.kernel);
  const std::string output = layer.name + ".out", weight = layer.name + ".weight",
                    bias = layer.name + ".bias";
  const auto depth = static_cast<std::int64_t>(layer.weight.size() / out / side / side);
  graph.tensor(weight, {conv.filters, depth, conv.kernel, conv.kernel},
               channels_first(layer.weight, out, side * side));
  graph.tensor(bias, {conv.filters}, layer.bias);
  onnx::NodeProto& node = graph.node("Conv", {in, weight, bias}, output);
  attribute(node, "kernel_shape", {conv.kernel, conv.kernel});
  attribute(node, "strides", {conv.stride, conv.stride});
  attribute(node, "pads", Integers(4, conv.padding));
  attribute(node, "group", conv.groups);
  return graph.activate(output, conv.activation);
}

std::string pool(Graph& graph, const std::string& output, const MaxPool2d& pool, const std::string& in) {
  onnx::NodeProto& node = graph.node("MaxPool", {in}, output);
  attribute(node, "kernel_shape", {pool.size, pool.size});
  attribute(node, "strides", {pool.stride, pool.stride});
  return output;
}

std::string upsample(Graph& graph, const std::string& output, const Upsample2d& up, const std::string& in) {
  const auto scale = static_cast<float>(up.scale);
  onnx::NodeProto& node =
      graph.node("Resize", {in, "", graph.tensor(output + ".scales", {4}, {1, 1, scale, scale})}, output);
  attribute(node, "mode", "nearest");
  attribute(node, "nearest_mode", "floor");
  attribute(node, "coordinate_transformation_mode", "asymmetric");
  return output;
}

/// In the order rows, columns, channels.
std::string flatten(Graph& graph, const std::string& output, const std::string& in) {
  const std::string rows = output + ".rows";
  attribute(graph.node("Transpose", {in}, rows), "perm", {0, 2, 3, 1});
  graph.node("Reshape", {rows, graph.tensor(output + ".shape", Integers{0, -1, 1, 1})}, output);
  return output;
}

/// The value that the layer's result has.
std::string add_layer(Graph& graph, const Layer& layer, const std::string& in,
                      const std::vector<std::string>& values) {
  std::string output = layer.name + ".out";
  if (const auto* conv = std::get_if<Conv2d>(&layer.operation)) return convolve(graph, layer, *conv, in);
  if (const auto* dense = std::get_if<Dense>(&layer.operation)) {
    // As in the engine: a dense layer on a flat input is a 1x1 convolution of a 1x1 image.
    return convolve(graph, layer, {.filters = dense->units, .activation = dense->activation}, in);
  }
  if (const auto* window = std::get_if<MaxPool2d>(&layer.operation)) return pool(graph, output, *window, in);
  if (const auto* up = std::get_if<Upsample2d>(&layer.operation)) return upsample(graph, output, *up, in);
  if (std::holds_alternative<Flatten>(layer.operation)) return flatten(graph, output, in);
  if (const auto* sum = std::get_if<Add>(&layer.operation)) {
    graph.node("Add", {in, values[static_cast<std::size_t>(sum->from)]}, output);
    return graph.activate(output, sum->activation);
  }
  graph.node("GlobalAveragePool", {in}, output);
  return output;
}

void describe(onnx::ValueInfoProto& value, const char* name, const Integers& sides, const char* about) {
  value.set_name(name);
  value.set_doc_string(about);
  onnx::TypeProto::Tensor& type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  type.mutable_shape()->add_dim()->set_dim_param("batch");
  for (const std::int64_t side : sides) type.mutable_shape()->add_dim()->set_dim_value(side);
}

void build(onnx::GraphProto& proto, const Model& model) {
  Graph graph(proto);
  proto.set_name(model.name);
  describe(*proto.add_input(), schema::kImage, {model.input.height, model.input.width, 3},
           "Pixels by rows, RGB, prepared as the metadata `input` says.");
  attribute(graph.node("Transpose", {schema::kImage}, "image.channels"), "perm", {0, 3, 1, 2});
  std::string value = "image.channels";
  std::vector<std::string> values;
  values.reserve(model.layers.size());
  for (const Layer& layer : model.layers) values.push_back(value = add_layer(graph, layer, value, values));

  const auto labels = std::ssize(model.labels);
  attribute(graph.node("Flatten", {value}, schema::kLogits), "axis", 1);
  describe(*proto.add_output(), schema::kLogits, {labels}, "Before the softmax, uncalibrated.");
  graph.node("Div",
             {schema::kLogits, graph.tensor("logits.temperature", {}, {model.calibration.temperature})},
             "logits.calibrated");
  attribute(graph.node("Softmax", {"logits.calibrated"}, schema::kProbabilities), "axis", 1);
  describe(*proto.add_output(), schema::kProbabilities, {labels}, "softmax(logits / temperature).");
}

std::string labels_json(const Model& model) {
  std::string list;
  for (const Label& label : model.labels) {
    const Json json;
    json.set(json.root(), "id", label.id);
    json.set(json.root(), "name", label.name);
    list += (list.empty() ? "" : ",") + json.text(false);
  }
  return "[" + list + "]";
}

std::string input_json(const Input& input) {
  const auto same = [](float number) { return number; };
  const Json json;
  json.set(json.root(), "width", input.width);
  json.set(json.root(), "height", input.height);
  json.set(json.root(), "colour", "rgb");
  json.set(json.root(), "layout", "nhwc");
  json.set(json.root(), "region", input.region == Input::Region::whole ? "whole" : "cell");
  if (input.region == Input::Region::cell) json.set(json.root(), "extent", input.extent);  // in red cells
  json.set(json.root(), "resample", "antialiased triangle filter (Pillow's BILINEAR)");
  json.set(json.root(), "formula", "(value / 255 - mean) / std");
  json.set(json.root(), "mean", json.list(input.mean, same));
  json.set(json.root(), "std", json.list(input.std, same));
  if (input.tta_margin > 0) json.set(json.root(), "tta_margin", input.tta_margin);
  return json.text(false);
}

void add_metadata(onnx::ModelProto& proto, const Model& model) {
  const auto add = [&](const char* key, const std::string& value) {
    onnx::StringStringEntryProto& entry = *proto.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  };
  add(schema::kLabels, labels_json(model));
  add(schema::kInput, input_json(model.input));
  add(schema::kTemperature, std::format("{}", model.calibration.temperature));
  add(schema::kMinConfidence, std::format("{}", model.rejection.min_confidence));
  add(schema::kTraining, model.training_json);
  add(schema::kMetrics, model.metrics_json);
  add(schema::kNotice, kNotice);
}

}  // namespace

std::string to_onnx(const Model& model) {
  onnx::ModelProto proto;
  proto.set_ir_version(schema::kIrVersion);
  proto.set_producer_name("leukolens-train");
  proto.set_producer_version(LEUKOLENS_VERSION);
  proto.set_doc_string(kNotice);
  proto.add_opset_import()->set_version(schema::kOpset);
  build(*proto.mutable_graph(), model);
  add_metadata(proto, model);
  try {
    onnx::checker::check_model(proto, true);
  } catch (const std::exception& error) {
    throw std::runtime_error(
        std::format("ONNX's checker refuses the model, which is a bug, please report it: {}", error.what()));
  }
  return proto.SerializeAsString();
}

}  // namespace leukolens::train
