// BMP of Windows and OS/2: palettes, runs, masks, transparency, sound and hostile.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "hostile.h"
#include "image/codec.h"

using leukolens::decode_bmp, leukolens::name;
using namespace leukolens::test;

namespace {

Bytes little(std::uint32_t value, int bytes) {
  const Bytes out = big_endian(value, bytes);
  return {out.rbegin(), out.rend()};
}

struct Kind {
  int bits = 24, compression = 0, header = 40, colours = 0;
  std::vector<std::uint32_t> masks = {};  // in the header where it is long enough, else behind it
  Bytes palette = {};                     // blue, green, red and, but for the header of 12, one to ignore
};

Bytes bmp(int width, int height, const Kind& kind, const Bytes& rows) {
  Bytes info = little(static_cast<std::uint32_t>(kind.header), 4);
  if (kind.header == 12) {
    for (const int value : {width, height, 1, kind.bits})
      info += little(static_cast<std::uint32_t>(value), 2);
  } else {
    for (const int value : {width, height}) info += little(static_cast<std::uint32_t>(value), 4);
    info += little(1, 2);
    info += little(static_cast<std::uint32_t>(kind.bits), 2);
    if (kind.header >= 40)
      for (const int value : {kind.compression, 0, 0, 0, kind.colours, 0})
        info += little(static_cast<std::uint32_t>(value), 4);
    for (const std::uint32_t mask : kind.masks) info += little(mask, 4);
    if (info.size() < static_cast<std::size_t>(kind.header))
      info.resize(static_cast<std::size_t>(kind.header));
  }
  Bytes file{'B', 'M'};
  file += Bytes(8, 0);
  file += little(static_cast<std::uint32_t>(14 + info.size() + kind.palette.size()), 4);
  file += info;
  file += kind.palette;
  file += rows;
  return file;
}

Bytes pixels(const Bytes& file) {
  const auto image = decode_bmp(file);
  INFO((image ? "" : image.error().message));
  REQUIRE(image.has_value());
  return image->rgb;
}

std::string outcome(const Bytes& file) {
  const auto image = decode_bmp(file);
  return image ? "ok" : std::string(name(image.error().code));
}

const Bytes kFour{0, 0, 0, 0, 0, 0, 200, 0, 0, 200, 0, 0, 200, 0, 0, 0};  // black, red, green, blue

}  // namespace

TEST_CASE("BMPs with palettes of 1 to 8 bits") {
  const Bytes black_red_green_blue{0, 0, 0, 200, 0, 0, 0, 200, 0, 0, 0, 200};
  CHECK(pixels(bmp(4, 1, {.bits = 8, .colours = 4, .palette = kFour}, {0, 1, 2, 3})) == black_red_green_blue);
  CHECK(pixels(bmp(4, 1, {.bits = 4, .colours = 4, .palette = kFour}, {0x01, 0x23, 0, 0})) ==
        black_red_green_blue);
  CHECK(pixels(bmp(4, 1, {.bits = 2, .palette = kFour}, {0x1b, 0, 0, 0})) == black_red_green_blue);
  const Bytes two{0, 0, 0, 0, 255, 255, 255, 0};
  CHECK(pixels(bmp(2, 2, {.bits = 1, .palette = two}, {0x80, 0, 0, 0, 0x40, 0, 0, 0})) ==
        Bytes{0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0});
  CHECK(outcome(bmp(1, 1, {.bits = 8, .colours = 4, .palette = kFour}, {4, 0, 0, 0})) == "corrupt_image");
  CHECK(outcome(bmp(1, 1, {.bits = 8}, {0, 0, 0, 0})) == "corrupt_image");
}

TEST_CASE("BMPs of OS/2, with a short header and palettes of three bytes") {
  const Bytes palette{0, 0, 0, 3, 2, 1};
  CHECK(pixels(bmp(2, 1, {.bits = 1, .header = 12, .palette = palette}, {0x40, 0, 0, 0})) ==
        Bytes{0, 0, 0, 1, 2, 3});
  CHECK(pixels(bmp(1, 1, {.header = 12}, {3, 2, 1, 0})) == Bytes{1, 2, 3});
  CHECK(pixels(bmp(1, 1, {.header = 16}, {3, 2, 1, 0})) == Bytes{1, 2, 3});
  CHECK(pixels(bmp(1, 1, {.header = 64}, {3, 2, 1, 0})) == Bytes{1, 2, 3});
  CHECK(outcome(bmp(1, 1, {.bits = 32, .compression = 3, .header = 64}, {1, 2, 3, 4})) ==
        "unsupported_format");
}

TEST_CASE("BMPs whose pixels are runs") {
  const Kind runs{.bits = 8, .compression = 1, .colours = 4, .palette = kFour};
  const Bytes r{200, 0, 0}, g{0, 200, 0}, b{0, 0, 200}, k{0, 0, 0};
  const auto picture = [](std::initializer_list<Bytes> colours) {
    Bytes out;
    for (const Bytes& colour : colours) out += colour;
    return out;
  };
  // Three red; the end of the row; two as they are, padded to words, and a blue one; the end.
  const Bytes encoded{3, 1, 0, 0, 0, 3, 2, 1, 2, 0, 0, 1};
  CHECK(pixels(bmp(3, 2, runs, encoded)) == picture({g, r, g, r, r, r}));
  // A step of one to the right and one up, then blue.
  CHECK(pixels(bmp(2, 2, runs, {0, 2, 1, 1, 1, 3, 0, 1})) == picture({k, b, k, k}));
  const Kind narrow{.bits = 4, .compression = 2, .colours = 4, .palette = kFour};
  CHECK(pixels(bmp(5, 1, narrow, {3, 0x12, 0, 3, 0x32, 0x10, 0, 1})) == picture({r, g, r, b, g}));
  CHECK(pixels(bmp(3, 1, runs, {3, 1})) == picture({r, r, r}));  // the end mark left out
  CHECK(outcome(bmp(3, 2, runs, {3, 1})) == "corrupt_image");
  CHECK(outcome(bmp(3, 2, runs, {0, 200, 1})) == "corrupt_image");
  CHECK(outcome(bmp(3, -2, runs, encoded)) == "unsupported_format");
  Bytes away;
  for (int i = 0; i < 100; ++i) away += {0, 2, 255, 255};
  CHECK(outcome(bmp(3, 2, runs, away)) == "corrupt_image");
}

TEST_CASE("BMPs of 16 and 32 bits, with masks and without") {
  CHECK(pixels(bmp(1, 1, {.bits = 16}, {0xff, 0x7f, 0, 0})) == Bytes{255, 255, 255});
  CHECK(pixels(bmp(1, 1, {.bits = 16}, {0x00, 0x40, 0, 0})) == Bytes{132, 0, 0});
  const std::vector<std::uint32_t> r5g6b5{0xf800, 0x7e0, 0x1f};
  const Kind sixteen{.bits = 16, .compression = 3, .masks = r5g6b5};
  CHECK(pixels(bmp(2, 1, sixteen, {0x00, 0xf8, 0xe0, 0x07})) == Bytes{255, 0, 0, 0, 255, 0});
  const std::vector<std::uint32_t> ten{0x3ff00000, 0xffc00, 0x3ff, 0};
  for (const int header : {40, 52, 56, 108, 124}) {
    Kind kind{.bits = 32, .compression = 3, .header = header, .masks = ten};
    if (header < 56) kind.masks.pop_back();
    CAPTURE(header);
    CHECK(pixels(bmp(1, 1, kind, little(0x3ff00000u | 512u << 10, 4))) == Bytes{255, 128, 0});
  }
}

TEST_CASE("BMPs with transparency are laid on white, unless all of it is empty") {
  const Kind kind{.bits = 32, .compression = 3, .header = 108, .masks = {0xff0000, 0xff00, 0xff, 0xff000000}};
  CHECK(pixels(bmp(2, 1, kind, {0, 0, 100, 255, 0, 0, 0, 0})) == Bytes{100, 0, 0, 255, 255, 255});
  CHECK(pixels(bmp(2, 1, kind, {0, 0, 100, 0, 0, 50, 0, 0})) == Bytes{100, 0, 0, 0, 50, 0});
}

TEST_CASE("BMPs that hold something else are refused in words") {
  const auto message = [](int compression, int bits) {
    return decode_bmp(bmp(1, 1, {.bits = bits, .compression = compression}, Bytes(64, 0))).error().message;
  };
  CHECK(message(4, 24) == "The BMP only wraps a JPEG or PNG; save it as PNG.");
  CHECK(message(11, 32) == "The BMP has CMYK, colours for printing; save it as PNG.");
  CHECK(message(9, 24) ==
        "The BMP has a kind of compression or a number of bits that is not known here; save it as PNG.");
}

TEST_CASE("decode survives a BMP with any byte changed, and refuses it wherever it is cut") {
  const Bytes files[]{
      bmp(5, 3, {.bits = 4, .colours = 4, .palette = kFour}, Bytes(12, 0x12)),
      bmp(3, 2, {.bits = 8, .compression = 1, .colours = 4, .palette = kFour},
          {3, 1, 0, 0, 0, 3, 2, 1, 2, 0, 0, 1}),
      bmp(2, 2, {.bits = 16, .compression = 3, .masks = {0xf800, 0x7e0, 0x1f}}, Bytes(8, 0x5a)),
      bmp(2, 2, {.bits = 32, .compression = 3, .header = 124, .masks = {0xff, 0xff00, 0xff0000, 0xff000000}},
          Bytes(16, 0x77))};
  for (const Bytes& file : files) {
    for (std::size_t at = 2; at < file.size(); ++at) {
      // No pixels: the mark behind the last run, and what fills its word; the padding of the last row.
      const bool all_pixels =
          (&file == &files[1] && at + 3 >= file.size()) || (&file == &files[0] && at + 1 >= file.size());
      CHECK(outcome({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(at)}) ==
            (all_pixels ? "ok" : "corrupt_image"));
      for (const int change : {0x01, 0x80, 0xff}) {
        Bytes changed = file;
        changed[at] ^= static_cast<std::uint8_t>(change);
        CHECK(outcome(changed) != "internal");
      }
    }
  }
}

TEST_CASE("decode reads plain BMPs, and says what the others lack") {
  const Bytes bottom_up{4, 5, 6, 0, 1, 2, 3, 0};
  CHECK(pixels(bmp(1, 2, {}, bottom_up)) == Bytes{3, 2, 1, 6, 5, 4});
  CHECK(pixels(bmp(1, -2, {}, bottom_up)) == Bytes{6, 5, 4, 3, 2, 1});
  CHECK(pixels(bmp(1, 1, {.bits = 32}, {1, 2, 3, 99})) == Bytes{3, 2, 1});
  CHECK(outcome(bmp(1, 3, {}, bottom_up)) == "corrupt_image");
  CHECK(outcome(bmp(-1, 2, {}, bottom_up)) == "corrupt_image");
  CHECK(outcome(bmp(1, 2, {.compression = 1}, bottom_up)) == "unsupported_format");
  CHECK(outcome({'B', 'M'}) == "corrupt_image");
  const auto for_canvas = decode_bmp(bmp(1, 1, {}, {3, 2, 1, 0}), 4);
  REQUIRE(for_canvas.has_value());
  CHECK(for_canvas->rgb == Bytes{1, 2, 3, 255});
}

TEST_CASE("decode judges a BMP by its header, however large the numbers there are") {
  const Bytes plain = bmp(1, 2, {}, {4, 5, 6, 0, 1, 2, 3, 0});
  const auto with = [&](std::size_t at, std::uint32_t value) {
    Bytes file = plain;
    const Bytes field = little(value, 4);
    std::copy(field.begin(), field.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
    return outcome(file);
  };
  constexpr int kOffset = 10, kHeaderSize = 14, kWidth = 18, kHeight = 22;
  CHECK(with(kHeaderSize, 40) == "ok");
  CHECK(with(kHeaderSize, 39) == "unsupported_format");
  CHECK(with(kOffset, 53) == "corrupt_image");
  // From 0xfffffff2 on, the sum of both headers' sizes needs more than 32 bits.
  for (const std::uint32_t large :
       {1000u, 0x7fffffffu, 0x80000000u, 0xfffffff1u, 0xfffffff2u, 0xfffffff8u, 0xffffffffu}) {
    CAPTURE(large);
    CHECK(with(kHeaderSize, large) == "corrupt_image");
    CHECK(with(kOffset, large) == "corrupt_image");
  }
  CHECK(with(kWidth, 0x7fffffff) == "image_too_large");
  CHECK(with(kWidth, 0x80000000) == "corrupt_image");
  CHECK(with(kHeight, 0x7fffffff) == "image_too_large");
  CHECK(with(kHeight, 0x80000000) == "image_too_large");
}
