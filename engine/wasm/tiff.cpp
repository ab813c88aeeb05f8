// leukolens-tiff.wasm: a file in, RGBA out, without JavaScript of its own. The package loads it when it meets
// a TIFF or BMP, or a JPEG or PNG that is to be reduced, and makes an instance for each, so nothing here is
// freed.
#include <emscripten/emscripten.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "../src/image/codec.h"

namespace {

// The pixels and the notes, which are lines of UTF-8; where `width` is 0, an error's code and its message.
struct Answer {
  std::uint32_t width, height, pages;
  const void* bytes;
  std::uint32_t size;
  const char* text;
  std::uint32_t text_size;
};

std::uint8_t* file = nullptr;

leukolens::Result<leukolens::Image> decode(leukolens::Bytes bytes, int page) {
  constexpr int kStep = 4;
  if (leukolens::is_tiff(bytes)) return leukolens::decode_tiff(bytes, kStep, page);
  if (page != 1) return leukolens::no_such_page(page, 1);
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

extern "C" EMSCRIPTEN_KEEPALIVE const Answer* decode(std::uint32_t size, int page) {
  static auto image = decode(leukolens::Bytes(file, size), page);
  static Answer answer{};
  static std::string text;
  const auto number = [](auto value) { return static_cast<std::uint32_t>(value); };
  if (image) {
    for (const std::string& note : image->notes) text += note + '\n';
    if (leukolens::is_grey(image->rgb, 4)) text += leukolens::kNoColours;
    answer = {number(image->width), number(image->height), number(image->pages), image->rgb.data(),
              number(image->rgb.size())};
  } else {
    const std::string_view code = name(image.error().code);
    text = image.error().message;
    answer = {0, 0, 0, code.data(), number(code.size())};
  }
  answer.text = text.data();
  answer.text_size = number(text.size());
  return &answer;
}
