// The only unit that sees stb_image: its JPEG decoder and its inflater, on an allocator that returns zeros
// and keeps a budget, so that no input makes it show old memory or take more than the size of its image
// explains.
#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "image/codec.h"

namespace leukolens {
namespace {

// stb_image passes no context to its allocator, hence a variable for each thread.
struct Budget {
  std::size_t bytes = 0;
  ErrorCode refused_as = ErrorCode::internal;
};
thread_local Budget budget;

// Freed bytes do not return to the budget: a decode allocates each of its few buffers once.
void* allocate_zeroed(std::size_t size) {
  if (size > budget.bytes) {
    budget.refused_as = ErrorCode::image_too_large;
    return nullptr;
  }
  budget.bytes -= size;
  void* memory = std::calloc(1, size);
  if (memory == nullptr) budget.refused_as = ErrorCode::out_of_memory;
  return memory;
}

}  // namespace
}  // namespace leukolens

#define STBI_MALLOC(size) leukolens::allocate_zeroed(size)
#define STBI_REALLOC_SIZED(memory, old_size, new_size) nullptr  // only growing output buffers would ask
#define STBI_FREE(memory) std::free(memory)
#define STBI_ONLY_JPEG
#define STBI_SUPPORT_ZLIB
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_ASSERT(condition) ((void)0)
#define STBI_MAX_DIMENSIONS 8192
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#if defined(__EMSCRIPTEN__) && defined(__SSE2__)
#define STBI__X64_TARGET  // stb_image looks for x86 alone, but Emscripten translates SSE2 intrinsics
#endif
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

namespace leukolens {

static_assert(STBI_MAX_DIMENSIONS == kMaxSide);

Result<RgbxPixels> decode_scanned(const JpegScan& jpeg) {
  // 16 bytes a pixel are the most that a JPEG needs: four components with coefficients, and the result.
  budget = {20 * std::size_t(jpeg.width) * std::size_t(jpeg.height) + (8 << 20), ErrorCode::corrupt_image};
  stbi__g_failure_reason = nullptr;
  int width = 0, height = 0, components = 0;
  // Four bytes a pixel, because stb_image converts colours by SIMD for four alone.
  RgbxPixels pixels(stbi_load_from_memory(jpeg.clean.data(), static_cast<int>(jpeg.clean.size()), &width,
                                          &height, &components, 4));
  if (budget.refused_as == ErrorCode::image_too_large)
    return fail(ErrorCode::image_too_large, "The JPEG needs more memory than an image of its size may take.");
  if (budget.refused_as == ErrorCode::out_of_memory)
    return fail(ErrorCode::out_of_memory,
                "There is not enough memory to decode the JPEG; try a smaller image.");
  // stb_image gives up quietly on some damage and returns what it has, but leaves a reason.
  if (!pixels || stbi_failure_reason() != nullptr || width != jpeg.width || height != jpeg.height)
    return fail(ErrorCode::corrupt_image, "The JPEG is damaged: its compressed data is wrong or incomplete.");
  return pixels;
}

bool inflate(Bytes zlib, std::span<std::uint8_t> out) {
  if (zlib.size() < 6) return false;
  stbi__zbuf state{};
  state.zbuffer = const_cast<stbi_uc*>(zlib.data());
  state.zbuffer_end = state.zbuffer + zlib.size() - 4;
  auto* begin = reinterpret_cast<char*>(out.data());
  constexpr int kFixedSize = 0, kWithHeader = 1;
  if (!stbi__do_zlib(&state, begin, static_cast<int>(out.size()), kFixedSize, kWithHeader)) return false;
  if (state.zout != begin + out.size()) return false;

  std::uint32_t a = 1, b = 0;  // Adler-32
  for (std::size_t i = 0; i < out.size();) {
    const std::size_t end = std::min(out.size(), i + 5552);  // the longest run without overflow of 32 bits
    for (; i < end; ++i) b += a += out[i];
    a %= 65521, b %= 65521;
  }
  return big_endian32(zlib.data() + zlib.size() - 4) == (b << 16 | a);
}

}  // namespace leukolens
