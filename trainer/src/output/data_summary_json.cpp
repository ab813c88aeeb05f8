// What `data --json` writes.
#include <array>

#include "commands/run_context.h"
#include "files/figures.h"
#include "leukolens/metrics.h"
#include "output/data_summary.h"

namespace leukolens::train {
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

Json::Value labels_json(const Json& json, const DataReport& report) {
  const Json::Value list = json.array();
  for (const auto& [label, count] : class_counts(report)) {
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

Json::Value skipped_json(const Json& json, const std::vector<files::Skipped>& skipped) {
  return json.list(skipped, [&](const files::Skipped& file) {
    const Json::Value one = json.object();
    json.set(one, "source", file.source);
    json.set(one, "reason", file.reason);
    return one;
  });
}

/// The pairs that a person may want to see one by one: all but those of a scene under one label, which in
/// augmented data are a hundred thousand; `families` tells of these.
Json::Value twins_json(const Json& json, const DataReport& report) {
  const std::vector<files::Item>& items = report.data.items();
  const Json::Value list = json.array();
  for (const Twins& pair : report.audit.twins) {
    const bool contradicts = items[pair.a].label != items[pair.b].label;
    if (pair.likeness == Likeness::scene && !contradicts) continue;
    const Json::Value one = json.object();
    json.set(one, "same", name(pair.likeness));
    json.set(one, "sources", json.list(std::array{pair.a, pair.b}, [&](auto i) { return items[i].source; }));
    json.set(one, "labels", json.list(std::array{pair.a, pair.b}, [&](auto i) { return items[i].label; }));
    json.set(one, "contradictory", contradicts);
    json.add(list, one);
  }
  return list;
}

Json::Value images_json(const Json& json, const DataReport& report) {
  return json.list(report.items, [&](std::uint32_t i) {
    const files::Item& item = report.data.items()[i];
    const Finding& finding = report.audit.findings[i];
    const Json::Value one = json.object();
    json.set(one, "source", item.source);
    json.set(one, "label", item.label);
    json.set(one, "group", report.groups[i]);
    json.set(one, "part", files::name(item.part));
    json.set(one, "width", finding.width);
    json.set(one, "height", finding.height);
    json.set(one, "sha256", finding.sha256);
    return one;
  });
}

}  // namespace

std::string to_json(const DataReport& report, const std::vector<std::string>& sources) {
  const Json json;
  const Json::Value root = json.root(), leaks = json.object();
  json.set(root, "data", json.list(sources, [](const std::string& path) { return path; }));
  json.set(root, "images", report.items.size());
  json.set(root, "groups", count_groups(report.groups));
  json.set(root, "labels", labels_json(json, report));
  json.set(root, "sizes", json.list(sizes(report.audit), [&](const auto& size) {
    const Json::Value one = json.object();
    json.set(one, "size", size.first);
    json.set(one, "images", size.second);
    return one;
  }));
  json.set(root, "leftOut", skipped_json(json, report.data.skipped()));
  json.set(root, "unreadable", skipped_json(json, unreadable(report.data, report.audit)));
  json.set(root, "twins", twins_json(json, report));
  json.set(root, "families", json.list(large_families(report.audit), [&](const auto& family) {
    return json.list(family.second, [&](std::uint32_t i) { return report.data.items()[i].source; });
  }));
  json.set(leaks, "own", report.leaks.own);
  json.set(leaks, "ungrouped", to_json(json, report.leaks.random));
  json.set(leaks, "grouped", to_json(json, report.leaks.grouped));
  json.set(leaks, "test", to_json(json, report.leaks.test));
  json.set(root, "leaks", leaks);
  json.set(root, "list", images_json(json, report));
  json.set(root, "notice", kNotice);
  return json.text(true) + "\n";
}

}  // namespace leukolens::train
