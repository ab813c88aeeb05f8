// Reads model files. Nothing in a file is trusted: every number is checked before it is used, everything
// unknown is refused.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string_view>

#include "json.h"
#include "leukolens/model.h"

namespace leukolens {
namespace {

constexpr std::size_t kMaxHeader = 1 << 20;  // bytes
constexpr std::size_t kMaxFile = 64 << 20;   // bytes
constexpr std::size_t kMaxTensors = 512, kMaxLayers = 128, kMaxLabels = 256, kMaxName = 64;
constexpr std::size_t kMaxRank = 4;

std::unexpected<Error> corrupt(std::string message) {
  return fail(ErrorCode::corrupt_model, std::move(message));
}

bool is(const Json* value, Json::Kind kind) { return value && value->kind == kind; }

// The items of an array; none if it is something else.
std::span<const Json> array(const Json* value) {
  return is(value, Json::Kind::array) ? std::span<const Json>(value->items) : std::span<const Json>();
}

// An object of the description: gives its members, and refuses members that nobody asked for. The first
// failure is kept, so that a reader can ask for everything and look once.
class Members {
 public:
  Members(const Json* object, std::string where, std::string& error)
      : object_(is(object, Json::Kind::object) ? object : nullptr), where_(std::move(where)), error_(error) {
    if (!object_) complain("is not an object");
  }

  const Json* get(std::string_view key) {
    const Json* value = object_ ? object_->find(key) : nullptr;
    found_ += value != nullptr;
    return value;
  }

  int integer(const char* key, int low, int high, std::optional<int> missing = std::nullopt) {
    const Json* value = get(key);
    if (!value && missing) return *missing;
    if (is(value, Json::Kind::number) && value->integer && value->number >= low && value->number <= high)
      return static_cast<int>(value->number);
    complain(std::string("needs an integer '") + key + "' from " + std::to_string(low) + " to " +
             std::to_string(high));
    return low;
  }

  float number(const char* key, double low, double high, float missing) {
    const Json* value = get(key);
    return value ? checked(*value, key, low, high) : missing;
  }

  std::string string(const char* key) {
    const Json* value = get(key);
    const auto printable = [](char c) { return static_cast<unsigned char>(c) >= 0x20; };
    if (is(value, Json::Kind::string) && !value->string.empty() && value->string.size() <= kMaxName &&
        std::ranges::all_of(value->string, printable))
      return value->string;
    complain(std::string("needs a short text '") + key + "'");
    return {};
  }

  void numbers(const char* key, double low, double high, std::span<float> out) {
    const Json* value = get(key);
    if (!value) return;
    if (array(value).size() != out.size())
      return complain(std::string("needs ") + std::to_string(out.size()) + " numbers '" + key + "'");
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = checked(value->items[i], key, low, high);
  }

  /// The index of the word that was chosen; 0 if none was.
  int choice(const char* key, std::initializer_list<std::string_view> words) {
    const Json* value = get(key);
    if (!value) return 0;
    const auto found = std::ranges::find(words, std::string_view(value->string));
    if (is(value, Json::Kind::string) && found != words.end()) return static_cast<int>(found - words.begin());
    complain(std::string("has an unknown '") + key + "'");
    return 0;
  }

  Activation activation() { return static_cast<Activation>(choice("activation", {"none", "relu", "relu6"})); }

  /// Call when all known members have been asked for.
  void done() {
    if (object_ && found_ != object_->items.size()) complain("has a member that this version does not know");
  }

  void complain(const std::string& what) {
    if (error_.empty()) error_ = where_ + " " + what + ".";
  }

 private:
  float checked(const Json& value, const char* key, double low, double high) {
    if (value.kind == Json::Kind::number && value.number >= low && value.number <= high)
      return static_cast<float>(value.number);
    complain(std::string("has a '") + key + "' that is out of range");
    return static_cast<float>(low);
  }

  const Json* object_;
  std::string where_;
  std::string& error_;
  std::size_t found_ = 0;
};

struct Tensor {
  std::string name;
  std::string dtype;
  std::vector<std::size_t> shape;
  std::size_t begin = 0, end = 0;  // bytes, from the start of the data
  bool used = false;
};

std::size_t element_size(std::string_view dtype) {
  return dtype == "F32" ? 4 : dtype == "F16" ? 2 : dtype == "I8" ? 1 : 0;
}

// An integer in [low, kMaxFile]: shapes and offsets.
bool is_size(const Json& value, double low) {
  return value.kind == Json::Kind::number && value.integer && value.number >= low && value.number <= kMaxFile;
}

Result<Tensor> read_tensor(const std::string& name, const Json& value) {
  std::string error;
  Members members(&value, "Tensor '" + name.substr(0, kMaxName) + "'", error);
  Tensor tensor{.name = name, .dtype = members.string("dtype")};
  const Json *shape = members.get("shape"), *offsets = members.get("data_offsets");
  members.done();
  std::uint64_t bytes = element_size(tensor.dtype);
  if (bytes == 0) members.complain("has a data type other than F32, F16 and I8");
  if (!is(shape, Json::Kind::array) || array(shape).size() > kMaxRank)
    members.complain("needs a shape of rank 4 or less");
  for (const Json& side : array(shape)) {
    if (!error.empty()) break;
    bytes *=
        is_size(side, 1) ? static_cast<std::uint64_t>(side.number) : kMaxFile + 1;  // below 2^52: no overflow
    if (bytes > kMaxFile) members.complain("has a side that is out of range");
    tensor.shape.push_back(static_cast<std::size_t>(side.number));
  }
  const auto range = array(offsets);
  if (range.size() != 2 || !is_size(range[0], 0) || !is_size(range[1], 0))
    members.complain("needs two data_offsets within the file");
  if (!error.empty()) return corrupt(error);
  tensor.begin = static_cast<std::size_t>(range[0].number);
  tensor.end = static_cast<std::size_t>(range[1].number);
  if (tensor.end < tensor.begin || tensor.end - tensor.begin != bytes)
    return corrupt("Tensor '" + name + "' has offsets that do not fit its shape.");
  return tensor;
}

float from_half(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16, exponent = (bits >> 10) & 31,
                      mantissa = bits & 1023;
  if (exponent == 31)
    return std::numeric_limits<float>::quiet_NaN();  // refused with everything else that is not finite
  if (exponent == 0) {
    const float tiny = static_cast<float>(mantissa) * 0x1p-24f;
    return sign ? -tiny : tiny;
  }
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

// The tensors of a file, each handed out once.
class Tensors {
 public:
  static Result<Tensors> read(const Json& header, std::span<const std::uint8_t> data) {
    Tensors all;
    all.data_ = data;
    if (header.items.size() > kMaxTensors) return corrupt("The file has too many tensors.");
    for (std::size_t i = 0; i < header.items.size(); ++i) {
      if (header.keys[i] == "__metadata__") continue;
      auto tensor = read_tensor(header.keys[i], header.items[i]);
      if (!tensor) return std::unexpected(tensor.error());
      all.tensors_.push_back(std::move(*tensor));
    }
    std::size_t end = 0;  // each tensor begins where another ends, from 0 to the end of the file
    for (std::size_t i = 0; i < all.tensors_.size(); ++i) {
      const auto next = std::ranges::find(all.tensors_, end, &Tensor::begin);
      if (next == all.tensors_.end()) return corrupt("The tensors leave a hole or overlap.");
      end = next->end;
    }
    if (end != data.size()) return corrupt("The file is truncated or has bytes after its last tensor.");
    return all;
  }

  Result<std::vector<float>> take(const std::string& name, std::vector<std::size_t> shape) {
    Tensor* tensor = find(name);
    if (!tensor || tensor->used) return corrupt("Tensor '" + name + "' is missing.");
    if (tensor->shape != shape)
      return corrupt("Tensor '" + name + "' does not have the shape that its layer needs.");
    tensor->used = true;
    std::vector<float> values;
    if (tensor->dtype == "I8") {
      auto scale = take(name + ".scale", {shape[0]});
      if (!scale) return scale;
      values = dequantise(*tensor, *scale);
    } else {
      values = floats(*tensor);
    }
    if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); }))
      return corrupt("Tensor '" + name + "' holds a value that is not finite.");
    return values;
  }

  bool all_used() const { return std::ranges::all_of(tensors_, &Tensor::used); }

 private:
  Tensor* find(std::string_view name) {
    const auto found = std::ranges::find(tensors_, name, &Tensor::name);
    return found == tensors_.end() ? nullptr : &*found;
  }

  std::vector<float> floats(const Tensor& tensor) const {
    const std::uint8_t* bytes = data_.data() + tensor.begin;
    const std::size_t size = element_size(tensor.dtype), count = (tensor.end - tensor.begin) / size;
    std::vector<float> values(count);
    if (size == 4) {
      std::memcpy(values.data(), bytes, count * size);
    } else {
      for (std::size_t i = 0; i < count; ++i)
        values[i] = from_half(static_cast<std::uint16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8));
    }
    return values;
  }

  std::vector<float> dequantise(const Tensor& tensor, const std::vector<float>& scale) const {
    const std::uint8_t* bytes = data_.data() + tensor.begin;
    const std::size_t count = tensor.end - tensor.begin, row = count / scale.size();
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
      values[i] = static_cast<float>(static_cast<std::int8_t>(bytes[i])) * scale[i / row];
    return values;
  }

  std::span<const std::uint8_t> data_;
  std::vector<Tensor> tensors_;
};

Operation read_operation(const std::string& type, Members& members, std::span<const Layer> before) {
  constexpr int kAny = 1 << 16;  // infer_shapes() knows the real limits
  if (type == "conv2d")
    return Conv2d{members.integer("filters", 1, kAny),   members.integer("kernel", 1, kAny),
                  members.integer("stride", 1, kAny, 1), members.integer("padding", 0, kAny, 0),
                  members.integer("groups", 1, kAny, 1), members.activation()};
  if (type == "max_pool2d")
    return MaxPool2d{members.integer("size", 1, kAny), members.integer("stride", 1, kAny)};
  if (type == "global_avg_pool") return GlobalAvgPool{};
  if (type == "flatten") return Flatten{};
  if (type == "dense") return Dense{members.integer("units", 1, kAny), members.activation()};
  if (type == "add") {
    const std::string from = members.string("from");
    const auto found = std::ranges::find(before, from, &Layer::name);
    if (found == before.end()) members.complain("adds a layer that is not before it");
    return Add{static_cast<int>(found - before.begin()), members.activation()};
  }
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
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (!std::ranges::all_of(label.id, plain))
    members.complain("has an id with other characters than a-z, 0-9, _ and -");
  if (std::ranges::find(before, label.id, &Label::id) != before.end())
    members.complain("has an id that is taken");
  members.done();
  return label;
}

Input read_input(const Json* value, std::string& error) {
  Members members(value, "The input", error);
  Input input{.width = members.integer("width", 8, 512), .height = members.integer("height", 8, 512)};
  input.region = static_cast<Input::Region>(members.choice("region", {"whole", "cell"}));
  members.choice("colour", {"rgb"});
  members.numbers("mean", -10, 10, input.mean);
  members.numbers("std", 1e-3, 1e3, input.std);
  members.done();
  return input;
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
    rejection.done();
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
  if (!tensors.all_used()) return corrupt("The file has a tensor that no layer uses.");
  return {};
}

}  // namespace

Result<Model> read_model(std::span<const std::uint8_t> file) {
  if (file.size() > kMaxFile)
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
  auto model = read_description(description->string);
  if (!model) return model;
  auto tensors = Tensors::read(*header, file.subspan(8 + static_cast<std::size_t>(length)));
  if (!tensors) return std::unexpected(tensors.error());
  if (auto read = read_weights(*model, *tensors); !read) return std::unexpected(read.error());
  return model;
}

}  // namespace leukolens
