#include "scenes.h"

#include <algorithm>
#include <mutex>
#include <numeric>

#include "parallel.h"

namespace leukolens::train {
namespace {

int agreement(const Scene& a, const Scene& b) {
  return std::max(agreement(a.upright, b.upright), agreement(a.upright, b.mirrored));
}

}  // namespace

std::vector<Scene> describe_scenes(const files::Dataset& data, int threads, const OnProgress& on_progress) {
  std::vector<Scene> scenes(data.items().size());
  for_each_in_parallel(scenes.size(), threads, on_progress, [&](std::size_t i) {
    const auto bytes = data.read(data.items()[i]);
    if (!bytes) return;
    if (const Result<Image> image = decode(*bytes))
      scenes[i] = {keypoints(*image), keypoints(mirrored(*image))};
  });
  return scenes;
}

std::vector<ScenePair> same_scenes(std::span<const Scene> scenes, int threads,
                                   const OnProgress& on_progress) {
  std::vector<ScenePair> pairs;
  std::mutex mutex;
  for_each_in_parallel(scenes.size(), threads, on_progress, [&](std::size_t i) {
    for (std::size_t j = 0; j < i; ++j) {
      const int found = agreement(scenes[i], scenes[j]);
      if (found < kSameScene) continue;
      const std::lock_guard lock(mutex);
      pairs.push_back({static_cast<std::uint32_t>(j), static_cast<std::uint32_t>(i), found});
    }
  });
  std::ranges::sort(pairs, {}, [](const ScenePair& pair) { return std::pair(pair.a, pair.b); });
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
  std::vector<Origin> origins(images.size());
  for_each_in_parallel(images.size(), threads, on_progress, [&](std::size_t i) {
    for (std::uint32_t j = 0; j < originals.size(); ++j) {
      const int found = agreement(images[i], originals[j]);
      if (found > origins[i].agreement) origins[i] = {j, found};
    }
  });
  return origins;
}

}  // namespace leukolens::train
