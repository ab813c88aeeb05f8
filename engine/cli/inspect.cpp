#include <print>

#include "commands.h"
#include "files/json_writer.h"
#include "leukolens/notice.h"
#include "model_file.h"

namespace leukolens::cli {
namespace {

std::string text(Shape shape) {
  return std::format("{} x {} x {}", shape.height, shape.width, shape.channels);
}

void print_json(const ModelFile& file) {
  const Cost total = total_cost(file.model);
  const files::Json json;
  json.set(json.root(), "parameters", total.parameters);
  json.set(json.root(), "macs", total.macs);
  json.set(json.root(), "bytes", file.bytes.size());
  json.set(json.root(), "model", json.raw(file.model.document));
  std::println("{}", json.text(true));
}

void print_layers(const Model& model) {
  const auto shapes = *infer_shapes(model);
  const Cost total = total_cost(model);
  std::println("{:<20}{:<18}{:<18}{:>12}{:>14}", "layer", "type", "output", "parameters", "MACs");
  Shape in{model.input.height, model.input.width, 3};
  for (std::size_t i = 0; i < shapes.size(); in = shapes[i++]) {
    const Layer& layer = model.layers[i];
    const Cost one = cost(layer.operation, in, shapes[i]);
    std::println("{:<20}{:<18}{:<18}{:>12}{:>14}", layer.name, type_name(layer.operation), text(shapes[i]),
                 one.parameters, one.macs);
  }
  std::println("{:<56}{:>12}{:>14}", "total", total.parameters, total.macs);
}

void print_text(const ModelFile& file) {
  const Model& model = file.model;
  std::println("{}: {} x {} RGB, {}, {} bytes\n", model.name, model.input.width, model.input.height,
               model.input.region == Input::Region::whole ? "the whole image" : "located cells",
               file.bytes.size());
  print_layers(model);
  std::print("\nlabels         ");
  for (const Label& label : model.labels) std::print(" {}", label.id);
  const Rejection& rejection = model.rejection;
  std::println(
      "\naveraged over turns where the two largest logits differ by less than {}\n"
      "temperature     {}\nunsure          below a confidence of {}\n"
      "rejected        below a confidence of {}, or a typicality of {}\n"
      "training        {}\nmetrics         {}\n{}",
      model.input.tta_margin, model.calibration.temperature, rejection.min_confidence,
      rejection.reject_confidence, rejection.min_typicality, model.training_json, model.metrics_json,
      kNotice);
}

}  // namespace

int inspect(const InspectOptions& options) {
  const auto file = read_model_file({.model = options.model});
  if (!file) return complain("inspect", file.error());
  options.format == Format::text ? print_text(*file) : print_json(*file);
  return kDone;
}

}  // namespace leukolens::cli
