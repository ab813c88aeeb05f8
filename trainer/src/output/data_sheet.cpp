#include "output/data_sheet.h"

#include <algorithm>
#include <format>
#include <map>
#include <ranges>

#include "leukolens/notice.h"
#include "output/contact_sheet.h"
#include "support/plural.h"
#include "support/random.h"

namespace leukolens::train {
namespace {

constexpr std::size_t kThumbnails = 12;  // of a block

Tile tile(const files::Dataset& data, std::uint32_t index, std::string caption, bool marked) {
  const auto bytes = data.read(data.items()[index]);
  Result<Image> image = bytes ? decode(*bytes) : Result<Image>();
  return {image ? std::move(*image) : Image(), std::move(caption), marked};
}

/// Pairs side by side, each under its labels. `contradictory`: those with two labels, else those with one;
/// `scenes`: those of one scene, else those of one picture.
SheetBlock pairs_block(const DataSummary& summary, std::string title, bool contradictory, bool scenes) {
  SheetBlock block{std::move(title), {}};
  for (const NearDuplicates& pair : summary.scan.pairs) {
    if (block.tiles.size() >= kThumbnails) break;
    const files::Item &a = summary.data.items()[pair.a], &b = summary.data.items()[pair.b];
    if ((a.label != b.label) != contradictory || (pair.likeness == Likeness::scene) != scenes ||
        is_same_field(summary.data, pair))
      continue;
    block.tiles.push_back(tile(summary.data, pair.a, a.label, contradictory));
    block.tiles.push_back(tile(summary.data, pair.b, b.label, contradictory));
  }
  return block;
}

}  // namespace

Image data_sheet(const DataSummary& summary, std::uint64_t seed) {
  std::map<std::string, Indices> by_label;
  for (const std::uint32_t i : summary.items) by_label[summary.data.items()[i].label].push_back(i);
  std::vector<SheetBlock> blocks;
  Random random(seed, 2);
  for (auto& [label, indices] : by_label) {
    blocks.push_back({std::format("{}: {}", label, counted(indices.size(), "image", "images")), {}});
    random.shuffle(indices);
    for (const std::uint32_t i : indices | std::views::take(kThumbnails))
      blocks.back().tiles.push_back(tile(summary.data, i, "", false));
  }
  blocks.push_back(pairs_block(summary, "The same picture under two labels", true, false));
  blocks.push_back(pairs_block(summary, "The same scene under two labels", true, true));
  blocks.push_back(pairs_block(summary, "The same picture twice", false, false));
  blocks.push_back(pairs_block(summary, "The same scene twice", false, true));
  std::erase_if(blocks, [](const SheetBlock& block) { return block.tiles.empty(); });
  blocks.push_back({kNotice, {}});
  return contact_sheet(blocks);
}

}  // namespace leukolens::train
