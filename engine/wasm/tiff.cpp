// leukolens-tiff.wasm: a file in, RGBA out, without JavaScript of its own. The package loads it when it meets
// a TIFF or BMP, or a JPEG or PNG that is to be reduced, and makes an instance for each, so nothing here is
// freed.
#include <emscripten/emscripten.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

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

leukolens::Result<leukolens::Image> decode(leukolens::Bytes bytes) {
  constexpr int kStep = 4;
  if (leukolens::is_tiff(bytes)) return leukolens::decode_tiff(bytes, kStep);
  if (bytes[0] == 'B') return leukolens::decode_bmp(bytes, kStep);
  if (bytes[0] != 0xff) return leukolens::decode_reduced_png(bytes, kStep);
  auto jpeg = leukolens::scan_jpeg(bytes, leukolens::kReducedLimits);
  std::free(file);  // the pixels take its place
  if (!jpeg) return std::unexpected(jpeg.error());
  return leukolens::decode_reduced_jpeg(std::move(*jpeg), kStep);
}

}  // namespace

/// Room for the file; null where there is none.
extern "C" EMSCRIPTEN_KEEPALIVE std::uint8_t* reserve(std::uint32_t size) {
  return file = static_cast<std::uint8_t*>(std::malloc(size));
}

extern "C" EMSCRIPTEN_KEEPALIVE const Answer* decode(std::uint32_t size) {
  static auto image = decode(leukolens::Bytes(file, size));
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
