// Pixels, how bytes become pixels, and how pixels change size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "leukolens/error.h"

namespace leukolens {

/// An 8-bit sRGB image. rgb.size() == 3 * width * height; rows from the top, no padding between them.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;
  std::vector<std::string> notes;  // sentences: what was decided or left out when a file was read
  int page = 1, pages = 1;  // which page of the file it is, from 1, and of how many: of a TIFF with a stack
};

/// A rectangle in pixels, half open: columns [x, x + width), rows [y, y + height).
struct Rect {
  int x = 0, y = 0, width = 0, height = 0;
};

inline constexpr int kMaxSide = 8192;                   // px, either side
inline constexpr std::int64_t kMaxPixels = 40'000'000;  // a 40 megapixel camera

/// Files with more than that are reduced while they are decoded, up to this.
inline constexpr int kMaxStoredSide = 65'535;
inline constexpr std::int64_t kMaxStoredPixels = 200'000'000;

/// Decodes a JPEG, PNG or (natively; in WebAssembly a module apart does) BMP, TIFF or anything of them that
/// is to be reduced, upright, with transparency laid on white and grey as RGB. The same bytes give the same
/// pixels on every platform. `page`: of a TIFF with several pictures of one size, a stack or a time series,
/// which one, from 1; all else has one page. Errors: invalid_argument where there is no such page;
/// empty_input, unsupported_format, corrupt_image, image_too_large, out_of_memory. Never reads past `bytes`,
/// and never returns pixels that the bytes did not define: what is truncated or inconsistent is corrupt.
Result<Image> decode(std::span<const std::uint8_t> bytes, int page = 1);

/// Copies width * height RGBA pixels (browser canvases), laid on white.
/// Errors: invalid_argument if rgba.size() != 4 * width * height; image_too_large, out_of_memory.
Result<Image> from_rgba(std::span<const std::uint8_t> rgba, int width, int height);

/// Resamples `region` of `image` to width x height with an antialiased triangle filter in integer arithmetic:
/// the same bits everywhere, and equal to Pillow's `Image.resize((width, height), Image.BILINEAR,
/// box=region)`. The region must lie inside the image and be non-empty; width and height are in [1,
/// kMaxSide].
Image resize(const Image& image, Rect region, int width, int height);

/// The whole image, resampled.
inline Image resize(const Image& image, int width, int height) {
  return resize(image, {0, 0, image.width, image.height}, width, height);
}

/// Half as wide and half as high: the mean of each four pixels, rounded. The last column of an odd width and
/// the last row of an odd height are left out. The image must be at least 2 x 2 px.
Image halve(const Image& image);

/// A resampled part of an image, and its place in the whole that was asked for.
struct PlacedImage {
  Image image;
  int x = 0, y = 0;
};

/// resize() of a region that may reach beyond the image: what of the width x height pixels shows the image.
/// Without pixels where none does.
PlacedImage resize_inside(const Image& image, Rect region, int width, int height);

}  // namespace leukolens
