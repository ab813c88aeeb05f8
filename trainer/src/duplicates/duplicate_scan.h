// What the images of a data set are, and which of them are the same image, picture or scene.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "duplicates/picture_hash.h"
#include "duplicates/scenes.h"
#include "files/dataset.h"

namespace leukolens::train {

/// What was found in one file.
struct Finding {
  std::string sha256;         // of its bytes, hexadecimal
  std::string error;          // why it cannot be decoded; empty where it can
  int width = 0, height = 0;  // px
  std::vector<PictureHash> hashes;
  Scene scene;
};

/// Reads and decodes every item of a data set, in its order.
std::vector<Finding> survey(const files::Dataset& data, int threads, const OnProgress& on_progress);

/// How two images are alike: the same bytes; the same picture, resized, stored again, mirrored or turned by a
/// quarter; the same scene, turned, scaled or cropped.
enum class Likeness { bytes, picture, scene };
std::string_view name(Likeness likeness);

struct Twins {
  std::uint32_t a = 0, b = 0;  // a < b, indices of findings
  Likeness likeness = Likeness::bytes;
};

/// Sorted by a, then b; without what cannot be decoded. Of several files with the same bytes, each is paired
/// with the first, and the first alone with other images; of a scene's many images, not every pair is found.
std::vector<Twins> find_twins(std::span<const Finding> findings, int threads, const OnProgress& on_progress);

/// For each of `count` images the lowest index among those that twins connect it to, itself included.
std::vector<std::uint32_t> families(std::size_t count, std::span<const Twins> twins);

}  // namespace leukolens::train
