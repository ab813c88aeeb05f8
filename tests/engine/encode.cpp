#include "encode.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

namespace leukolens::test {
namespace {

void append(void* context, void* data, int size) {
  auto& bytes = *static_cast<Bytes*>(context);
  const auto* begin = static_cast<const std::uint8_t*>(data);
  bytes.insert(bytes.end(), begin, begin + size);
}

}  // namespace

Bytes encode_png(const Image& image) {
  Bytes bytes;
  stbi_write_png_to_func(append, &bytes, image.width, image.height, 3, image.rgb.data(), 3 * image.width);
  return bytes;
}

Bytes encode_jpeg(const Image& image, int quality) {
  Bytes bytes;
  stbi_write_jpg_to_func(append, &bytes, image.width, image.height, 3, image.rgb.data(), quality);
  return bytes;
}

}  // namespace leukolens::test
