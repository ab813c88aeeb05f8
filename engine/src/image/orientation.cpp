// The eight orientations of EXIF 2.32 and TIFF 6.0 (tag 274), for every format.
#include <algorithm>
#include <cstring>

#include "image/codec.h"

namespace leukolens {

int known_orientation(std::uint32_t value) { return value >= 1 && value <= 8 ? static_cast<int>(value) : 1; }

int exif_orientation(Bytes tiff) {
  constexpr std::uint32_t kLittleEndian = 0x49492a00, kBigEndian = 0x4d4d002a;  // II*\0 and MM\0*
  constexpr std::size_t kEntry = 12;
  constexpr std::uint32_t kOrientation = 0x0112, kShort = 3;
  if (tiff.size() < 8) return 1;
  const bool little = big_endian32(tiff.data()) == kLittleEndian;
  if (!little && big_endian32(tiff.data()) != kBigEndian) return 1;
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
    return read16(entry + 2) == kShort && read32(entry + 4) == 1 ? known_orientation(read16(entry + 8)) : 1;
  }
  return 1;
}

Upright upright_of(int orientation, int width, int height, int step) {
  const bool swaps = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const std::ptrdiff_t row = std::ptrdiff_t{swaps ? height : width} * step;
  Upright upright{swaps ? height : width, swaps ? width : height, 0, swaps ? row : step, swaps ? step : row};
  if (from_right) {
    upright.corner += (width - 1) * upright.dx;
    upright.dx = -upright.dx;
  }
  if (from_bottom) {
    upright.corner += (height - 1) * upright.dy;
    upright.dy = -upright.dy;
  }
  return upright;
}

Result<Image> turn_upright(const std::uint8_t* pixels, int step, int width, int height, int orientation) {
  const Upright upright = upright_of(orientation, width, height, 3);
  auto rgb = allocate(3 * std::size_t(width) * std::size_t(height));
  if (!rgb) return std::unexpected(rgb.error());
  if (orientation == 1) {
    // As they lie: four bytes at once, the last of which the next pixel takes.
    const std::uint8_t* const last = pixels + std::ptrdiff_t{step} * width * height - step;
    std::uint8_t* out = rgb->data();
    for (; pixels < last; pixels += step, out += 3) std::memcpy(out, pixels, 4);
    std::memcpy(out, last, 3);
    return Image{width, height, std::move(*rgb)};
  }
  for (int y = 0; y < height; ++y) {
    std::uint8_t* out = rgb->data() + upright.corner + y * upright.dy;
    for (int x = 0; x < width; ++x, pixels += step, out += upright.dx)
      out[0] = pixels[0], out[1] = pixels[1], out[2] = pixels[2];
  }
  return Image{upright.width, upright.height, std::move(*rgb)};
}

}  // namespace leukolens
