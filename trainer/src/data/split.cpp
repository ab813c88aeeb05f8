#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <map>
#include <set>
#include <stdexcept>

#include "support/random.h"

namespace leukolens::train {
namespace {

/// The groups of each label, shuffled. A group has the label of its first image; an image without a group is
/// a group of its own.
std::map<int, std::vector<Indices>> groups_by_label(const Samples& samples, const Indices& indices,
                                                    std::uint64_t seed) {
  std::map<std::string, Indices> groups;
  std::map<int, std::vector<std::string>> keys;
  for (const std::uint32_t i : indices) {
    const Sample& sample = samples.list[i];
    const std::string key = sample.group.empty() ? std::format("\n{}", i) : sample.group;
    Indices& members = groups[key];
    if (members.empty()) keys[sample.label].push_back(key);
    members.push_back(i);
  }
  std::map<int, std::vector<Indices>> result;
  Random random(seed, 1);
  for (auto& [label, names] : keys) {
    random.shuffle(names);
    for (const std::string& name : names) result[label].push_back(std::move(groups[name]));
  }
  return result;
}

std::size_t count(const std::vector<Indices>& groups) {
  std::size_t sum = 0;
  for (const Indices& group : groups) sum += group.size();
  return sum;
}

void append(Indices& to, const Indices& from) { to.insert(to.end(), from.begin(), from.end()); }

/// The folds that the data names.
std::vector<Indices> named_folds(const Samples& samples, const Indices& all, int parts) {
  std::vector<Indices> result(static_cast<std::size_t>(parts));
  std::map<std::string, int> fold_of_group;
  int highest = 0;
  for (const std::uint32_t i : all) {
    const Sample& sample = samples.list[i];
    if (sample.fold == 0)
      throw std::runtime_error(std::format(
          "{} has no fold, and others have one: fill the column fold for all images, or leave it out.",
          sample.source));
    highest = std::max(highest, sample.fold);
    if (const auto [known, is_new] = fold_of_group.try_emplace(sample.group, sample.fold);
        !sample.group.empty() && known->second != sample.fold)
      throw std::runtime_error(std::format(
          "The data's folds {} and {} both have images of the group {}, which would be judged by a network "
          "that has seen it: mend the column fold, or say --group none.",
          known->second, sample.fold, sample.group));
  }
  if (highest != parts)
    throw std::runtime_error(
        std::format("The data has {} folds, in its column fold: ask for --folds {}, or leave the column out.",
                    highest, highest));
  for (const std::uint32_t i : all) result[static_cast<std::size_t>(samples.list[i].fold - 1)].push_back(i);
  for (std::size_t f = 0; f < result.size(); ++f)
    if (cells_among(samples, result[f]).empty())
      throw std::runtime_error(std::format("No image has the fold {} in the data's column fold.", f + 1));
  return result;
}

}  // namespace

Indices cells_among(const Samples& samples, Indices indices) {
  std::erase_if(indices, [&](std::uint32_t i) { return samples.list[i].label == kBackground; });
  return indices;
}

Indices background_among(const Samples& samples, Indices indices) {
  std::erase_if(indices, [&](std::uint32_t i) { return samples.list[i].label != kBackground; });
  return indices;
}

Split split(const Samples& samples, const Indices& indices, double share, std::uint64_t seed) {
  Split result;
  for (const auto& [label, groups] : groups_by_label(samples, indices, seed)) {
    // A group of more than half of its label's images trains: else little or nothing of it would be learnt.
    const std::size_t all = count(groups);
    std::size_t taken = 0;
    for (const Indices& group : groups) {
      const bool validates =
          static_cast<double>(taken) < share * static_cast<double>(all) && 2 * group.size() <= all;
      append(validates ? result.validation : result.train, group);
      if (validates) taken += group.size();
    }
  }
  std::ranges::sort(result.train);
  std::ranges::sort(result.validation);
  result.validation = cells_among(samples, std::move(result.validation));
  if (result.train.empty() || result.validation.empty()) {
    throw std::runtime_error(
        "There are too few images, or groups of them, to set some aside for validation: give at least two of "
        "each label.");
  }
  return result;
}

Split split(const Samples& samples, double share, std::uint64_t seed) {
  using files::Part;
  std::set<int> with_training;  // data sets that name a training part
  for (const Sample& sample : samples.list)
    if (sample.part == Part::train) with_training.insert(sample.origin);
  Split own;
  for (std::uint32_t i = 0; i < samples.list.size(); ++i) {
    const Sample& sample = samples.list[i];
    if (sample.part == Part::validation && sample.label != kBackground) own.validation.push_back(i);
    if (sample.part == Part::train ||
        (sample.part == Part::unassigned && !with_training.contains(sample.origin)))
      own.train.push_back(i);
  }
  if (own.validation.empty() || own.train.empty()) return split(samples, own.train, share, seed);
  return own;
}

std::vector<Indices> folds(const Samples& samples, int parts, std::uint64_t seed) {
  Indices all;
  for (std::uint32_t i = 0; i < samples.list.size(); ++i) {
    if (samples.list[i].part != files::Part::test && samples.list[i].part != files::Part::test_simple)
      all.push_back(i);
  }
  if (std::ranges::any_of(all, [&](std::uint32_t i) { return samples.list[i].fold > 0; }))
    return named_folds(samples, all, parts);
  std::vector<Indices> result(static_cast<std::size_t>(parts));
  for (auto& [label, groups] : groups_by_label(samples, all, seed)) {
    // The largest groups first, each to the fold with the fewest images of the label, then with the fewest of
    // all.
    std::ranges::stable_sort(groups, std::greater{}, &Indices::size);
    std::vector<std::size_t> of_label(result.size());
    for (const Indices& group : groups) {
      std::size_t emptiest = 0;
      for (std::size_t f = 1; f < result.size(); ++f) {
        if (std::pair(of_label[f], result[f].size()) < std::pair(of_label[emptiest], result[emptiest].size()))
          emptiest = f;
      }
      of_label[emptiest] += group.size();
      append(result[emptiest], group);
    }
  }
  for (Indices& fold : result) {
    std::ranges::sort(fold);
    if (cells_among(samples, fold).empty())
      throw std::runtime_error(
          std::format("There are fewer images, or groups of them, than the {} folds: ask for fewer.", parts));
  }
  return result;
}

}  // namespace leukolens::train
