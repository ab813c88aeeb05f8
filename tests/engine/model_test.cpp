#include <catch2/catch_all.hpp>
#include <functional>

#include "leukolens/classifier.h"
#include "model_file.h"
#include "networks.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// The varied model's file with its header edited, up to the reader's checks but for the checksum.
File edited(std::string_view from, std::string_view to) {
  const File file = without_checksum(*write_model(make_varied_model()));
  return container(replaced(header_of(file), from, to), tensors_of(file));
}

ErrorCode code_of(const File& file) {
  const auto model = read_model(file);
  REQUIRE_FALSE(model.has_value());
  CHECK_FALSE(model.error().message.empty());
  return model.error().code;
}

}  // namespace

TEST_CASE("a model is read back as it was written") {
  Model model = make_varied_model();
  model.name = "na\"me \\ \xC3\xA9";
  model.input.mean[1] = 0.229f;
  model.calibration.temperature = 1.37f;
  model.rejection.min_confidence = 0.5f;
  model.rejection.reject_confidence = 0.25f;
  model.training_json = R"({"seed":7,"note":"a, b} \" c"})";
  model.metrics_json = R"({"accuracy":0.75})";
  const auto file = write_model(model);
  REQUIRE(file.has_value());
  const auto back = read_model(*file);
  REQUIRE(back.has_value());
  CHECK(back->name == model.name);
  CHECK(back->input.mean[1] == 0.229f);
  CHECK(back->calibration.temperature == 1.37f);
  CHECK(back->rejection.min_confidence == 0.5f);
  CHECK(back->rejection.reject_confidence == 0.25f);
  CHECK(back->training_json == model.training_json);
  CHECK(back->metrics_json == model.metrics_json);
  REQUIRE(back->layers.size() == model.layers.size());
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    CHECK(back->layers[i].name == model.layers[i].name);
    CHECK(type_name(back->layers[i].operation) == type_name(model.layers[i].operation));
    CHECK(back->layers[i].weight == model.layers[i].weight);
    CHECK(back->layers[i].bias == model.layers[i].bias);
  }
  CHECK(write_model(*back) == *file);
}

TEST_CASE("an id of a label has letters of any script, and of ASCII no others than a-z") {
  Model model = make_model({Flatten{}, Dense{3}}, 9, 9, 3);
  for (const char* id : {"größe", "中性粒", "a_b-2"}) {
    model.labels[1].id = id;
    CHECK(read_model(*write_model(model))->labels[1].id == id);
  }
  for (const char* id : {"Band", "a b", "a,b", "a/b", "x\xc2\x9b"}) {
    model.labels[1].id = id;
    CHECK_FALSE(write_model(model).has_value());
  }
}

TEST_CASE("test-time augmentation is for a square input alone") {
  Model model = make_model({Flatten{}, Dense{3}}, 9, 9, 3);
  model.input.tta_margin = 1.5f;
  CHECK(read_model(*write_model(model))->input.tta_margin == 1.5f);
  model = make_model({Flatten{}, Dense{3}}, 9, 8, 3);
  model.input.tta_margin = 1.5f;
  CHECK_FALSE(write_model(model).has_value());
}

TEST_CASE("a model of located cells with statistics for rejection is read back as it was written") {
  Model model = make_varied_model();
  const std::size_t size = feature_statistics_count(model);
  model.input.region = Input::Region::cell;
  model.input.extent = 2.5f;
  model.rejection = {.min_typicality = 0.05f,
                     .whitening = std::vector<float>(size * size, 0.5f),
                     .centres = std::vector<float>(5 * size, 0.25f),
                     .distances = {0.5f, 1, 4}};
  for (const Precision precision : {Precision::f32, Precision::f16, Precision::i8}) {
    const auto file = write_model(model, precision);
    REQUIRE(file.has_value());
    const auto back = read_model(*file);
    REQUIRE(back.has_value());
    CHECK(back->input.region == Input::Region::cell);
    CHECK(back->input.extent == 2.5f);
    CHECK(back->input.tta_margin == 0);
    CHECK(back->rejection.min_typicality == 0.05f);
    CHECK(back->rejection.whitening == model.rejection.whitening);
    CHECK(back->rejection.centres == model.rejection.centres);
    CHECK(back->rejection.distances == model.rejection.distances);
  }
  for (const std::vector<float>& wrong :
       {std::vector<float>{1}, {1, 1}, {2, 1}, {-1, 1}, std::vector<float>(1002, 1)}) {
    model.rejection.distances = wrong;
    CHECK_FALSE(write_model(model).has_value());
  }
  model.rejection.distances = {1, 2};
  model.rejection.centres.pop_back();
  CHECK_FALSE(write_model(model).has_value());
}

TEST_CASE("a locator is read back as it was written, and is no classifier") {
  Model model = make_locator_model();
  model.detection = {.diameter = 24, .min_score = 0.375f};
  const auto file = write_model(model);
  REQUIRE(file.has_value());
  const auto back = read_model(*file);
  REQUIRE((back.has_value() && back->detection));
  CHECK(back->detection->diameter == 24);
  CHECK(back->detection->min_score == 0.375f);
  CHECK(std::get<Upsample2d>(back->layers[3].operation).scale == 2);
  CHECK(*write_model(*back) == *file);
  // Its grid has more values than there are labels: no answer may be taken from it.
  CHECK(Classifier::load(*file).error().code == ErrorCode::unsupported_model);
}

TEST_CASE("a locator whose grid does not fit its labels or its input is refused") {
  const auto code_with = [](auto change) {
    Model model = make_locator_model();
    change(model);
    const auto shapes = infer_shapes(model);
    REQUIRE_FALSE(shapes.has_value());
    return shapes.error().code;
  };
  const auto layer = [](Model& model, std::size_t i) -> Operation& { return model.layers[i].operation; };
  CHECK(code_with([](Model& model) { model.labels.pop_back(); }) == ErrorCode::corrupt_model);
  CHECK(code_with([](Model& model) { model.input.width = 100; }) == ErrorCode::corrupt_model);
  CHECK(code_with([&](Model& model) { layer(model, 5) = Conv2d{2 + kBoxEdges, 2}; }) ==
        ErrorCode::corrupt_model);
  CHECK(code_with([&](Model& model) { layer(model, 3) = Upsample2d{1}; }) == ErrorCode::corrupt_model);
  CHECK(code_with([&](Model& model) { layer(model, 3) = Upsample2d{16}; }) == ErrorCode::corrupt_model);
  CHECK(code_with([](Model& model) { model.detection.reset(); }) == ErrorCode::corrupt_model);
}

TEST_CASE(
    "half precision and 8-bit weights stay within their rounding, in large layers of every second step") {
  const Model varied = make_varied_model();
  const Model large =
      make_model({Conv2d{40, 3, 1, 1, 1, Activation::relu}, Conv2d{40, 3, 1, 1, 1, Activation::relu},
                  GlobalAvgPool{}, Dense{5, Activation::none}},
                 8, 8, 5);
  const auto largest_of = [](const Layer& layer, std::size_t k) {
    const std::size_t row = layer.weight.size() / layer.bias.size();
    float largest = 0;
    for (std::size_t j = k / row * row; j < (k / row + 1) * row; ++j)
      largest = std::max(largest, std::abs(layer.weight[j]));
    return largest;
  };
  for (const Model* model : {&varied, &large})
    for (const Precision precision : {Precision::f16, Precision::i8}) {
      const auto back = read_model(*write_model(*model, precision));
      REQUIRE(back.has_value());
      for (std::size_t i = 0; i < model->layers.size(); ++i) {
        const Layer& layer = model->layers[i];
        const float tolerance = precision == Precision::f16    ? 0x1p-11f
                                : layer.weight.size() > 10'000 ? 1 / 127.0f
                                                               : 1 / 254.0f;
        for (std::size_t k = 0; k < layer.weight.size(); ++k)
          CHECK(std::abs(back->layers[i].weight[k] - layer.weight[k]) <=
                largest_of(layer, k) * tolerance * 1.001f);
      }
      CHECK(back->layers[0].bias == model->layers[0].bias);
      CHECK(*write_model(*back, precision) ==
            *write_model(*read_model(*write_model(*back, precision)), precision));
    }
}

TEST_CASE("a model file cut anywhere is refused") {
  const File file = without_checksum(*write_model(make_varied_model()));
  for (std::size_t size = 0; size < file.size(); size += size < 64 ? 1 : 97)
    CHECK(code_of(File(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size))) ==
          ErrorCode::corrupt_model);
  File longer = file;
  longer.push_back(0);
  CHECK(code_of(longer) == ErrorCode::corrupt_model);
}

TEST_CASE(
    "a file without a checksum with a flipped bit in its header is refused, or is another whole model") {
  const File file = without_checksum(*write_model(make_varied_model()));
  std::size_t read = 0;
  for (std::size_t i = 0; i < header_end(file); ++i)
    for (const std::uint8_t mask : {1, 4, 16, 128}) {
      File broken = file;
      broken[i] ^= mask;
      const auto model = read_model(broken);
      if (!model) continue;
      ++read;
      CHECK(write_model(*model).has_value());
    }
  CHECK(read > 20);  // a digit of a mean, a letter of a name
}

TEST_CASE("a safetensors file of somebody else is refused as unsupported") {
  CHECK(code_of(container("{}")) == ErrorCode::unsupported_model);
  CHECK(code_of(container(R"({"__metadata__":{"format":"pt"}})")) == ErrorCode::unsupported_model);
}

TEST_CASE("a newer format is refused as unsupported") {
  CHECK(code_of(edited(R"({\"format\":1)", R"({\"format\":2)")) == ErrorCode::unsupported_model);
}

TEST_CASE("a description that does not fit its tensors is refused") {
  for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
           {R"(\"filters\":8)", R"(\"filters\":9)"},
           {R"(\"groups\":8)", R"(\"groups\":0)"},
           {R"(\"groups\":8)", R"(\"groups\":5)"},
           {R"(\"stride\":2)", R"(\"stride\":0)"},
           {R"(\"size\":2)", R"(\"size\":0)"},
           {R"(\"size\":3)", R"(\"size\":14)"},
           {R"(\"kernel\":3)", R"(\"kernel\":-3)"},
           {R"(\"kernel\":3)", R"(\"kernel\":3.5)"},
           {R"(\"padding\":1)", R"(\"padding\":1000)"},
           {R"(\"from\":\"layer0\")", R"(\"from\":\"layer9\")"},
           {R"(\"from\":\"layer0\")", R"(\"from\":\"layer1x\")"},
           {R"(\"name\":\"layer1\")", R"(\"name\":\"layer0\")"},
           {R"(\"activation\":\"relu\")", R"(\"activation\":\"gelu\")"},
           {R"(\"width\":23)", R"(\"width\":7)"},
           {R"(\"width\":23)", R"(\"width\":1e9)"},
           {R"(\"temperature\":1)", R"(\"temperature\":0)"},
           {R"(\"std\":[1,1,1])", R"(\"std\":[1,0,1])"},
           {R"(\"id\":\"label0\")", R"(\"id\":\"Label0\")"},
           {R"(\"id\":\"label0\")", R"(\"id\":\"label1\")"},
           {R"(\"rejection\":)", R"(\"rejections\":)"},
           {R"("dtype":"F32")", R"("dtype":"F64")"},
           {R"("shape":[8,3,3,3])", R"("shape":[8,3,9])"},
           {R"("shape":[8,3,3,3])", R"("shape":[8,3,3,4294967299])"},
           {R"("data_offsets":[0,)", R"("data_offsets":[4,)"},
           {R"("layer0.bias")", R"("layer0.bios")"},
       }) {
    INFO(from << " -> " << to);
    CHECK(code_of(edited(from, to)) == ErrorCode::corrupt_model);
  }
}

TEST_CASE("weights that are not finite are refused") {
  Model model = make_varied_model();
  model.layers[0].weight[0] = std::numeric_limits<float>::quiet_NaN();
  const auto file = write_model(model);
  REQUIRE_FALSE(file.has_value());
  CHECK(file.error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a network without weights to run is refused before XNNPACK sees it") {
  const auto code = [](std::vector<Operation> operations) {
    const Model model = make_model(std::move(operations), 16, 16, 4);
    const auto network = Network::create(model);
    REQUIRE_FALSE(network.has_value());
    return network.error().code;
  };
  CHECK(code({}) == ErrorCode::corrupt_model);
  CHECK(code({Flatten{}}) == ErrorCode::corrupt_model);
  CHECK(code({GlobalAvgPool{}}) == ErrorCode::corrupt_model);
  CHECK(code({Dense{4}}) == ErrorCode::corrupt_model);
  CHECK(code({Flatten{}, Dense{3}}) == ErrorCode::corrupt_model);
}

TEST_CASE("the last layer must have a value for each label, and costs add up") {
  const Model model = make_model({GlobalAvgPool{}, Dense{4}}, 16, 16, 4);
  CHECK(total_cost(model).parameters == 16);
  CHECK(total_cost(model).macs == 12);
}
