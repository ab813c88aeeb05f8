#include "duplicates/scene_index.h"

#include <algorithm>
#include <utility>

namespace leukolens::train {
namespace {

constexpr int kTables = 12, kBits = 20;

/// The table's run of the descriptor's bits.
std::uint32_t key(const Keypoint& keypoint, int table) {
  const std::size_t first = static_cast<std::size_t>(table) * kBits, word = first / 64, shift = first % 64;
  std::uint64_t bits = keypoint.bits[word] >> shift;
  if (shift + kBits > 64) bits |= keypoint.bits[word + 1] << (64 - shift);
  return static_cast<std::uint32_t>(bits) & ((1u << kBits) - 1);
}

}  // namespace

SceneIndex::SceneIndex(std::span<const Scene> scenes)
    // A key that so many images share is stain or glass, like a stop word in a text.
    : count_(scenes.size()), crowd_(32 + scenes.size() / 20) {
  for (int t = 0; t < kTables; ++t) {
    Table& table = tables_.emplace_back();
    table.start.assign((std::size_t(1) << kBits) + 1, 0);
    for (const Scene& scene : scenes)
      for (const Keypoint& keypoint : scene) ++table.start[key(keypoint, t) + 1];
    for (std::size_t i = 1; i < table.start.size(); ++i) table.start[i] += table.start[i - 1];
    table.images.resize(table.start.back());
    std::vector<std::uint32_t> next(table.start.begin(), table.start.end() - 1);
    for (std::uint32_t i = 0; i < scenes.size(); ++i)
      for (const Keypoint& keypoint : scenes[i]) table.images[next[key(keypoint, t)]++] = i;
  }
}

void SceneIndex::vote(const Keypoint& keypoint, std::vector<std::uint32_t>& votes) const {
  for (int t = 0; t < kTables; ++t) {
    const Table& table = tables_[static_cast<std::size_t>(t)];
    const std::uint32_t k = key(keypoint, t), begin = table.start[k], end = table.start[k + 1];
    if (end - begin > crowd_) continue;
    for (std::uint32_t i = begin; i < end; ++i) ++votes[table.images[i]];
  }
}

std::vector<std::uint32_t> SceneIndex::resembling(const Scene& scene, std::size_t most,
                                                  const std::function<bool(std::uint32_t)>& excluded) const {
  std::vector<std::uint32_t> upright(count_), turned(count_);
  for (const Keypoint& keypoint : scene) {
    vote(keypoint, upright);
    vote(mirrored(keypoint), turned);
  }
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < count_; ++i) {
    upright[i] = std::max(upright[i], turned[i]);
    if (upright[i] > 0 && !excluded(i)) found.push_back(i);
  }
  const auto kept = static_cast<std::ptrdiff_t>(std::min(most, found.size()));
  std::ranges::partial_sort(found, found.begin() + kept, {},
                            [&](std::uint32_t i) { return std::pair(~upright[i], i); });
  found.resize(static_cast<std::size_t>(kept));
  return found;
}

}  // namespace leukolens::train
