// Recognising the same scene after it was turned, mirrored, shifted or slightly scaled.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "leukolens/image.h"

namespace leukolens::train {

/// A corner and what surrounds it, as ORB describes it (Rublee et al., ICCV 2011): binary comparisons of the
/// smoothed image, taken relative to the direction of the patch's centroid.
struct Keypoint {
  float x = 0, y = 0;  // px, in the image resampled to kKeypointWidth
  std::array<std::uint64_t, 4> bits{};
};

inline constexpr int kKeypointWidth = 320;  // px; images are compared at this width

/// The strongest corners, at most 160, none of which touches a black border as augmentation leaves it. None
/// of a strip more than 16 times as high as wide.
std::vector<Keypoint> keypoints(const Image& image);

/// The same corner in the image mirrored left to right about x = 0. The second half of the comparisons are
/// the first half's mirror images, so that they change places.
inline Keypoint mirrored(const Keypoint& k) {
  return {-k.x, k.y, {k.bits[2], k.bits[3], k.bits[0], k.bits[1]}};
}
std::vector<Keypoint> mirrored(std::span<const Keypoint> points);

/// How many keypoints of `a` lie where one rotation, scaling and shift of `b` puts their counterparts.
/// Unrelated images reach three or four by chance.
int agreement(std::span<const Keypoint> a, std::span<const Keypoint> b);

}  // namespace leukolens::train
