// Pixels on their way between JavaScript and the engine.
#pragma once

#include <emscripten/val.h>

#include <vector>

#include "leukolens/image.h"

namespace leukolens {

/// Copies a Uint8Array. Errors: out_of_memory.
Result<std::vector<std::uint8_t>> to_bytes(const emscripten::val& array);

/// `bytes`: a file where width and height are 0, else RGBA. Errors: those of decode() and from_rgba().
Result<Image> read_image(const emscripten::val& bytes, int width, int height);

/// `region` in width x height RGBA pixels; what lies beyond the image is transparent.
std::vector<std::uint8_t> to_rgba(const Image& image, Rect region, int width, int height);

}  // namespace leukolens
