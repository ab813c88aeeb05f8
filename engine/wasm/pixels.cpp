#include "pixels.h"

#include <algorithm>

#include "../src/image/codec.h"

namespace leukolens {
namespace {

using emscripten::val;

// In bands of rows: memory of WebAssembly does not shrink, so a large image is never there as RGBA too.
Result<Image> read_rgba(const val& bytes, int width, int height) {
  constexpr int kBand = 64;
  if (auto error = check_size(width, height)) return std::unexpected(std::move(*error));
  const std::size_t needed = 4 * std::size_t(width) * std::size_t(height);
  if (bytes["length"].as<std::size_t>() != needed) return from_rgba({}, width, height);  // which says so
  auto rgb = allocate(3 * std::size_t(width) * std::size_t(height));
  if (!rgb) return std::unexpected(std::move(rgb.error()));
  auto out = rgb->begin();
  for (int y = 0; y < height; y += kBand) {
    const int rows = std::min(kBand, height - y);
    const val rgba = bytes.call<val>("subarray", 4 * width * y, 4 * width * (y + rows));
    const auto band =
        to_bytes(rgba).and_then([&](const auto& pixels) { return from_rgba(pixels, width, rows); });
    if (!band) return std::unexpected(band.error());
    out = std::ranges::copy(band->rgb, out).out;
  }
  return Image{width, height, std::move(*rgb)};
}

}  // namespace

Result<std::vector<std::uint8_t>> to_bytes(const val& array) {
  auto bytes = allocate(array["length"].as<std::size_t>());
  if (bytes) val(emscripten::typed_memory_view(bytes->size(), bytes->data())).call<void>("set", array);
  return bytes;
}

Result<Image> read_image(const val& bytes, int width, int height) {
  if (width > 0 || height > 0) return read_rgba(bytes, width, height);
  return to_bytes(bytes).and_then([](const auto& file) { return decode(file); });
}

std::vector<std::uint8_t> to_rgba(const Image& image, Rect region, int width, int height) {
  std::vector<std::uint8_t> rgba(4 * std::size_t(width) * std::size_t(height));
  const auto [part, left, top] = resize_inside(image, region, width, height);
  const std::uint8_t* in = part.rgb.data();
  for (int y = 0; y < part.height; ++y) {
    std::uint8_t* out = &rgba[4 * (std::size_t(top + y) * width + left)];
    for (int x = 0; x < part.width; ++x, in += 3, out += 4) {
      std::copy_n(in, 3, out);
      out[3] = 255;
    }
  }
  return rgba;
}

}  // namespace leukolens
