#include "scenes.h"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <tuple>

namespace leukolens::train {
namespace {

/// How many of the most resembling scenes are compared keypoint by keypoint: few where there are many scenes
/// (seconds for ten thousand), each with each where there are some hundred.
std::size_t candidates(std::size_t scenes) { return std::max<std::size_t>(12, 120'000 / (scenes + 1)); }

constexpr std::size_t kOriginals = 12;  // compared with each image

int agreement_either_way(const Scene& a, const Scene& b) {
  return std::max(agreement(a, b), agreement(mirrored(a), b));
}

}  // namespace

std::vector<ScenePair> same_scenes(std::span<const Scene> scenes, int threads,
                                   const OnProgress& on_progress) {
  const SceneIndex index(scenes);
  std::vector<ScenePair> pairs;
  std::mutex mutex;
  for_each_in_parallel(scenes.size(), threads, on_progress, [&](std::size_t i) {
    const auto self = static_cast<std::uint32_t>(i);
    for (const std::uint32_t other : index.resembling(scenes[i], candidates(scenes.size()), self)) {
      const int found = agreement_either_way(scenes[i], scenes[other]);
      if (found < kSameScene) continue;
      const std::lock_guard lock(mutex);
      pairs.push_back({std::min(self, other), std::max(self, other), found});
    }
  });
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
  std::vector<Origin> origins(images.size());
  for_each_in_parallel(images.size(), threads, on_progress, [&](std::size_t i) {
    for (const std::uint32_t original : index.resembling(images[i], kOriginals)) {
      const int found = agreement_either_way(images[i], originals[original]);
      if (found > origins[i].agreement) origins[i] = {original, found};
    }
  });
  return origins;
}

}  // namespace leukolens::train
