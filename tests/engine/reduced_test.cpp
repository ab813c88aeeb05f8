// JPEG, PNG and BMP of more pixels than are decoded whole, sound and hostile. Narrow ones take little time.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <string>
#include <utility>

#include "coded_jpeg.h"
#include "image/codec.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

using File = std::vector<std::uint8_t>;
using Notes = std::vector<std::string>;

Result<Image> reduce_jpeg(const File& file, int step = 3) {
  auto jpeg = scan_jpeg(file, kReducedLimits);
  if (!jpeg) return std::unexpected(jpeg.error());
  return decode_reduced_jpeg(std::move(*jpeg), step);
}

std::string outcome(const auto& result) { return result ? "ok" : std::string(name(result.error().code)); }

Image sound(Result<Image> image) {
  REQUIRE(outcome(image) == "ok");
  CHECK((image->rgb.size() == 3 * std::size_t(image->width) * std::size_t(image->height)));
  return std::move(*image);
}

// The means of squares, rounded.
Image means(const Image& image, int by) {
  Image small{(image.width + by - 1) / by, (image.height + by - 1) / by, {}};
  for (int y = 0; y < image.height; y += by)
    for (int x = 0; x < image.width; x += by)
      for (int c = 0; c < 3; ++c) {
        int sum = 0, count = 0;
        for (int j = y; j < std::min(y + by, image.height); ++j)
          for (int i = x; i < std::min(x + by, image.width); ++i, ++count)
            sum += image.rgb[3 * (std::size_t(j) * image.width + i) + c];
        small.rgb.push_back(static_cast<std::uint8_t>((sum + count / 2) / count));
      }
  return small;
}

int largest_difference(const Image& one, const Image& other) {
  REQUIRE((one.width == other.width && one.height == other.height));
  int largest = 0;
  for (std::size_t i = 0; i < one.rgb.size(); ++i)
    largest = std::max(largest, std::abs(one.rgb[i] - other.rgb[i]));
  return largest;
}

std::string note(int width, int height, int by) {
  return "It has " + std::to_string(width) + " x " + std::to_string(height) + " pixels and was read at 1/" +
         std::to_string(by) + " of its width and height.";
}

// An Exif segment that says nothing but the orientation.
File exif(int orientation) {
  File body{'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0};
  body += {static_cast<std::uint8_t>(orientation), 0, 0, 0, 0, 0, 0};
  return jpeg::segment(0xe1, body);
}

// Of 8,200 x 3 pixels, by the painter of ordinary ones.
struct WidePng {
  png::Header header{8200, 3, 8, 2};
  File raw, extra;

  explicit WidePng(int depth, int colour, std::size_t row_bytes) : header{8200, 3, depth, colour} {
    for (int y = 0; y < 3; ++y) {
      raw.push_back(static_cast<std::uint8_t>(y + 1));  // filters: left, above, their mean
      for (std::size_t i = 0; i < row_bytes; ++i) raw.push_back(static_cast<std::uint8_t>(i * i >> 7));
    }
  }
  File file() const { return png::file(header, raw, extra); }
};

// A BMP of 24 bits, whose rows need no padding where the width is a multiple of 4.
File bmp(const Image& image) {
  File file{'B', 'M'};
  const auto little = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.push_back(static_cast<std::uint8_t>(std::uint64_t{value} >> 8 * i));
  };
  little(0, 8);
  little(54, 4);
  little(40, 4);
  little(static_cast<std::uint32_t>(image.width), 4);
  little(static_cast<std::uint32_t>(image.height), 4);
  little(1, 2);
  little(24, 2);
  file += File(24, 0);
  for (int y = image.height - 1; y >= 0; --y)
    for (int x = 0; x < image.width; ++x)
      for (int c = 2; c >= 0; --c) file.push_back(image.rgb[3 * (std::size_t(y) * image.width + x) + c]);
  return file;
}

}  // namespace

TEST_CASE("a JPEG that is too large to be seen whole is reduced to what its squares are in the mean") {
  for (const auto& [width, by] : {std::pair{8200, 2}, {16'500, 4}, {33'000, 8}})
    for (const int quality : {90, 100}) {  // with half of the colours' pixels, and with all
      CAPTURE(width, quality);
      const Image image = gradient(width, 40);
      const Image reduced = sound(reduce_jpeg(encode_jpeg(image, quality)));
      CHECK(largest_difference(reduced, means(image, by)) <= (quality == 90 ? 6 : 3));
      CHECK(reduced.notes == Notes{note(width, 40, by)});
    }
}

TEST_CASE("the pixels of a reduced JPEG do not depend on the order in which its coefficients come") {
  using Sampling = std::vector<std::array<int, 2>>;
  for (const Sampling& sampling :
       {Sampling{{1, 1}, {1, 1}, {1, 1}}, Sampling{{2, 2}, {1, 1}, {1, 1}}, Sampling{{2, 1}, {1, 1}, {1, 1}},
        Sampling{{1, 2}, {1, 1}, {1, 1}}, Sampling{{4, 1}, {1, 1}, {1, 1}}, Sampling{{3, 1}, {1, 1}, {1, 1}},
        Sampling{{2, 2}, {2, 1}, {1, 2}}, Sampling{{1, 1}}})
    for (const int width : {150, 8197, 16'500}) {
      CAPTURE(width, sampling[0][0], sampling[0][1], sampling.size());
      const jpeg::Coding plain{.width = width, .height = 43, .sampling = sampling};
      const Image reduced = sound(reduce_jpeg(jpeg::coded(plain)));
      const auto same = [&](auto change) {
        jpeg::Coding other = plain;
        change(other);
        return sound(reduce_jpeg(jpeg::coded(other))).rgb == reduced.rgb;
      };
      CHECK(same([](jpeg::Coding& coding) { coding.restart_interval = 1; }));
      CHECK(same([](jpeg::Coding& coding) { coding.restart_interval = 7; }));
      CHECK(same([](jpeg::Coding& coding) { coding.separate = true; }));
      CHECK(same([](jpeg::Coding& coding) { coding.progressive = true; }));
      CHECK(same([](jpeg::Coding& coding) { coding.progressive = true, coding.restart_interval = 5; }));
    }
}

TEST_CASE("at full size the reducing decoder of JPEGs comes close to the ordinary one") {
  for (const bool progressive : {false, true}) {
    const File file = jpeg::coded({.width = 150, .height = 43, .progressive = progressive});
    CHECK(largest_difference(sound(reduce_jpeg(file)), sound(decode(file))) <= 2);
  }
}

TEST_CASE("a reduced JPEG of three colours in grey or RGB has the colours of the ordinary decoder") {
  const File rgb = jpeg::coded({.width = 64, .height = 16, .names = "RGB"});
  CHECK(largest_difference(sound(reduce_jpeg(rgb)), sound(decode(rgb))) <= 2);
  const File adobe =
      jpeg::coded({.width = 64,
                   .height = 16,
                   .extra = jpeg::segment(0xee, {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0})});
  CHECK(largest_difference(sound(reduce_jpeg(adobe)), sound(decode(adobe))) <= 2);
  // A component alone is coded row by row, whatever its sampling says.
  for (const std::array<int, 2> sampling : {std::array{1, 1}, {2, 2}, {2, 1}, {1, 4}})
    for (const bool progressive : {false, true}) {
      CAPTURE(sampling[0], sampling[1], progressive);
      const File grey = jpeg::coded({.width = 70,
                                     .height = 43,
                                     .sampling = {sampling},
                                     .restart_interval = 5,
                                     .progressive = progressive});
      CHECK(largest_difference(sound(reduce_jpeg(grey)), sound(decode(grey))) <= 2);
    }
}

TEST_CASE("a reduced JPEG is turned upright, for canvases too") {
  const Image stored = sound(reduce_jpeg(jpeg::coded({.width = 8200, .height = 16})));
  const File turned = jpeg::coded({.width = 8200, .height = 16, .extra = exif(6)});
  const Image upright = sound(reduce_jpeg(turned));
  REQUIRE((upright.width == 8 && upright.height == 4100));
  const auto expected = turn_upright(stored.rgb.data(), 3, stored.width, stored.height, 6);
  CHECK((upright.rgb == expected->rgb));
  const auto for_canvas = reduce_jpeg(turned, 4);
  REQUIRE(outcome(for_canvas) == "ok");
  REQUIRE((for_canvas->rgb.size() == 4 * 8 * 4100));
  bool same = true;
  for (std::size_t i = 0; i < upright.rgb.size() / 3; ++i)
    same &= std::equal(&upright.rgb[3 * i], &upright.rgb[3 * i] + 3, &for_canvas->rgb[4 * i]) &&
            for_canvas->rgb[4 * i + 3] == 255;
  CHECK(same);
}

TEST_CASE("a large JPEG without its end is read as far as it goes, and what is missing is said") {
  const File file = jpeg::coded({.width = 8200, .height = 80});
  const Image whole = sound(reduce_jpeg(file));
  const auto first = [&](std::size_t bytes) { return reduce_jpeg(File(file.begin(), file.begin() + bytes)); };

  const Image unmarked = sound(first(file.size() - 2));
  CHECK((unmarked.rgb == whole.rgb));
  CHECK(unmarked.notes == Notes{"Its end mark is missing.", note(8200, 80, 2)});

  const Image most = sound(first(file.size() * 3 / 4));
  REQUIRE((most.width == 4100 && most.height >= 24 && most.height < 40 && most.height % 4 == 0));
  CHECK((most.rgb == File(whole.rgb.begin(), whole.rgb.begin() + 3 * 4100 * most.height)));
  CHECK(most.notes ==
        Notes{"Its end is missing: " + std::to_string(2 * most.height) + " of its 80 rows are there.",
              note(8200, 80, 2)});
  CHECK(outcome(first(file.size() / 3)) == "corrupt_image");

  const File progressive = jpeg::coded({.width = 8200, .height = 80, .progressive = true});
  const auto coarse = sound(reduce_jpeg(File(progressive.begin(), progressive.end() - 6000)));
  CHECK(coarse.notes == Notes{"Its end is missing, and with it fine details.", note(8200, 80, 2)});
  CHECK(largest_difference(coarse, whole) <= 6);
}

TEST_CASE("a large JPEG whose data is damaged or in CMYK is refused") {
  File file = jpeg::coded({.width = 8200, .height = 16, .restart_interval = 1000});
  for (std::size_t i = file.size() / 2; i < file.size() / 2 + 40; ++i) file[i] = 0xb5;  // codes of nothing
  CHECK(outcome(reduce_jpeg(file)) == "corrupt_image");
  const File adobe = jpeg::segment(0xee, {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0});
  const auto cmyk = reduce_jpeg(jpeg::coded({.width = 8200,
                                             .height = 8,
                                             .sampling = {{1, 1}, {1, 1}, {1, 1}, {1, 1}},
                                             .extra = adobe,
                                             .names = "1234"}));
  CHECK(outcome(cmyk) == "image_too_large");
  CHECK(cmyk.error().message ==
        "The JPEG is in CMYK, colours for printing, and too large for them; save it as RGB.");
}

TEST_CASE("a PNG that is too large to be seen whole is reduced row by row, whatever its samples") {
  File palette;
  for (int i = 0; i < 256; ++i)
    palette += {static_cast<std::uint8_t>(i), 7, static_cast<std::uint8_t>(255 - i)};
  for (WidePng wide : {WidePng(8, 2, 3 * 8200), WidePng(16, 6, 8 * 8200), WidePng(8, 4, 2 * 8200),
                       WidePng(1, 0, 1025), WidePng(8, 3, 8200)}) {
    CAPTURE(wide.header.depth, wide.header.colour);
    if (wide.header.colour == 3) wide.extra = png::chunk("PLTE", palette);
    const Image reduced = sound(decode_reduced_png(wide.file(), 3));
    CHECK(reduced.notes == Notes{note(8200, 3, 2)});
    // The same rows as a picture of half the width at a time; filters reach to the left, so only the first
    // half.
    WidePng half = wide;
    half.header.width = 4096;
    half.raw.clear();
    const std::size_t row = wide.raw.size() / 3, part = (row - 1) * 4096 / 8200;
    for (std::size_t y = 0; y < 3; ++y)
      half.raw.insert(half.raw.end(), wide.raw.begin() + y * row, wide.raw.begin() + y * row + 1 + part);
    const Image expected = means(sound(decode(half.file())), 2);
    Image seen{expected.width, expected.height, {}};
    for (int y = 0; y < 2; ++y)
      seen.rgb.insert(seen.rgb.end(), reduced.rgb.begin() + 3 * 4100 * y,
                      reduced.rgb.begin() + 3 * (4100 * y + 2048));
    CHECK((seen.rgb == expected.rgb));
  }
}

TEST_CASE("a large PNG is turned upright, and refused where it is damaged or interlaced") {
  WidePng wide(8, 2, 3 * 8200);
  const Image stored = sound(decode_reduced_png(wide.file(), 3));
  wide.extra = png::chunk(
      "eXIf", {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0});
  const Image upright = sound(decode_reduced_png(wide.file(), 3));
  CHECK((upright.rgb == turn_upright(stored.rgb.data(), 3, 4100, 2, 8)->rgb));
  File unmarked = wide.file();
  unmarked.resize(unmarked.size() - 9);
  const Image read = sound(decode_reduced_png(unmarked, 3));
  CHECK((read.rgb == upright.rgb));
  CHECK(read.notes == Notes{"Its end mark is missing.", note(8200, 3, 2)});

  WidePng shorter = wide, longer = wide, filtered = wide, indexed(8, 3, 8200);
  shorter.raw.pop_back();
  longer.raw.push_back(0);
  filtered.raw[0] = 5;
  indexed.extra = png::chunk("PLTE", {1, 2, 3});
  for (const WidePng& broken : {shorter, longer, filtered, indexed})
    CHECK(outcome(decode_reduced_png(broken.file(), 3)) == "corrupt_image");
  File checksum = wide.file();
  checksum[checksum.size() - 20] ^=
      1;  // the last of zlib's, behind which stand that of the chunk and the end
  CHECK(outcome(decode_reduced_png(checksum, 3)) == "corrupt_image");

  wide.header.interlace = 1;
  const auto interlaced = decode_reduced_png(wide.file(), 3);
  CHECK(outcome(interlaced) == "image_too_large");
  CHECK(interlaced.error().message ==
        "The PNG is interlaced and has 8200 x 3 pixels, too many to be decoded at once; save it without "
        "interlacing.");
}

TEST_CASE("a BMP that is too large to be seen whole is reduced row by row") {
  const Image image = pattern(8200, 5);
  const Image reduced = sound(decode_bmp(bmp(image)));
  CHECK((reduced.rgb == means(image, 2).rgb));
  CHECK(reduced.notes == Notes{note(8200, 5, 2)});
  File runs = bmp(image);
  runs[28] = 8, runs[30] = 1;  // bits of a pixel, and the kind of compression
  CHECK(outcome(decode_bmp(runs)) == "image_too_large");
}
