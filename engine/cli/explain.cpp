#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <print>

#include "answers.h"
#include "commands.h"
#include "encode.h"
#include "files/dataset.h"
#include "files/encoding.h"
#include "files/label_id.h"
#include "leukolens/notice.h"
#include "leukolens/overlay.h"
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

// "X,Y", both finite.
std::optional<Point> parse_point(std::string_view text) {
  Point point;
  const auto comma = std::min(text.find(','), text.size() - 1);
  const auto number = [](std::string_view digits, float& out) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return error == std::errc() && end == digits.data() + digits.size() && std::isfinite(out);
  };
  if (!number(text.substr(0, comma), point.x) || !number(text.substr(comma + 1), point.y))
    return std::nullopt;
  return point;
}

// What is wrong with where the heatmap is to be written; empty: nothing.
std::string refusal(const ExplainOptions& options) {
  if (options.out.empty()) return "";
  std::error_code error;
  if (files::lower(options.out.extension().string()) != ".png")
    return "--out is written as PNG, and needs a name that ends in .png";
  if (std::filesystem::equivalent(options.out, options.image, error))
    return "--out would replace the image itself";
  return "";
}

std::string to_json(const std::string& source, const Explanation& map, const std::string& label) {
  const Json json;
  const Json::Value root = json.root();
  json.set(root, "source", source);
  json.set(root, "label", label);
  json.set(root, "probability", map.probability);
  json.set(root, "width", map.width);
  json.set(root, "height", map.height);
  json.set(root, "values", json.list(map.values, [](float value) { return value; }));
  json.set(root, "scale", map.scale);
  json.set(root, "region", cli::to_json(json, map.region));
  const Json::Value timings = cli::to_json(json, map.timings);
  json.set(timings, "explainMs", map.explain_ms);
  json.set(root, "timings", timings);
  json.set(root, "notice", kNotice);
  return json.text(true);
}

std::string to_text(const std::string& source, const Explanation& map, const std::string& label) {
  const Rect& region = map.region;
  std::string out =
      std::format("{}: {} {:.1f} %\n{} x {} cells on {} x {} px at ({}, {}); 100 is {:.3g} logits for {}\n",
                  files::printable(source), label, 100 * map.probability, map.width, map.height, region.width,
                  region.height, region.x, region.y, map.scale, label);
  for (std::size_t i = 0; i < map.values.size(); ++i)
    out += std::format("{:>5}{}", std::lround(100 * map.values[i]),
                       (i + 1) % static_cast<std::size_t>(map.width) ? "" : "\n");
  return out;
}

// The index of a label, none for an empty id, or what to say.
std::expected<std::optional<int>, std::string> index_of(const std::string& id, const Model& model) {
  if (id.empty()) return std::nullopt;
  const auto found = std::ranges::find(model.labels, files::label_id(id), &Label::id);
  if (found != model.labels.end()) return static_cast<int>(found - model.labels.begin());
  std::string known;
  for (const Label& label : model.labels) known += ' ' + label.id;
  return std::unexpected("the model has no label " + id + ", only:" + known);
}

}  // namespace

int explain(const ExplainOptions& options) {
  if (const std::string wrong = refusal(options); !wrong.empty()) return complain("explain", wrong);
  const auto point = options.at.empty() ? Point{} : parse_point(options.at);
  if (!point) return complain("explain", "--at needs X,Y in pixels, for example 160,120");
  const auto file = read_model_file(options.paths);
  if (!file) return complain("explain", file.error());
  auto classifier = file->classifier();
  if (!classifier)
    return complain("explain", options.paths.model.string() + ": " + classifier.error().message);
  const auto label = index_of(options.label, file->model);
  if (!label) return complain("explain", label.error());
  if (!options.at.empty() && file->model.input.region == Input::Region::whole)
    return complain("explain", "--at needs a model that looks at located cells, like the flagship");
  const auto picture =
      files::read_file(options.image).and_then([&](const auto& bytes) { return open(bytes, options.page); });
  if (!picture) return report(options.image, picture.error());
  if (const auto located = classifier->locate(*picture); !located)
    return report(options.image, located.error());
  const Image& pixels = picture->pixels();
  if (point->x < 0 || point->y < 0 || point->x > pixels.width || point->y > pixels.height)
    return complain("explain", std::format("--at {} lies outside of the image, which has {} x {} pixels",
                                           options.at, pixels.width, pixels.height));
  const Located* cell = options.at.empty() ? nullptr : nearest_cell(*picture, *point);
  const auto map =
      cell ? classifier->explain(*picture, *cell, *label) : classifier->explain(*picture, *label);
  if (!map) return report(options.image, map.error());

  const std::string& id = file->model.labels[static_cast<std::size_t>(map->label)].id;
  if (options.format == Format::text)
    std::println("{}{}", to_text(options.image, *map, id), kNotice);
  else
    std::println("{}", to_json(options.image, *map, id));
  if (options.out.empty() || write_png(options.out, overlay(pixels, *map, options.opacity))) return kDone;
  return cannot_write("explain", options.out);
}

}  // namespace leukolens::cli
