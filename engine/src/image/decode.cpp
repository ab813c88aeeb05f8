#include <algorithm>
#include <array>
#include <climits>
#include <cstring>
#include <string_view>

#include "image/codec.h"

namespace leukolens {
namespace {

bool starts_with(Bytes bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

// Copies pixels of `step` bytes into rows of RGB, turned so that an image with EXIF orientation `orientation`
// stands upright.
Result<Image> upright(const std::uint8_t* pixels, int step, int width, int height, int orientation) {
  const bool swaps = orientation >= 5;
  auto rgb = allocate(3 * std::size_t(width) * std::size_t(height));
  if (!rgb) return std::unexpected(rgb.error());
  Image image{swaps ? height : width, swaps ? width : height, std::move(*rgb)};

  const std::ptrdiff_t row = std::ptrdiff_t{width} * step;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const std::ptrdiff_t along_width = from_right ? -step : step, along_height = from_bottom ? -row : row;
  const std::ptrdiff_t dx = swaps ? along_height : along_width, dy = swaps ? along_width : along_height;
  const std::uint8_t* corner =
      pixels + (from_right ? row - step : 0) + (from_bottom ? (height - 1) * row : 0);

  std::uint8_t* out = image.rgb.data();
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* in = corner + y * dy;
    for (int x = 0; x < image.width; ++x, in += dx, out += 3) out[0] = in[0], out[1] = in[1], out[2] = in[2];
  }
  return image;
}

Result<Image> decode_jpeg(Bytes file) {
  auto jpeg = scan_jpeg(file);
  if (!jpeg) return std::unexpected(jpeg.error());
  auto pixels = decode_scanned(*jpeg);
  if (!pixels) return std::unexpected(pixels.error());
  return upright(pixels->get(), 4, jpeg->width, jpeg->height, jpeg->orientation);
}

Result<Image> decode_turned_png(Bytes file) {
  auto png = decode_png(file);
  if (!png) return std::unexpected(png.error());
  if (png->orientation == 1) return std::move(png->image);
  return upright(png->image.rgb.data(), 3, png->image.width, png->image.height, png->orientation);
}

// Uncompressed BMP with 24 or 32 bits a pixel, the latter's fourth byte being unused (BITMAPINFOHEADER,
// BI_RGB).
Result<Image> decode_bmp(Bytes file) {
  constexpr std::size_t kFileHeader = 14, kInfoHeader = 40;
  if (file.size() < kFileHeader + kInfoHeader)
    return fail(ErrorCode::corrupt_image,
                "The BMP is truncated: its end is missing; load the complete file.");
  const std::uint8_t* info = file.data() + kFileHeader;
  const auto signed32 = [](const std::uint8_t* p) {
    return std::int64_t{static_cast<std::int32_t>(little_endian32(p))};
  };
  const std::uint32_t offset = little_endian32(&file[10]), header_size = little_endian32(info);
  const std::uint32_t bits = little_endian16(info + 14), compression = little_endian32(info + 16);
  if (header_size < kInfoHeader || compression != 0 || (bits != 24 && bits != 32))
    return fail(ErrorCode::unsupported_format,
                "The BMP is not of the plain kind (24 or 32 bits, uncompressed); save it as PNG.");

  const std::int64_t width = signed32(info + 4), signed_height = signed32(info + 8);
  const std::int64_t height =
      signed_height < 0 ? -signed_height : signed_height;  // negative: rows from the top
  if (auto error = check_size(width, height)) return std::unexpected(std::move(*error));
  const std::int64_t row = (width * bits / 8 + 3) / 4 * 4;
  if (offset < kFileHeader + header_size || static_cast<std::int64_t>(file.size()) < offset + row * height)
    return fail(ErrorCode::corrupt_image,
                "The BMP is truncated: pixels are missing; load the complete file.");

  auto rgb = allocate(3 * std::size_t(width * height));
  if (!rgb) return std::unexpected(rgb.error());
  Image image{static_cast<int>(width), static_cast<int>(height), std::move(*rgb)};
  std::uint8_t* out = image.rgb.data();
  for (std::int64_t y = 0; y < height; ++y) {
    const std::uint8_t* in = &file[offset + row * (signed_height < 0 ? y : height - 1 - y)];
    for (std::int64_t x = 0; x < width; ++x, in += bits / 8, out += 3)
      out[0] = in[2], out[1] = in[1], out[2] = in[0];
  }
  return image;
}

}  // namespace

std::optional<Error> check_size(std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1)
    return Error{ErrorCode::corrupt_image, "The image is damaged: it has no width or no height."};
  if (width > kMaxSide || height > kMaxSide || width * height > kMaxPixels)
    return Error{ErrorCode::image_too_large, "The image has " + std::to_string(width) + " x " +
                                                 std::to_string(height) + " pixels, but at most " +
                                                 std::to_string(kMaxSide) + " on a side and " +
                                                 std::to_string(kMaxPixels / 1'000'000) +
                                                 " million in all can be read; make it smaller."};
  return std::nullopt;
}

Result<std::vector<std::uint8_t>> allocate(std::size_t size) {
  void* volatile probe =
      std::malloc(size);  // volatile, or the compiler leaves the pair out and takes success for granted
  if (probe == nullptr && size > 0)
    return fail(ErrorCode::out_of_memory, "There is not enough memory for the image; try a smaller one.");
  std::free(probe);
  return std::vector<std::uint8_t>(size);
}

int exif_orientation(Bytes tiff) {
  constexpr std::size_t kEntry = 12;
  constexpr std::uint32_t kOrientation = 0x0112, kShort = 3;
  const bool little = starts_with(tiff, {"II*\0", 4});
  if (tiff.size() < 8 || (!little && !starts_with(tiff, {"MM\0*", 4}))) return 1;
  const auto read16 = [&](std::size_t at) {
    return little ? little_endian16(&tiff[at]) : big_endian16(&tiff[at]);
  };
  const auto read32 = [&](std::size_t at) {
    return little ? little_endian32(&tiff[at]) : big_endian32(&tiff[at]);
  };

  const std::size_t directory = read32(4);
  if (directory > tiff.size() - 2) return 1;
  const std::size_t entries =
      std::min<std::size_t>(read16(directory), (tiff.size() - directory - 2) / kEntry);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntry;
    if (read16(entry) != kOrientation) continue;
    const std::uint32_t value = read16(entry + 8);
    return read16(entry + 2) == kShort && read32(entry + 4) == 1 && value >= 1 && value <= 8
               ? static_cast<int>(value)
               : 1;
  }
  return 1;
}

Result<Image> decode(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return fail(ErrorCode::empty_input, "The file is empty; choose an image.");
  if (bytes.size() > INT_MAX / 2)
    return fail(ErrorCode::image_too_large,
                "The file has more than a gigabyte; save the image in a smaller file.");
  if (starts_with(bytes, "\xff\xd8")) return decode_jpeg(bytes);
  if (starts_with(bytes, "\x89PNG")) return decode_turned_png(bytes);
  if (starts_with(bytes, "BM")) return decode_bmp(bytes);
#ifndef __EMSCRIPTEN__  // there a module of its own decodes it, loaded when one is met
  if (is_tiff(bytes)) return decode_tiff(bytes);
#endif
  return fail(ErrorCode::unsupported_format,
              "The file is not a JPEG, PNG, BMP or TIFF image; save the image as one of these.");
}

Result<Image> from_rgba(std::span<const std::uint8_t> rgba, int width, int height) {
  if (width < 1 || height < 1 || rgba.size() != 4 * std::uint64_t(width) * std::uint64_t(height))
    return fail(ErrorCode::invalid_argument,
                "RGBA pixels need 4 x width x height bytes, and at least one pixel.");
  if (auto error = check_size(width, height)) return std::unexpected(std::move(*error));
  auto rgb = allocate(rgba.size() / 4 * 3);
  if (!rgb) return std::unexpected(rgb.error());
  Image image{width, height, std::move(*rgb)};
  std::uint8_t* out = image.rgb.data();
  for (std::size_t i = 0; i < rgba.size(); i += 4, out += 3)
    for (int c = 0; c < 3; ++c) out[c] = on_white(rgba[i + c], rgba[i + 3]);
  return image;
}

}  // namespace leukolens
