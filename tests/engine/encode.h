// Encoders for tests: images made in memory, so that no test needs a file.
#pragma once

#include <cstdint>
#include <vector>

#include "leukolens/image.h"

namespace leukolens::test {

using Bytes = std::vector<std::uint8_t>;

/// Lossless: decode(encode_png(image)) gives the same pixels.
Bytes encode_png(const Image& image);

/// Baseline JPEG, JFIF; 4:2:0 up to quality 90, 4:4:4 above.
Bytes encode_jpeg(const Image& image, int quality = 90);

}  // namespace leukolens::test
