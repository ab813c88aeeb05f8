#include "answers.h"

#include <algorithm>
#include <cerrno>
#include <functional>
#include <numeric>
#include <print>
#include <system_error>

#include "files/encoding.h"
#include "files/figures.h"
#include "inputs.h"
#include "leukolens/notice.h"

namespace leukolens::cli {
namespace {

using files::Json;

std::vector<std::size_t> by_probability(const Judgement& judgement, int top) {
  std::vector<std::size_t> order(judgement.probabilities.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return judgement.probabilities[i]; });
  if (top > 0) order.resize(std::min(order.size(), static_cast<std::size_t>(top)));
  return order;
}

// Adds the members of a located cell to an object: outline as pairs [x, y].
void set(const Json& json, Json::Value to, const Located& cell) {
  json.set(to, "box", to_json(json, cell.box));
  json.set(to, "x", cell.x);
  json.set(to, "y", cell.y);
  json.set(to, "diameter", cell.diameter);
  json.set(to, "outline", json.list(cell.outline, [&](Point point) {
    const Json::Value pair = json.array();
    json.add(pair, point.x);
    json.add(pair, point.y);
    return pair;
  }));
  json.set(to, "score", cell.score);
}

void set(const Json& json, Json::Value to, const Judgement& judgement, const Model& model, int top) {
  json.set(to, "verdict", name(judgement.verdict));
  json.set(to, "label",
           judgement.label ? json.value(model.labels[static_cast<std::size_t>(*judgement.label)].id)
                           : json.null());
  json.set(to, "confidence", judgement.confidence);
  json.set(to, "typicality", judgement.typicality ? json.value(*judgement.typicality) : json.null());
  const Json::Value flags = json.array();
  if (judgement.large_lymphoid) json.add(flags, Judgement::kLargeLymphoid);
  json.set(to, "flags", flags);
  json.set(to, "predictions", json.list(by_probability(judgement, top), [&](std::size_t i) {
    const Json::Value one = json.object();
    json.set(one, "label", model.labels[i].id);
    json.set(one, "probability", judgement.probabilities[i]);
    return one;
  }));
}

// Of an answer; `red_cell`: as in Field.
void set_red_cell(const Json& json, float red_cell) {
  json.set(json.root(), "redCell", red_cell > 0 ? json.value(red_cell) : json.null());
}

std::string line(const Judgement& judgement, const Model& model, int top) {
  std::string out(name(judgement.verdict));
  for (const std::size_t i : by_probability(judgement, top))
    out += std::format("  {} {:.1f} %", model.labels[i].id, 100 * judgement.probabilities[i]);
  if (judgement.large_lymphoid) out += "  large lymphoid cell: could be a reactive lymphocyte or a blast";
  return out;
}

std::string line(const Located& cell) {
  return std::format("at ({:.0f}, {:.0f}), {:.0f} px wide", cell.x, cell.y, cell.diameter);
}

std::string count_of(std::size_t cells) {
  return std::format("{} white cell{}", cells, cells == 1 ? "" : "s");
}

// {"total", "classes": [{"label", "count", "percent", "percentInterval"}], "others": [{"label", "count"}],
// "unsure", "rejected"}
Json::Value to_json(const Json& json, const Differential& differential) {
  const auto counted = [&](const Differential::Row& row) {
    const Json::Value one = json.object();
    json.set(one, "label", differential.labels()[row.label].id);
    json.set(one, "count", row.count);
    return one;
  };
  const Json::Value value = json.object();
  json.set(value, "total", differential.total());
  json.set(value, "classes", json.list(differential.leukocytes(), [&](const Differential::Row& row) {
    const Json::Value one = counted(row);
    json.set(one, "percent", row.percent);
    json.set(one, "percentInterval", files::to_json(json, row.percent_interval));
    return one;
  }));
  json.set(value, "others", json.list(differential.others(), counted));
  json.set(value, "unsure", differential.unsure());
  json.set(value, "rejected", differential.rejected());
  return value;
}

Json answer_about(const std::string& source) {
  Json json;
  json.set(json.root(), "source", source);
  if (files::valid_utf8(source) != source)  // by which the file is found
    json.set(json.root(), "sourceBytes",
             json.list(source, [](char c) { return int{static_cast<std::uint8_t>(c)}; }));
  return json;
}

Json answer_about(const std::string& source, const About& about) {
  Json json = answer_about(source);
  json.set(json.root(), "width", about.width);
  json.set(json.root(), "height", about.height);
  json.set(json.root(), "page", about.page);
  json.set(json.root(), "pages", about.pages);
  json.set(json.root(), "notes", json.list(about.notes, std::identity()));
  return json;
}

// Each on a line of its own, behind a new line.
std::string lines(const std::vector<std::string>& notes) {
  std::string out;
  for (const std::string& note : notes) out += "\n  " + note;
  return out;
}

}  // namespace

Printer::Printer(Format format) : format_(format) {
  if (format_ == Format::json) std::print("[");
}

void Printer::print(const std::string& answer) {
  if (format_ == Format::json)
    std::print("{}{}", std::exchange(first_, false) ? "" : ",\n", answer);
  else
    std::println("{}", answer);
  flush();
}

void Printer::close() {
  if (format_ == Format::json) std::println("]");
  if (format_ == Format::text) std::println("{}", kNotice);
  flush();
}

void Printer::flush() {
  if (std::fflush(stdout) != 0)
    throw std::system_error(errno, std::generic_category(), "The answers cannot be written");
}

std::string text(const Differential& differential) {
  std::string out = std::format("  {:14}{:>7}{:>9}{:>16}\n", "class", "cells", "percent", "95 %");
  for (const Differential::Row& row : differential.leukocytes())
    out += std::format("  {:14}{:>7}{:>9.1f}{:>16}\n", differential.labels()[row.label].id, row.count,
                       row.percent, files::range(row.percent_interval, 1));
  out += std::format("  {:14}{:>7}\n  apart:", "total", differential.total());
  for (const Differential::Row& row : differential.others())
    out += std::format(" {} {},", row.count, differential.labels()[row.label].id);
  out += std::format(" {} unsure, {} rejected\n", differential.unsure(), differential.rejected());
  if (differential.total() < kEnoughLeukocytes)
    out += std::format("  Count at least {} leukocytes before comparing with reference ranges.\n",
                       kEnoughLeukocytes);
  return out;
}

Json::Value to_json(const Json& json, const Rect& rect) {
  const Json::Value value = json.object();
  json.set(value, "x", rect.x);
  json.set(value, "y", rect.y);
  json.set(value, "width", rect.width);
  json.set(value, "height", rect.height);
  return value;
}

Json::Value to_json(const Json& json, const StainScale& stain) {
  const Json::Value value = json.object();
  json.set(value, "factors", json.list(stain.factors, [](float factor) { return factor; }));
  json.set(value, "cells", stain.cells);
  return value;
}

Json::Value to_json(const Json& json, const Timings& timings) {
  const Json::Value value = json.object();
  json.set(value, "decodeMs", timings.decode_ms);
  json.set(value, "locateMs", timings.locate_ms);
  json.set(value, "prepareMs", timings.prepare_ms);
  json.set(value, "inferMs", timings.infer_ms);
  return value;
}

std::string say(Style style, const std::string& source, const Error& error) {
  if (style.format == Format::text)
    return std::format("{}: {}: {}", files::printable(source), name(error.code),
                       files::visible(error.message));
  const Json json = answer_about(source);
  const Json::Value value = json.object();
  json.set(value, "code", name(error.code));
  json.set(value, "message", error.message);
  json.set(json.root(), "error", value);
  return json.text(false);
}

About about(const Picture& picture) {
  const Image& pixels = picture.pixels();
  return {pixels.width, pixels.height, pixels.page, pixels.pages, pixels.notes};
}

std::string say(Style style, const std::string& source, const About& about, const Classification& result,
                const Model& model) {
  if (style.format == Format::text)
    return std::format("{}: {}{}", files::printable(source),
                       model.input.region == Input::Region::cell && result.cells.empty()
                           ? "rejected: no white cell was found"
                           : line(result, model, style.top),
                       lines(about.notes));
  const Json json = answer_about(source, about);
  set(json, json.root(), result, model, style.top);
  json.set(json.root(), "cells", json.list(result.cells, [&](const Cell& cell) {
    const Json::Value one = json.object();
    set(json, one, cell.located);
    return one;
  }));
  set_red_cell(json, result.red_cell);
  if (!result.stain.is_none()) json.set(json.root(), "stain", to_json(json, result.stain));
  json.set(json.root(), "timings", to_json(json, result.timings));
  return json.text(false);
}

std::string say(Style style, const std::string& source, const About& about, const FieldClassification& result,
                const Model& model) {
  Differential differential(model.labels);
  differential.add(result.cells);
  if (style.format == Format::text) {
    std::string out = std::format("{}: {}{}\n", files::printable(source), count_of(result.cells.size()),
                                  lines(about.notes));
    for (const Cell& cell : result.cells)
      out += std::format("  {}: {}\n", line(cell.located), line(cell, model, style.top > 0 ? style.top : 2));
    return out + text(differential);
  }
  const Json json = answer_about(source, about);
  json.set(json.root(), "cells", json.list(result.cells, [&](const Cell& cell) {
    const Json::Value one = json.object();
    set(json, one, cell.located);
    set(json, one, cell, model, style.top);
    return one;
  }));
  json.set(json.root(), "differential", to_json(json, differential));
  set_red_cell(json, result.red_cell);
  if (!result.stain.is_none()) json.set(json.root(), "stain", to_json(json, result.stain));
  json.set(json.root(), "timings", to_json(json, result.timings));
  return json.text(false);
}

std::string say(Style style, const std::string& source, const About& about, const Field& field,
                const Timings& timings) {
  if (style.format == Format::text) {
    std::string out =
        std::format("{}: {}{}", files::printable(source), count_of(field.cells.size()), lines(about.notes));
    for (const Located& cell : field.cells)
      out += std::format("\n  {}, score {:.2f}", line(cell), cell.score);
    return out;
  }
  const Json json = answer_about(source, about);
  const Json::Value times = json.object();
  set_red_cell(json, field.red_cell);
  json.set(json.root(), "background", json.list(field.background, [](std::uint8_t c) { return int{c}; }));
  json.set(json.root(), "cells", json.list(field.cells, [&](const Located& cell) {
    const Json::Value one = json.object();
    set(json, one, cell);
    return one;
  }));
  json.set(times, "decodeMs", timings.decode_ms);
  json.set(times, "locateMs", timings.locate_ms);
  json.set(json.root(), "timings", times);
  return json.text(false);
}

}  // namespace leukolens::cli
