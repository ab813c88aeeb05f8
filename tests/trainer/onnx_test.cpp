#include "output/onnx.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <catch2/catch_all.hpp>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "../engine/networks.h"
#include "commands/run_context.h"
#include "leukolens/network.h"
#include "leukolens/notice.h"
#include "network/reference.h"
#include "output/golden.h"
#include "scratch.h"
#include "support/files.h"

using namespace leukolens;
using namespace leukolens::train;
namespace fs = std::filesystem;

namespace {

/// Every kind of layer and activation, strides, padding, groups, pooling with a rest, sums of images and of
/// flat values; one network for each head.
Model flattening() {
  return test::make_model(
      {Conv2d{8, 3, 2, 1, 1, Activation::relu}, Conv2d{8, 3, 1, 1, 8, Activation::relu6},
       Conv2d{8, 1, 1, 0, 1, Activation::none}, Add{0, Activation::relu}, MaxPool2d{2, 2},
       Conv2d{12, 3, 1, 0, 2, Activation::relu}, MaxPool2d{3, 1}, Flatten{}, Dense{10, Activation::relu},
       Dense{10, Activation::relu6}, Add{8, Activation::none}, Dense{5, Activation::none}},
      31, 23, 5);
}

Model pooling() {
  Model model = test::make_model(
      {Conv2d{6, 5, 3, 2, 3, Activation::relu6}, MaxPool2d{3, 2}, Conv2d{6, 3, 1, 1, 6, Activation::none},
       Add{1, Activation::relu6}, Upsample2d{2}, Conv2d{6, 3, 2, 0, 1, Activation::relu}, GlobalAvgPool{},
       Dense{6, Activation::relu}, Add{6, Activation::none}},
      40, 40, 6, 2);
  model.calibration.temperature = 1.7f;
  model.labels[0].name = "</script> \"quoted\" \xC3\xA9";
  return model;
}

std::string_view bytes_of(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// What tests/trainer/onnx/parity.test.mjs runs: the ONNX file, inputs, and libtorch's answers to them.
void write_case(const fs::path& folder, const std::string& name, const Model& model) {
  const std::vector<float> inputs = golden_inputs(model.input);
  std::vector<float> logits, probabilities;
  for (const std::vector<float>& row : reference_logits(model, inputs)) {
    logits.insert(logits.end(), row.begin(), row.end());
    std::vector<float> calibrated(row.size());
    softmax(row, model.calibration.temperature, calibrated);
    probabilities.insert(probabilities.end(), calibrated.begin(), calibrated.end());
  }
  write_atomically(folder / (name + ".onnx"), to_onnx(model));
  write_atomically(folder / (name + ".image.f32"), bytes_of(inputs));
  write_atomically(folder / (name + ".logits.f32"), bytes_of(logits));
  write_atomically(folder / (name + ".probabilities.f32"), bytes_of(probabilities));
}

onnx::ModelProto parsed(const Model& model) {
  onnx::ModelProto proto;
  REQUIRE(proto.ParseFromString(to_onnx(model)));
  return proto;
}

}  // namespace

TEST_CASE("every kind of layer becomes ONNX that its checker accepts") {
  const Scratch scratch;
  const char* wanted = std::getenv("LEUKOLENS_ONNX_CASES");
  const fs::path folder = wanted ? wanted : scratch.path;
  CHECK_NOTHROW(write_case(folder, "flattening", flattening()));
  CHECK_NOTHROW(write_case(folder, "pooling", pooling()));
  CHECK_NOTHROW(write_case(folder, "article", load_model(LEUKOLENS_MODELS "/article.safetensors")));
}

TEST_CASE("libtorch and the engine agree on every kind of layer") {
  for (const Model& model : {flattening(), pooling()}) {
    const std::vector<float> inputs = golden_inputs(model.input);
    Result<Network> network = Network::create(model);
    REQUIRE(network);
    auto input = inputs.begin();
    for (const std::vector<float>& expected : reference_logits(model, inputs)) {
      const auto length = static_cast<std::ptrdiff_t>(network->input().size());
      std::copy_n(input, length, network->input().begin());
      input += length;
      const auto logits = network->run();
      REQUIRE(logits);
      for (std::size_t i = 0; i < expected.size(); ++i)
        CHECK((*logits)[i] == Catch::Approx(expected[i]).margin(1e-5));
    }
  }
}

TEST_CASE("an ONNX file names its input and outputs and their shapes") {
  const onnx::ModelProto proto = parsed(flattening());
  CHECK(proto.opset_import(0).version() == 13);
  REQUIRE(proto.graph().input_size() == 1);
  CHECK(proto.graph().input(0).name() == "image");
  const auto& shape = proto.graph().input(0).type().tensor_type().shape();
  CHECK(shape.dim(0).dim_param() == "batch");
  CHECK(shape.dim(1).dim_value() == 23);
  CHECK(shape.dim(2).dim_value() == 31);
  CHECK(shape.dim(3).dim_value() == 3);
  REQUIRE(proto.graph().output_size() == 2);
  CHECK(proto.graph().output(0).name() == "logits");
  CHECK(proto.graph().output(1).name() == "probabilities");
}

TEST_CASE("an ONNX file carries labels, preprocessing and calibration") {
  Model model = pooling();
  model.input.mean[1] = 0.25f;
  model.rejection.min_confidence = 0.6f;
  model.training_json = R"({"seed":7})";
  const onnx::ModelProto proto = parsed(model);
  std::map<std::string, std::string> metadata;
  for (const auto& entry : proto.metadata_props()) metadata[entry.key()] = entry.value();
  CHECK(metadata.at("labels").starts_with(
      R"([{"id":"label0","name":"</script> \"quoted\" é"},{"id":"label1")"));
  CHECK(metadata.at("input").contains(
      R"("width":40,"height":40,"colour":"rgb","layout":"nhwc","region":"whole")"));
  CHECK(metadata.at("input").contains(R"("mean":[0,0.25,0],"std":[1,1,1])"));
  CHECK(metadata.at("temperature") == "1.7");
  CHECK(metadata.at("min_confidence") == "0.6");
  CHECK(metadata.at("training") == R"({"seed":7})");
  CHECK(metadata.at("notice") == kNotice);
}
