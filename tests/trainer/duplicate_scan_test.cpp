#include "duplicates/duplicate_scan.h"

#include <catch2/catch_all.hpp>

#include "scratch.h"
#include "training/augment.h"

using namespace leukolens;
using namespace leukolens::train;

namespace {

const auto kQuiet = [](std::size_t, std::size_t) {};

Image turned(const Image& image) {  // by a quarter
  Image result{image.height, image.width, std::vector<std::uint8_t>(image.rgb.size())};
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x)
      for (int c = 0; c < 3; ++c)
        result.rgb[3 * (x * result.width + image.height - 1 - y) + c] =
            image.rgb[3 * (y * image.width + x) + c];
  }
  return result;
}

Image variant(std::uint64_t seed, double rotation) {
  const Augmentation published{.rotation = rotation, .flip_horizontal = true, .shift = 0.1};
  return augment(resize(drawn_field(seed), 640, 480), {.aspect = 4.0 / 3}, 320, 240, published, Random(seed));
}

}  // namespace

TEST_CASE("a picture is recognised when it is stored as JPEG, made smaller or turned by a quarter") {
  const Image image = drawn_field(1);
  const std::vector<PictureHash> hashes = picture_hashes(image);
  REQUIRE(hashes.size() == 8);
  CHECK(distance(picture_hashes(decode(smear::encode_jpeg(image, 60)).value()), hashes) <= kSamePicture);
  CHECK(distance(picture_hashes(resize(image, 200, 150)), hashes) <= kSamePicture);
  CHECK(distance(picture_hashes(turned(image)), hashes) <= kSamePicture);
  CHECK(distance(picture_hashes(turned(turned(turned(image)))), hashes) <= kSamePicture);
}

TEST_CASE("other pictures are far away, and a blank one has no hash") {
  for (std::uint64_t seed = 2; seed < 12; ++seed)
    CHECK(distance(picture_hashes(drawn_field(1)), picture_hashes(drawn_field(seed))) > 2 * kSamePicture);
  const Image blank{64, 64, std::vector<std::uint8_t>(64 * 64 * 3, 200)};
  CHECK(picture_hashes(blank).empty());
  CHECK(distance(picture_hashes(blank), picture_hashes(blank)) == 256);
}

TEST_CASE("copies, the same picture and the same scene are told apart") {
  const Scratch scratch;
  scratch.write("a/1.png", smear::encode_png(drawn_field(1)));
  scratch.write("a/2.png", smear::encode_png(drawn_field(2)));
  scratch.write("a/3.png", smear::encode_png(drawn_field(3)));
  scratch.write("b/1-copy.png", smear::encode_png(drawn_field(1)));
  scratch.write("b/2-stored-again.jpg", smear::encode_jpeg(drawn_field(2), 80));
  scratch.write("b/3-turned.png", smear::encode_png(variant(3, 30)));
  scratch.write("b/broken.png", "no image");
  const files::Dataset data = files::Dataset::open(scratch.path).value();
  std::vector<Fingerprint> fingerprints(data.items().size());
  for_each_picture(data, all_items(data), 2, kQuiet,
                   [&](const OpenedFile& file) { fingerprints[file.items[0]] = fingerprint_of(file); });
  REQUIRE(fingerprints.size() == 7);
  CHECK(fingerprints[0].width == 320);
  CHECK(fingerprints[0].height == 240);
  CHECK_FALSE(fingerprints[6].error.empty());
  const DuplicateScan scan = scan_duplicates(fingerprints, 2, kQuiet);
  REQUIRE(scan.pairs.size() == 3);
  CHECK((scan.pairs[0].a == 0 && scan.pairs[0].b == 3 && scan.pairs[0].likeness == Likeness::bytes));
  CHECK((scan.pairs[1].a == 1 && scan.pairs[1].b == 4 && scan.pairs[1].likeness == Likeness::picture));
  CHECK((scan.pairs[2].a == 2 && scan.pairs[2].b == 5 && scan.pairs[2].likeness == Likeness::scene));
  CHECK(scan.clusters == std::vector<std::uint32_t>{0, 1, 2, 0, 1, 2, 6});
}

TEST_CASE("the index names the scene that an image is a variant of first") {
  std::vector<Scene> scenes;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) scenes.push_back(keypoints(drawn_field(seed)));
  const SceneIndex index(scenes);
  const auto nobody = [](std::uint32_t) { return false; };
  for (std::uint32_t i = 0; i < 5; ++i) {
    const std::vector<std::uint32_t> found = index.resembling(keypoints(variant(i + 1, 180)), 3, nobody);
    REQUIRE(found.size() == 3);
    CHECK(found[0] == i);
  }
  const auto fourth = [](std::uint32_t i) { return i == 4; };
  CHECK_FALSE(std::ranges::contains(index.resembling(scenes[4], 19, fourth), 4u));
  CHECK(index.resembling({}, 3, nobody).empty());
}
