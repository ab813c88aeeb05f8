#include "duplicates/duplicate_scan.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "leukolens/sha256.h"

namespace leukolens::train {
namespace {

/// Each picture against each before it: two seconds for ten thousand.
std::vector<NearDuplicates> same_pictures(std::span<const Fingerprint> fingerprints,
                                          std::span<const std::uint32_t> chosen, int threads) {
  std::vector<NearDuplicates> pairs;
  std::mutex mutex;
  const auto quiet = [](std::size_t, std::size_t) {};
  for_each_in_parallel(chosen.size(), threads, quiet, [&](std::size_t i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (distance(fingerprints[chosen[i]].hashes, fingerprints[chosen[j]].hashes) > kSamePicture) continue;
      const std::lock_guard lock(mutex);
      pairs.push_back({chosen[j], chosen[i], Likeness::picture});
    }
  });
  return pairs;
}

}  // namespace

Fingerprint fingerprint_of(const OpenedFile& file) {
  Fingerprint result;
  if (!file.bytes.empty())
    result.sha256 = sha256({reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()});
  if (!file.picture) {
    result.error = file.picture.error().message;
    return result;
  }
  const Image& image = file.picture->pixels();
  result.width = image.width;
  result.height = image.height;
  result.hashes = picture_hashes(image);
  result.scene = keypoints(image);
  return result;
}

std::string_view name(Likeness likeness) {
  static constexpr std::array<std::string_view, 3> kNames{"bytes", "picture", "scene"};
  return kNames[static_cast<std::size_t>(likeness)];
}

std::vector<NearDuplicates> find_near_duplicates(std::span<const Fingerprint> fingerprints, int threads,
                                                 const OnProgress& on_progress) {
  std::vector<NearDuplicates> pairs;
  std::vector<std::uint32_t> chosen;  // the first of each content
  std::map<std::string_view, std::uint32_t> first;
  for (std::uint32_t i = 0; i < fingerprints.size(); ++i) {
    if (!fingerprints[i].error.empty()) continue;
    const auto [found, is_new] = first.try_emplace(fingerprints[i].sha256, i);
    if (is_new) {
      chosen.push_back(i);
    } else {
      pairs.push_back({found->second, i, Likeness::bytes});
    }
  }
  std::ranges::copy(same_pictures(fingerprints, chosen, threads), std::back_inserter(pairs));
  std::vector<Scene> scenes;
  scenes.reserve(chosen.size());
  for (const std::uint32_t i : chosen) scenes.push_back(fingerprints[i].scene);
  for (const ScenePair& pair : same_scenes(scenes, threads, on_progress))
    pairs.push_back({chosen[pair.a], chosen[pair.b], Likeness::scene});
  const auto pair = [](const NearDuplicates& t) { return std::pair(t.a, t.b); };
  std::ranges::stable_sort(pairs, {}, pair);  // stable: the closest likeness stays
  const auto rest = std::ranges::unique(pairs, {}, pair);
  pairs.erase(rest.begin(), rest.end());
  return pairs;
}

std::vector<std::uint32_t> clusters(std::size_t count, std::span<const NearDuplicates> pairs) {
  std::vector<ScenePair> connected;
  connected.reserve(pairs.size());
  for (const NearDuplicates& pair : pairs) connected.push_back({pair.a, pair.b, 0});
  return join(count, connected);
}

DuplicateScan scan_duplicates(std::vector<Fingerprint> fingerprints, int threads,
                              const OnProgress& on_progress) {
  DuplicateScan scan{std::move(fingerprints), {}, {}};
  scan.pairs = find_near_duplicates(scan.fingerprints, threads, on_progress);
  scan.clusters = clusters(scan.fingerprints.size(), scan.pairs);
  return scan;
}

}  // namespace leukolens::train
