#include "commands/import.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <format>
#include <print>

#include "commands/console.h"
#include "commands/run_context.h"
#include "files/label_id.h"
#include "leukolens/notice.h"
#include "onnx/comparison.h"
#include "onnx/schema.h"
#include "output/golden.h"
#include "support/files.h"
#include "support/json_document.h"
#include "support/outputs.h"

namespace leukolens::train {
namespace fs = std::filesystem;
using files::Json;
using onnx_graph::Graph;
namespace {

const std::string& metadata(const Graph& graph, const char* key) {
  static const std::string kNone = "null";
  const auto found = graph.metadata.find(key);
  return found == graph.metadata.end() ? kNone : found->second;
}

std::vector<Label> labels_for(const Graph& graph, const ImportOptions& options) {
  std::vector<Label> labels;
  labels.reserve(options.labels.size());
  for (const std::string& name : options.labels) labels.push_back(label_of(files::label_id(name)));
  if (!labels.empty()) return labels;
  const JsonDocument list(std::format("{{\"labels\":{}}}", metadata(graph, schema::kLabels)),
                          "The metadata's list of labels");
  for (yyjson_val* label : elements_of(list.find("labels")))
    labels.push_back({string_of(yyjson_obj_get(label, "id")), string_of(yyjson_obj_get(label, "name"))});
  return labels;
}

void read_numbers(yyjson_val* list, float (&numbers)[3]) {
  const std::vector<yyjson_val*> values = elements_of(list);
  for (std::size_t i = 0; i < std::min<std::size_t>(3, values.size()); ++i)
    numbers[i] = static_cast<float>(yyjson_get_num(values[i]));
}

void take_numbers(const std::vector<float>& given, const char* option, float (&numbers)[3]) {
  if (given.empty()) return;
  if (given.size() != 1 && given.size() != 3)
    throw std::runtime_error(std::format("{} takes one number, or three for red, green and blue.", option));
  for (std::size_t i = 0; i < 3; ++i) numbers[i] = given[given.size() == 1 ? 0 : i];
}

void take_size(const std::string& size, Input& input) {
  if (size.empty()) return;
  const auto number = [&](std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 1)
      throw std::runtime_error(std::format("--size {}: give a side in pixels, or WIDTHxHEIGHT.", size));
    return value;
  };
  const std::size_t times = size.find('x');
  input.width = number(std::string_view(size).substr(0, times));
  input.height = times == std::string::npos ? input.width : number(std::string_view(size).substr(times + 1));
}

/// How pixels become the graph's input.
Input input_for(const Graph& graph, const ImportOptions& options) {
  Input input;
  const JsonDocument own(metadata(graph, schema::kInput), "The metadata's `input`");
  read_numbers(own.find("mean"), input.mean);
  read_numbers(own.find("std"), input.std);
  input.tta_margin = static_cast<float>(yyjson_get_num(own.find("tta_margin")));
  const std::string region = options.region.empty() ? string_of(own.find("region")) : options.region;
  input.region = region == "cell" ? Input::Region::cell : Input::Region::whole;
  if (yyjson_is_num(own.find("extent")))
    input.extent = static_cast<float>(yyjson_get_num(own.find("extent")));
  if (options.extent > 0) input.extent = options.extent;
  take_numbers(options.mean, "--mean", input.mean);
  take_numbers(options.std, "--std", input.std);
  if (!std::ranges::all_of(input.mean, [](float one) { return std::isfinite(one); }))
    throw std::runtime_error("--mean must be numbers.");
  if (!std::ranges::all_of(input.std, [](float one) { return std::isfinite(one) && one > 0; }))
    throw std::runtime_error("--std must be numbers above 0: each pixel is divided by them.");
  take_size(options.size, input);
  if (options.scale > 0)
    for (std::size_t c = 0; c < 3; ++c)
      input.mean[c] /= static_cast<float>(options.scale), input.std[c] /= static_cast<float>(options.scale);
  return input;
}

/// A network that divides by 255 itself was trained on pixels from 0 to 255.
void check_scale(const Input& input) {
  constexpr float kMany = 50;
  if (input.std[0] > kMany)
    throw std::runtime_error(std::format(
        "The graph divides pixels from 0 to 1 by {:.4g} more: it was trained on 0 to 255. Give --scale 255.",
        input.std[0]));
}

std::string record_of(const ImportOptions& options, double seconds) {
  const Json json;
  json.set(json.root(), "importedFrom", fs::path(options.onnx).filename().string());
  add_facts(json, json.root(), options.command_line, 1, seconds);
  return json.text(false);
}

void print_input(const Input& input) {
  std::println("It sees {} in {} x {} px, each pixel as (value / 255 - mean) / std:",
               input.region == Input::Region::cell ? "each cell" : "the whole image", input.width,
               input.height);
  std::println("mean {:.4g}, {:.4g}, {:.4g}; std {:.4g}, {:.4g}, {:.4g}.", input.mean[0], input.mean[1],
               input.mean[2], input.std[0], input.std[1], input.std[2]);
}

}  // namespace

void import_command(const ImportOptions& options) {
  require_extension(options.out, {".safetensors"});
  check_outputs({options.out}, {options.onnx});
  const auto begin = std::chrono::steady_clock::now();
  const Graph graph = onnx_graph::read_graph(value_or_throw(files::read_file(options.onnx)));
  onnx_graph::Translation translation = onnx_graph::translate(
      graph, {.name = options.name.empty() ? fs::path(options.onnx).stem().string() : options.name,
              .labels = labels_for(graph, options),
              .input = input_for(graph, options),
              .output = options.output});
  Model& model = translation.model;
  check_scale(model.input);
  const onnx_graph::Comparison comparison = onnx_graph::compare(graph, translation);
  const JsonDocument temperature(metadata(graph, schema::kTemperature), "The metadata's `temperature`"),
      confidence(metadata(graph, schema::kMinConfidence), "The metadata's `min_confidence`");
  if (yyjson_is_num(temperature.root()))
    model.calibration.temperature = static_cast<float>(yyjson_get_num(temperature.root()));
  if (yyjson_is_num(confidence.root()))
    model.rejection.min_confidence = static_cast<float>(yyjson_get_num(confidence.root()));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  model.training_json = record_of(options, taken.count());
  const Agreement agreement = write_with_golden(model, options.out);
  print_summary(model);
  print_input(model.input);
  std::println("On {} random images its answers differ from the graph's by at most {:.1e};",
               comparison.images, comparison.largest_difference);
  std::println("on {} drawn smears the engine's logits differ from libtorch's by at most {:.1e}.",
               agreement.images, agreement.largest_difference);
  std::println("Wrote {}. {}", options.out, kNotice);
}

}  // namespace leukolens::train
