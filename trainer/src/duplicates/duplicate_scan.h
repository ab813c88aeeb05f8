// Which images of a data set are the same file, the same picture or the same scene.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/picture_pass.h"
#include "duplicates/picture_hash.h"
#include "duplicates/scenes.h"

namespace leukolens::train {

/// What a file is compared by.
struct Fingerprint {
  std::string sha256;         // of its bytes, hexadecimal
  std::string error;          // why it cannot be decoded; empty where it can
  int width = 0, height = 0;  // px
  std::vector<PictureHash> hashes;
  Scene scene;
};

Fingerprint fingerprint_of(const OpenedFile& file);

/// How two images are alike: the same bytes; the same picture, resized, stored again, mirrored or turned by a
/// quarter; the same scene, turned, scaled or cropped.
enum class Likeness { bytes, picture, scene };
std::string_view name(Likeness likeness);

struct NearDuplicates {
  std::uint32_t a = 0, b = 0;  // a < b, indices of fingerprints
  Likeness likeness = Likeness::bytes;
};

/// Pairs, sorted by a, then b; none of what cannot be decoded. Of several files with the same bytes, each is
/// paired with the first, and the first alone with other images; of a scene's many images, not every pair is
/// found.
std::vector<NearDuplicates> find_near_duplicates(std::span<const Fingerprint> fingerprints, int threads,
                                                 const OnProgress& on_progress);

/// For each of `count` images the lowest index in its cluster: of those that pairs connect it to, and itself.
std::vector<std::uint32_t> clusters(std::size_t count, std::span<const NearDuplicates> pairs);

struct DuplicateScan {
  std::vector<Fingerprint> fingerprints;  // one for each item
  std::vector<NearDuplicates> pairs;
  std::vector<std::uint32_t> clusters;  // one for each item
};

/// Compares the fingerprints of a whole data set: seconds for ten thousand.
DuplicateScan scan_duplicates(std::vector<Fingerprint> fingerprints, int threads,
                              const OnProgress& on_progress);

}  // namespace leukolens::train
