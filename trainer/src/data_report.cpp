#include "data_report.h"

#include <algorithm>
#include <format>
#include <map>
#include <print>
#include <ranges>
#include <set>

#include "console.h"
#include "leukolens/metrics.h"
#include "session.h"

namespace leukolens::train {
namespace {

using Kind = GroupRule::Kind;

constexpr std::size_t kShown = 5;

/// "320x240", the most frequent first.
std::vector<std::pair<std::string, std::size_t>> sizes(const Audit& audit) {
  std::map<std::pair<int, int>, std::size_t> counts;
  for (const Finding& finding : audit.findings)
    if (finding.error.empty()) ++counts[{finding.width, finding.height}];
  std::vector<std::pair<std::string, std::size_t>> result;
  for (const auto& [size, count] : counts)
    result.emplace_back(std::format("{}x{}", size.first, size.second), count);
  std::ranges::stable_sort(result, std::greater{}, &std::pair<std::string, std::size_t>::second);
  return result;
}

struct ClassCount {
  std::size_t images = 0;
  std::set<std::string> groups;
  std::map<files::Part, std::size_t> parts;
};

std::map<std::string, ClassCount> class_counts(const DataReport& report) {
  std::map<std::string, ClassCount> counts;
  for (const std::uint32_t i : report.items) {
    const files::Item& item = report.data.items()[i];
    ClassCount& count = counts[item.label];
    ++count.images;
    ++count.parts[item.part];
    count.groups.insert(report.groups[i].empty() ? item.source : report.groups[i]);
  }
  return counts;
}

std::vector<files::Skipped> unreadable(const files::Dataset& data, const Audit& audit) {
  std::vector<files::Skipped> result;
  for (std::size_t i = 0; i < audit.findings.size(); ++i)
    if (!audit.findings[i].error.empty())
      result.push_back({data.items()[i].source, audit.findings[i].error});
  return result;
}

bool contradictory(const files::Dataset& data, const Twins& pair) {
  return data.items()[pair.a].label != data.items()[pair.b].label;
}

void print_pairs(std::string_view what, const files::Dataset& data, const std::vector<Twins>& pairs) {
  if (pairs.empty()) return;
  std::println("{} {}:", pairs.size(), what);
  for (const Twins& pair : pairs | std::views::take(kShown)) {
    const files::Item &a = data.items()[pair.a], &b = data.items()[pair.b];
    std::println("  {} and {}{}", a.source, b.source,
                 a.label == b.label ? "" : std::format(", labelled {} and {}", a.label, b.label));
  }
  if (pairs.size() > kShown) std::println("  and {} more; `data --json` lists all", pairs.size() - kShown);
}

/// Members of each family of two or more.
std::map<std::uint32_t, std::vector<std::uint32_t>> large_families(const Audit& audit) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> members;
  for (std::uint32_t i = 0; i < audit.families.size(); ++i) members[audit.families[i]].push_back(i);
  std::erase_if(members, [](const auto& family) { return family.second.size() < 2; });
  return members;
}

std::string leaked(const Leak& leak) {
  const Interval interval = wilson(leak.leaked, leak.tested);
  return std::format("{} of {} ({:.1f} %, interval {:.1f} to {:.1f})", leak.leaked, leak.tested,
                     100 * leak.share(), 100 * interval.low, 100 * interval.high);
}

Json::Value to_json(const Json& json, const Leak& leak) {
  const Json::Value value = json.object();
  const Interval interval = wilson(leak.leaked, leak.tested);
  json.set(value, "tested", leak.tested);
  json.set(value, "leaked", leak.leaked);
  json.set(value, "share", leak.share());
  json.set(value, "interval", json.list(std::array{interval.low, interval.high}, std::identity{}));
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
    const bool contradicts = contradictory(report.data, pair);
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

Audit audit(const files::Dataset& data, int threads) {
  ProgressLine line;
  Audit result;
  result.findings = survey(data, threads, line.counter("looking at", "images"));
  line.clear();
  result.twins = find_twins(result.findings, threads, line.counter("comparing", "images"));
  line.clear();
  result.families = families(result.findings.size(), result.twins);
  return result;
}

std::size_t count_groups(std::span<const std::string> groups) {
  const auto alone = std::ranges::count(groups, "");
  std::set<std::string_view> names(groups.begin(), groups.end());
  names.erase("");
  return names.size() + static_cast<std::size_t>(alone);
}

void print_counts(const DataReport& report) {
  std::map<files::Part, std::size_t> parts;
  for (const Sample& sample : report.samples.list) ++parts[sample.part];
  std::string head = std::format("{:24} {:>8} {:>8}", "label", "images", "groups");
  if (parts.size() > 1 || !parts.contains(files::Part::unassigned))
    for (const auto& [part, count] : parts) head += std::format(" {:>11}", files::name(part));
  const bool by_part = head.size() > 24 + 18;
  std::println("{}", head);
  for (const auto& [label, count] : class_counts(report)) {
    std::string line = std::format("{:24} {:>8} {:>8}", label, count.images, count.groups.size());
    for (const auto& [part, total] : parts)
      if (by_part) line += std::format(" {:>11}", count.parts.contains(part) ? count.parts.at(part) : 0);
    std::println("{}", line);
  }
  std::println("{:24} {:>8} {:>8}\n", "", report.items.size(), count_groups(report.groups));
  const auto found = sizes(report.audit);
  std::string line = "Sizes:";
  for (const auto& [size, count] : found | std::views::take(kShown))
    line += std::format("{} {} of {}", line.back() == ':' ? "" : ",", count, size);
  if (found.size() > kShown) line += std::format(", and {} other sizes", found.size() - kShown);
  std::println("{}\n", line);
}

void print_findings(const files::Dataset& data, const Audit& audit) {
  print_skipped("files cannot be read as images and were left out", unreadable(data, audit));
  const auto pairs = [&](Likeness likeness, bool contradict) {
    std::vector<Twins> chosen = audit.twins;
    std::erase_if(chosen, [&](const Twins& pair) {
      return pair.likeness != likeness || contradictory(data, pair) != contradict;
    });
    return chosen;
  };
  print_pairs("files have the same bytes as another of their class", data, pairs(Likeness::bytes, false));
  print_pairs("pairs are the same picture, stored again, resized, mirrored or turned", data,
              pairs(Likeness::picture, false));
  print_pairs("files have the same bytes as one under another label: one of the two is wrong", data,
              pairs(Likeness::bytes, true));
  print_pairs("pairs are the same picture under two labels: one of the two is wrong", data,
              pairs(Likeness::picture, true));
  print_pairs("pairs show the same scene under two labels: two cells in it, or a wrong label", data,
              pairs(Likeness::scene, true));
  const auto large = large_families(audit);
  std::size_t images = 0;
  for (const auto& [first, members] : large) images += members.size();
  if (images > 0)
    std::println("{} of {} images show the same scene as another one: {} scenes.\n", images,
                 audit.families.size(), large.size());
}

void print_leaks(const Leaks& leaks, const GroupRule& rule, std::size_t groups) {
  const bool loud = std::max(leaks.validation.share(), leaks.test.share()) >= kLoudLeak;
  if (leaks.validation.leaked + leaks.test.leaked == 0) return;
  std::println("{}", loud ? "WARNING: many of these images look like variants of each other (augmentations, "
                            "repeats, overlapping fields)."
                          : "A few of these images are near-duplicates of each other.");
  if (leaks.test.leaked > 0)
    std::println("  Test part: {} images have a near-duplicate outside it, which may be trained on.",
                 leaked(leaks.test));
  if (leaks.validation.leaked > 0)
    std::println("  {}: {} validation images have a near-duplicate among the training images.",
                 leaks.own ? "The data's own split" : "A split at random", leaked(leaks.validation));
  if (leaks.own) {
    std::println("  That split is used as it is: figures on it say little about new cells.\n");
  } else if (rule.kind == Kind::none) {
    std::println("  --group none splits at random all the same{}. --group content keeps near-duplicates "
                 "together.\n",
                 loud ? ": figures on such a split say little about new cells" : "");
  } else if (rule.kind == Kind::automatic || rule.kind == Kind::content) {
    std::println("  Every split therefore keeps near-duplicates on one side: {} groups. --group none would "
                 "split at random.\n",
                 groups);
  } else {
    std::println("  Every split keeps the given groups on one side: {} groups.\n", groups);
  }
}

std::string to_json(const DataReport& report, const std::string& source) {
  const Json json;
  const Json::Value root = json.root(), leaks = json.object();
  json.set(root, "data", source);
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
  json.set(leaks, "split", report.leaks.own ? "own" : "random");
  json.set(leaks, "validation", to_json(json, report.leaks.validation));
  json.set(leaks, "test", to_json(json, report.leaks.test));
  json.set(root, "leaks", leaks);
  json.set(root, "list", images_json(json, report));
  json.set(root, "notice", kNotice);
  return json.text(true) + "\n";
}

}  // namespace leukolens::train
