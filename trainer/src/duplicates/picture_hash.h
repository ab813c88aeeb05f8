// Recognising the same picture after it was resized, stored again, mirrored or turned by quarter turns.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "leukolens/image.h"

namespace leukolens::train {

/// PDQ (Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019): which of
/// the 16 x 16 lowest frequencies of the luminance at 64 x 64 px lie above their median. Ours differs from
/// the published one in the filter that scales down: the engine's own.
using PictureHash = std::array<std::uint64_t, 4>;

/// Of the picture as it is first, then mirrored and turned, eight in all. None where the picture has too
/// little structure to be told from others, by the published measure.
std::vector<PictureHash> picture_hashes(const Image& image);

/// Bits that differ, of 256.
int distance(const PictureHash& a, const PictureHash& b);

/// Up to this distance two pictures are the same one, as published.
inline constexpr int kSamePicture = 31;

/// The least distance of any of `a` to the first of `b`; 256 where either is empty.
int distance(const std::vector<PictureHash>& a, const std::vector<PictureHash>& b);

}  // namespace leukolens::train
