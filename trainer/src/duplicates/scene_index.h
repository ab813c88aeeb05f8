// Finding the images that share many descriptors with one, without comparing it with each.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "duplicates/keypoints.h"

namespace leukolens::train {

/// The keypoints of one image; none where it cannot be read or has no corners.
using Scene = std::vector<Keypoint>;

/// Multi-index hashing (Norouzi, Punjani & Fleet, CVPR 2012): a table for each of twelve disjoint runs of a
/// descriptor's bits. Counterparts agree in all bits of some run; others do so one time in thousands.
class SceneIndex {
 public:
  /// `scenes` must outlive the index. About 8 kB an image.
  explicit SceneIndex(std::span<const Scene> scenes);

  /// The images with which `scene`, or its mirror image, shares the most runs, most first, at most `most` of
  /// them, without those that are `excluded`. May be called from several threads.
  std::vector<std::uint32_t> resembling(const Scene& scene, std::size_t most,
                                        const std::function<bool(std::uint32_t)>& excluded) const;

 private:
  struct Table {
    std::vector<std::uint32_t> start;   // [2^bits + 1] into images
    std::vector<std::uint32_t> images;  // sorted by key
  };
  void vote(const Keypoint& keypoint, std::vector<std::uint32_t>& votes) const;

  std::size_t count_, crowd_;
  std::vector<Table> tables_;
};

}  // namespace leukolens::train
