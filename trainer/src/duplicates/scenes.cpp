#include "duplicates/scenes.h"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <tuple>

namespace leukolens::train {
namespace {

/// How many of the most resembling scenes are compared keypoint by keypoint: few where there are many scenes
/// (seconds for ten thousand), each with each where there are some hundred.
std::size_t candidates(std::size_t scenes) { return std::max<std::size_t>(12, 120'000 / (scenes + 1)); }

constexpr std::size_t kOriginals = 12;          // compared with each image
constexpr std::uint32_t kRepresentatives = 12;  // of a group

int agreement_either_way(const Scene& a, const Scene& b) {
  return std::max(agreement(a, b), agreement(mirrored(a), b));
}

/// Pairs of the same scene between each of `chosen` and the most resembling scenes of other groups, where
/// `group` says which group a scene is in.
std::vector<ScenePair> pairs_between(std::span<const Scene> scenes, const SceneIndex& index,
                                     std::span<const std::uint32_t> chosen,
                                     std::span<const std::uint32_t> group, int threads,
                                     const OnProgress& on_progress) {
  std::vector<ScenePair> pairs;
  std::mutex mutex;
  for_each_in_parallel(chosen.size(), threads, on_progress, [&](std::size_t i) {
    const std::uint32_t self = chosen[i];
    const auto of_own_group = [&](std::uint32_t other) { return group[other] == group[self]; };
    for (const std::uint32_t other :
         index.resembling(scenes[self], candidates(scenes.size()), of_own_group)) {
      const int found = agreement_either_way(scenes[self], scenes[other]);
      if (found < kSameScene) continue;
      const std::lock_guard lock(mutex);
      pairs.push_back({std::min(self, other), std::max(self, other), found});
    }
  });
  return pairs;
}

/// A few members of each group so large that its members were compared with each other alone.
std::vector<std::uint32_t> representatives(std::span<const std::uint32_t> group) {
  std::vector<std::uint32_t> size(group.size()), chosen;
  for (const std::uint32_t first : group) ++size[first];
  std::vector<std::uint32_t> seen(group.size());
  for (std::uint32_t i = 0; i < group.size(); ++i)
    if (size[group[i]] > candidates(group.size()) && seen[group[i]]++ < kRepresentatives) chosen.push_back(i);
  return chosen;
}

}  // namespace

std::vector<ScenePair> same_scenes(std::span<const Scene> scenes, int threads,
                                   const OnProgress& on_progress) {
  const SceneIndex index(scenes);
  std::vector<std::uint32_t> all(scenes.size());
  std::iota(all.begin(), all.end(), 0u);
  std::vector<ScenePair> pairs = pairs_between(scenes, index, all, all, threads, on_progress);
  // The variants of a scene resemble each other most, and where they are many hide the field that overlaps
  // it.
  const std::vector<std::uint32_t> group = join(scenes.size(), pairs);
  std::ranges::copy(
      pairs_between(scenes, index, representatives(group), group, threads, [](std::size_t, std::size_t) {}),
      std::back_inserter(pairs));
  // A pair may have been found from both ends: the better agreement stays.
  std::ranges::sort(pairs, {},
                    [](const ScenePair& pair) { return std::tuple(pair.a, pair.b, -pair.agreement); });
  const auto rest =
      std::ranges::unique(pairs, {}, [](const ScenePair& pair) { return std::pair(pair.a, pair.b); });
  pairs.erase(rest.begin(), rest.end());
  return pairs;
}

std::vector<std::uint32_t> join(std::size_t count, std::span<const ScenePair> pairs) {
  std::vector<std::uint32_t> first(count);
  std::iota(first.begin(), first.end(), 0u);
  const auto root = [&](std::uint32_t i) {
    while (first[i] != i) i = first[i] = first[first[i]];
    return i;
  };
  for (const ScenePair& pair : pairs) {
    const std::uint32_t a = root(pair.a), b = root(pair.b);
    first[std::max(a, b)] = std::min(a, b);
  }
  for (std::uint32_t i = 0; i < count; ++i) first[i] = root(i);
  return first;
}

std::vector<Origin> find_origins(std::span<const Scene> images, std::span<const Scene> originals, int threads,
                                 const OnProgress& on_progress) {
  const SceneIndex index(originals);
  const auto nobody = [](std::uint32_t) { return false; };
  std::vector<Origin> origins(images.size());
  for_each_in_parallel(images.size(), threads, on_progress, [&](std::size_t i) {
    for (const std::uint32_t original : index.resembling(images[i], kOriginals, nobody)) {
      const int found = agreement_either_way(images[i], originals[original]);
      if (found > origins[i].agreement) origins[i] = {original, found};
    }
  });
  return origins;
}

}  // namespace leukolens::train
