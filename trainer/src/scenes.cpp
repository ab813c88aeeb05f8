#include "scenes.h"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <tuple>

namespace leukolens::train {
namespace {

constexpr std::size_t kCandidates = 16;

int agreement(const Scene& scene, const Scene& other, bool mirror) {
  return mirror ? agreement(mirrored(scene), other) : agreement(scene, other);
}

}  // namespace

std::vector<ScenePair> same_scenes(std::span<const Scene> scenes, int threads,
                                   const OnProgress& on_progress) {
  const SceneIndex index(scenes);
  std::vector<ScenePair> pairs;
  std::mutex mutex;
  for_each_in_parallel(scenes.size(), threads, on_progress, [&](std::size_t i) {
    const auto self = static_cast<std::uint32_t>(i);
    for (const auto& [other, mirror, votes] : index.resembling(scenes[i], kCandidates, self)) {
      const int found = agreement(scenes[i], scenes[other], mirror);
      if (found < kSameScene) continue;
      const std::lock_guard lock(mutex);
      pairs.push_back({std::min(self, other), std::max(self, other), found});
    }
  });
  // A pair may have been found from both ends: the better agreement stays.
  std::ranges::sort(pairs, {}, [](const ScenePair& pair) { return std::tuple(pair.a, pair.b, -pair.agreement); });
  const auto rest = std::ranges::unique(pairs, {}, [](const ScenePair& pair) { return std::pair(pair.a, pair.b); });
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
  std::vector<Origin> origins(images.size());
  for_each_in_parallel(images.size(), threads, on_progress, [&](std::size_t i) {
    for (const auto& [original, mirror, votes] : index.resembling(images[i], kCandidates)) {
      const int found = agreement(images[i], originals[original], mirror);
      if (found > origins[i].agreement) origins[i] = {original, found};
    }
  });
  return origins;
}

}  // namespace leukolens::train
