#include "commands/import.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <array>
#include <bit>
#include <catch2/catch_all.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "../engine/networks.h"
#include "commands/run_context.h"
#include "onnx/comparison.h"
#include "onnx_files.h"
#include "output/onnx.h"
#include "scratch.h"
#include "support/files.h"

using namespace leukolens;
using namespace leukolens::train;
using namespace leukolens::train::onnx_graph;
using Catch::Matchers::ContainsSubstring;
using test::Written;
namespace fs = std::filesystem;

namespace {

Graph graph_of(std::string_view bytes) {
  return read_graph({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

std::vector<Label> labels(int count) {
  std::vector<Label> list;
  for (int i = 0; i < count; ++i) list.push_back({std::format("label{}", i), std::format("Label {}", i)});
  return list;
}

/// Translates, compares with the graph, and gives the model.
Model imported(const Written& file, int label_count, Input input = {}) {
  const Graph graph = graph_of(file.bytes());
  const Translation translation =
      translate(graph, {.name = "test", .labels = labels(label_count), .input = input});
  CHECK(compare(graph, translation).largest_difference <= kImportTolerance);
  CHECK(write_model(translation.model));
  return translation.model;
}

std::vector<std::string> types(const Model& model) {
  std::vector<std::string> list;
  for (const Layer& layer : model.layers) list.emplace_back(type_name(layer.operation));
  return list;
}

/// The refusal of a network of one node between an image of 16 x 16 and a dense layer.
std::string refusal(const std::function<std::string(Written&)>& node) {
  Written file({1, 3, 16, 16});
  const std::string value = node(file);
  file.output(value);
  try {
    translate(graph_of(file.bytes()), {.labels = labels(3)});
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

Model article() { return load_model(LEUKOLENS_MODELS "/article.safetensors"); }

}  // namespace

TEST_CASE("what export writes is imported as the same network") {
  const Model varied = test::make_varied_model();
  for (const Model& model : {varied, article()}) {
    const Graph graph = graph_of(to_onnx(model));
    const Translation translation =
        translate(graph, {.name = "again", .labels = model.labels, .input = model.input});
    CHECK(compare(graph, translation).largest_difference <= kImportTolerance);
    CHECK(types(translation.model) == types(model));
    CHECK(total_cost(translation.model).parameters == total_cost(model).parameters);
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
      CHECK(translation.model.layers[i].weight == model.layers[i].weight);
      CHECK(translation.model.layers[i].bias == model.layers[i].bias);
    }
  }
}

TEST_CASE("the article's network is imported as tf2onnx writes it") {
  const Scratch scratch;
  const char* wanted = std::getenv("LEUKOLENS_ONNX_CASES");
  const fs::path folder = wanted ? wanted : scratch.path;
  const Model original = article();
  write_atomically(folder / "keras.onnx", test::as_tf2onnx(original));
  import_command({.onnx = folder / "keras.onnx",
                  .out = folder / "keras.safetensors",
                  .labels = {"Eosinophil", "Lymphocyte", "Monocyte", "Neutrophil"}});
  const Model model = load_model(folder / "keras.safetensors");
  CHECK(types(model) == types(original));
  CHECK(total_cost(model).parameters == 89'140);
  CHECK(model.labels[0].id == "eosinophil");
  CHECK(model.name == "keras");
  CHECK(fs::exists(folder / "keras.golden.json"));
  for (std::size_t i = 0; i < model.layers.size(); ++i)
    CHECK(model.layers[i].weight == original.layers[i].weight);
}

TEST_CASE("a network as PyTorch writes it: flattened by channels, batch norms folded") {
  Written file({1, 3, 18, 14});
  std::string value = file.conv(file.input(), 5, 3, 3, {.pads = {1, 1, 1, 1}});
  value = file.node("Relu", {file.batch_norm(value, 5)});
  value = file.node("MaxPool", {value}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
  value = file.node("Flatten", {value});
  value = file.node("Relu", {file.gemm(value, 5 * 9 * 7, 6)});
  file.output(file.gemm(value, 6, 3));
  CHECK(types(imported(file, 3)) ==
        std::vector<std::string>{"conv2d", "max_pool2d", "flatten", "dense", "dense"});
}

TEST_CASE("windows that are uneven, oblong or dilated become square ones") {
  for (const Integers& pads : {Integers{0, 0, 1, 1}, Integers{1, 0, 1, 2}, Integers{2, 2, 2, 2}}) {
    Written file({1, 3, 16, 16});
    std::string value = file.conv(file.input(), 4, 3, 3, {.pads = pads, .stride = 2});
    value = file.conv(value, 4, 4, 3, {.pads = {2, 2, 2, 2}, .dilation = 2});
    value = file.node("AveragePool", {value}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
    file.output(file.node("Flatten", {file.node("GlobalAveragePool", {value})}));
    imported(file, 4);
  }
}

TEST_CASE("padding before a convolution goes into it") {
  Written file({1, 3, 16, 16});
  const std::string padded = file.node("Pad", {file.input(), file.integers({0, 0, 0, 0, 0, 0, 1, 1})});
  std::string value = file.node("Relu", {file.conv(padded, 4, 3, 3, {.stride = 2})});
  file.output(file.node("Flatten", {file.node("GlobalAveragePool", {value})}));
  CHECK(types(imported(file, 4)) == std::vector<std::string>{"conv2d", "global_avg_pool"});
}

TEST_CASE("sums, ReLU6 and a second reader of a value") {
  Written file({1, 3, 16, 16});
  const std::string first = file.conv(file.input(), 4, 3, 3);
  const std::string active = file.node("Clip", {first, file.number(0), file.number(6)});
  std::string value = file.conv(active, 4, 4, 3, {.pads = {1, 1, 1, 1}});
  value = file.node("Relu", {file.node("Add", {value, active})});
  value = file.node("Add", {file.conv(value, 4, 4, 1), first});
  file.output(file.node("Flatten", {file.node("GlobalAveragePool", {value})}));
  // `first` is read twice, so its ReLU6 is a layer of its own.
  CHECK(types(imported(file, 4)) ==
        std::vector<std::string>{"conv2d", "conv2d", "conv2d", "add", "conv2d", "add", "global_avg_pool"});
}

TEST_CASE("what a graph does to its pixels becomes preprocessing") {
  Written file({1, 16, 16, 3});
  std::string value = file.node("Mul", {file.input(), file.number(1 / 127.5f)});
  value = file.node("Sub", {value, file.number(1)});
  value = file.node("Transpose", {value}, {{"perm", {0, 3, 1, 2}}});
  value = file.node("Relu", {file.conv(value, 4, 3, 3)});
  value = file.node("ReduceMean", {value}, {{"axes", {2, 3}}, {"keepdims", {0}}});
  file.output(file.node("Softmax", {value}));
  Input input;
  for (float& std : input.std) std = 1 / 255.0f;  // pixels from 0 to 255
  const Model model = imported(file, 4, input);
  CHECK(types(model) == std::vector<std::string>{"conv2d", "global_avg_pool"});
  CHECK(model.input.mean[1] == Catch::Approx(0.5));
  CHECK(model.input.std[1] == Catch::Approx(0.5));
}

TEST_CASE("weights are read in each way that a file may keep floats") {
  constexpr std::array<std::uint16_t, 5> kHalves{0xb800, 0xb400, 0, 0x3400, 0x3800};
  Written file({1, 3, 16, 16});
  const auto value_of = [](int i) { return 0.25f * static_cast<float>(i % 5 - 2); };
  std::vector<float> weight;
  for (int i = 0; i < 4 * 3 * 9; ++i) weight.push_back(value_of(i));
  std::string value = file.node("Conv", {file.input(), file.tensor({4, 3, 3, 3}, weight)});
  value = file.node("Dropout", {value, file.number(0.5), file.integers({0}, {})});
  file.output(file.node("Flatten", {file.node("GlobalAveragePool", {value})}));
  onnx::ModelProto proto;
  REQUIRE(proto.ParseFromString(file.bytes()));
  onnx::TensorProto& training = *proto.mutable_graph()->mutable_initializer(2);
  training.clear_int64_data();
  training.set_data_type(onnx::TensorProto::BOOL);
  training.set_raw_data(std::string(1, '\0'));
  onnx::TensorProto& tensor = *proto.mutable_graph()->mutable_initializer(0);
  const auto check = [&] {
    const Graph graph = graph_of(proto.SerializeAsString());
    const std::vector<double>& read = graph.constants.at(tensor.name()).values;
    CHECK(std::ranges::equal(read, weight));
    CHECK(compare(graph, translate(graph, {.labels = labels(4)})).largest_difference <= kImportTolerance);
  };
  check();
  const auto write = [&](int type, auto add) {
    tensor.clear_raw_data(), tensor.clear_double_data(), tensor.clear_int32_data();
    tensor.set_data_type(type);
    for (int i = 0; i < std::ssize(weight); ++i) add(i);
    check();
  };
  const auto add_raw = [&](std::uint16_t bits) {
    tensor.mutable_raw_data()->append({static_cast<char>(bits & 255), static_cast<char>(bits >> 8)});
  };
  const auto bfloat = [&](int i) {
    return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value_of(i)) >> 16);
  };
  write(onnx::TensorProto::DOUBLE, [&](int i) { tensor.add_double_data(value_of(i)); });
  write(onnx::TensorProto::FLOAT16, [&](int i) { add_raw(kHalves[std::size_t(i) % 5]); });
  write(onnx::TensorProto::FLOAT16, [&](int i) { tensor.add_int32_data(kHalves[std::size_t(i) % 5]); });
  write(onnx::TensorProto::BFLOAT16, [&](int i) { add_raw(bfloat(i)); });
}

TEST_CASE("a softmax before the image of one place is flattened") {
  Written file({1, 3, 16, 16});
  const std::string pooled = file.node("GlobalAveragePool", {file.conv(file.input(), 4, 3, 3)});
  file.output(file.node("Flatten", {file.node("Softmax", {pooled}, {{"axis", {1}}})}));
  CHECK(types(imported(file, 4)) == std::vector<std::string>{"conv2d", "global_avg_pool"});
  CHECK_THAT(refusal([](Written& one) {
               const std::string value = one.conv(one.input(), 4, 3, 3);
               return one.node("Flatten", {one.node("Softmax", {value}, {{"axis", {1}}})});
             }),
             ContainsSubstring("is not over the classes"));
}

TEST_CASE("one sigmoid is two classes") {
  Written file({1, 3, 16, 16});
  const std::string pooled = file.node("GlobalAveragePool", {file.conv(file.input(), 4, 3, 3)});
  file.output(file.node("Sigmoid", {file.gemm(file.node("Flatten", {pooled}), 4, 1)}));
  CHECK(std::get<Dense>(imported(file, 2).layers.back().operation).units == 2);
}

TEST_CASE("a shape that the graph computes itself is followed") {
  Written file({1, 3, 16, 16});
  const std::string value = file.conv(file.input(), 2, 3, 3);
  const std::string batch =
      file.node("Unsqueeze", {file.node("Gather", {file.node("Shape", {value}), file.integers({0}, {})})},
                {{"axes", {0}}});
  const std::string shape = file.node("Concat", {batch, file.integers({-1})}, {{"axis", {0}}});
  file.output(file.gemm(file.node("Reshape", {value, shape}), 2 * 14 * 14, 3));
  CHECK(types(imported(file, 3)) == std::vector<std::string>{"conv2d", "flatten", "dense"});
}

TEST_CASE("what cannot be run is named with its node") {
  const auto message = [](const char* type) {
    return refusal([&](Written& file) { return file.node(type, {file.input()}); });
  };
  CHECK_THAT(message("Tanh"), ContainsSubstring("Node \"value0\" (Tanh) is an operator that cannot be run"));
  CHECK_THAT(message("LeakyRelu"), ContainsSubstring("(LeakyRelu)"));
  CHECK_THAT(refusal([](Written& file) {
               return file.node("MaxPool", {file.input()},
                                {{"kernel_shape", {3, 3}}, {"pads", {1, 1, 1, 1}}, {"strides", {2, 2}}});
             }),
             ContainsSubstring("padded"));
  CHECK_THAT(refusal([](Written& file) {
               const std::string value = file.conv(file.input(), 4, 3, 3);
               return file.node("Add", {file.conv(value, 4, 4, 1), file.conv(value, 4, 4, 1)});
             }),
             ContainsSubstring("sums alone can be run"));
  CHECK_THAT(refusal([](Written& file) { return file.conv(file.input(), 4, 3, 40, {}); }),
             ContainsSubstring("window larger than its input"));
  CHECK_THAT(refusal([](Written& file) { return file.conv(file.input(), 4, 3, 3); }),
             ContainsSubstring("one number for each class is needed"));
}

TEST_CASE("what the file leaves open is asked for") {
  Written file({-1, -1, -1, 3});
  std::string value = file.node("Transpose", {file.input()}, {{"perm", {0, 3, 1, 2}}});
  value = file.node("GlobalAveragePool", {file.conv(value, 4, 3, 3)});
  file.output(file.node("Flatten", {value}));
  const Scratch scratch;
  scratch.write("a.onnx", file.bytes());
  ImportOptions options{.onnx = scratch.path / "a.onnx", .out = scratch.path / "a.safetensors"};
  CHECK_THROWS_WITH(import_command(options), ContainsSubstring("--size WIDTHxHEIGHT"));
  options.size = "20x16";
  CHECK_THROWS_WITH(import_command(options), ContainsSubstring("tells 4 classes apart"));
  options.labels = {"a", "b", "c"};
  CHECK_THROWS_WITH(import_command(options), ContainsSubstring("not 3"));
  options.labels = {"A", "Big b", "c", "d"};
  options.mean = {0.5f, 0.4f};
  CHECK_THROWS_WITH(import_command(options), ContainsSubstring("--mean takes one number, or three"));
  options.mean = {NAN};
  CHECK_THROWS_WITH(import_command(options), ContainsSubstring("--mean must be numbers"));
  options.mean = {}, options.std = {0.1f, 0, 0.1f};
  CHECK_THROWS_WITH(import_command(options), ContainsSubstring("--std must be numbers above 0"));
  options.mean = {0.5f}, options.std = {0.1f, 0.2f, 0.3f}, options.scale = 2;
  import_command(options);
  const Model model = load_model(scratch.path / "a.safetensors");
  CHECK(model.input.width == 20);
  CHECK(model.input.height == 16);
  CHECK(model.labels[1].id == "big_b");
  CHECK(model.input.mean[2] == 0.25f);
  CHECK(model.input.std[1] == 0.1f);
}

TEST_CASE("a graph that scales its pixels is not taken for one that wants them from 0 to 1") {
  Written file({1, 3, 16, 16});
  std::string value = file.node("Div", {file.input(), file.number(255)});
  file.output(file.node("Flatten", {file.node("GlobalAveragePool", {file.conv(value, 4, 3, 3)})}));
  const Scratch scratch;
  scratch.write("a.onnx", file.bytes());
  ImportOptions options{
      .onnx = scratch.path / "a.onnx", .out = scratch.path / "a.safetensors", .labels = {"a", "b", "c", "d"}};
  CHECK_THROWS_WITH(import_command(options), ContainsSubstring("Give --scale 255"));
  options.scale = 255;
  import_command(options);
  CHECK(load_model(scratch.path / "a.safetensors").input.std[0] == Catch::Approx(1));
}

TEST_CASE("labels, preprocessing and calibration come back from our own file") {
  Model model = test::make_varied_model();
  model.input.mean[0] = 0.25f;
  model.input.std[2] = 0.5f;
  model.calibration.temperature = 1.5f;
  model.rejection.min_confidence = 0.6f;
  const Scratch scratch;
  scratch.write("a.onnx", to_onnx(model));
  import_command({.onnx = scratch.path / "a.onnx", .out = scratch.path / "a.safetensors"});
  const Model back = load_model(scratch.path / "a.safetensors");
  CHECK(back.labels[3].name == "Label 3");
  CHECK(back.input.mean[0] == 0.25f);
  CHECK(back.input.std[2] == 0.5f);
  CHECK(back.calibration.temperature == 1.5f);
  CHECK(back.rejection.min_confidence == 0.6f);
}

TEST_CASE("hostile files are refused before memory is set aside") {
  onnx::ModelProto proto;
  REQUIRE(proto.ParseFromString(to_onnx(test::make_varied_model())));
  const auto message = [](const onnx::ModelProto& changed) -> std::string {
    try {
      translate(graph_of(changed.SerializeAsString()), {.labels = labels(5)});
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  };
  onnx::ModelProto changed = proto;
  changed.mutable_graph()->mutable_initializer(0)->set_dims(0, std::int64_t{1} << 62);
  CHECK_THAT(message(changed), ContainsSubstring("damaged"));
  changed = proto;
  changed.mutable_graph()->mutable_initializer(0)->set_dims(0, 7);
  CHECK_THAT(message(changed), ContainsSubstring("does not fill its shape"));
  changed = proto;
  changed.mutable_graph()->mutable_initializer(0)->set_data_location(onnx::TensorProto::EXTERNAL);
  CHECK_THAT(message(changed), ContainsSubstring("lie in another file: in Python, onnx.save("));
  changed = proto;
  for (int i = 0; i < 2000; ++i) *changed.mutable_graph()->add_node() = proto.graph().node(0);
  CHECK_THAT(message(changed), ContainsSubstring("more than 1024 nodes"));
  changed = proto;
  changed.mutable_graph()->mutable_node(1)->set_input(0, "nowhere");
  CHECK_THAT(message(changed), ContainsSubstring("reads \"nowhere\""));
  changed = proto;
  changed.mutable_opset_import(0)->set_version(99);
  CHECK_THAT(message(changed), ContainsSubstring("opset 99"));
  CHECK_THROWS_WITH(graph_of(""), ContainsSubstring("not an ONNX file"));
  CHECK_THROWS_WITH(graph_of("\x08\x07\x3a\xff\xff\xff\xff\x7f"), ContainsSubstring("not an ONNX file"));
}
