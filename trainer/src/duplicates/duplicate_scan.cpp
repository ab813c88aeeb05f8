#include "duplicates/duplicate_scan.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "support/sha256.h"

namespace leukolens::train {
namespace {

Finding examine(const files::Dataset& data, const files::Item& item) {
  Finding finding;
  const Result<std::vector<std::uint8_t>> bytes = data.read(item);
  if (!bytes) {
    finding.error = bytes.error().message;
    return finding;
  }
  finding.sha256 = sha256({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  const Result<Image> image = decode(*bytes);
  if (!image) {
    finding.error = image.error().message;
    return finding;
  }
  finding.width = image->width;
  finding.height = image->height;
  finding.hashes = picture_hashes(*image);
  finding.scene = keypoints(*image);
  return finding;
}

/// Each picture against each before it: two seconds for ten thousand.
std::vector<Twins> same_pictures(std::span<const Finding> findings, std::span<const std::uint32_t> chosen,
                                 int threads) {
  std::vector<Twins> twins;
  std::mutex mutex;
  const auto quiet = [](std::size_t, std::size_t) {};
  for_each_in_parallel(chosen.size(), threads, quiet, [&](std::size_t i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (distance(findings[chosen[i]].hashes, findings[chosen[j]].hashes) > kSamePicture) continue;
      const std::lock_guard lock(mutex);
      twins.push_back({chosen[j], chosen[i], Likeness::picture});
    }
  });
  return twins;
}

}  // namespace

std::vector<Finding> survey(const files::Dataset& data, int threads, const OnProgress& on_progress) {
  std::vector<Finding> findings(data.items().size());
  for_each_in_parallel(findings.size(), threads, on_progress,
                       [&](std::size_t i) { findings[i] = examine(data, data.items()[i]); });
  return findings;
}

std::string_view name(Likeness likeness) {
  static constexpr std::array<std::string_view, 3> kNames{"bytes", "picture", "scene"};
  return kNames[static_cast<std::size_t>(likeness)];
}

std::vector<Twins> find_twins(std::span<const Finding> findings, int threads, const OnProgress& on_progress) {
  std::vector<Twins> twins;
  std::vector<std::uint32_t> chosen;  // the first of each content
  std::map<std::string_view, std::uint32_t> first;
  for (std::uint32_t i = 0; i < findings.size(); ++i) {
    if (!findings[i].error.empty()) continue;
    const auto [found, is_new] = first.try_emplace(findings[i].sha256, i);
    if (is_new) {
      chosen.push_back(i);
    } else {
      twins.push_back({found->second, i, Likeness::bytes});
    }
  }
  std::ranges::copy(same_pictures(findings, chosen, threads), std::back_inserter(twins));
  std::vector<Scene> scenes;
  scenes.reserve(chosen.size());
  for (const std::uint32_t i : chosen) scenes.push_back(findings[i].scene);
  for (const ScenePair& pair : same_scenes(scenes, threads, on_progress))
    twins.push_back({chosen[pair.a], chosen[pair.b], Likeness::scene});
  const auto pair = [](const Twins& t) { return std::pair(t.a, t.b); };
  std::ranges::stable_sort(twins, {}, pair);  // stable: the closest likeness stays
  const auto rest = std::ranges::unique(twins, {}, pair);
  twins.erase(rest.begin(), rest.end());
  return twins;
}

std::vector<std::uint32_t> families(std::size_t count, std::span<const Twins> twins) {
  std::vector<ScenePair> pairs;
  for (const Twins& pair : twins) pairs.push_back({pair.a, pair.b, 0});
  return join(count, pairs);
}

}  // namespace leukolens::train
