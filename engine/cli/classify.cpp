#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <numeric>
#include <print>

#include "batch.h"
#include "commands.h"
#include "dataset.h"
#include "json.h"

namespace leukolens::cli {
namespace {

using files::Json;

struct Shard {
  std::size_t index = 1, count = 1;
};

std::optional<Shard> parse_shard(std::string_view text) {
  Shard shard;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto whole = [](std::string_view digits, std::size_t& out) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return error == std::errc() && end == digits.data() + digits.size() && out >= 1;
  };
  if (!whole(text.substr(0, slash), shard.index) || !whole(text.substr(slash + 1), shard.count) ||
      shard.index > shard.count)
    return std::nullopt;
  return shard;
}

bool append_paths(std::istream& in, std::vector<std::string>& paths) {
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) paths.push_back(line);
  return in.eof();
}

std::vector<std::size_t> by_probability(const Classification& result, int top) {
  std::vector<std::size_t> order(result.probabilities.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return result.probabilities[i]; });
  if (top > 0) order.resize(std::min(order.size(), static_cast<std::size_t>(top)));
  return order;
}

std::string to_json(const std::string& source, const Answer& answer, const Model& model, int top) {
  const Json json;
  const Json::Value root = json.root();
  json.set(root, "source", source);
  if (!answer) {
    const Json::Value error = json.object();
    json.set(error, "code", name(answer.error().code));
    json.set(error, "message", answer.error().message);
    json.set(root, "error", error);
    return json.text(false);
  }
  json.set(root, "verdict", name(answer->verdict));
  if (answer->label)
    json.set(root, "label", model.labels[static_cast<std::size_t>(*answer->label)].id);
  else
    json.set(root, "label", json.null());
  json.set(root, "confidence", answer->confidence);
  json.set(root, "predictions", json.list(by_probability(*answer, top), [&](std::size_t i) {
    const Json::Value one = json.object();
    json.set(one, "label", model.labels[i].id);
    json.set(one, "probability", answer->probabilities[i]);
    return one;
  }));
  const Json::Value timings = json.object();
  json.set(timings, "decodeMs", answer->timings.decode_ms);
  json.set(timings, "prepareMs", answer->timings.prepare_ms);
  json.set(timings, "inferMs", answer->timings.infer_ms);
  json.set(root, "timings", timings);
  return json.text(false);
}

std::string to_text(const std::string& source, const Answer& answer, const Model& model, int top) {
  if (!answer) return std::format("{}: {}: {}", source, name(answer.error().code), answer.error().message);
  std::string out = std::format("{}: {}", source, name(answer->verdict));
  for (std::size_t i : by_probability(*answer, top))
    out += std::format("  {} {:.1f} %", model.labels[i].id, 100 * answer->probabilities[i]);
  return out;
}

int usage(const std::string& message) { return complain("classify", message); }

}  // namespace

int classify(const ClassifyOptions& options) {
  const auto shard = parse_shard(options.shard);
  if (!shard) return usage("--shard needs I/N with 1 <= I <= N, for example 3/8");
  std::vector<std::string> images = options.images;
  if (options.files_from == "-") {
    append_paths(std::cin, images);
  } else if (!options.files_from.empty()) {
    std::ifstream in(options.files_from);
    if (!append_paths(in, images)) return usage("cannot read the list " + options.files_from);
  }
  if (images.empty()) return usage("name at least one image, or a list with --files-from");
  std::vector<std::string> mine;
  for (std::size_t i = shard->index - 1; i < images.size(); i += shard->count) mine.push_back(images[i]);

  const auto file = files::read_file(options.model);
  if (!file) return usage(file.error().message);
  const auto model = read_model(*file);
  if (!model) return usage(options.model.string() + ": " + model.error().message);

  catch_signals();
  bool failed = false;
  if (options.format == Format::json) std::print("[");
  const bool whole = for_each_image(
      *file, mine.size(), options.jobs, [&](std::size_t i) { return files::read_file(mine[i]); },
      [&](std::size_t i, const Answer& answer) {
        failed |= !answer;
        if (options.format == Format::text)
          std::println("{}", to_text(mine[i], answer, *model, options.top));
        else
          std::print("{}{}{}", options.format == Format::json && i > 0 ? ",\n" : "",
                     to_json(mine[i], answer, *model, options.top),
                     options.format == Format::jsonl ? "\n" : "");
        std::fflush(stdout);  // so that a killed run leaves whole lines
      });
  if (options.format == Format::json) std::println("]");
  if (options.format == Format::text) std::println("{}", kNotice);
  return !whole ? kInterrupted : failed ? kSomeFailed : kDone;
}

}  // namespace leukolens::cli
