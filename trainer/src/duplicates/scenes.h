// Finding images of the same scene in a data set: repeated shots, overlapping fields, augmented variants.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "duplicates/scene_index.h"
#include "support/parallel.h"

namespace leukolens::train {

/// From this agreement on, two images are taken to show the same scene. Measured on the pairs that the index
/// proposes: of 9,957 augmented images no two of different smears exceed 5, and each agrees with another of
/// its own in 9 or more; among 9,200 single cells, unrelated pairs reach 8.
inline constexpr int kSameScene = 9;

struct ScenePair {
  std::uint32_t a = 0, b = 0;  // a < b
  int agreement = 0;
};

/// Pairs of images that show one scene, sorted. Where many images show one
/// scene, not every pair of them is found, but join() makes them one group. Ten thousand images take seconds.
std::vector<ScenePair> same_scenes(std::span<const Scene> scenes, int threads, const OnProgress& on_progress);

/// Joins pairs to groups: for each of `count` images the lowest index of its group.
std::vector<std::uint32_t> join(std::size_t count, std::span<const ScenePair> pairs);

struct Origin {
  std::uint32_t original = 0;  // the one that agrees best
  int agreement = 0;
};

/// For each image the original that it was made from, as far as its agreement says so.
std::vector<Origin> find_origins(std::span<const Scene> images, std::span<const Scene> originals, int threads,
                                 const OnProgress& on_progress);

}  // namespace leukolens::train
