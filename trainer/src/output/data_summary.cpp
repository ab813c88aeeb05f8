#include "output/data_summary.h"

#include <algorithm>
#include <format>
#include <map>
#include <print>
#include <ranges>
#include <set>

#include "leukolens/metrics.h"
#include "support/plural.h"

namespace leukolens::train {
namespace {

using Kind = GroupRule::Kind;

constexpr std::size_t kShown = 5;

bool contradictory(const files::Dataset& data, const NearDuplicates& pair) {
  return data.items()[pair.a].label != data.items()[pair.b].label;
}

void print_pairs(std::string_view what, const files::Dataset& data,
                 const std::vector<NearDuplicates>& pairs) {
  if (pairs.empty()) return;
  std::println("{}: {} {}", what, pairs.size(), pairs.size() == 1 ? "pair" : "pairs");
  for (const NearDuplicates& pair : pairs | std::views::take(kShown)) {
    const files::Item &a = data.items()[pair.a], &b = data.items()[pair.b];
    std::println("  {} and {}{}", a.source, b.source,
                 a.label == b.label ? "" : std::format(", labelled {} and {}", a.label, b.label));
  }
  if (pairs.size() > kShown) std::println("  and {} more; `data --json` lists all", pairs.size() - kShown);
}

std::string leaked(const Leak& leak) {
  const Interval interval = wilson(leak.leaked, leak.tested);
  return std::format("{} of {} ({:.1f} %, 95 % interval {:.1f} to {:.1f})", leak.leaked, leak.tested,
                     100 * leak.share(), 100 * interval.low, 100 * interval.high);
}

}  // namespace

std::vector<std::pair<std::string, std::size_t>> sizes(const DuplicateScan& scan) {
  std::map<std::pair<int, int>, std::size_t> counts;
  for (const Fingerprint& fingerprint : scan.fingerprints)
    if (fingerprint.error.empty()) ++counts[{fingerprint.width, fingerprint.height}];
  std::vector<std::pair<std::string, std::size_t>> result;
  result.reserve(counts.size());
  for (const auto& [size, count] : counts)
    result.emplace_back(std::format("{}x{}", size.first, size.second), count);
  std::ranges::stable_sort(result, std::greater{}, &std::pair<std::string, std::size_t>::second);
  return result;
}

std::map<std::string, ClassCount> class_counts(const DataSummary& summary) {
  std::map<std::string, ClassCount> counts;
  for (const std::uint32_t i : summary.items) {
    const files::Item& item = summary.data.items()[i];
    ClassCount& count = counts[item.label];
    ++count.images;
    ++count.parts[item.part];
    count.groups.insert(summary.groups[i].empty() ? item.source : summary.groups[i]);
  }
  return counts;
}

std::vector<files::Skipped> unreadable(const files::Dataset& data, const DuplicateScan& scan) {
  std::vector<files::Skipped> result;
  for (std::size_t i = 0; i < scan.fingerprints.size(); ++i)
    if (!scan.fingerprints[i].error.empty())
      result.push_back({data.items()[i].source, scan.fingerprints[i].error});
  return result;
}

std::map<std::uint32_t, std::vector<std::uint32_t>> large_clusters(const DuplicateScan& scan) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> members;
  for (std::uint32_t i = 0; i < scan.clusters.size(); ++i) members[scan.clusters[i]].push_back(i);
  std::erase_if(members, [](const auto& cluster) { return cluster.second.size() < 2; });
  return members;
}

bool is_same_field(const files::Dataset& data, const NearDuplicates& pair) {
  const files::Item &a = data.items()[pair.a], &b = data.items()[pair.b];
  return a.source == b.source && a.box && b.box;
}

std::size_t count_groups(std::span<const std::string> groups) {
  const auto alone = std::ranges::count(groups, "");
  std::set<std::string_view> names(groups.begin(), groups.end());
  names.erase("");
  return names.size() + static_cast<std::size_t>(alone);
}

void print_counts(const DataSummary& summary) {
  std::map<files::Part, std::size_t> parts;
  for (const Sample& sample : summary.samples.list) ++parts[sample.part];
  std::string head = std::format("{:24} {:>8} {:>8}", "label", "images", "groups");
  if (parts.size() == 1 && parts.contains(files::Part::unassigned)) parts.clear();
  for (const auto& [part, total] : parts) head += std::format(" {:>11}", files::name(part));
  std::println("{}", head);
  for (const auto& [label, count] : class_counts(summary)) {
    std::string line = std::format("{:24} {:>8} {:>8}", label, count.images, count.groups.size());
    for (const auto& [part, total] : parts)
      line += std::format(" {:>11}", count.parts.contains(part) ? count.parts.at(part) : 0);
    std::println("{}", line);
  }
  std::vector<std::string> groups;
  groups.reserve(summary.items.size());
  for (const std::uint32_t i : summary.items) groups.push_back(summary.groups[i]);
  std::println("{:24} {:>8} {:>8}\n", "", summary.items.size(), count_groups(groups));
  const auto found = sizes(summary.scan);
  std::string line = "Sizes:";
  for (const auto& [size, count] : found | std::views::take(kShown))
    line += std::format("{} {} of {}", line.back() == ':' ? "" : ",", count, size);
  if (found.size() > kShown) line += std::format(", and {} other sizes", found.size() - kShown);
  std::println("{}\n", line);
}

void print_duplicates(const files::Dataset& data, const DuplicateScan& scan) {
  const auto print = [&](std::string_view what, Likeness likeness, bool contradict) {
    std::vector<NearDuplicates> chosen = scan.pairs;
    std::erase_if(chosen, [&](const NearDuplicates& pair) {
      return pair.likeness != likeness || contradictory(data, pair) != contradict ||
             is_same_field(data, pair);
    });
    print_pairs(what, data, chosen);
  };
  print("The same bytes twice", Likeness::bytes, false);
  print("The same picture twice (stored again, resized, mirrored or turned)", Likeness::picture, false);
  print("The same bytes under two labels, one of them wrong", Likeness::bytes, true);
  print("The same picture under two labels, one of them wrong", Likeness::picture, true);
  print("The same scene under two labels (two cells in it, or a wrong label)", Likeness::scene, true);
  const auto large = large_clusters(scan);
  std::size_t images = 0;
  for (const auto& [first, members] : large) images += members.size();
  if (images > 0)
    std::println("{} of {} images show the same scene as another one: {}.\n", images, scan.clusters.size(),
                 counted(large.size(), "scene", "scenes"));
}

void print_leaks(const Leaks& leaks, const GroupRule& rule, std::size_t groups) {
  if (leaks.random.leaked + leaks.test.leaked == 0) return;
  const bool given = rule.kind == Kind::column || rule.kind == Kind::path;
  const bool loud = std::max((given ? leaks.grouped : leaks.random).share(), leaks.test.share()) >= kLoudLeak;
  std::println(
      "{} near-duplicates (augmentations, repeats, overlapping fields) would lie on both sides of a split at "
      "random.",
      loud ? "WARNING: many" : "Note: a few");
  if (leaks.test.leaked > 0)
    std::println("  Test part: {} images have a near-duplicate outside it, where it may be trained on.",
                 leaked(leaks.test));
  if (leaks.random.leaked > 0)
    std::println("  {}: {} validation images have a near-duplicate among the training images.",
                 leaks.own ? "The data's own split" : "A split at random", leaked(leaks.random));
  if (leaks.own) {
    std::println("  That split is used as it is: its figures say little about new cells.\n");
  } else if (rule.kind == Kind::none) {
    std::println(
        "  --group none splits at random all the same{}. --group content keeps near-duplicates "
        "together.\n",
        loud ? ": its figures say little about new cells" : "");
  } else if (given) {
    std::println("  A split by the {} given groups: {} do.\n", groups, leaked(leaks.grouped));
  } else {
    std::println(
        "  Every split therefore keeps near-duplicates on one side: {} groups. --group none would "
        "split at random.\n",
        groups);
  }
}

}  // namespace leukolens::train
