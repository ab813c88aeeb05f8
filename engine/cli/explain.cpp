#include <algorithm>
#include <cmath>
#include <fstream>
#include <print>

#include "answers.h"
#include "commands.h"
#include "encode.h"
#include "files/dataset.h"
#include "leukolens/notice.h"
#include "model_file.h"

namespace leukolens::cli {
namespace {

using files::Json;

bool write_png(const std::filesystem::path& path, const Image& image) {
  const auto png = smear::encode_png(image);
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
  return static_cast<bool>(file.flush());
}

std::string to_json(const std::string& source, const Classification& result, const Heatmap& map,
                    const std::string& label) {
  const Json json;
  const Json::Value root = json.root();
  json.set(root, "source", source);
  json.set(root, "label", label);
  json.set(root, "probability", result.probabilities[static_cast<std::size_t>(map.label)]);
  json.set(root, "width", map.width);
  json.set(root, "height", map.height);
  json.set(root, "values", json.list(map.values, [](float value) { return value; }));
  json.set(root, "scale", map.scale);
  json.set(root, "region", cli::to_json(json, map.region));
  const Json::Value timings = cli::to_json(json, result.timings);
  json.set(timings, "explainMs", map.explain_ms);
  json.set(root, "timings", timings);
  json.set(root, "notice", kNotice);
  return json.text(true);
}

std::string to_text(const std::string& source, const Classification& result, const Heatmap& map,
                    const std::string& label) {
  const Rect& region = map.region;
  std::string out =
      std::format("{}: {} {:.1f} %\n{} x {} cells on {} x {} px at ({}, {}); 100 is {:.3g} logits for {}\n",
                  source, label, 100 * result.probabilities[static_cast<std::size_t>(map.label)], map.width,
                  map.height, region.width, region.height, region.x, region.y, map.scale, label);
  for (std::size_t i = 0; i < map.values.size(); ++i)
    out += std::format("{:>5}{}", std::lround(100 * map.values[i]),
                       (i + 1) % static_cast<std::size_t>(map.width) ? "" : "\n");
  return out;
}

// The index of the label that is asked for, or what to say.
std::expected<int, std::string> choose(const std::string& id, const Classification& result,
                                       const Model& model) {
  if (id.empty())
    return static_cast<int>(std::ranges::max_element(result.probabilities) - result.probabilities.begin());
  const auto found = std::ranges::find(model.labels, id, &Label::id);
  if (found != model.labels.end()) return static_cast<int>(found - model.labels.begin());
  std::string known;
  for (const Label& label : model.labels) known += ' ' + label.id;
  return std::unexpected("the model has no label " + id + ", only:" + known);
}

}  // namespace

int explain(const ExplainOptions& options) {
  const auto file = read_model_file(options.model);
  if (!file) return complain("explain", file.error());
  auto classifier = Classifier::load(file->bytes);
  if (!classifier) return complain("explain", options.model.string() + ": " + classifier.error().message);
  const auto picture = files::read_file(options.image).and_then(open);
  if (!picture) return report(options.image, picture.error());
  std::optional<Point> at;
  if (options.at.size() == 2) at = Point{options.at[0], options.at[1]};
  const auto result = classifier->classify(*picture, at);
  if (!result) return report(options.image, result.error());
  const auto label = choose(options.label, *result, classifier->model());
  if (!label) return complain("explain", label.error());
  const auto map = result->cells.empty() ? classifier->explain(*picture, *label)
                                         : classifier->explain(*picture, result->cells[0].located, *label);
  if (!map) return report(options.image, map.error());

  const std::string& id = classifier->model().labels[static_cast<std::size_t>(*label)].id;
  if (options.format == Format::text)
    std::println("{}{}", to_text(options.image, *result, *map, id), kNotice);
  else
    std::println("{}", to_json(options.image, *result, *map, id));
  if (options.out.empty() || write_png(options.out, overlay(picture->pixels(), *map, options.opacity)))
    return kDone;
  std::println(stderr, "leukolens explain: cannot write {}", options.out.string());
  return kSomeFailed;
}

}  // namespace leukolens::cli
