// Uncompressed BMP with 24 or 32 bits a pixel, the latter's fourth byte being unused (BITMAPINFOHEADER,
// BI_RGB). Sums of what a header says are taken in 64 bits: where size_t has 32, they would wrap.
#include "image/codec.h"

namespace leukolens {

Result<Image> decode_bmp(Bytes file) {
  constexpr std::int64_t kFileHeader = 14, kInfoHeader = 40;
  const auto size = static_cast<std::int64_t>(file.size());
  if (size < kFileHeader + kInfoHeader)
    return fail(ErrorCode::corrupt_image,
                "The BMP is truncated: its end is missing; load the complete file.");
  const std::uint8_t* info = file.data() + kFileHeader;
  const auto signed32 = [](const std::uint8_t* p) {
    return std::int64_t{static_cast<std::int32_t>(little_endian32(p))};
  };
  const std::int64_t offset = little_endian32(&file[10]), header_size = little_endian32(info);
  const std::uint32_t bits = little_endian16(info + 14), compression = little_endian32(info + 16);
  if (header_size < kInfoHeader || compression != 0 || (bits != 24 && bits != 32))
    return fail(ErrorCode::unsupported_format,
                "The BMP is not of the plain kind (24 or 32 bits, uncompressed); save it as PNG.");

  const std::int64_t width = signed32(info + 4), signed_height = signed32(info + 8);
  const std::int64_t height =
      signed_height < 0 ? -signed_height : signed_height;  // negative: rows from the top
  if (auto error = check_size(width, height)) return std::unexpected(std::move(*error));
  const std::int64_t row = (width * bits / 8 + 3) / 4 * 4;
  if (offset < kFileHeader + header_size || size < offset + row * height)
    return fail(ErrorCode::corrupt_image,
                "The BMP is truncated: pixels are missing; load the complete file.");

  auto rgb = allocate(3 * std::size_t(width * height));
  if (!rgb) return std::unexpected(rgb.error());
  Image image{static_cast<int>(width), static_cast<int>(height), std::move(*rgb)};
  std::uint8_t* out = image.rgb.data();
  for (std::int64_t y = 0; y < height; ++y) {
    const std::uint8_t* in =
        &file[static_cast<std::size_t>(offset + row * (signed_height < 0 ? y : height - 1 - y))];
    for (std::int64_t x = 0; x < width; ++x, in += bits / 8, out += 3)
      out[0] = in[2], out[1] = in[1], out[2] = in[0];
  }
  return image;
}

}  // namespace leukolens
