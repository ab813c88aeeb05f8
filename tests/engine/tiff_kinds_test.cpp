// TIFF as microscopes, scanners and programs for measuring write it: which values are black and white, which
// of several images is read, and what is said of it.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <string>

#include "image/codec.h"
#include "tiff.h"

using leukolens::decode_tiff, leukolens::Image;
using namespace leukolens::test;
using namespace leukolens::test::tiff;

namespace {

using Notes = std::vector<std::string>;

Image decoded(const Bytes& file, int page = 1) {
  auto image = decode_tiff(file, 3, page);
  INFO((image ? "" : image.error().message));
  REQUIRE(image.has_value());
  return std::move(*image);
}

// Greys from 0 to `highest`, which is among them.
Samples grey_to(int highest, int depth = 16) {
  Samples samples{50, 8, 1, depth, {}};
  for (int i = 0; i < 400; ++i) samples.values.push_back(static_cast<std::uint16_t>(highest * i / 399));
  return samples;
}

Bytes greys(const Samples& samples, double low, double high) {
  Bytes out;
  for (const int value : samples.values)
    out.insert(out.end(), 3, static_cast<std::uint8_t>(std::lround(255 * (value - low) / (high - low))));
  return out;
}

// One sample of 32 bits a pixel, each as the two halves that the writer knows.
template <class T>
Bytes wide(const std::vector<T>& values, std::uint64_t format) {
  static_assert(sizeof(T) == 4);
  Samples samples{static_cast<int>(values.size()), 1, 2, 16, std::vector<std::uint16_t>(2 * values.size())};
  std::memcpy(samples.values.data(), values.data(), 4 * values.size());
  return write(samples, {.photometric = kBlackIsZero,
                         .instead = {{kDepth, {32}}, {kSamples, {1}}, {kSampleFormat, {format}}}});
}

// Each third byte: the grey of each pixel.
Bytes first_of(const Image& image) {
  Bytes out;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) out.push_back(image.rgb[i]);
  return out;
}

Samples plane(const Image& image, int channel) {
  Samples samples{image.width, image.height, 1, 8, {}};
  for (std::size_t i = channel; i < image.rgb.size(); i += 3) samples.values.push_back(image.rgb[i]);
  return samples;
}

}  // namespace

TEST_CASE("a TIFF of 16 bits is read by the bits that its camera has") {
  for (const int bits : {8, 10, 12, 14, 16}) {
    const int highest = (1 << bits) - 1;
    const Samples samples = grey_to(highest - highest / 50);
    const Image image = decoded(write(samples, {.photometric = kBlackIsZero}));
    CAPTURE(bits);
    CHECK((image.rgb == greys(samples, 0, highest)));
    CHECK(image.notes == Notes{"Its samples of 16 bits were read as 0 to " + std::to_string(highest) +
                               ", by their histogram."});
  }
}

TEST_CASE("colours of a TIFF of 12 bits in 16 keep their balance") {
  Samples samples = rgb(gradient(20, 10));
  samples.depth = 16;
  for (auto& value : samples.values) value = static_cast<std::uint16_t>(value * 4095 / 255);
  CHECK((decoded(write(samples)).rgb == gradient(20, 10).rgb));
}

TEST_CASE("the bits of a camera are those of its colours, whatever transparency beside them has") {
  const Image image = gradient(20, 10);
  Samples samples{20, 10, 4, 16, {}};
  for (std::size_t i = 0; i < image.rgb.size(); ++i) {
    samples.values.push_back(static_cast<std::uint16_t>(image.rgb[i] * 4095 / 255));
    if (i % 3 == 2) samples.values.push_back(65535);
  }
  for (const bool separate : {false, true})
    CHECK((decoded(write(samples, {.separate = separate, .extra = {2}})).rgb == image.rgb));
}

TEST_CASE("a TIFF's MaxSampleValue says what is white, unless samples are beyond it") {
  const Samples dark = grey_to(900);
  const auto with = [&](std::uint64_t highest) {
    return decoded(write(dark, {.photometric = kBlackIsZero, .instead = {{kMaxSampleValue, {highest}}}}));
  };
  CHECK((with(4095).rgb == greys(dark, 0, 4095)));
  CHECK(with(4095).notes == Notes{"Its samples of 16 bits were read as 0 to 4095, by MaxSampleValue."});
  CHECK((with(899).rgb == greys(dark, 0, 1023)));
}

TEST_CASE("ImageJ's minimum and maximum are black and white") {
  const Samples samples = grey_to(3000);
  const auto with = [&](const std::string& text) {
    return decoded(write(samples, {.photometric = kBlackIsZero, .texts = {{kDescription, text}}}));
  };
  const Image image = with("ImageJ=1.54f\nunit=micron\nmin=0.0\nmax=3500.5\n");
  CHECK((image.rgb == greys(samples, 0, 3500.5)));
  CHECK(image.notes ==
        Notes{"Its samples of 16 bits were read as 0 to 3500.5, by ImageJ's minimum and maximum."});
  CHECK((with("ImageJ=1.54f\nmin=12\nmax=12\n").rgb == greys(samples, 0, 4095)));
  CHECK((with("ImageJ=1.54f\nmin=one\nmax=two\n").rgb == greys(samples, 0, 4095)));
  CHECK((with("min=0.0\nmax=3500.5\n").rgb == greys(samples, 0, 4095)));
}

TEST_CASE("samples of 10, 12 and 14 bits lie without gaps") {
  for (const int depth : {10, 12, 14}) {
    const Samples samples = grey_to((1 << depth) - 1, depth);
    CAPTURE(depth);
    const Image image = decoded(write(samples, {.photometric = kBlackIsZero}));
    CHECK((image.rgb == greys(samples, 0, (1 << depth) - 1)));
    CHECK(image.notes.empty());
  }
}

TEST_CASE("floating-point samples are read from 0 to 1, as whole numbers, or by their extremes") {
  constexpr std::uint64_t kSigned = 2, kFloat = 3;
  CHECK(first_of(decoded(wide<float>({0, 0.25f, 0.5f, 0.75f}, kFloat))) == Bytes{0, 64, 128, 191});
  CHECK(first_of(decoded(wide<float>({0, 51, 102, 255}, kFloat))) == Bytes{0, 51, 102, 255});
  CHECK(first_of(decoded(wide<float>({-2, -1, NAN, INFINITY, 2}, kFloat))) == Bytes{0, 64, 0, 255, 255});
  CHECK(first_of(decoded(wide<float>({0, 0.5f, 1, 1.04f}, kFloat))) == Bytes{0, 128, 255, 255});
  CHECK(first_of(decoded(wide<float>({0, 127.5f, 255, 262.4f}, kFloat))) == Bytes{0, 128, 255, 255});
  CHECK(first_of(decoded(wide<float>({0, 51, 262}, kFloat))) == Bytes{0, 13, 65});
  CHECK(first_of(decoded(wide<std::int32_t>({-100, 0, 100}, kSigned))) == Bytes{0, 128, 255});
  CHECK(first_of(decoded(wide<std::uint32_t>({0, 2000, 4000}, 1))) == Bytes{0, 125, 249});
  CHECK(first_of(decoded(wide<std::uint32_t>({100000, 200000}, 1))) == Bytes{128, 255});
  CHECK(decoded(wide<float>({-0.5f, 0.75f}, kFloat)).notes ==
        Notes{"Its floating-point samples of 32 bits were read as -0.5 to 0.75, by their histogram."});
}

TEST_CASE("floating-point samples of 16 bits are read as those of 32 are") {
  const auto half = [](const std::vector<std::uint16_t>& bits) {
    const Samples samples{static_cast<int>(bits.size()), 1, 1, 16, bits};
    return decoded(write(samples, {.photometric = kBlackIsZero, .instead = {{kSampleFormat, {3}}}}));
  };
  CHECK(first_of(half({0, 0x3400, 0x3800, 0x3a00})) == Bytes{0, 64, 128, 191});
  CHECK(first_of(half({0x0001, 0x8000, 0x5a60, 0x5bf8})) == Bytes{0, 0, 204, 255});  // 2^-24, -0, 204, 255
  CHECK(first_of(half({0xc000, 0xbc00, 0x7e00, 0x7c00, 0x4000})) == Bytes{0, 64, 0, 255, 255});
  CHECK(half({0xb800, 0x3a00}).notes ==
        Notes{"Its floating-point samples of 16 bits were read as -0.5 to 0.75, by their histogram."});
}

TEST_CASE("red, green and blue on pages of their own are joined") {
  const Image image = pattern(30, 20);
  const auto file = [&](const std::string& text, std::array<int, 3> order) {
    std::vector<std::pair<Samples, Look>> pages;
    for (const int channel : order) pages.push_back({plane(image, channel), {.photometric = kBlackIsZero}});
    pages[0].second.texts = {{kDescription, text}};
    return write(pages);
  };
  const std::string ome = R"(<OME><Pixels DimensionOrder="XYCZT" SizeC="3" SizeT="1" SizeZ="1">)";
  CHECK((decoded(file(ome + "</Pixels></OME>", {0, 1, 2})).rgb == image.rgb));
  CHECK(
      (decoded(file(ome + R"(<Channel Name="Blue"/><Channel Name="Green"/><Channel Name="Red"/>)", {2, 1, 0}))
           .rgb == image.rgb));
  const Image joined = decoded(file("ImageJ=1.54f\nimages=3\nchannels=3\n", {0, 1, 2}));
  CHECK((joined.rgb == image.rgb));
  CHECK(joined.notes == Notes{"Its red, green and blue lie on pages of their own and were joined."});
}

TEST_CASE("of a stack the page that is wanted is read, the first unless one is, and said") {
  const Image first = pattern(16, 9), label = gradient(5, 5), second = gradient(16, 9);
  const Bytes file = write({{rgb(first), {}}, {rgb(label), {}}, {rgb(second), {}}});
  const Image image = decoded(file);
  CHECK((image.rgb == first.rgb));
  CHECK((image.page == 1 && image.pages == 2));
  CHECK(image.notes == Notes{"Page 1 of 2 was read."});
  const Image other = decoded(file, 2);
  CHECK((other.rgb == second.rgb));
  CHECK((other.page == 2 && other.pages == 2));
  CHECK(other.notes == Notes{"Page 2 of 2 was read."});
  for (const int page : {-1, 0, 3}) {
    const auto none = decode_tiff(file, 3, page);
    CHECK(none.error().code == leukolens::ErrorCode::invalid_argument);
    CHECK(none.error().message == "The image has 2 pages: there is no page " + std::to_string(page) + ".");
  }
  CHECK(decode_tiff(write(rgb(first)), 3, 2).error().message ==
        "The image has one page: there is no page 2.");
}

TEST_CASE("the pages of a stack are read by one range: ImageJ says it with the first") {
  const Samples samples = grey_to(3000), brighter = grey_to(3500);
  const Look described{.photometric = kBlackIsZero,
                       .texts = {{kDescription, "ImageJ=1.54f\nimages=2\nslices=2\nmin=0.0\nmax=3500.0\n"}}};
  const Bytes file = write({{samples, described}, {brighter, {.photometric = kBlackIsZero}}});
  CHECK((decoded(file, 1).rgb == greys(samples, 0, 3500)));
  CHECK((decoded(file, 2).rgb == greys(brighter, 0, 3500)));
}

TEST_CASE("a page may have its red, green and blue on pages of their own") {
  const std::array<Image, 4> images{pattern(30, 20), gradient(30, 20), pattern(30, 20), gradient(30, 20)};
  // Two slices in two frames; each third of the chain is as the order of dimensions has it.
  const auto file = [&](const std::string& text, std::array<int, 12> order) {
    std::vector<std::pair<Samples, Look>> planes;
    for (const int at : order)
      planes.push_back({plane(images[at / 3], at % 3), {.photometric = kBlackIsZero}});
    planes[0].second.texts = {{kDescription, text}};
    return write(planes);
  };
  const auto ome = [](const std::string& order) {
    return R"(<OME><Pixels DimensionOrder=")" + order +
           R"(" PhysicalSizeZ="7.5" PhysicalSizeZUnit="µm" SizeC="3" SizeT="2" SizeZ="2"></Pixels></OME>)";
  };
  const std::array<int, 12> by_page{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  for (const Bytes& stack :
       {file("ImageJ=1.54f\nimages=12\nchannels=3\nslices=2\nframes=2\n", by_page),
        file(ome("XYCZT"), by_page), file(ome("XYZCT"), {0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11}),
        file(ome("XYTZC"), {0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11})}) {
    for (int page = 1; page <= 4; ++page) {
      const Image image = decoded(stack, page);
      CHECK((image.rgb == images[page - 1].rgb));
      CHECK((image.page == page && image.pages == 4));
    }
    CHECK(decode_tiff(stack, 3, 5).error().code == leukolens::ErrorCode::invalid_argument);
  }
  CHECK(decoded(file(ome("XYCZT"), by_page), 3).notes ==
        Notes{"Its red, green and blue lie on pages of their own and were joined.", "Page 3 of 4 was read."});
}

TEST_CASE("of each page of a stack the level that fits is its own") {
  const Image first = gradient(300, 200), second = pattern(300, 200);
  const Look huge{.instead = {{kWidth, {60000}}, {kHeight, {40000}}}};
  const Bytes file = write(
      {{rgb(gradient(30, 20)), huge}, {rgb(first), {}}, {rgb(gradient(30, 20)), huge}, {rgb(second), {}}});
  CHECK((decoded(file, 1).rgb == first.rgb));
  CHECK((decoded(file, 2).rgb == second.rgb));
}

TEST_CASE("a chain of pages that leads back into itself, out of the file or on and on has an end") {
  const Image image = pattern(16, 9);
  for (const bool big_endian : {false, true})
    for (const bool big_tiff : {false, true}) {
      Look look{.big_endian = big_endian, .big_tiff = big_tiff};
      CHECK(decoded(write(rgb(image), look)).pages == 1);
      look.next = big_tiff ? 16 : 8;  // pixels, and no directory
      CHECK((decoded(write(rgb(image), look)).rgb == image.rgb));
      look.next = 1ull << 31;
      CHECK(decoded(write(rgb(image), look)).pages == 1);
    }
}

TEST_CASE("JPEG inside a TIFF is read, in strips and tiles, its tables apart or not") {
  const Image image = gradient(64, 48);
  const Bytes whole = encode_jpeg(image, 90);
  const auto expected = leukolens::decode(whole);
  const Look strip{.photometric = kYCbCr, .compression = kJpeg, .rows = 48};
  CHECK((decoded(write(rgb(image), strip)).rgb == expected->rgb));

  // Tables as scanners, libtiff and libvips put them: once for all tiles.
  const Bytes tables = leukolens::test::tiff::jpeg_parts(whole, true);
  for (const bool big_endian : {false, true})
    for (const bool big_tiff : {false, true}) {
      Look apart = strip;
      apart.big_endian = big_endian, apart.big_tiff = big_tiff;
      apart.texts = {{kJpegTables, std::string(tables.begin(), tables.end())}};
      CHECK((decoded(write(rgb(image), apart)).rgb == expected->rgb));
      apart.texts[kJpegTables].clear();
      CHECK(decode_tiff(write(rgb(image), apart)).error().code == leukolens::ErrorCode::corrupt_image);
    }

  const Image tiled = decoded(write(rgb(image), {.photometric = kYCbCr, .compression = kJpeg, .tile = 16}));
  int furthest = 0;
  for (std::size_t i = 0; i < image.rgb.size(); ++i)
    furthest = std::max(furthest, std::abs(tiled.rgb[i] - image.rgb[i]));
  CHECK(furthest < 40);
  CHECK(decode_tiff(
            write(rgb(image), {.photometric = kYCbCr, .compression = kJpeg, .rows = 48, .separate = true}))
            .error()
            .code == leukolens::ErrorCode::unsupported_format);
  CHECK(decode_tiff(write(rgb(image), {.compression = kJpeg, .rows = 48, .instead = {{kSamples, {2}}}}))
            .error()
            .code == leukolens::ErrorCode::unsupported_format);
}

TEST_CASE("a thumbnail that comes first is not the picture, nor is a mask a page") {
  constexpr std::uint64_t kReduced = 1, kMask = 4, kMosaic = 32803;
  const Image picture = pattern(300, 200);
  const auto is = [](std::uint64_t kind) { return Look{.instead = {{kSubfileType, {kind}}}}; };
  const Image behind = decoded(write({{rgb(gradient(30, 20)), is(kReduced)}, {rgb(picture), {}}}));
  CHECK((behind.rgb == picture.rgb));
  CHECK((behind.pages == 1 && behind.notes.empty()));
  const Image masked = decoded(write({{rgb(picture), {}}, {rgb(gradient(300, 200)), is(kMask)}}));
  CHECK((masked.rgb == picture.rgb));
  CHECK(masked.pages == 1);

  // Beneath the thumbnail, as in the raw files of cameras, whose mosaic is not read.
  const auto beneath = [&](const Look& look) {
    Look front = is(kReduced);
    front.instead[kSubDirectories] = {1 << 16};
    Bytes file = write({{rgb(gradient(30, 20)), front}, {rgb(picture), look}});
    const auto at = file.begin() + (file[4] | file[5] << 8), next = at + 2 + 12 * at[0];
    const Bytes entry{kSubDirectories & 255, kSubDirectories >> 8, 4, 0, 1, 0, 0, 0, 0, 0, 1, 0};
    const auto found = std::ranges::search(std::ranges::subrange(at, next), entry).begin();
    REQUIRE(found != next);
    std::copy_n(next, 4, found + 8);
    std::fill_n(next, 4, std::uint8_t{0});
    return file;
  };
  CHECK((decoded(beneath({})).rgb == picture.rgb));
  CHECK(
      decode_tiff(beneath({.instead = {{kPhotometric, {kMosaic}}}})).error().message ==
      "The TIFF has colours that are the raw mosaic of a camera's sensor, which is not read here; save it as "
      "RGB or grey with 8 or 16 bits, or as PNG.");
}

TEST_CASE("of a pyramid the level that fits is read") {
  // The levels of a slide are said to be huge, but only the one that fits has pixels.
  const Image level = gradient(300, 200), label = pattern(300, 260);
  Look huge{.instead = {{kWidth, {60000}}, {kHeight, {40000}}}};
  const Bytes file = write({{rgb(gradient(30, 20)), huge}, {rgb(label), {}}, {rgb(level), {}}});
  const Image image = decoded(file);
  CHECK((image.rgb == level.rgb));
  CHECK(image.notes ==
        Notes{"Of its levels, the largest with 60000 x 40000 pixels, that of 300 x 200 was read."});
  CHECK(decode_tiff(write({{rgb(gradient(30, 20)), huge}, {rgb(label), {}}})).error().message ==
        "The image has 60000 x 40000 pixels, but at most 65535 on a side and 200 million in all can be read; "
        "cut out a part, or save it smaller.");
}

TEST_CASE("a TIFF that is too large to be seen whole is reduced while it is read") {
  Samples samples{8200, 3, 1, 8, {}};
  for (int i = 0; i < 3 * 8200; ++i) samples.values.push_back(static_cast<std::uint16_t>(i % 8200 % 256));
  const Image image = decoded(write(samples, {.photometric = kBlackIsZero, .compression = kLzw}));
  REQUIRE((image.width == 4100 && image.height == 2));
  for (int x = 0; x < 4100; ++x)
    CHECK(image.rgb[3 * (4100 + x)] == (2 * x % 256 + (2 * x + 1) % 256 + 1) / 2);
  CHECK(image.notes == Notes{"It has 8200 x 3 pixels and was read at 1/2 of its width and height."});
  const auto for_canvas = decode_tiff(write(samples, {.photometric = kBlackIsZero, .orientation = 6}), 4);
  REQUIRE(for_canvas.has_value());
  CHECK((for_canvas->width == 2 && for_canvas->height == 4100 && for_canvas->rgb.size() == 4 * 8200));
  CHECK(for_canvas->rgb[3] == 255);
}
