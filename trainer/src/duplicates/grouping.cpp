#include "duplicates/grouping.h"

#include <algorithm>
#include <format>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>

#include "duplicates/duplicate_scan.h"

namespace leukolens::train {
namespace {

using Kind = GroupRule::Kind;

/// Images of one column group, or of one cluster, or connected through both. A group is named after its first
/// image's column, or the first image.
std::vector<std::string> column_and_clusters(const files::Dataset& data,
                                             std::span<const std::uint32_t> clusters) {
  const std::vector<files::Item>& items = data.items();
  std::vector<ScenePair> pairs;
  std::map<std::string, std::uint32_t> first;
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    pairs.push_back({clusters[i], i, 0});
    if (!items[i].group.empty()) pairs.push_back({first.try_emplace(items[i].group, i).first->second, i, 0});
  }
  std::vector<std::string> names;
  for (const std::uint32_t root : join(items.size(), pairs))
    names.push_back(items[root].group.empty() ? items[root].source : items[root].group);
  return names;
}

std::vector<std::string> by_path(const files::Dataset& data, const std::regex& pattern) {
  std::vector<std::string> names;
  for (const files::Item& item : data.items()) {
    std::smatch match;
    names.push_back(std::regex_search(item.source, match, pattern) ? match.str(1) : "");
  }
  if (std::ranges::all_of(names, &std::string::empty)) {
    throw std::runtime_error(
        std::format("The expression of --group captures nothing in any path; the first path is {}.",
                    data.items()[0].source));
  }
  return names;
}

Indices all_indices(const Samples& samples) {
  Indices all(samples.list.size());
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

Indices test_indices(const Samples& samples) {
  Indices test;
  for (const std::uint32_t i : all_indices(samples)) {
    const files::Part part = samples.list[i].part;
    if (part == files::Part::test || part == files::Part::test_simple) test.push_back(i);
  }
  return test;
}

Leak leak(const Split& split, std::span<const std::uint32_t> clusters) {
  std::set<std::uint32_t> trained;
  for (const std::uint32_t i : split.train) trained.insert(clusters[i]);
  const auto leaked =
      std::ranges::count_if(split.validation, [&](std::uint32_t i) { return trained.contains(clusters[i]); });
  return {split.validation.size(), static_cast<std::size_t>(leaked)};
}

}  // namespace

GroupRule parse_group_rule(const std::string& text) {
  static const std::map<std::string, Kind> kKinds{
      {"auto", Kind::automatic}, {"none", Kind::none}, {"column", Kind::column}, {"content", Kind::content}};
  if (const auto found = kKinds.find(text); found != kKinds.end()) return {found->second, {}};
  if (!text.starts_with("path:")) {
    throw std::runtime_error(
        std::format("--group {} is no rule: give auto, none, column, content or path:REGEX.", text));
  }
  try {
    GroupRule rule{Kind::path, std::regex(text.substr(5))};
    if (rule.pattern.mark_count() == 1) return rule;
  } catch (const std::regex_error&) {
    throw std::runtime_error(std::format("{} is no regular expression (ECMAScript).", text.substr(5)));
  }
  throw std::runtime_error(
      std::format("{} needs exactly one capture in parentheses, which names the group.", text.substr(5)));
}

bool needs_clusters(const GroupRule& rule, const files::Dataset& data) {
  if (rule.kind == Kind::automatic)
    return std::ranges::any_of(data.items(), &std::string::empty, &files::Item::group);
  return rule.kind == Kind::content;
}

std::vector<std::string> groups(const files::Dataset& data, const GroupRule& rule,
                                std::span<const std::uint32_t> clusters) {
  const std::vector<files::Item>& items = data.items();
  if (rule.kind == Kind::none) return std::vector<std::string>(items.size());
  if (rule.kind == Kind::path) return by_path(data, rule.pattern);
  std::vector<std::string> names;
  if (rule.kind == Kind::content) {
    for (const std::uint32_t first : clusters) names.push_back(items[first].source);
    return names;
  }
  if (rule.kind == Kind::automatic && needs_clusters(rule, data)) return column_and_clusters(data, clusters);
  for (const files::Item& item : items) names.push_back(item.group);
  if (std::ranges::all_of(names, &std::string::empty))
    throw std::runtime_error("--group column needs a CSV with a filled column group.");
  return names;
}

Leaks measure_leaks(const Samples& samples, std::span<const std::uint32_t> clusters, double share,
                    std::uint64_t seed) {
  Samples listed;
  listed.list = samples.list;
  Leaks leaks;
  leaks.own = std::ranges::contains(samples.list, files::Part::validation, &Sample::part);
  leaks.grouped = leak(split(listed, share, seed), clusters);
  for (Sample& sample : listed.list) sample.group.clear();
  leaks.random = leak(split(listed, share, seed), clusters);
  Split test{{}, test_indices(samples)};
  std::ranges::set_difference(all_indices(samples), test.validation, std::back_inserter(test.train));
  leaks.test = leak(test, clusters);
  return leaks;
}

}  // namespace leukolens::train
