#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "hostile.h"
#include "leukolens/image.h"

#if defined(__linux__) && !__has_feature(address_sanitizer)
#define LEUKOLENS_CAN_LIMIT_MEMORY
#include <sys/resource.h>

#include <fstream>
#endif

using namespace leukolens;
using namespace leukolens::test;

namespace {

// The name of the error, or "ok".
std::string outcome(const Bytes& file) {
  const auto image = decode(file);
  return image ? "ok" : std::string(name(image.error().code));
}

Bytes pixels(const Bytes& file) {
  auto image = decode(file);
  INFO((image ? "" : image.error().message));
  REQUIRE(image.has_value());
  return std::move(image->rgb);
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const Bytes& part : parts) out += part;
  return out;
}

// A whole grey JPEG of one colour, from the scans given.
Bytes grey_jpeg(std::uint8_t marker, int width, int height, const Bytes& scans) {
  return joined({jpeg::kStart, jpeg::tables(), jpeg::frame(marker, width, height, 1), scans, jpeg::kEnd});
}

// An EXIF block in either byte order, with one entry: the orientation.
Bytes exif(int orientation, bool little = false) {
  const auto o = static_cast<std::uint8_t>(orientation);
  if (little)
    return {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, o, 0, 0, 0, 0, 0, 0, 0};
  return {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, o, 0, 0, 0, 0, 0, 0};
}

Bytes with_exif(const Bytes& jpeg_file, const Bytes& tiff) {
  Bytes body{'E', 'x', 'i', 'f', 0, 0};
  body += tiff;
  Bytes out = jpeg::kStart;
  out += jpeg::segment(0xe1, body);
  out.insert(out.end(), jpeg_file.begin() + 2, jpeg_file.end());
  return out;
}

}  // namespace

TEST_CASE("decode names what it cannot read") {
  CHECK(outcome({}) == "empty_input");
  CHECK(outcome({'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0}) == "unsupported_format");
  CHECK(outcome({'R', 'I', 'F', 'F'}) == "unsupported_format");
  CHECK(outcome({0xff}) == "unsupported_format");
  const auto named = [](std::string start) {
    start.resize(150);
    return decode(Bytes(start.begin(), start.end())).error().message;
  };
  const auto is = [](const std::string& kind) {
    return "The file is " + kind + "not a JPEG, PNG, BMP or TIFF image; save the image as one of these.";
  };
  CHECK(named("RIFF\1\1\1\1WEBPVP8 ") == is("WebP, "));
  CHECK(named("GIF89a") == is("GIF, "));
  CHECK(named("%PDF-1.7") == is("PDF, "));
  CHECK(named("<!DOCTYPE html>") == is("HTML, "));
  CHECK(named("PK\3\4\x14") == is("ZIP, "));
  CHECK(named(std::string(128, '\0') + "DICM") == is("DICOM, "));
  CHECK(named(std::string("\0\0\0\x1c", 4) + "ftypavif") == is("AVIF, "));
  CHECK(named(std::string("\0\0\0\x1c", 4) + "ftypmif1" + std::string(4, '\0') + "avif") == is("AVIF, "));
  CHECK(named("something else") == is(""));
}

TEST_CASE("decode returns the pixels of a PNG") {
  const Image image = pattern(37, 21);
  const auto decoded = decode(encode_png(image));
  REQUIRE(decoded.has_value());
  CHECK(decoded->width == 37);
  CHECK(decoded->height == 21);
  CHECK(decoded->rgb == image.rgb);
}

TEST_CASE("decode comes close to the pixels of a JPEG") {
  const Image image = gradient(83, 61);
  for (int quality : {90, 95}) {  // 4:2:0 and 4:4:4
    const Bytes decoded = pixels(encode_jpeg(image, quality));
    REQUIRE(decoded.size() == image.rgb.size());
    int largest = 0;
    for (std::size_t i = 0; i < decoded.size(); ++i)
      largest = std::max(largest, std::abs(decoded[i] - image.rgb[i]));
    CHECK(largest <= 12);
  }
}

TEST_CASE("an even grey comes out of a JPEG as it went in") {
  for (int value = 0; value < 256; ++value) {
    Image image{16, 8, std::vector<std::uint8_t>(3 * 16 * 8, static_cast<std::uint8_t>(value))};
    const Bytes decoded = pixels(encode_jpeg(image, 100));
    CHECK(decoded == image.rgb);
  }
}

TEST_CASE("decode lays transparent pixels on white") {
  CHECK(pixels(png::file({1, 1, 8, 6}, {0, 100, 0, 255, 128})) == Bytes{177, 127, 255});
  CHECK(pixels(png::file({1, 1, 8, 4}, {0, 10, 0})) == Bytes{255, 255, 255});
  CHECK(pixels(png::file({1, 1, 8, 2}, {0, 1, 2, 3}, png::chunk("tRNS", {0, 1, 0, 2, 0, 3}))) ==
        Bytes{255, 255, 255});
  CHECK(pixels(png::file({2, 1, 8, 0}, {0, 7, 8}, png::chunk("tRNS", {0, 7}))) ==
        Bytes{255, 255, 255, 8, 8, 8});
}

TEST_CASE("decode reads every depth of a PNG") {
  CHECK(pixels(png::file({9, 1, 1, 0}, {0, 0b10100000, 0b10000000})) ==
        Bytes{255, 255, 255, 0, 0, 0, 255, 255, 255, 0, 0,   0,   0,  0,
              0,   0,   0,   0, 0, 0, 0,   0,   0,   0, 255, 255, 255});
  CHECK(pixels(png::file({3, 1, 2, 0}, {0, 0b00011000})) == Bytes{0, 0, 0, 85, 85, 85, 170, 170, 170});
  CHECK(pixels(png::file({2, 1, 4, 0}, {0, 0x1f})) == Bytes{17, 17, 17, 255, 255, 255});
  CHECK(pixels(png::file({1, 1, 16, 0}, {0, 0x80, 0x7f})) == Bytes{128, 128, 128});
  CHECK(pixels(png::file({1, 1, 16, 2}, {0, 0, 0, 0xff, 0xff, 0x01, 0x80})) == Bytes{0, 255, 1});
  CHECK(pixels(png::file({1, 1, 16, 6}, {0, 0, 0, 0xff, 0xff, 0, 0, 0x80, 0x80})) == Bytes{127, 255, 127});
}

TEST_CASE("decode reads an interlaced PNG") {
  // 3 x 3 grey pixels: pass 1 holds (0, 0), 5 the rest of the even rows' even columns, 6 odd columns, 7 odd
  // rows.
  const Bytes raw{0, 10, 0, 12, 0, 30, 32, 0, 11, 0, 31, 0, 20, 21, 22};
  // Pass 4 holds column 2 of row 0.
  const Bytes decoded = pixels(png::file({3, 3, 8, 0, 1}, raw));
  Bytes grey;
  for (std::size_t i = 0; i < decoded.size(); i += 3) grey.push_back(decoded[i]);
  CHECK(grey == Bytes{10, 11, 12, 20, 21, 22, 30, 31, 32});
}

TEST_CASE("decode undoes the filters of a PNG") {
  const Bytes raw{1, 1, 2, 3, 2, 1, 1, 1, 3, 4, 5, 6, 4, 7, 8, 9};  // sub, up, average, Paeth
  const Bytes decoded = pixels(png::file({3, 4, 8, 0}, raw));
  Bytes grey;
  for (std::size_t i = 0; i < decoded.size(); i += 3) grey.push_back(decoded[i]);
  CHECK(grey == Bytes{1, 3, 6, 2, 4, 7, 5, 9, 14, 12, 20, 29});
}

TEST_CASE("decode rejects a palette index without a colour") {
  const Bytes palette = png::chunk("PLTE", {1, 2, 3, 4, 5, 6});
  CHECK(pixels(png::file({2, 1, 8, 3}, {0, 1, 0}, palette)) == Bytes{4, 5, 6, 1, 2, 3});
  CHECK(pixels(png::file({2, 1, 8, 3}, {0, 1, 0}, joined({palette, png::chunk("tRNS", {0})}))) ==
        Bytes{4, 5, 6, 255, 255, 255});
  CHECK(outcome(png::file({2, 1, 8, 3}, {0, 1, 2}, palette)) == "corrupt_image");
  CHECK(outcome(png::file({2, 1, 8, 3}, {0, 1, 0})) == "corrupt_image");
}

TEST_CASE("decode rejects a truncated PNG, wherever it is cut before its last pixel") {
  const Bytes file = encode_png(pattern(16, 16));
  for (std::size_t size = 4; size < file.size() - 12; ++size) {  // the end mark
    const auto image = decode(Bytes(file.begin(), file.begin() + size));
    REQUIRE(!image.has_value());
    REQUIRE(image.error().code == ErrorCode::corrupt_image);
    if (size >= 8) REQUIRE(image.error().message.contains("truncated"));
  }
}

TEST_CASE("a PNG that lacks its end mark is read, and said to lack it") {
  const Image image = pattern(16, 16);
  const Bytes file = encode_png(image);
  for (std::size_t missing = 1; missing <= 12; ++missing) {
    const auto decoded = decode(Bytes(file.begin(), file.end() - static_cast<std::ptrdiff_t>(missing)));
    REQUIRE(decoded.has_value());
    CHECK((decoded->rgb == image.rgb));
    CHECK(decoded->notes == std::vector<std::string>{"Its end mark is missing."});
  }
  CHECK(decode(file)->notes.empty());
  const Bytes start(file.begin(), file.end() - 12), date = png::chunk("tIME", {7, 234, 12, 1, 1, 2, 3});
  CHECK((pixels(joined({start, Bytes(512)})) == image.rgb));
  CHECK(outcome(joined({png::kSignature, Bytes(512)})) == "corrupt_image");
  const auto dated = decode(joined({start, {date.begin(), date.end() - 6}}));
  REQUIRE(dated.has_value());
  CHECK((dated->rgb == image.rgb));
  const Bytes exif = png::chunk(
      "eXIf", {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0});
  const auto turned = decode(joined({start, exif}));
  REQUIRE(turned.has_value());
  CHECK((turned->rgb != image.rgb));
  CHECK(turned->notes == std::vector<std::string>{"Its end mark is missing."});
  // Without a header or a palette there is nothing to read.
  const Bytes data = png::chunk("IDAT", png::stored({0, 7}));
  CHECK(outcome(joined({png::kSignature, data})) == "corrupt_image");
  CHECK(outcome(joined({png::kSignature, png::header({1, 1, 8, 0}), data})) == "ok");
  CHECK(outcome(joined({png::kSignature, png::header({1, 1, 8, 3}), data})) == "corrupt_image");
}

TEST_CASE("decode rejects a PNG with any byte changed") {
  const Bytes file = encode_png(pattern(8, 8));
  for (std::size_t i = 4; i < file.size(); ++i) {
    Bytes changed = file;
    changed[i] ^= 0x10;
    REQUIRE(outcome(changed) != "ok");
  }
}

TEST_CASE("decode rejects a PNG whose chunks are out of order or unknown") {
  const Bytes head = png::header({1, 1, 8, 0}), data = png::chunk("IDAT", png::stored({0, 7})),
              end = png::chunk("IEND", {});
  const auto file = [&](std::initializer_list<Bytes> chunks) {
    return joined({png::kSignature, joined(chunks)});
  };
  CHECK(outcome(file({head, data, end})) == "ok");
  CHECK(outcome(file({head, data, end, {1, 2, 3}})) == "ok");
  CHECK(outcome(file({data, head, end})) == "corrupt_image");
  CHECK(outcome(file({head, head, data, end})) == "corrupt_image");
  CHECK(outcome(file({head, end})) == "corrupt_image");
  CHECK(outcome(file({head, data, png::chunk("tEXt", {1}), data, end})) == "corrupt_image");
  CHECK(outcome(file({head, data, png::chunk("PLTE", {1, 2, 3}), end})) == "corrupt_image");
  CHECK(outcome(file({head, png::chunk("ABCD", {1}), data, end})) == "unsupported_format");
  CHECK(outcome(file({png::chunk("CgBI", {0, 0, 0, 0}), head, data, end})) == "unsupported_format");
  CHECK(outcome(file({head, png::chunk("acTL", Bytes(8)), data, end})) == "unsupported_format");
}

TEST_CASE("decode compares the checksum of a PNG's pixels") {
  Bytes zlib = png::stored({0, 7});
  zlib.back() ^= 1;
  CHECK(outcome(joined({png::kSignature, png::header({1, 1, 8, 0}), png::chunk("IDAT", zlib),
                        png::chunk("IEND", {})})) == "corrupt_image");
}

TEST_CASE("decode refuses a PNG that inflates to more than its size, and at once") {
  const Bytes honest = encode_png({4000, 4000, Bytes(48'000'000)});
  Bytes bomb = png::kSignature;
  bomb += png::header({1, 1, 8, 2});
  bomb.insert(bomb.end(), honest.begin() + 33, honest.end());
  CHECK(cpu_milliseconds([&] { CHECK(outcome(bomb) == "corrupt_image"); }) <
        100);  // measured: 0.5 ms for the checksum of the file
}

TEST_CASE("decode refuses a PNG with more data than its pixels can need, and at once") {
  Bytes zlib{0x78, 0x01};
  for (int i = 0; i < 200'000; ++i) zlib += {0x02, 0x08, 0x20, 0x80, 0x00};  // four empty blocks
  Bytes file = png::kSignature;
  file += joined({png::header({1, 1, 8, 2}), png::chunk("IDAT", zlib), png::chunk("IEND", {})});
  CHECK(cpu_milliseconds([&] { CHECK(outcome(file) == "corrupt_image"); }) <
        100);  // measured: 3 ms; 1.3 s if inflated
}

TEST_CASE("decode says of a phone's HEIC what it is and what to do, whatever its name is") {
  for (const std::string brand : {"heic", "heix", "hevc", "mif1"}) {
    const std::string start = std::string("\0\0\0\x18", 4) + "ftyp" + brand + "mif1heic";
    const auto refused = decode(Bytes(start.begin(), start.end()));
    REQUIRE(outcome(Bytes(start.begin(), start.end())) == "unsupported_format");
    CHECK(
        refused.error().message ==
        "The file is a HEIC image, whatever its name says; send it from the phone as JPEG, or let its camera "
        "save JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible).");
  }
  const std::string video = std::string("\0\0\0\x18", 4) + "ftypmp42mp42isom";
  CHECK(decode(Bytes(video.begin(), video.end())).error().message.starts_with("The file is not a JPEG"));
}

TEST_CASE("decode refuses images that are too large before it makes room for them") {
  CHECK(outcome(png::file({65'536, 1, 8, 0}, {0})) == "image_too_large");
  CHECK(outcome(png::file({20'000, 20'000, 8, 0}, {0})) == "image_too_large");
  CHECK(outcome(png::file({0, 1, 8, 0}, {0})) == "corrupt_image");
  CHECK(outcome(grey_jpeg(0xc0, 65535, 65535, jpeg::scan(1, 1, 8))) == "image_too_large");
}

TEST_CASE("decode reads baseline and progressive JPEGs") {
  const Bytes grey(8 * 8 * 3, 128);
  CHECK(pixels(grey_jpeg(0xc0, 8, 8, jpeg::scan(1, 1, 2))) == grey);
  CHECK(pixels(grey_jpeg(0xc2, 8, 8, jpeg::scan(1, 1, 1, 0, 0))) == grey);
  CHECK(pixels(grey_jpeg(0xc2, 8, 8, joined({jpeg::scan(1, 1, 1, 0, 0), jpeg::scan(1, 1, 1, 1, 63)}))) ==
        grey);
}

TEST_CASE("decode counts the bits that refine a progressive JPEG") {
  const Bytes first = jpeg::scan(1, 1, 16, 0, 0, 0x01);
  CHECK(outcome(grey_jpeg(0xc2, 32, 32, joined({first, jpeg::scan(1, 1, 16, 0, 0, 0x10)}))) == "ok");
  CHECK(outcome(grey_jpeg(0xc2, 32, 32, joined({first, jpeg::scan(1, 1, 8, 0, 0, 0x10)}))) ==
        "corrupt_image");
}

TEST_CASE("decode rejects a truncated JPEG of which less than half is there, wherever it is cut") {
  const Bytes file = encode_jpeg(pattern(16, 16));
  for (std::size_t size = 2; size + 3 < file.size(); ++size)
    REQUIRE(outcome({file.begin(), file.begin() + size}) == "corrupt_image");
  CHECK(outcome(joined({file, {0, 1, 2, 3}})) == "ok");  // cameras write more behind the end
}

TEST_CASE("a JPEG that lacks its end mark is read, and said to lack it") {
  const Bytes file = encode_jpeg(pattern(40, 33));
  const Bytes whole = pixels(file);
  for (const int missing : {1, 2}) {
    const auto image = decode(Bytes(file.begin(), file.end() - missing));
    REQUIRE(image.has_value());
    CHECK((image->rgb == whole));
    CHECK(image->notes == std::vector<std::string>{"Its end mark is missing."});
  }
  CHECK(decode(file)->notes.empty());
}

TEST_CASE("a JPEG that breaks off gives the rows that are there, if they are half of all") {
  const Image picture = pattern(64, 160);
  const Bytes file = encode_jpeg(picture), whole = pixels(file);
  int fewest = 160;
  for (std::size_t size = file.size() / 2; size + 3 < file.size(); size += 97) {
    const auto image = decode(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)));
    if (!image) {
      CHECK(image.error().message ==
            "The JPEG is truncated: more than half of its rows are missing; load the complete file.");
      continue;
    }
    fewest = std::min(fewest, image->height);
    REQUIRE(image->width == 64);
    // The last rows would be smoothed towards those that are missing.
    const std::size_t same = 3 * 64 * static_cast<std::size_t>(image->height - 1);
    CHECK(std::equal(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(same), image->rgb.begin()));
    CHECK(image->notes == std::vector<std::string>{"Its end is missing: " + std::to_string(image->height) +
                                                   " of its 160 rows are there."});
  }
  CHECK((fewest >= 80 && fewest < 112));
}

TEST_CASE("a progressive JPEG that breaks off is read without its last details") {
  const Bytes start = joined({jpeg::kStart, jpeg::tables(), jpeg::frame(0xc2, 32, 32, 1)});
  const Bytes first = jpeg::scan(1, 1, 16, 0, 0), second = jpeg::scan(1, 1, 16, 1, 63);
  CHECK(decode(joined({start, first}))->notes == std::vector<std::string>{"Its end mark is missing."});
  Bytes cut = joined({start, first, second});
  cut.resize(cut.size() - 2);  // all of its compressed data
  CHECK(decode(cut)->notes == std::vector<std::string>{"Its end is missing, and with it fine details."});
}

TEST_CASE("decode rejects a JPEG whose compressed data breaks off before its end marker") {
  const Bytes file = encode_jpeg(pattern(64, 64));
  const Bytes scan_marker{0xff, 0xda};
  const std::size_t data = std::ranges::search(file, scan_marker).begin() - file.begin() + 14;
  int cuts = 0;
  for (std::size_t size = data; size + 3 < file.size(); size += 7) {
    if (file[size - 1] == 0xff) continue;
    ++cuts;
    CHECK(outcome(joined({{file.begin(), file.begin() + size}, jpeg::kEnd})) == "corrupt_image");
  }
  CHECK(cuts > 100);
}

TEST_CASE("decode rejects a JPEG without scans or with colours missing") {
  CHECK(outcome(grey_jpeg(0xc0, 8, 8, {})) == "corrupt_image");
  CHECK(outcome(grey_jpeg(0xc2, 8, 8, {})) == "corrupt_image");
  const Bytes colour = joined({jpeg::kStart, jpeg::tables(), jpeg::frame(0xc0, 8, 8, 3)});
  CHECK(outcome(joined({colour, jpeg::scan(1, 1, 2), jpeg::scan(2, 1, 2), jpeg::kEnd})) == "corrupt_image");
  CHECK(outcome(joined({colour, jpeg::scan(1, 1, 2), jpeg::scan(2, 2, 4), jpeg::kEnd})) == "ok");
  CHECK(outcome(joined({colour, jpeg::scan(1, 3, 6), jpeg::scan(1, 1, 2), jpeg::kEnd})) == "corrupt_image");
  CHECK(outcome(grey_jpeg(0xc2, 8, 8, jpeg::scan(1, 1, 1, 1, 63))) == "corrupt_image");
}

TEST_CASE("decode rejects a JPEG that uses tables it does not define") {
  CHECK(outcome(joined({jpeg::kStart, jpeg::frame(0xc0, 8, 8, 1), jpeg::scan(1, 1, 2), jpeg::kEnd})) ==
        "corrupt_image");
}

TEST_CASE("decode refuses many scans of a large JPEG, and at once") {
  Bytes scans;
  for (int i = 0; i < 98; ++i) scans += jpeg::scan(1, 1, 8, i == 0 ? 0 : 1, i == 0 ? 0 : 63);
  const Bytes file = grey_jpeg(0xc2, 6400, 6200, scans);
  CHECK(cpu_milliseconds([&] {
          CHECK(decode(file).error().message ==
                "The JPEG has more scans than an image of its size needs; save it as a baseline JPEG.");
        }) < 100);
}

TEST_CASE("decode refuses a JPEG with thousands of scans, and at once") {
  Bytes scans = jpeg::scan(1, 1, 8, 0, 0);
  for (int i = 0; i < 2000; ++i) scans += jpeg::scan(1, 1, 8, 1, 63);
  const Bytes file = grey_jpeg(0xc2, 4096, 4096, scans);
  CHECK(cpu_milliseconds([&] { CHECK(outcome(file) == "unsupported_format"); }) < 100);  // measured: 0.1 ms
}

TEST_CASE("decode refuses the JPEG variants that it would get wrong") {
  const auto with_frame = [](const Bytes& frame) {
    return joined({jpeg::kStart, jpeg::tables(), frame, jpeg::scan(1, 1, 2), jpeg::kEnd});
  };
  CHECK(outcome(with_frame(jpeg::frame(0xc1, 8, 8, 1, 12))) == "unsupported_format");  // 12 bits
  CHECK(outcome(with_frame(jpeg::frame(0xc3, 8, 8, 1))) == "unsupported_format");      // lossless
  CHECK(outcome(with_frame(jpeg::frame(0xc9, 8, 8, 1))) == "unsupported_format");      // arithmetic coding
  CHECK(outcome(with_frame(jpeg::frame(0xc0, 8, 8, 2))) == "unsupported_format");      // two components
}

TEST_CASE("decode reads a four-colour JPEG only where it says which colours they are") {
  const Bytes rest = joined({jpeg::tables(), jpeg::frame(0xc0, 8, 8, 4), jpeg::scan(1, 4, 8), jpeg::kEnd});
  const Bytes adobe = jpeg::segment(0xee, {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0});
  CHECK(outcome(joined({jpeg::kStart, rest})) == "unsupported_format");
  CHECK(pixels(joined({jpeg::kStart, adobe, rest})) ==
        Bytes(8 * 8 * 3, 64));  // 128 * 128 / 255, inverted CMYK
}

TEST_CASE("decode counts the restart intervals of a JPEG") {
  const Bytes interval = jpeg::segment(0xdd, {0, 1});
  const auto file = [&](const Bytes& data) {
    const Bytes header = joined({jpeg::kStart, jpeg::tables(), interval, jpeg::frame(0xc0, 16, 8, 1)});
    return joined({header, jpeg::scan(1, 1, 0), data, jpeg::kEnd});
  };
  CHECK(outcome(file({0x3f, 0xff, 0xd0, 0x3f})) == "ok");
  CHECK(outcome(file({0x3f, 0xff, 0xd0, 0x3f, 0xff, 0xd1})) == "ok");
  CHECK(outcome(file({0x3f, 0xff, 0xd0})) == "corrupt_image");
  CHECK(outcome(file({0x3f})) == "corrupt_image");
  CHECK(outcome(file({0x3f, 0xff, 0xd1, 0x3f})) == "corrupt_image");
  CHECK(outcome(file({0x3f, 0x3f, 0x3f, 0x3f, 0xff, 0xd0, 0x3f})) == "corrupt_image");
}

TEST_CASE("decode turns a JPEG upright by its EXIF orientation") {
  // 16 x 8: a red block on the left of a blue one, stored turned in eight ways.
  Image image{16, 8, {}};
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 16; ++x) image.rgb += x < 8 ? Bytes{255, 0, 0} : Bytes{0, 0, 255};
  const Bytes file = encode_jpeg(image, 95);
  // Where red lies in the upright image: from EXIF 2.32, the sides that row 0 and column 0 stand for.
  const std::string_view red_at[] = {"left", "right", "right", "left", "top", "top", "bottom", "bottom"};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto upright = decode(with_exif(file, exif(orientation, orientation % 2 == 0)));
    REQUIRE(upright.has_value());
    const bool tall = orientation >= 5;
    REQUIRE(upright->width == (tall ? 8 : 16));
    REQUIRE(upright->height == (tall ? 16 : 8));
    const bool red_first = upright->rgb[0] > 128, red_last = upright->rgb[upright->rgb.size() - 3] > 128;
    CHECK(red_first == (red_at[orientation - 1] == "left" || red_at[orientation - 1] == "top"));
    CHECK(red_first != red_last);
  }
}

TEST_CASE("decode turns a PNG as the eight orientations of EXIF ask") {
  // Pixels 1 2 3 / 4 5 6, and what each orientation makes of them.
  const Bytes raw{0, 1, 2, 3, 0, 4, 5, 6};
  const Bytes expected[] = {{1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1}, {4, 5, 6, 1, 2, 3},
                            {1, 4, 2, 5, 3, 6}, {4, 1, 5, 2, 6, 3}, {6, 3, 5, 2, 4, 1}, {3, 6, 2, 5, 1, 4}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Bytes decoded = pixels(png::file({3, 2, 8, 0}, raw, png::chunk("eXIf", exif(orientation))));
    Bytes grey;
    for (std::size_t i = 0; i < decoded.size(); i += 3) grey.push_back(decoded[i]);
    CHECK(grey == expected[orientation - 1]);
  }
}

TEST_CASE("decode takes damaged EXIF for none") {
  const Bytes file = encode_jpeg(gradient(16, 8));
  const Bytes plain = pixels(file);
  for (int orientation : {0, 9, 255}) CHECK(pixels(with_exif(file, exif(orientation))) == plain);
  const Bytes whole = exif(6);
  for (std::size_t size = 0; size < 22; ++size)
    CHECK(pixels(with_exif(file, {whole.begin(), whole.begin() + size})) == plain);
  Bytes far = whole;
  far[4] = 0xff;  // the directory lies outside
  CHECK(pixels(with_exif(file, far)) == plain);
}

TEST_CASE("from_rgba lays canvases on white") {
  const auto image = from_rgba(Bytes{1, 2, 3, 255, 0, 0, 0, 0}, 2, 1);
  REQUIRE(image.has_value());
  CHECK(image->rgb == Bytes{1, 2, 3, 255, 255, 255});
  CHECK(from_rgba(Bytes(8), 1, 1).error().code == ErrorCode::invalid_argument);
  CHECK(from_rgba({}, 0, 0).error().code == ErrorCode::invalid_argument);
  CHECK(from_rgba(Bytes(4 * 8193), 8193, 1).error().code == ErrorCode::image_too_large);
}

#ifdef LEUKOLENS_CAN_LIMIT_MEMORY
TEST_CASE("decode reports that memory is short") {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  rlimit before{};
  getrlimit(RLIMIT_AS, &before);
  const rlimit tight{pages * 4096 + (64 << 20), before.rlim_max};
  const Bytes file = png::file({6000, 6000, 8, 2}, {0});
  setrlimit(RLIMIT_AS, &tight);
  const auto image = decode(file);
  setrlimit(RLIMIT_AS, &before);
  REQUIRE(!image.has_value());
  CHECK(image.error().code == ErrorCode::out_of_memory);
}
#endif
