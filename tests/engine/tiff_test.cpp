#include "tiff.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "image/codec.h"
#include "leukolens/image.h"

using leukolens::decode, leukolens::decode_tiff, leukolens::ErrorCode, leukolens::Image, leukolens::name,
    leukolens::on_white;
using namespace leukolens::test;
using namespace leukolens::test::tiff;

namespace {

// The name of the error, or "ok".
std::string outcome(const Bytes& file) {
  const auto image = decode_tiff(file);
  return image ? "ok" : std::string(name(image.error().code));
}

Image decoded(const Bytes& file) {
  auto image = decode_tiff(file);
  INFO((image ? "" : image.error().message));
  REQUIRE(image.has_value());
  return std::move(*image);
}

int rounded(int sample) { return (sample * 255 + 32767) / 65535; }

// One sample a pixel, each value of the depth in turn.
Samples ramp(int width, int height, int depth) {
  Samples samples{width, height, 1, depth, {}};
  for (int i = 0; i < width * height; ++i)
    samples.values.push_back(static_cast<std::uint16_t>(depth == 16 ? i * 977 : i % (1 << depth)));
  return samples;
}

// What a picture of such samples should show, where `colour` says it of each pixel.
Bytes shown(const Samples& samples, auto colour) {
  Bytes out;
  for (std::size_t i = 0; i < samples.values.size(); i += samples.samples)
    for (int c = 0; c < 3; ++c) out.push_back(static_cast<std::uint8_t>(colour(&samples.values[i], c)));
  return out;
}

}  // namespace

TEST_CASE("decode reads a TIFF of every compression, predictor, order and layout") {
  // A smooth part, so that runs and strings repeat, above one that does not compress.
  Image image = gradient(37, 29);
  const Image noise = pattern(37, 29);
  std::copy(noise.rgb.begin() + noise.rgb.size() / 2, noise.rgb.end(),
            image.rgb.begin() + image.rgb.size() / 2);
  for (int compression : {kPlain, kLzw, kDeflate, kOldDeflate, kPackBits})
    for (int predictor : {1, 2})
      for (int depth : {8, 16})
        for (int layout = 0; layout < 16; ++layout) {
          if (predictor == 2 && (compression == kPlain || compression == kPackBits)) continue;
          const Look look{.compression = compression,
                          .predictor = predictor,
                          .tile = layout & 1 ? 16 : 0,
                          .separate = (layout & 2) != 0,
                          .big_endian = (layout & 4) != 0,
                          .big_tiff = (layout & 8) != 0,
                          .directory_first = (layout & 5) == 5};
          CAPTURE(compression, predictor, depth, layout);
          const Image read = decoded(write(rgb(image, depth), look));
          CHECK((read.width == 37 && read.height == 29));
          CHECK(read.rgb == image.rgb);
        }
}

TEST_CASE("decode reads long LZW tables and strips of all heights") {
  const Image image = pattern(200, 120);
  for (int rows : {1, 50, 120})
    for (int compression : {kPlain, kLzw, kPackBits})
      CHECK(decoded(write(rgb(image), {.compression = compression, .rows = rows})).rgb == image.rgb);
}

TEST_CASE("decode reads grey TIFFs of every depth, either end being white") {
  for (int depth : {1, 2, 4, 8, 16}) {
    const Samples samples = ramp(67, 5, depth);
    const auto grey = [&](const std::uint16_t* value, int) {
      return depth == 16 ? rounded(*value) : *value * 255 / ((1 << depth) - 1);
    };
    const auto inverse = [&](const std::uint16_t* value, int c) { return 255 - grey(value, c); };
    CAPTURE(depth);
    CHECK(decoded(write(samples, {.photometric = kBlackIsZero})).rgb == shown(samples, grey));
    CHECK(decoded(write(samples, {.photometric = kWhiteIsZero})).rgb == shown(samples, inverse));
    CHECK(decoded(write(samples, {.photometric = kBlackIsZero, .tile = 16})).rgb == shown(samples, grey));
  }
}

TEST_CASE("decode rounds 16-bit colours as it does those of a PNG") {
  Samples samples{256, 86, 3, 16, {}};
  Bytes raw;
  for (int i = 0; i < 256 * 86 * 3; ++i) {
    if (i % (3 * 256) == 0) raw.push_back(0);
    const int value = i % 65536;
    samples.values.push_back(static_cast<std::uint16_t>(value));
    raw += big_endian(value, 2);
  }
  const auto as_png = decode(png::file({.width = 256, .height = 86, .depth = 16}, raw));
  REQUIRE(as_png.has_value());
  CHECK(decoded(write(samples)).rgb == as_png->rgb);
}

TEST_CASE("decode reads palettes, also those whose colours have 8 bits by mistake") {
  for (int depth : {1, 2, 4, 8}) {
    const Samples samples = ramp(41, 9, depth);
    std::vector<std::uint64_t> wide, narrow;
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < 1 << depth; ++i) {
        narrow.push_back((i * 83 + c * 50) % 256);
        wide.push_back(narrow.back() * 257);
      }
    const auto colour = [&](const std::uint16_t* index, int c) { return narrow[(c << depth) + *index]; };
    CAPTURE(depth);
    CHECK(decoded(write(samples, {.photometric = kPalette, .colours = wide})).rgb == shown(samples, colour));
    CHECK(decoded(write(samples, {.photometric = kPalette, .colours = narrow})).rgb ==
          shown(samples, colour));
  }
}

TEST_CASE("decode lays transparent TIFFs on white and ignores samples of no known meaning") {
  constexpr int kUnknown = 0, kPremultiplied = 1, kAlpha = 2;
  for (int depth : {8, 16})
    for (bool separate : {false, true})
      for (int colours : {1, 3}) {
        Samples samples{9, 8, colours + 1, depth, {}};
        const Image noise = pattern(9 * 8 * 2, 1);
        for (int i = 0; i < 72; ++i) {
          const int alpha = noise.rgb[3 * i];
          for (int c = 0; c < colours; ++c)
            samples.values.push_back(static_cast<std::uint16_t>(alpha * (c + 1) / 4));
          samples.values.push_back(static_cast<std::uint16_t>(alpha));
        }
        const Samples narrow = samples;
        if (depth == 16)
          for (auto& value : samples.values) value *= 257;
        const auto value = [&](const std::uint16_t* pixel, int c) { return pixel[colours == 3 ? c : 0]; };
        const auto on_paper = [&](const std::uint16_t* pixel, int c) {
          return on_white(value(pixel, c), pixel[colours]);
        };
        const auto added = [&](const std::uint16_t* pixel, int c) {
          return value(pixel, c) + 255 - pixel[colours];
        };
        const auto read = [&](std::uint64_t kind) {
          return decoded(write(samples, {.photometric = colours == 3 ? kRgb : kBlackIsZero,
                                         .compression = kLzw,
                                         .separate = separate,
                                         .extra = {kind},
                                         .instead = {{kMaxSampleValue, {depth == 8 ? 255u : 65535u}}}}))
              .rgb;
        };
        CAPTURE(depth, separate, colours);
        CHECK(read(kAlpha) == shown(narrow, on_paper));
        CHECK(read(kPremultiplied) == shown(narrow, added));
        CHECK(read(kUnknown) == shown(narrow, value));
      }
}

TEST_CASE("decode turns a TIFF as its eight orientations ask") {
  // Where the upright pixel (x, y) of a 3 x 2 or 2 x 3 image lies in the file.
  const Image image = pattern(3, 2);
  for (int orientation = 1; orientation <= 8; ++orientation)
    for (int tile : {0, 16}) {
      const Image read = decoded(write(rgb(image), {.tile = tile, .orientation = orientation}));
      const bool swaps = orientation >= 5;
      CAPTURE(orientation, tile);
      REQUIRE((read.width == (swaps ? 2 : 3) && read.height == (swaps ? 3 : 2)));
      for (int y = 0; y < read.height; ++y)
        for (int x = 0; x < read.width; ++x) {
          int column = swaps ? y : x, row = swaps ? x : y;
          if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
            column = 2 - column;
          if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) row = 1 - row;
          const std::uint8_t* expected = &image.rgb[3 * (row * 3 + column)];
          CHECK(std::equal(expected, expected + 3, &read.rgb[3 * (y * read.width + x)]));
        }
    }
}

TEST_CASE("decode reads the first image of a TIFF, wherever the next is said to lie") {
  const Image image = pattern(8, 8);
  for (std::uint64_t next : {8ull, 0xffffffffull, 64ull})  // itself, nowhere, amid the pixels
    CHECK(decoded(write(rgb(image), {.directory_first = true, .next = next})).rgb == image.rgb);
}

TEST_CASE("decode gives canvases a fourth byte") {
  const Image image = pattern(5, 4);
  const auto read = decode_tiff(write(rgb(image)), 4);
  REQUIRE(read.has_value());
  REQUIRE(read->rgb.size() == 4 * 20);
  for (int i = 0; i < 20; ++i) {
    CHECK(std::equal(&image.rgb[3 * i], &image.rgb[3 * i] + 3, &read->rgb[4 * i]));
    CHECK(read->rgb[4 * i + 3] == 255);
  }
}

#ifndef __EMSCRIPTEN__  // there decode() leaves TIFF to a module of its own
TEST_CASE("decode knows a TIFF by its first bytes") {
  const Image image = pattern(6, 5);
  for (int kind = 0; kind < 4; ++kind) {
    const auto read = decode(write(rgb(image), {.big_endian = (kind & 1) != 0, .big_tiff = (kind & 2) != 0}));
    REQUIRE(read.has_value());
    CHECK(read->rgb == image.rgb);
  }
}
#endif

TEST_CASE("decode rejects a truncated TIFF, wherever it is cut") {
  const Image image = pattern(40, 33);
  for (int compression : {kPlain, kLzw, kDeflate, kPackBits})
    for (bool directory_first : {false, true})
      for (int tile : {0, 16}) {
        const Bytes file =
            write(rgb(image), {.compression = compression, .tile = tile, .directory_first = directory_first});
        for (int part = 0; part < 16; ++part) {
          CAPTURE(compression, directory_first, tile, part);
          CHECK(outcome(Bytes(file.begin(), file.begin() + file.size() * part / 16)) == "corrupt_image");
        }
        CHECK(outcome(Bytes(file.begin(), file.end() - 2)) == "corrupt_image");
      }
}

TEST_CASE("decode survives a TIFF with any byte changed") {
  const Image image = pattern(19, 18);
  for (int compression : {kPlain, kLzw, kDeflate, kPackBits})
    for (int layout = 0; layout < 4; ++layout) {
      const Bytes file = write(rgb(image), {.compression = compression,
                                            .tile = layout & 1 ? 16 : 0,
                                            .big_tiff = (layout & 2) != 0,
                                            .directory_first = true});
      for (std::size_t at = 0; at < std::min<std::size_t>(file.size(), 260); ++at)
        for (int change : {0x01, 0xff}) {
          Bytes changed = file;
          changed[at] ^= static_cast<std::uint8_t>(change);
          const auto first = decode_tiff(changed), second = decode_tiff(changed);
          REQUIRE(first.has_value() == second.has_value());
          if (first)
            REQUIRE(first->rgb == second->rgb);
          else
            REQUIRE(first.error().code != ErrorCode::internal);
        }
    }
}

TEST_CASE("decode refuses TIFFs that are too large before it makes room for them") {
  const Samples small = rgb(pattern(8, 8));
  const auto with = [&](std::uint64_t width, std::uint64_t height) {
    return outcome(write(small, {.instead = {{kWidth, {width}}, {kHeight, {height}}}}));
  };
  CHECK(with(65536, 1) == "image_too_large");
  CHECK(with(1, 65536) == "image_too_large");
  CHECK(with(14143, 14143) == "image_too_large");
  CHECK(with(8192, 8192) == "corrupt_image");              // would be reduced, but has few bytes
  CHECK(with(0xffffffff, 0xffffffff) == "corrupt_image");  // libtiff's own arithmetic refuses it
  CHECK(with(0, 8) == "corrupt_image");
  CHECK(with(8, 0) == "corrupt_image");
  CHECK(with(4000, 4000) == "corrupt_image");  // few bytes, many pixels
  const Look one_strip{.compression = kDeflate,
                       .rows = 8,
                       .instead = {{kWidth, {6000}},
                                   {kHeight, {6000}},
                                   {kRowsPerStrip, {6000}},
                                   {kSamples, {16}},
                                   {kDepth, std::vector<std::uint64_t>(16, 16)}}};
  CHECK(outcome(write(small, one_strip)) == "image_too_large");  // more than a gigabyte at a time
}

TEST_CASE("decode refuses TIFFs whose directory does not hold together") {
  const Samples small = rgb(pattern(8, 8));
  const auto with = [&](std::map<int, std::vector<std::uint64_t>> instead, int tile = 0) {
    return outcome(write(small, {.tile = tile, .instead = std::move(instead)}));
  };
  CHECK(with({}) == "ok");
  CHECK(with({{kOffsets, {}}, {kCounts, {}}}) == "corrupt_image");                      // no strips
  CHECK(with({{kOffsets, {8}}, {kCounts, {168}}}) == "corrupt_image");                  // too few
  CHECK(with({{kOffsets, {8, 0xfffffff0}}, {kCounts, {168, 24}}}) == "corrupt_image");  // beyond the end
  CHECK(with({{kCounts, {0, 0}}}) == "corrupt_image");
  CHECK(with({{kTileWidth, {0}}}, 16) == "corrupt_image");
  CHECK(with({{kTileWidth, {0x7ffffff0}}, {kTileHeight, {0x7ffffff0}}}, 16) == "corrupt_image");
  CHECK(with({{kTileWidth, {8192}}, {kTileHeight, {8192}}}, 16) == "corrupt_image");
  CHECK(outcome({'I', 'I', 42, 0, 8, 0, 0, 0}) == "corrupt_image");                    // no directory
  CHECK(outcome({'I', 'I', 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0}) == "corrupt_image");  // an empty one
  CHECK(outcome({'I', 'I', 42, 0, 8, 0, 0, 0, 0xff, 0xff}) == "corrupt_image");  // 65535 entries, none there
  CHECK(outcome({'I', 'I', 43, 0, 8,    0,    0,    0,    16,   0,    0,    0,
                 0,   0,   0,  0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}) ==
        "corrupt_image");  // 2^64 - 1
}

TEST_CASE("decode refuses a TIFF whose strips all claim the same data, and at once") {
  // A million bytes that PackBits passes over, behind each of 4000 strips.
  const std::size_t size = 1'000'000;
  Samples samples{1, 4000, 1, 8, std::vector<std::uint16_t>(4000, 7)};
  Bytes file = write(samples, {.photometric = kBlackIsZero,
                               .compression = kPackBits,
                               .rows = 1,
                               .instead = {{kOffsets, std::vector<std::uint64_t>(4000, 60'000)},
                                           {kCounts, std::vector<std::uint64_t>(4000, size)}}});
  REQUIRE(file.size() < 60'000);
  file.resize(60'000);
  file.insert(file.end(), size, 0x80);
  CHECK(cpu_milliseconds([&] { CHECK(outcome(file) == "corrupt_image"); }) < 500);
}

TEST_CASE("decode says what to do with the TIFFs that it does not read") {
  const Samples small = rgb(pattern(8, 8));
  const auto with = [&](int tag, std::vector<std::uint64_t> values) {
    return outcome(write(small, {.instead = {{tag, std::move(values)}}}));
  };
  for (std::uint64_t compression : {2, 4, 6, 33003, 34712, 50000, 50001, 9999})
    CHECK(with(kCompression, {compression}) == "unsupported_format");
  for (std::uint64_t photometric : {4, 5, 6, 8, 32845})
    CHECK(with(kPhotometric, {photometric}) == "unsupported_format");
  CHECK(with(kFillOrder, {2}) == "unsupported_format");
  CHECK(with(kSampleFormat, {5, 5, 5}) == "unsupported_format");
  CHECK(with(kSampleFormat, {3, 3, 3}) == "unsupported_format");  // floating point of 8 bits
  CHECK(with(kDepth, {4, 4, 4}) == "unsupported_format");
  const auto message = [&](std::map<int, std::vector<std::uint64_t>> instead) {
    return decode_tiff(write(small, {.instead = std::move(instead)})).error().message;
  };
  const std::string rest = ", which is not read here; save it as RGB or grey with 8 or 16 bits, or as PNG.";
  CHECK(message({{kCompression, {34712}}}) == "The TIFF is compressed by JPEG 2000" + rest);
  CHECK(message({{kPhotometric, {5}}}) == "The TIFF has colours that are CMYK, colours for printing" + rest);
  CHECK(message({{kDepth, {4, 4, 4}}}) == "The TIFF has samples of 4 bits, 3 a pixel" + rest);
}
