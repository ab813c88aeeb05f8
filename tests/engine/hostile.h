// Builders of small image files, well-formed unless a test asks otherwise.
#pragma once

#include <array>
#include <cstdint>
#include <ctime>
#include <initializer_list>
#include <string_view>

#include "encode.h"

namespace leukolens::test {

using smear::Bytes, smear::encode_jpeg, smear::encode_png;

inline void operator+=(Bytes& bytes, const Bytes& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

inline Bytes big_endian(std::uint32_t value, int bytes) {
  Bytes out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  return out;
}

/// How much of the processor `work` takes: what else the machine does makes no difference, natively.
double cpu_milliseconds(auto&& work) {
  const std::clock_t start = std::clock();
  work();
  return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// An image with a value of its own in every sample, made by integer arithmetic alone.
inline Image pattern(int width, int height) {
  Image image{width, height, Bytes(3 * std::size_t(width) * height)};
  std::uint32_t state = 1;
  for (auto& sample : image.rgb)
    sample = static_cast<std::uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
  return image;
}

/// Smooth enough for a JPEG to come close to it.
inline Image gradient(int width, int height) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int sample : {255 * x / width, 255 * y / height, 255 * (x + y) / (width + height)})
        image.rgb.push_back(static_cast<std::uint8_t>(sample));
  return image;
}

namespace png {

inline const Bytes kSignature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

/// A chunk with its checksum.
Bytes chunk(std::string_view type, const Bytes& body);

struct Header {
  int width = 1, height = 1, depth = 8, colour = 2, interlace = 0;
};
Bytes header(const Header& header);

/// A zlib stream of stored blocks, with its checksum.
Bytes stored(const Bytes& raw);

/// Signature, header, `extra` chunks, data and end.
Bytes file(const Header& header, const Bytes& raw, const Bytes& extra = {});

}  // namespace png

namespace jpeg {

Bytes segment(std::uint8_t marker, const Bytes& body);

/// All quantisation steps 1; Huffman tables 0 in which the symbol 0 (no difference, end of block) is the one
/// bit 0.
Bytes tables();

/// `marker`: 0xc0 baseline, 0xc2 progressive. Components named 1, 2, ... without subsampling.
Bytes frame(std::uint8_t marker, int width, int height, int components, int precision = 8);

/// A scan of `components` from `first_component` on, `zero_bits` of data that are all 0, and padding.
Bytes scan(int first_component, int components, int zero_bits, int first = 0, int last = 63,
           int approximation = 0);

inline const Bytes kStart{0xff, 0xd8}, kEnd{0xff, 0xd9};

}  // namespace jpeg

}  // namespace leukolens::test
