// Reads model files. Nothing in a file is trusted: every number is checked before it is used, everything
// unknown is refused.
#include <algorithm>
#include <cstring>
#include <limits>

#include "leukolens/model.h"
#include "leukolens/sha256.h"
#include "model/checksum.h"
#include "model/members.h"
#include "model/safetensors.h"

namespace leukolens {
namespace {

constexpr std::size_t kMaxHeader = 1 << 20;  // bytes
constexpr double kMaxDensity = 10;           // of 8 bits: ln 255 = 5.5
constexpr std::size_t kMaxLayers = 128, kMaxLabels = 256, kMaxDistances = 1001;

std::unexpected<Error> corrupt(std::string message) {
  return fail(ErrorCode::corrupt_model, std::move(message));
}

Activation read_activation(Members& members) {
  return static_cast<Activation>(members.choice("activation", {"none", "relu", "relu6"}));
}

Operation read_operation(const std::string& type, Members& members, std::span<const Layer> before) {
  constexpr int kAny = 1 << 16;  // infer_shapes() knows the real limits
  if (type == "conv2d")
    return Conv2d{members.integer("filters", 1, kAny),   members.integer("kernel", 1, kAny),
                  members.integer("stride", 1, kAny, 1), members.integer("padding", 0, kAny, 0),
                  members.integer("groups", 1, kAny, 1), read_activation(members)};
  if (type == "max_pool2d")
    return MaxPool2d{members.integer("size", 1, kAny), members.integer("stride", 1, kAny)};
  if (type == "global_avg_pool") return GlobalAvgPool{};
  if (type == "flatten") return Flatten{};
  if (type == "dense") return Dense{members.integer("units", 1, kAny), read_activation(members)};
  if (type == "add") {
    const std::string from = members.string("from");
    const auto found = std::ranges::find(before, from, &Layer::name);
    if (found == before.end()) members.complain("adds a layer that is not before it");
    return Add{static_cast<int>(found - before.begin()), read_activation(members)};
  }
  if (type == "upsample2d") return Upsample2d{members.integer("scale", 2, kAny)};
  members.complain("has a type that this version does not know");
  return Flatten{};
}

Layer read_layer(const Json& value, std::span<const Layer> before, std::string& error) {
  Members members(&value, "Layer " + std::to_string(before.size()), error);
  Layer layer{.name = members.string("name")};
  layer.operation = read_operation(members.string("type"), members, before);
  if (std::ranges::find(before, layer.name, &Layer::name) != before.end())
    members.complain("has a name that is taken");
  members.done();
  return layer;
}

Label read_label(const Json& value, std::span<const Label> before, std::string& error) {
  Members members(&value, "Label " + std::to_string(before.size()), error);
  Label label{members.string("id"), members.string("name")};
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           ((c & 0x80) && c != '\xc2');
  };
  if (!std::ranges::all_of(label.id, plain))
    members.complain("has an id with other signs than a-z, 0-9, _ and -");
  if (std::ranges::find(before, label.id, &Label::id) != before.end())
    members.complain("has an id that is taken");
  members.done();
  return label;
}

Input read_input(const Json* value, std::string& error) {
  Members members(value, "The input", error);
  Input input{.width = members.integer("width", 8, 512), .height = members.integer("height", 8, 512)};
  input.region = static_cast<Input::Region>(members.choice("region", {"whole", "cell"}));
  if (input.region == Input::Region::cell) input.extent = members.number("extent", 1, 10, 0);
  members.choice("colour", {"rgb"});
  members.numbers("mean", -10, 10, input.mean);
  members.numbers("std", 1e-3, 1e3, input.std);
  input.tta_margin = members.number("tta_margin", 0, 100, 0);
  if (input.tta_margin > 0 && input.width != input.height)
    members.complain("is not square, which 'tta_margin' would turn");
  members.done();
  return input;
}

std::vector<float> read_distances(Members& rejection) {
  const Json* value = rejection.get("distances");
  if (!value) return {};
  const auto list = array(value);
  std::vector<float> distances;
  for (const Json& one : list)
    distances.push_back(one.kind == Json::Kind::number ? static_cast<float>(one.number) : -1.0f);
  if (list.size() < 2 || list.size() > kMaxDistances ||
      !std::ranges::is_sorted(distances, std::less_equal()) ||
      !(distances.front() >= 0 && distances.back() <= 1e30f))
    rejection.complain("needs 2 to 1001 'distances', each larger than the one before");
  return distances;
}

// JSON that people read and the engine does not.
std::string read_facts(const Json* value, const char* key, Members& members) {
  if (!value) return "{}";
  if (value->kind != Json::Kind::object)
    members.complain(std::string("has a '") + key + "' that is not an object");
  return std::string(value->raw);
}

Result<Model> read_description(const std::string& json) {
  const auto root = Json::parse(json);
  if (!root) return corrupt("The model's description is not strict JSON.");
  std::string error;
  Members members(&*root, "The description", error);
  const int format = members.integer("format", 0, std::numeric_limits<int>::max());
  if (error.empty() && format != kModelFormat)
    return fail(ErrorCode::unsupported_model,
                "The model has format " + std::to_string(format) + "; this version reads format " +
                    std::to_string(kModelFormat) + ": update Leukolens or export the model again.");
  Model model{.name = members.string("name"), .document = json};
  const auto labels = array(members.get("labels")), layers = array(members.get("layers"));
  if (labels.size() < 2 || labels.size() > kMaxLabels) members.complain("needs a list of 2 to 256 labels");
  if (layers.empty() || layers.size() > kMaxLayers) members.complain("needs a list of 1 to 128 layers");
  for (std::size_t i = 0; error.empty() && i < labels.size(); ++i)
    model.labels.push_back(read_label(labels[i], model.labels, error));
  for (std::size_t i = 0; error.empty() && i < layers.size(); ++i)
    model.layers.push_back(read_layer(layers[i], model.layers, error));
  model.input = read_input(members.get("input"), error);
  if (const Json* value = members.get("calibration")) {
    Members calibration(value, "The calibration", error);
    model.calibration.temperature = calibration.number("temperature", 1e-2, 1e2, 1);
    calibration.done();
  }
  if (const Json* value = members.get("rejection")) {
    Members rejection(value, "The rejection", error);
    model.rejection.min_confidence = rejection.number("min_confidence", 0, 1, 0);
    model.rejection.min_typicality = rejection.number("min_typicality", 0, 1, 0);
    model.rejection.reject_confidence = rejection.number("reject_confidence", 0, 1, 0);
    model.rejection.distances = read_distances(rejection);
    rejection.done();
  }
  if (const Json* value = members.get("stain")) {
    Members stain(value, "The stain", error);
    model.stain.emplace();
    stain.numbers("least", 0, kMaxDensity, model.stain->least);
    stain.numbers("most", 0, kMaxDensity, model.stain->most);
    stain.done();
    for (std::size_t i = 0; i < 3; ++i)
      if (model.stain->least[i] > model.stain->most[i]) members.complain("has a stain whose range is empty");
  }
  if (const Json* value = members.get("detection")) {
    Members detection(value, "The detection", error);
    model.detection =
        Detection{detection.number("diameter", 1, 512, 32), detection.number("min_score", 0.01, 0.99, 0.5f)};
    detection.done();
    if (model.input.region != Input::Region::whole) members.complain("detects in what is not a whole image");
  }
  model.training_json = read_facts(members.get("training"), "training", members);
  model.metrics_json = read_facts(members.get("metrics"), "metrics", members);
  members.done();
  if (!error.empty()) return corrupt(error);
  return model;
}

Result<void> read_weights(Model& model, Tensors& tensors) {
  auto shapes = infer_shapes(model);
  if (!shapes) return std::unexpected(shapes.error());
  int channels = 3;
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    Layer& layer = model.layers[i];
    const auto shape = weight_shape(layer.operation, channels);
    channels = (*shapes)[i].channels;
    if (shape.empty()) continue;
    auto weight = tensors.take(layer.name + ".weight", shape);
    if (!weight) return std::unexpected(weight.error());
    auto bias = tensors.take(layer.name + ".bias", {shape[0]});
    if (!bias) return std::unexpected(bias.error());
    layer.weight = std::move(*weight);
    layer.bias = std::move(*bias);
  }
  if (!model.rejection.distances.empty()) {
    const std::size_t size = feature_statistics_count(model);
    auto whitening = tensors.take("rejection.whitening", {size, size});
    if (!whitening) return std::unexpected(whitening.error());
    auto centres = tensors.take("rejection.centres", {tensors.rows("rejection.centres"), size});
    if (!centres) return std::unexpected(centres.error());
    model.rejection.whitening = std::move(*whitening);
    model.rejection.centres = std::move(*centres);
  }
  if (!tensors.all_used()) return corrupt("The file has a tensor that no layer uses.");
  return {};
}

// Whether the file is as it was written; nothing speaks against one without a checksum, which old files have
// not. The checksum is known by its form too: a flipped bit in its name must not switch the check off.
bool is_intact(std::string_view file, const Json& metadata) {
  for (std::size_t i = 0; i < metadata.items.size(); ++i) {
    const std::string_view written = metadata.items[i].raw;  // in quotation marks
    const bool fits = written.size() == kChecksumDigits + 2;
    if (!fits && metadata.keys[i] != kChecksum) continue;
    if (!fits) return false;
    std::string unsigned_file(file);
    std::fill_n(&unsigned_file[static_cast<std::size_t>(written.data() + 1 - file.data())], kChecksumDigits,
                '0');
    if (sha256(unsigned_file) != metadata.items[i].string) return false;
  }
  return true;
}

}  // namespace

Result<Model> read_model(std::span<const std::uint8_t> file) {
  if (file.size() > kMaxModelFile)
    return fail(ErrorCode::unsupported_model, "The model file is larger than 64 MiB.");
  std::uint64_t length = 0;
  if (file.size() < 8) return corrupt("The file is too short for a safetensors model.");
  std::memcpy(&length, file.data(), 8);
  if (length > kMaxHeader || length > file.size() - 8 || length < 2 || file[8] != '{')
    return corrupt("The file does not begin like a safetensors model.");
  const std::string_view json(reinterpret_cast<const char*>(file.data()) + 8,
                              static_cast<std::size_t>(length));
  const auto header = Json::parse(json);
  if (!header) return corrupt("The safetensors header is not strict JSON.");

  const Json* metadata = header->find("__metadata__");
  const Json* description = metadata ? metadata->find("leukolens") : nullptr;
  if (!is(description, Json::Kind::string))
    return fail(ErrorCode::unsupported_model,
                "This safetensors file was not written by Leukolens: its metadata has no 'leukolens'.");
  if (!is_intact({reinterpret_cast<const char*>(file.data()), file.size()}, *metadata))
    return corrupt("The model is damaged: its checksum is another.");
  auto model = read_description(description->string);
  if (!model) return model;
  auto tensors = Tensors::read(*header, file.subspan(8 + static_cast<std::size_t>(length)));
  if (!tensors) return std::unexpected(tensors.error());
  if (auto read = read_weights(*model, *tensors); !read) return std::unexpected(read.error());
  return model;
}

}  // namespace leukolens
