#include <yyjson.h>

#include <algorithm>
#include <memory>
#include <print>

#include "commands.h"
#include "files/encoding.h"
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
    std::println("{:<20}{:<18}{:<18}{:>12}{:>14}", files::printable(layer.name), type_name(layer.operation),
                 text(shapes[i]), one.parameters, one.macs);
  }
  std::println("{:<56}{:>12}{:>14}", "total", total.parameters, total.macs);
}

using Document = std::unique_ptr<yyjson_doc, decltype(&yyjson_doc_free)>;

Document read_json(const std::string& text) {
  return {yyjson_read(text.data(), text.size(), YYJSON_READ_NOFLAG), &yyjson_doc_free};
}

constexpr std::size_t kLongest = 160;

/// What fits on a line, of a value that a file brought along; empty: not this one.
std::string short_text(yyjson_val* value) {
  if (yyjson_is_str(value)) {
    const std::string_view text(yyjson_get_str(value), yyjson_get_len(value));
    return text.size() <= kLongest && !files::has_controls(text) ? std::string(text) : "";
  }
  if (yyjson_is_uint(value)) return std::format("{}", yyjson_get_uint(value));
  if (yyjson_is_int(value)) return std::format("{}", yyjson_get_sint(value));
  if (yyjson_is_num(value)) return std::format("{:.4g}", yyjson_get_num(value));
  if (yyjson_is_bool(value)) return yyjson_get_bool(value) ? "yes" : "no";
  return "";
}

std::string joined(yyjson_val* list) {
  std::string all;
  std::size_t index, count;
  yyjson_val* item;
  yyjson_arr_foreach(list, index, count, item) {
    const std::string one = short_text(item);
    if (one.empty()) return "";
    all += (all.empty() ? "" : ", ") + one;
  }
  return all.size() <= kLongest ? all : "";
}

void print_training(const std::string& json) {
  const Document document = read_json(json);
  yyjson_val* training = yyjson_doc_get_root(document.get());
  // A locator's have a member of their own.
  if (yyjson_val* facts = yyjson_obj_get(training, "facts")) training = facts;
  std::string lines;
  std::size_t index, count;
  yyjson_val *key, *value;
  yyjson_obj_foreach(training, index, count, key, value) {
    const std::string text = yyjson_is_arr(value) ? joined(value) : short_text(value);
    if (!text.empty() && !short_text(key).empty())
      lines += std::format("  {:<20}{}\n", short_text(key), text);
  }
  if (!lines.empty()) std::print("\ntrained\n{}", lines);
}

/// A figure that is of nothing is null: a dash.
std::string number(yyjson_val* figure) {
  return yyjson_is_num(figure) ? std::format("{:.4f}", yyjson_get_num(figure)) : "-";
}

void print_figures(std::string_view name, yyjson_val* figures) {
  yyjson_val* interval = yyjson_obj_get(figures, "accuracyInterval");
  const auto figure = [&](const char* key) { return number(yyjson_obj_get(figures, key)); };
  std::println("  {:<26}{:>7}{:>10}   {:>6} to {:>6}{:>14}{:>10}", name,
               yyjson_get_sint(yyjson_obj_get(figures, "images")), figure("accuracy"),
               number(yyjson_arr_get(interval, 0)), number(yyjson_arr_get(interval, 1)),
               figure("macroRecall"), figure("ece"));
}

void print_metrics(const std::string& json) {
  const Document document = read_json(json);
  if (yyjson_obj_size(yyjson_doc_get_root(document.get())) == 0) return;
  std::println("\n{:<28}{:>7}{:>10}   {:<16}{:>14}{:>10}", "measured", "images", "accuracy", "95 % interval",
               "macro recall", "ECE");
  std::size_t index, count;
  yyjson_val *key, *value;
  yyjson_obj_foreach(yyjson_doc_get_root(document.get()), index, count, key, value) {
    const std::string name = short_text(key);
    if (!name.empty() && yyjson_is_num(yyjson_obj_get(value, "accuracy"))) print_figures(name, value);
  }
}

// What becomes of what the network says.
void print_use(const Model& model) {
  if (const auto& detection = model.detection)
    return std::println("finds           what has a probability of {} or more; its unit of size is {} px",
                        detection->min_score, detection->diameter);
  const Rejection& rejection = model.rejection;
  std::println(
      "averaged over turns where the two largest logits differ by less than {}\n"
      "temperature     {}\nunsure          below a confidence of {}\n"
      "rejected        below a confidence of {}, or a typicality of {}",
      model.input.tta_margin, model.calibration.temperature, rejection.min_confidence,
      rejection.reject_confidence, rejection.min_typicality);
  if (const auto& stain = model.stain)
    std::println(
        "known stains    nuclei that absorb red {:.2f} to {:.2f}, green {:.2f} to {:.2f}, blue {:.2f} to "
        "{:.2f}",
        stain->least[0], stain->most[0], stain->least[1], stain->most[1], stain->least[2], stain->most[2]);
}

void print_text(const ModelFile& file) {
  const Model& model = file.model;
  std::println(
      "{}: {} x {} RGB, {}, {} bytes\n", files::printable(model.name), model.input.width, model.input.height,
      model.input.region == Input::Region::whole ? "the whole image" : "located cells", file.bytes.size());
  print_layers(model);
  std::print("\nlabels         ");
  for (const Label& label : model.labels) std::print(" {}", label.id);
  std::println("");
  print_use(model);
  print_training(model.training_json);
  print_metrics(model.metrics_json);
  std::println("\n--json prints everything, with each class and the history of training.\n{}", kNotice);
}

}  // namespace

int inspect(const InspectOptions& options) {
  const auto file = read_model_file({.model = options.model});
  if (!file) return complain("inspect", file.error());
  options.format == Format::text ? print_text(*file) : print_json(*file);
  return kDone;
}

}  // namespace leukolens::cli
