#include "commands/export.h"

#include <filesystem>
#include <format>
#include <map>
#include <print>

#include "commands/console.h"
#include "evaluation/evaluation.h"
#include "leukolens/notice.h"
#include "output/golden.h"
#include "output/onnx.h"
#include "support/files.h"
#include "support/json_document.h"
#include "support/outputs.h"

namespace leukolens::train {
using files::Json;
namespace {

const std::map<std::string, Precision> kPrecisions{
    {"f32", Precision::f32}, {"f16", Precision::f16}, {"i8", Precision::i8}};

/// Temperature, thresholds and figures of the cross-validation, in place of those of the validation part.
void calibrate(Model& model, const ExportOptions& options) {
  const std::string& path = options.crossval;
  const std::vector<std::uint8_t> bytes = value_or_throw(files::read_file(path));
  const JsonDocument crossval(as_text(bytes), path);
  const JsonDocument training(model.training_json, "The model's training record"),
      metrics(model.metrics_json, "The model's metrics");
  yyjson_val* facts = crossval.find("facts");
  const std::string recipe = string_of(yyjson_obj_get(facts, "recipe")),
                    own = string_of(training.find("recipe"));
  if (!yyjson_is_num(crossval.find("temperature")))
    throw std::runtime_error(std::format("{} is not what crossval writes by --out-json.", path));
  if (recipe != own)
    throw std::runtime_error(std::format(
        "{} is a cross-validation of \"{}\", not of the model's recipe \"{}\".", path, recipe, own));
  if (!same_recipe(string_of(yyjson_obj_get(facts, "recipeText")), string_of(training.find("recipeText"))))
    throw std::runtime_error(
        std::format("{} is of another recipe of the name \"{}\" than the model's.", path, recipe));
  model.calibration.temperature = static_cast<float>(yyjson_get_num(crossval.find("temperature")));
  model.rejection.min_confidence = static_cast<float>(yyjson_get_num(crossval.find("minConfidence")));
  model.rejection.reject_confidence = static_cast<float>(yyjson_get_num(crossval.find("rejectConfidence")));
  if (!model.rejection.centres.empty()) {
    model.rejection.distances.clear();
    for (yyjson_val* distance : elements_of(crossval.find("distances")))
      model.rejection.distances.push_back(static_cast<float>(yyjson_get_num(distance)));
    model.rejection.min_typicality = static_cast<float>(1 - options.acceptance);
  }
  const Json json;
  json.set(json.root(), "crossValidation", json.raw(json_of(crossval.find("calibrated"))));
  json.set(json.root(), "crossValidationSources", json.raw(json_of(crossval.find("sources"))));
  json.set(json.root(), "crossValidationData",
           json.raw(json_of(yyjson_obj_get(crossval.find("facts"), "data"))));
  if (yyjson_val* validation = metrics.find("validation"))
    json.set(json.root(), "validation", json.raw(json_of(validation)));
  model.metrics_json = json.text(false);
  std::println(
      "Temperature {:.3f}, unsure below a confidence of {:.3f}, rejected below one of {:.3f} or a typicality "
      "of {}, from {}.",
      model.calibration.temperature, model.rejection.min_confidence, model.rejection.reject_confidence,
      model.rejection.min_typicality, path);
}

/// What each precision costs, on labelled images.
void print_costs(const Model& model, const ExportOptions& options) {
  std::vector<std::vector<std::uint8_t>> written;
  written.reserve(kPrecisions.size());
  for (const auto& [name, precision] : kPrecisions) written.push_back(write_model(model, precision).value());
  const Evaluation evaluation =
      evaluate(open_data(options.data), written, read_locator(options), model.labels, options.threads);
  print_left_out(evaluation.samples);
  std::println("{:9} {:>9} {:>9} {:>9} {:>8}", "precision", "bytes", "accuracy", "macro F1", "loss");
  std::size_t i = 0;
  for (const auto& [name, precision] : kPrecisions) {
    const Metrics metrics = measure(evaluation.scored[i], model.labels.size());
    std::println("{:9} {:>9} {:>9.4f} {:>9.4f} {:>8.4f}", name, written[i++].size(), metrics.accuracy,
                 metrics.macro_f1, metrics.loss);
  }
  std::println("{}", kNotice);
}

void export_onnx(const Model& model, const ExportOptions& options) {
  if (model.detection)
    throw std::runtime_error(
        std::format("{} is a locator: only classifiers can be written as ONNX.", options.model));
  if (options.precision != "f32")
    throw std::runtime_error("An ONNX file holds F32 weights: leave --precision out.");
  write_atomically(options.out, to_onnx(model));
  std::println("Wrote {}: `image` [batch, {}, {}, 3] in, `logits` and `probabilities` [batch, {}] out.",
               options.out, model.input.height, model.input.width, model.labels.size());
}

}  // namespace

void export_command(const ExportOptions& options) {
  require_extension(options.out, {".safetensors", ".onnx"});
  check_outputs({options.out}, {options.model, options.crossval});
  Model model = load_model(options.model);
  if (!options.crossval.empty()) calibrate(model, options);
  if (!options.data.empty()) print_costs(model, options);
  if (options.out.ends_with(".onnx")) return export_onnx(model, options);
  const Agreement agreement = write_with_golden(model, options.out, kPrecisions.at(options.precision));
  std::println("Wrote {}. On {} drawn smears the engine's logits differ from libtorch's by at most {:.1e}.",
               options.out, agreement.images, agreement.largest_difference);
}

}  // namespace leukolens::train
