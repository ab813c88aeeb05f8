// leukolens-tiff.wasm: a file in, RGBA out, without JavaScript of its own. The package loads it when it meets
// a TIFF or BMP and makes an instance for each, so nothing here is freed.
#include <emscripten/emscripten.h>

#include <cstdint>
#include <string>

#include "../src/image/codec.h"

namespace {

// Where `width` is 0, `bytes` is the error as UTF-8: its code, a space, its message. Notes are lines of
// UTF-8.
struct Answer {
  std::uint32_t width, height;
  const void* bytes;
  std::uint32_t size;
  const char* notes;
  std::uint32_t notes_size;
};

std::uint8_t* file = nullptr;

}  // namespace

/// Room for the file; null where there is none.
extern "C" EMSCRIPTEN_KEEPALIVE std::uint8_t* reserve(std::uint32_t size) {
  return file = static_cast<std::uint8_t*>(std::malloc(size));
}

extern "C" EMSCRIPTEN_KEEPALIVE const Answer* decode(std::uint32_t size) {
  static auto image = leukolens::is_tiff({file, size}) ? leukolens::decode_tiff({file, size}, 4)
                                                       : leukolens::decode_bmp({file, size}, 4);
  static Answer answer{};
  static std::string notes;
  if (image) {
    for (const std::string& note : image->notes) notes += note + '\n';
    answer = {static_cast<std::uint32_t>(image->width),
              static_cast<std::uint32_t>(image->height),
              image->rgb.data(),
              static_cast<std::uint32_t>(image->rgb.size()),
              notes.data(),
              static_cast<std::uint32_t>(notes.size())};
  } else {
    static const std::string text = std::string(name(image.error().code)) + " " + image.error().message;
    answer = {0, 0, text.data(), static_cast<std::uint32_t>(text.size()), nullptr, 0};
  }
  return &answer;
}
