// Between untrusted bytes and stb_image or libtiff: what decode.cpp, the scanners, stb_image.cpp and
// tiff.cpp share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "leukolens/image.h"

namespace leukolens {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint32_t big_endian16(const std::uint8_t* p) { return p[0] << 8 | p[1]; }
constexpr std::uint32_t big_endian32(const std::uint8_t* p) {
  return std::uint32_t{p[0]} << 24 | p[1] << 16 | p[2] << 8 | p[3];
}
constexpr std::uint32_t little_endian16(const std::uint8_t* p) { return p[0] | p[1] << 8; }
constexpr std::uint32_t little_endian32(const std::uint8_t* p) {
  return p[0] | p[1] << 8 | p[2] << 16 | std::uint32_t{p[3]} << 24;
}

/// A sample of 16 bits as one of 8, rounded to the nearest.
constexpr int from_16_bits(int sample) { return (sample * 255 + 32767) / 65535; }

/// `value` laid on white with `alpha`, rounded to the nearest.
constexpr std::uint8_t on_white(int value, int alpha) {
  return static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

/// Nothing if the size may be decoded. Errors: corrupt_image for an empty size, image_too_large.
std::optional<Error> check_size(std::int64_t width, std::int64_t height);

/// By what both sides of a stored picture are to be divided, rounding up, so that it may be decoded: 1, 2, 4
/// or 8. What is reduced at all has at most 24 million pixels, which bounds the memory that it takes. Errors:
/// those of check_size(), for sizes beyond kMaxStoredSide and kMaxStoredPixels.
Result<int> reduction_of(std::int64_t width, std::int64_t height);

/// What a decoder lets pass: `check` sizes as check_size() does, and of JPEGs so many pixels times scans.
struct Limits {
  std::optional<Error> (*check)(std::int64_t width, std::int64_t height);
  std::int64_t pixels_times_scans;
};
// Of check_size itself, whose address alone some units take, WebAssembly's linker would guess the signature.
inline constexpr Limits kWholeLimits{
    [](std::int64_t width, std::int64_t height) { return check_size(width, height); }, 20 * kMaxPixels};

/// The same for pictures that are reduced while they are decoded: those for which reduction_of() has an
/// answer.
extern const Limits kReducedLimits;

/// What a person should know of a reduction above 1.
std::string describe_reduction(std::int64_t width, std::int64_t height, int reduction);

/// `size` zero bytes. What is compiled for size has a vector's own constructor write them one by one.
std::vector<std::uint8_t> zeros(std::size_t size);

/// The same. Error: out_of_memory, also where exceptions are off and a vector alone would end the
/// program.
Result<std::vector<std::uint8_t>> allocate(std::size_t size);

/// An orientation from 1 to 8; 1 for what is none.
int known_orientation(std::uint32_t value);

/// The orientation (EXIF 2.32, tag 0x0112) in a TIFF block; 1 if it holds none that can be read.
int exif_orientation(Bytes tiff);

/// Where the pixels of a stored image lie in the upright one, of `step` bytes a pixel: the first at `corner`,
/// the next of its row `dx` bytes on, the first of the next row `dy` bytes on.
struct Upright {
  int width = 0, height = 0;  // of the upright image
  std::ptrdiff_t corner = 0, dx = 0, dy = 0;
};
Upright upright_of(int orientation, int width, int height, int step);

/// An upright image from stored pixels of `step` bytes, the first three of which are red, green and blue.
Result<Image> turn_upright(const std::uint8_t* pixels, int step, int width, int height, int orientation);

/// Of a file that stops before its end mark.
struct JpegCut {
  std::size_t last_scan = 0;  // where in `clean` the scan begins that may be incomplete; 0: it is needed
  std::size_t height_at = 0;  // where the frame's height stands, if rows follow each other; else 0
  int unit_rows = 0;          // that are coded together
};

/// A JPEG whose structure holds (ITU-T T.81): `clean` keeps only what decoding needs, made so that missing
/// entropy-coded data fails instead of being read as zeros.
struct JpegScan {
  int width = 0, height = 0, orientation = 1;
  std::vector<std::uint8_t> clean;
  std::optional<JpegCut> cut;
};
/// Errors: corrupt_image, unsupported_format, image_too_large.
Result<JpegScan> scan_jpeg(Bytes file, const Limits& limits = kWholeLimits);

/// Decodes a PNG (third edition, W3C 2025) down to its pixels, orientation not yet applied.
struct PngPixels {
  Image image;
  int orientation = 1;
  bool cut = false;  // it stops before its end mark
};
/// Errors: corrupt_image, unsupported_format, image_too_large, out_of_memory.
Result<PngPixels> decode_png(Bytes file);

/// Decodes a PNG that is too large to be seen whole, upright and reduced, row by row; `step` as for
/// decode_tiff(). Errors: those of decode_png(); image_too_large where it is interlaced.
Result<Image> decode_reduced_png(Bytes file, int step);

/// Decodes a JPEG that is too large to be seen whole, as scan_jpeg() has it for kReducedLimits, upright and
/// reduced (jpeg_reduced.cpp); `step` as for decode_tiff(). Errors: corrupt_image, out_of_memory;
/// image_too_large where it is in CMYK.
Result<Image> decode_reduced_jpeg(JpegScan jpeg, int step);

/// Decodes a BMP, but for those that wrap another format or have CMYK; reduced where it is too large to be
/// seen whole; `step` as for decode_tiff(). Errors: corrupt_image, unsupported_format, image_too_large,
/// out_of_memory.
Result<Image> decode_bmp(Bytes file, int step = 3);

/// True for the first bytes of a TIFF or BigTIFF.
bool is_tiff(Bytes file);

/// Decodes an image of a TIFF (revision 6.0) or BigTIFF by libtiff, upright and on white: grey, RGB and
/// palettes of integer or floating-point samples, brought to 8 bits by their range (tiff_range.h), in strips,
/// tiles or planes, plain or compressed by LZW, Deflate, PackBits or JPEG. Of a stack it reads
/// the page of that number, its level that fits, or its three planes together (tiff_pages.h). With `step` 4
/// the pixels have a fourth byte, 255, which canvases want and an Image else does not have. Errors:
/// corrupt_image, unsupported_format, image_too_large, out_of_memory; invalid_argument where there is no such
/// page.
Result<Image> decode_tiff(Bytes file, int step = 3, int page = 1);

/// invalid_argument: there is no page `page` among `pages`.
std::unexpected<Error> no_such_page(int page, int pages);

/// One strip or tile of a TIFF that is compressed by JPEG, as samples of 8 bits: grey, or red, green and
/// blue. `tables`: those that the strips have in common; may be empty. Errors: those of scan_jpeg() and
/// decode_scanned().
Result<Image> decode_jpeg_block(Bytes tables, Bytes block, bool is_ycbcr);

struct FreeDeleter {
  void operator()(void* p) const { std::free(p); }
};
/// Pixels of four bytes: red, green, blue and one to ignore; width * height of them.
using RgbxPixels = std::unique_ptr<std::uint8_t[], FreeDeleter>;

/// Decodes a scanned JPEG by stb_image. Errors: corrupt_image, image_too_large, out_of_memory.
Result<RgbxPixels> decode_scanned(const JpegScan& jpeg);

/// Whether pixels of `step` bytes, the first three of which are red, green and blue, have no colours.
bool is_grey(Bytes pixels, int step);

/// What a person should know of a picture that is grey.
inline constexpr const char* kNoColours = "It has no colours, by which cells are found and told apart.";

/// What a person should know of a JPEG that was cut off, the first of a PNG too.
inline constexpr const char *kNoEndMark = "Its end mark is missing.",
                            *kNoDetails = "Its end is missing, and with it fine details.";
std::string describe_rows(int there, int all);
/// The error where fewer than half are there.
std::unexpected<Error> rows_missing();

/// Decodes what there is of a JPEG that was cut off: all of it, all but the details of its last scan, or the
/// rows that are there if they are half of all; `jpeg` then has their height. `note` says which. Errors:
/// those of decode_scanned().
Result<RgbxPixels> decode_cut(JpegScan& jpeg, std::string& note);

/// Inflates a zlib stream (RFC 1950) by stb_image. True if it is whole, fills `out` exactly and its checksum
/// is right.
bool inflate(Bytes zlib, std::span<std::uint8_t> out);

}  // namespace leukolens
