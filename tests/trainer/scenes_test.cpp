#include "duplicates/scenes.h"

#include <catch2/catch_all.hpp>

#include "smear.h"
#include "training/augment.h"

using namespace leukolens;
using namespace leukolens::train;

namespace {

Image drawn(std::uint64_t seed) {
  smear::Scene scene;
  scene.seed = seed;
  scene.width = 640;
  scene.height = 480;
  scene.scale = 2;
  scene.cells = {smear::Cell::neutrophil};
  return smear::draw(scene).image;
}

Image mirrored(const Image& image) {
  Image result = image;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < 3; ++c)
        result.rgb[3 * (y * image.width + image.width - 1 - x) + c] =
            image.rgb[3 * (y * image.width + x) + c];
    }
  }
  return result;
}

}  // namespace

TEST_CASE("the mirrored keypoints are those of the mirrored image") {
  const Image image = drawn(1);
  std::vector<Keypoint> expected = train::mirrored(keypoints(image)), found = keypoints(::mirrored(image));
  REQUIRE(found.size() == expected.size());
  for (Keypoint& point : found) point.x -= kKeypointWidth - 1;
  const auto place = [](const Keypoint& point) { return std::pair(point.y, point.x); };
  std::ranges::sort(expected, {}, place);
  std::ranges::sort(found, {}, place);
  std::size_t equal = 0;
  for (std::size_t i = 0; i < found.size(); ++i)
    equal += place(found[i]) == place(expected[i]) && found[i].bits == expected[i].bits;
  CHECK(equal >= found.size() * 95 / 100);  // sums in another order may turn a patch a little
}

TEST_CASE("augmented images are linked to their originals") {
  std::vector<Scene> originals, variants;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    originals.push_back(keypoints(drawn(seed)));
    const Augmentation published{
        .rotation = 20, .flip_horizontal = true, .flip_vertical = true, .shift = 0.1, .shear = 10};
    variants.push_back(keypoints(augment(drawn(seed), {4.0 / 3}, 320, 240, published, Random(seed))));
  }
  const auto quiet = [](std::size_t, std::size_t) {};
  const std::vector<Origin> origins = find_origins(variants, originals, 2, quiet);
  REQUIRE(origins.size() == 6);
  for (std::uint32_t i = 0; i < origins.size(); ++i) {
    INFO("agreement " << origins[i].agreement);
    CHECK(origins[i].original == i);
    CHECK(origins[i].agreement >= kSameScene);
  }
  CHECK(same_scenes(originals, 2, quiet).empty());
  std::vector<Scene> both = originals;
  both.insert(both.end(), variants.begin(), variants.end());
  const std::vector<ScenePair> pairs = same_scenes(both, 2, quiet);
  CHECK(pairs.size() == 6);
  const std::vector<std::uint32_t> first = join(both.size(), pairs);
  for (std::uint32_t i = 0; i < 6; ++i) CHECK(first[i + 6] == i);
}

TEST_CASE("pairs join to groups through each other") {
  const std::vector<ScenePair> pairs{{1, 3, 9}, {3, 4, 9}, {0, 5, 9}};
  CHECK(join(6, pairs) == std::vector<std::uint32_t>{0, 1, 2, 1, 1, 0});
}

TEST_CASE("an image without corners has no keypoints and shows no scene") {
  const Image blank{320, 240, std::vector<std::uint8_t>(320 * 240 * 3, 200)};
  CHECK(agreement(keypoints(blank), keypoints(blank)) < kSameScene);
}

TEST_CASE("a strip is no scene, however high it is") {
  const Image strip{2, 8000, std::vector<std::uint8_t>(std::size_t(3) * 2 * 8000, 128)};
  CHECK(keypoints(strip).empty());  // at the width that pictures are compared at it would take gigabytes
}
