#include "output/data_summary_json.h"

#include <array>

#include "files/evaluation.h"
#include "files/figures.h"
#include "files/json_writer.h"
#include "leukolens/metrics.h"
#include "leukolens/notice.h"

namespace leukolens::train {
using files::Json;
namespace {

Json::Value to_json(const Json& json, const Leak& leak) {
  const Json::Value value = json.object();
  const Interval interval = wilson(leak.leaked, leak.tested);
  json.set(value, "tested", leak.tested);
  json.set(value, "leaked", leak.leaked);
  json.set(value, "share", leak.share());
  json.set(value, "interval", files::to_json(json, interval));
  return value;
}

Json::Value labels_json(const Json& json, const DataSummary& summary) {
  const Json::Value list = json.array();
  for (const auto& [label, count] : class_counts(summary)) {
    const Json::Value one = json.object(), parts = json.object();
    json.set(one, "label", label);
    json.set(one, "images", count.images);
    json.set(one, "groups", count.groups.size());
    for (const auto& [part, images] : count.parts) json.set(parts, files::name(part), images);
    json.set(one, "parts", parts);
    json.add(list, one);
  }
  return list;
}

/// The pairs that a person may want to see one by one: all but those of a scene under one label, which in
/// augmented data are a hundred thousand: `clusters` has these.
Json::Value near_duplicates_json(const Json& json, const DataSummary& summary) {
  const std::vector<files::Item>& items = summary.data.items();
  const Json::Value list = json.array();
  for (const NearDuplicates& pair : summary.scan.pairs) {
    const bool contradicts = items[pair.a].label != items[pair.b].label;
    if ((pair.likeness == Likeness::scene && !contradicts) || is_same_field(summary.data, pair)) continue;
    const Json::Value one = json.object();
    json.set(one, "same", name(pair.likeness));
    json.set(one, "sources", json.list(std::array{pair.a, pair.b}, [&](auto i) { return items[i].source; }));
    json.set(one, "labels", json.list(std::array{pair.a, pair.b}, [&](auto i) { return items[i].label; }));
    json.set(one, "contradictory", contradicts);
    json.add(list, one);
  }
  return list;
}

Json::Value images_json(const Json& json, const DataSummary& summary) {
  return json.list(summary.items, [&](std::uint32_t i) {
    const files::Item& item = summary.data.items()[i];
    const Fingerprint& fingerprint = summary.scan.fingerprints[i];
    const Json::Value one = json.object();
    json.set(one, "source", item.source);
    json.set(one, "label", item.label);
    json.set(one, "group", summary.groups[i]);
    json.set(one, "part", files::name(item.part));
    json.set(one, "width", fingerprint.width);
    json.set(one, "height", fingerprint.height);
    json.set(one, "sha256", fingerprint.sha256);
    return one;
  });
}

}  // namespace

std::string to_json(const DataSummary& summary, const std::vector<std::string>& sources) {
  const Json json;
  const Json::Value root = json.root(), leaks = json.object();
  json.set(root, "data", json.list(sources, [](const std::string& path) { return path; }));
  json.set(root, "images", summary.items.size());
  json.set(root, "groups", count_groups(summary.groups));
  json.set(root, "labels", labels_json(json, summary));
  json.set(root, "sizes", json.list(sizes(summary.scan), [&](const auto& size) {
    const Json::Value one = json.object();
    json.set(one, "size", size.first);
    json.set(one, "images", size.second);
    return one;
  }));
  json.set(root, "leftOut", files::to_json(json, summary.data.skipped()));
  json.set(root, "unreadable", files::to_json(json, unreadable(summary.data, summary.scan)));
  json.set(root, "nearDuplicates", near_duplicates_json(json, summary));
  json.set(root, "clusters", json.list(large_clusters(summary.scan), [&](const auto& cluster) {
    return json.list(cluster.second, [&](std::uint32_t i) { return summary.data.items()[i].source; });
  }));
  json.set(leaks, "own", summary.leaks.own);
  json.set(leaks, "ungrouped", to_json(json, summary.leaks.random));
  json.set(leaks, "grouped", to_json(json, summary.leaks.grouped));
  json.set(leaks, "test", to_json(json, summary.leaks.test));
  json.set(root, "leaks", leaks);
  json.set(root, "list", images_json(json, summary));
  json.set(root, "notice", kNotice);
  return json.text(true) + "\n";
}

}  // namespace leukolens::train
