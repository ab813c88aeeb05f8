// evaluate, inspect and bench: figures about a model.
#include <algorithm>
#include <print>

#include "batch.h"
#include "commands.h"
#include "encode.h"
#include "files/dataset.h"
#include "files/json_writer.h"
#include "smear.h"

namespace leukolens::cli {
namespace {

using files::Json;

struct Quantiles {
  double p50 = 0, p95 = 0;
};

Quantiles quantiles(std::vector<double> times) {
  std::ranges::sort(times);
  return {times[times.size() / 2], times[times.size() * 95 / 100]};
}

std::string text(Shape shape) {
  return std::format("{} x {} x {}", shape.height, shape.width, shape.channels);
}

}  // namespace

int evaluate(const EvaluateOptions& options) {
  const auto file = files::read_file(options.model);
  if (!file) return complain("evaluate", file.error().message);
  const auto model = read_model(*file);
  if (!model) return complain("evaluate", options.model.string() + ": " + model.error().message);
  const auto data = files::Dataset::open(options.data);
  if (!data) return complain("evaluate", data.error().message);

  std::vector<const files::Item*> items;
  std::vector<int> truths;
  std::size_t unknown = 0;
  for (const files::Item& item : data->items()) {
    const auto found = std::ranges::find(model->labels, item.label, &Label::id);
    if (found == model->labels.end()) {
      ++unknown;
      continue;
    }
    items.push_back(&item);
    truths.push_back(static_cast<int>(found - model->labels.begin()));
  }
  if (items.empty()) return complain("evaluate", "no image has a label that the model knows");

  catch_signals();
  std::vector<Scored> scored;
  std::vector<std::pair<std::string, Error>> failures;
  std::size_t empty = 0;  // images on which no cell was found
  const auto read = [&](std::size_t i) { return data->read(*items[i]); };
  const auto ask = [](Classifier& classifier, const auto& bytes) { return classifier.classify(bytes); };
  const auto done = [&](std::size_t i, const Result<Classification>& answer) {
    if (!answer)
      failures.emplace_back(items[i]->source, answer.error());
    else if (answer->probabilities.empty())
      ++empty;
    else
      scored.push_back({truths[i], answer->probabilities});
  };
  const bool whole = for_each_image(items.size(), options.jobs, classifying(*file, read, ask, done));
  if (!whole) return kInterrupted;
  const Metrics metrics = measure(scored, model->labels.size());
  for (const auto& [source, error] : failures)
    std::println(stderr, "{}: {}: {}", source, name(error.code), error.message);
  for (const auto& skipped : data->skipped())
    std::println(stderr, "{}: left out: {}", skipped.source, skipped.reason);
  if (unknown > 0)
    std::println(stderr, "{} images have a label that the model does not know and were left out", unknown);
  if (empty > 0) std::println(stderr, "{} images show no cell that could be found and were left out", empty);
  if (options.json) {
    const Json json;
    json.set(json.root(), "model", model->name);
    json.set(json.root(), "metrics", files::to_json(json, metrics, model->labels));
    json.set(json.root(), "curves", files::curves_to_json(json, metrics));
    json.set(json.root(), "failed", failures.size());
    json.set(json.root(), "withoutCell", empty);
    json.set(json.root(), "unknownLabels", unknown);
    json.set(json.root(), "notice", kNotice);
    std::println("{}", json.text(true));
  } else {
    std::println("{}\n{}", files::table(metrics, model->labels), kNotice);
  }
  return failures.empty() ? kDone : kSomeFailed;
}

int inspect(const std::filesystem::path& path, bool as_json) {
  const auto file = files::read_file(path);
  if (!file) return complain("inspect", file.error().message);
  const auto model = read_model(*file);
  if (!model) return complain("inspect", path.string() + ": " + model.error().message);
  const auto shapes = *infer_shapes(*model);
  const Cost total = total_cost(*model);
  if (as_json) {
    const Json json;
    json.set(json.root(), "parameters", total.parameters);
    json.set(json.root(), "macs", total.macs);
    json.set(json.root(), "bytes", file->size());
    json.set(json.root(), "model", json.raw(model->document));
    std::println("{}", json.text(true));
    return kDone;
  }
  std::println("{}: {} x {} RGB, {}, {} bytes\n", model->name, model->input.width, model->input.height,
               model->input.region == Input::Region::whole ? "the whole image" : "located cells",
               file->size());
  std::println("{:<14}{:<18}{:<18}{:>12}{:>14}", "layer", "type", "output", "parameters", "MACs");
  Shape in{model->input.height, model->input.width, 3};
  for (std::size_t i = 0; i < shapes.size(); in = shapes[i++]) {
    const Layer& layer = model->layers[i];
    const Cost one = cost(layer.operation, in, shapes[i]);
    std::println("{:<14}{:<18}{:<18}{:>12}{:>14}", layer.name, type_name(layer.operation), text(shapes[i]),
                 one.parameters, one.macs);
  }
  std::println("{:<50}{:>12}{:>14}\n", "total", total.parameters, total.macs);
  std::print("labels       ");
  for (const Label& label : model->labels) std::print(" {}", label.id);
  std::println(
      "\ntta margin    {}\ntemperature   {}\nunsure below  {}\nrejected "
      "below  {}, or a typicality of {}\ntraining      {}\nmetrics       {}\n{}",
      model->input.tta_margin, model->calibration.temperature, model->rejection.min_confidence,
      model->rejection.reject_confidence, model->rejection.min_typicality, model->training_json,
      model->metrics_json, kNotice);
  return kDone;
}

int bench(const BenchOptions& options) {
  const auto file = files::read_file(options.model);
  if (!file) return complain("bench", file.error().message);
  auto classifier = Classifier::load(*file);
  if (!classifier) return complain("bench", options.model.string() + ": " + classifier.error().message);
  std::vector<std::uint8_t> image;
  if (options.image.empty()) {
    image = smear::encode_jpeg(smear::draw({.cells = {smear::Cell::neutrophil}}).image, 90);
  } else if (auto bytes = files::read_file(options.image); bytes) {
    image = std::move(*bytes);
  } else {
    return complain("bench", bytes.error().message);
  }
  std::vector<double> decode, locate, prepare, infer, explain;
  catch_signals();
  for (int i = 0; i < options.iterations && !interrupted; ++i) {
    const auto picture = open(image);
    if (!picture) return complain("bench", picture.error().message);
    const auto result = classifier->classify(*picture);
    if (!result) return complain("bench", result.error().message);
    decode.push_back(result->timings.decode_ms);
    locate.push_back(result->timings.locate_ms);
    prepare.push_back(result->timings.prepare_ms);
    infer.push_back(result->timings.infer_ms);
    if (const auto map = classifier->explain(*picture, result->label.value_or(0)))
      explain.push_back(map->explain_ms);
  }
  const Json json;
  if (!options.json) std::println("{:<10}{:>10}{:>10}   ms, {} rounds", "", "p50", "p95", infer.size());
  for (const auto& [step, times] :
       {std::pair("decode", decode), std::pair("locate", locate), std::pair("prepare", prepare),
        std::pair("infer", infer), std::pair("explain", explain)}) {
    if (times.empty()) continue;  // not every network can be explained
    const Quantiles q = quantiles(times);
    if (!options.json) std::println("{:<10}{:>10.3f}{:>10.3f}", step, q.p50, q.p95);
    const Json::Value value = json.object();
    json.set(value, "p50", q.p50);
    json.set(value, "p95", q.p95);
    json.set(json.root(), step, value);
  }
  if (options.json) std::println("{}", json.text(true));
  return kDone;
}

}  // namespace leukolens::cli
