#include "data/provenance.h"

#include <algorithm>

#include "leukolens/sha256.h"
#include "support/json_document.h"

namespace leukolens::train {
using files::Json;
namespace {

constexpr std::size_t kDigits = 8;

}  // namespace

std::string content_of(std::span<const std::uint8_t> bytes) {
  return sha256({reinterpret_cast<const char*>(bytes.data()), bytes.size()}).substr(0, kDigits);
}

std::vector<LearntSource> sources_of(const Samples& samples, const Indices& learnt,
                                     const std::vector<std::string>& names) {
  std::vector<std::set<std::string>> contents(names.size());
  for (const std::uint32_t i : learnt) {
    const Sample& sample = samples.list[i];
    contents.at(static_cast<std::size_t>(sample.origin)).insert(sample.content);
  }
  std::vector<LearntSource> sources;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (contents[i].empty()) continue;
    LearntSource& source = sources.emplace_back(names[i], contents[i].size());
    source.sketch.assign(
        contents[i].begin(),
        std::next(contents[i].begin(), static_cast<std::ptrdiff_t>(std::min(kSketch, source.images))));
  }
  return sources;
}

std::vector<LearntSource> learnt_sources(const Model& model) {
  const JsonDocument training(model.training_json, "The model's training record");
  std::vector<LearntSource> sources;
  for (yyjson_val* one : elements_of(training.find("sources"))) {
    LearntSource& source = sources.emplace_back(string_of(yyjson_obj_get(one, "name")),
                                                yyjson_get_uint(yyjson_obj_get(one, "images")));
    const std::string sketch = string_of(yyjson_obj_get(one, "sketch"));
    for (std::size_t i = 0; i + kDigits <= sketch.size(); i += kDigits)
      source.sketch.push_back(sketch.substr(i, kDigits));
  }
  if (!sources.empty()) return sources;
  for (yyjson_val* name : elements_of(training.find("data"))) sources.push_back({.name = string_of(name)});
  return sources;
}

Json::Value to_json(const Json& json, std::span<const LearntSource> sources) {
  return json.list(sources, [&](const LearntSource& source) {
    const Json::Value value = json.object();
    json.set(value, "name", source.name);
    json.set(value, "images", source.images);
    std::string sketch;
    for (const std::string& one : source.sketch) sketch += one;
    json.set(value, "sketch", sketch);
    return value;
  });
}

double share_present(const LearntSource& source, const std::set<std::string>& contents) {
  if (source.sketch.empty()) return 0;
  const auto present =
      std::ranges::count_if(source.sketch, [&](const std::string& one) { return contents.contains(one); });
  return static_cast<double>(present) / static_cast<double>(source.sketch.size());
}

std::set<std::string> contents_of(const Samples& samples) {
  std::set<std::string> contents;
  for (const Sample& sample : samples.list) contents.insert(sample.content);
  return contents;
}

Overlap overlap(std::span<const LearntSource> sources, const std::set<std::string>& contents) {
  std::set<std::string> known;
  std::string limit(kDigits, 'f');  // up to here every sketch is complete
  for (const LearntSource& source : sources) {
    known.insert(source.sketch.begin(), source.sketch.end());
    if (source.sketch.size() == kSketch && source.images > kSketch)
      limit = std::min(limit, source.sketch.back());
  }
  if (known.empty()) return {};
  Overlap result;
  std::size_t shown = 0, hits = 0;
  for (const std::string& one : contents) {
    const bool is_known = known.contains(one);
    result.found += is_known;
    if (one > limit) continue;
    ++shown;
    hits += is_known;
  }
  if (shown > 0) result.share = static_cast<double>(hits) / static_cast<double>(shown);
  return result;
}

}  // namespace leukolens::train
