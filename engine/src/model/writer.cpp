// Writes model files. Kept apart from reading, so that a program that only reads does not carry it.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "leukolens/model.h"
#include "leukolens/sha256.h"
#include "model/checksum.h"
#include "model/json_text.h"

namespace leukolens {
namespace {

std::string_view name(Activation activation) {
  return activation == Activation::relu ? "relu" : activation == Activation::relu6 ? "relu6" : "none";
}

std::string describe(const Layer& layer, const Model& model) {
  JsonList out = json_object();
  out.member("type", quoted(type_name(layer.operation))).member("name", quoted(layer.name));
  const auto activation = [&](Activation kind) { out.member("activation", quoted(name(kind))); };
  if (const auto* conv = std::get_if<Conv2d>(&layer.operation)) {
    out.member("filters", conv->filters).member("kernel", conv->kernel).member("stride", conv->stride);
    out.member("padding", conv->padding).member("groups", conv->groups);
    activation(conv->activation);
  } else if (const auto* up = std::get_if<Upsample2d>(&layer.operation)) {
    out.member("scale", up->scale);
  } else if (const auto* pool = std::get_if<MaxPool2d>(&layer.operation)) {
    out.member("size", pool->size).member("stride", pool->stride);
  } else if (const auto* dense = std::get_if<Dense>(&layer.operation)) {
    out.member("units", dense->units);
    activation(dense->activation);
  } else if (const auto* sum = std::get_if<Add>(&layer.operation)) {
    out.member("from", quoted(model.layers[static_cast<std::size_t>(sum->from)].name));
    activation(sum->activation);
  }
  return out.json();
}

std::string triple(std::span<const float, 3> values) {
  JsonList out = json_array();
  for (float value : values) out.item(decimal(value));
  return out.json();
}

std::string describe(const Rejection& rejection) {
  JsonList out = json_object(), distances = json_array();
  out.member("min_confidence", decimal(rejection.min_confidence));
  if (rejection.reject_confidence > 0) out.member("reject_confidence", decimal(rejection.reject_confidence));
  if (rejection.distances.empty()) return out.json();
  for (const float distance : rejection.distances) distances.item(decimal(distance));
  return out.member("min_typicality", decimal(rejection.min_typicality))
      .member("distances", distances.json())
      .json();
}

std::string description(const Model& model) {
  JsonList labels = json_array(), layers = json_array(), input = json_object();
  for (const Label& label : model.labels)
    labels.item(json_object().member("id", quoted(label.id)).member("name", quoted(label.name)).json());
  for (const Layer& layer : model.layers) layers.item(describe(layer, model));
  input.member("width", model.input.width)
      .member("height", model.input.height)
      .member("colour", quoted("rgb"));
  input.member("region", quoted(model.input.region == Input::Region::whole ? "whole" : "cell"));
  if (model.input.region == Input::Region::cell) input.member("extent", decimal(model.input.extent));
  input.member("mean", triple(model.input.mean)).member("std", triple(model.input.std));
  if (model.input.tta_margin > 0) input.member("tta_margin", decimal(model.input.tta_margin));
  JsonList out = json_object();
  out.member("format", kModelFormat)
      .member("name", quoted(model.name))
      .member("labels", labels.json())
      .member("input", input.json())
      .member("layers", layers.json())
      .member("calibration",
              json_object().member("temperature", decimal(model.calibration.temperature)).json())
      .member("rejection", describe(model.rejection));
  if (const auto& stain = model.stain)
    out.member(
        "stain",
        json_object().member("least", triple(stain->least)).member("most", triple(stain->most)).json());
  if (const auto& detection = model.detection)
    out.member("detection", json_object()
                                .member("diameter", decimal(detection->diameter))
                                .member("min_score", decimal(detection->min_score))
                                .json());
  return out.member("training", model.training_json).member("metrics", model.metrics_json).json();
}

// IEEE half precision, rounded to nearest even.
std::uint16_t to_half(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000;
  const float magnitude = std::fabs(value);
  if (magnitude >= 65520.0f) return static_cast<std::uint16_t>(sign | 0x7c00);
  if (magnitude < 0x1p-14f)
    return static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(std::nearbyint(magnitude * 0x1p24f)));
  const std::uint32_t m = bits & 0x7fffffff;
  return static_cast<std::uint16_t>(sign | ((m - (112u << 23) + 0xfff + ((m >> 13) & 1)) >> 13));
}

struct Part {
  std::string name;
  std::string_view dtype;
  std::vector<std::size_t> shape;
  std::vector<std::uint8_t> bytes;
};

template <class T>
std::vector<std::uint8_t> bytes_of(const std::vector<T>& values) {
  std::vector<std::uint8_t> bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// The step of an I8 weight that is nearest to `value`, a multiple of its filter's scale from -127 to 127. Of
/// a layer of many weights only even steps are used, and the two outermost, which hold the scale: accuracy
/// does not show it (models/flagship-experiments.md), and the model compresses to seven eighths. In small
/// layers the last bit costs next to nothing.
float step_of(float value, bool many) {
  if (!many || std::fabs(value) > 126.5f) return std::clamp(std::nearbyint(value), -127.0f, 127.0f);
  return 2 * std::nearbyint(value / 2);
}

void append(std::vector<Part>& parts, std::string name, std::vector<std::size_t> shape,
            const std::vector<float>& values, Precision precision) {
  if (precision == Precision::f32) {
    parts.push_back({std::move(name), "F32", std::move(shape), bytes_of(values)});
  } else if (precision == Precision::f16) {
    std::vector<std::uint16_t> halves(values.size());
    std::ranges::transform(values, halves.begin(), to_half);
    parts.push_back({std::move(name), "F16", std::move(shape), bytes_of(halves)});
  } else {
    const std::size_t row = values.size() / shape[0];
    const bool many = values.size() > 10'000;
    std::vector<float> scales(shape[0]);
    std::vector<std::int8_t> quantised(values.size());
    for (std::size_t channel = 0; channel < shape[0]; ++channel) {
      float largest = 0;
      for (std::size_t i = 0; i < row; ++i) largest = std::max(largest, std::fabs(values[channel * row + i]));
      const float scale = scales[channel] = largest > 0 ? largest / 127 : 1;
      for (std::size_t i = channel * row; i < (channel + 1) * row; ++i)
        quantised[i] = static_cast<std::int8_t>(step_of(values[i] / scale, many));
    }
    parts.push_back({name, "I8", shape, bytes_of(quantised)});
    parts.push_back({name + ".scale", "F32", {shape[0]}, bytes_of(scales)});
  }
}

Result<std::vector<Part>> tensors(const Model& model, Precision precision) {
  auto shapes = infer_shapes(model);
  if (!shapes) return std::unexpected(shapes.error());
  std::vector<Part> parts;
  int channels = 3;
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const Layer& layer = model.layers[i];
    const auto shape = weight_shape(layer.operation, channels);
    channels = (*shapes)[i].channels;
    if (shape.empty()) continue;
    std::size_t count = 1;
    for (std::size_t side : shape) count *= side;
    if (layer.weight.size() != count || layer.bias.size() != shape[0])
      return fail(ErrorCode::invalid_argument,
                  "Layer '" + layer.name + "' does not hold the weights that its shape needs.");
    append(parts, layer.name + ".weight", shape, layer.weight, precision);
    append(parts, layer.name + ".bias", {shape[0]}, layer.bias, Precision::f32);
  }
  if (!model.rejection.distances.empty()) {
    // Distances are small differences of large sums: eight bits would not do.
    const Precision at_least_f16 = precision == Precision::f32 ? Precision::f32 : Precision::f16;
    const std::size_t size = feature_statistics_count(model);
    const std::vector<float>& centres = model.rejection.centres;
    if (centres.empty() || centres.size() % size != 0 || model.rejection.whitening.size() != size * size)
      return fail(ErrorCode::invalid_argument, "The statistics of the rejection do not fit together.");
    append(parts, "rejection.whitening", {size, size}, model.rejection.whitening, at_least_f16);
    append(parts, "rejection.centres", {centres.size() / size, size}, centres, at_least_f16);
  }
  // Widest elements first keeps every tensor aligned to its element size, as safetensors' readers like it.
  const auto width = [](const Part& part) { return part.dtype == "F32" ? 0 : part.dtype == "F16" ? 1 : 2; };
  std::ranges::stable_sort(parts, {}, width);
  return parts;
}

std::string header(const std::string& description, const std::vector<Part>& parts) {
  JsonList root = json_object();
  root.member("__metadata__", json_object()
                                  .member(kChecksum, quoted(std::string(kChecksumDigits, '0')))
                                  .member("leukolens", quoted(description))
                                  .json());
  std::size_t offset = 0;
  for (const Part& part : parts) {
    JsonList shape = json_array(), offsets = json_array();
    for (std::size_t side : part.shape) shape.item(std::to_string(side));
    offsets.item(std::to_string(offset)).item(std::to_string(offset + part.bytes.size()));
    offset += part.bytes.size();
    root.member(part.name, json_object()
                               .member("dtype", quoted(part.dtype))
                               .member("shape", shape.json())
                               .member("data_offsets", offsets.json())
                               .json());
  }
  std::string json = root.json();
  json.append((8 - json.size() % 8) % 8, ' ');  // the format's own way to align the data
  return json;
}

}  // namespace

Result<std::vector<std::uint8_t>> write_model(const Model& model, Precision precision) {
  auto parts = tensors(model, precision);
  if (!parts) return std::unexpected(parts.error());
  const std::string json = header(description(model), *parts);
  const std::uint64_t length = json.size();
  std::vector<std::uint8_t> file(8);
  std::memcpy(file.data(), &length, 8);
  file.insert(file.end(), json.begin(), json.end());
  for (const Part& part : *parts) file.insert(file.end(), part.bytes.begin(), part.bytes.end());
  const std::string checksum = sha256({reinterpret_cast<const char*>(file.data()), file.size()});
  std::ranges::copy(checksum, std::ranges::search(file, std::string(kChecksumDigits, '0')).begin());
  if (auto back = read_model(file); !back)
    return fail(ErrorCode::invalid_argument, "The model would not be read back: " + back.error().message);
  return file;
}

}  // namespace leukolens
