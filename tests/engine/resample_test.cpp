#include <catch2/catch_test_macros.hpp>
#include <cstdint>

#include "hostile.h"
#include "leukolens/image.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

// FNV-1a, 64 bits.
std::uint64_t hash(const Bytes& bytes) {
  std::uint64_t value = 0xcbf29ce484222325u;
  for (std::uint8_t byte : bytes) value = (value ^ byte) * 0x100000001b3u;
  return value;
}

}  // namespace

TEST_CASE("resize gives the same bits as Pillow") {
  // Made with Pillow 9.4: Image.frombytes("RGB", size, pattern).resize(to, Image.BILINEAR, box=region).
  struct Case {
    int width, height;
    Rect region;
    int to_width, to_height;
    std::uint64_t expected;
  };
  const Case cases[] = {
      {320, 240, {0, 0, 320, 240}, 64, 64, 0x8d00084c2ceac210},
      {320, 240, {91, 47, 144, 144}, 96, 96, 0xf0237f36db5c75a7},
      {640, 480, {0, 0, 640, 480}, 96, 96, 0xa847eb2dd7c9717a},
      {33, 27, {0, 0, 33, 27}, 100, 80, 0x7d20767e73c1f9aa},
      {64, 64, {10, 0, 20, 64}, 20, 7, 0x9f81d56e2c8a3eae},
      {7, 5, {3, 2, 1, 1}, 9, 9, 0x2ec72cd91aaea468},
      {1, 1, {0, 0, 1, 1}, 3, 2, 0xfb802e79dffb3b4b},
      {300, 2, {0, 0, 300, 2}, 1, 1, 0xa2ada1196ea3478f},
      {2, 300, {1, 100, 1, 200}, 5, 11, 0x48bff344b4831869},
      {363, 360, {40, 30, 257, 301}, 128, 64, 0x678c1e575a66c8a4},
  };
  for (const Case& c : cases) {
    INFO(c.width << "x" << c.height << " to " << c.to_width << "x" << c.to_height);
    const Image resized = resize(pattern(c.width, c.height), c.region, c.to_width, c.to_height);
    CHECK(resized.width == c.to_width);
    CHECK(resized.height == c.to_height);
    CHECK(hash(resized.rgb) == c.expected);
  }
}

TEST_CASE("half an image is the mean of each four pixels") {
  for (const auto& [width, height] : {std::pair{640, 480}, {7, 5}, {3, 2}, {2, 9}, {2, 2}}) {
    const Image image = pattern(width, height), half = halve(image);
    CHECK(half.width == width / 2);
    CHECK(half.height == height / 2);
    Bytes expected;
    for (int y = 0; y + 1 < height; y += 2)
      for (int x = 0; x + 1 < width; x += 2)
        for (int channel = 0; channel < 3; ++channel) {
          const auto at = [&](int column, int row) {
            return int(image.rgb[3 * (std::size_t(row) * width + column) + channel]);
          };
          expected.push_back(
              static_cast<std::uint8_t>((at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1) + 2) / 4));
        }
    CHECK(half.rgb == expected);
  }
}

TEST_CASE("resize to the same size copies") {
  const Image image = pattern(31, 17);
  CHECK(resize(image, 31, 17).rgb == image.rgb);
  const Image part = resize(image, {4, 3, 5, 2}, 5, 2);
  for (int y = 0; y < 2; ++y)
    for (int i = 0; i < 15; ++i) CHECK(part.rgb[15 * y + i] == image.rgb[3 * (31 * (y + 3) + 4) + i]);
}

TEST_CASE("resize keeps one colour exactly") {
  const Image grey{50, 40, Bytes(50 * 40 * 3, 201)};
  for (int side : {1, 3, 40, 200})
    CHECK(resize(grey, side, side).rgb == Bytes(3 * std::size_t(side) * side, 201));
}
