// The only unit that sees stb_image: its JPEG decoder, whole or block by block, and its inflater, on an
// allocator that returns zeros and keeps a budget, so that no input makes it show old memory or take more
// than the size of its image explains.
#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "image/codec.h"
#include "image/jpeg_blocks.h"

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
#define STBI_MAX_DIMENSIONS 65535  // scan_jpeg() has the limits
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

static_assert(STBI_MAX_DIMENSIONS == kMaxStoredSide);

namespace {

std::unexpected<Error> damaged_jpeg() {
  return fail(ErrorCode::corrupt_image, "The JPEG is damaged: its compressed data is wrong or incomplete.");
}

}  // namespace

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
    return damaged_jpeg();
  return pixels;
}

struct JpegBlocks::State {
  stbi__context context{};
  stbi__jpeg jpeg{};
};

void JpegBlocks::End::operator()(State* state) const { delete state; }

Result<JpegBlocks> JpegBlocks::open(const JpegScan& scanned) {
  JpegBlocks blocks;
  blocks.state_.reset(new State);
  auto& [context, jpeg] = *blocks.state_;
  stbi__start_mem(&context, scanned.clean.data(), static_cast<int>(scanned.clean.size()));
  jpeg.s = &context;
  stbi__setup_jpeg(&jpeg);
  // Not STBI__SCAN_load, which makes room for every pixel.
  if (!stbi__decode_jpeg_header(&jpeg, STBI__SCAN_header)) return damaged_jpeg();
  blocks.frame_.progressive = jpeg.progressive;
  blocks.frame_.is_rgb =
      context.img_n == 3 && (jpeg.rgb == 3 || (jpeg.app14_color_transform == 0 && !jpeg.jfif));
  const bool alone =
      context.img_n == 1;  // then its blocks lie row by row, however it is sampled (T.81, A.2.2)
  for (int i = 0; i < context.img_n; ++i)
    blocks.frame_.components.push_back(alone ? Component()
                                             : Component{jpeg.img_comp[i].h, jpeg.img_comp[i].v});
  return blocks;
}

Result<std::optional<JpegBlocks::Scan>> JpegBlocks::next_scan() {
  stbi__jpeg* jpeg = &state_->jpeg;
  // Behind the data of a scan stand the ones of scan_jpeg().
  if (jpeg->scan_n > 0 && jpeg->marker == STBI__MARKER_none) jpeg->marker = stbi__skip_jpeg_junk_at_end(jpeg);
  int marker = stbi__get_marker(jpeg);
  for (; !stbi__SOS(marker); marker = stbi__get_marker(jpeg)) {
    if (stbi__EOI(marker)) return std::nullopt;
    if (!stbi__process_marker(jpeg, marker)) return damaged_jpeg();
  }
  if (!stbi__process_scan_header(jpeg)) return damaged_jpeg();
  stbi__jpeg_reset(jpeg);
  return Scan{
      {jpeg->order, jpeg->order + jpeg->scan_n}, jpeg->spec_start, jpeg->spec_end, jpeg->succ_high > 0};
}

bool JpegBlocks::decode(int component, Block& block) {
  stbi__jpeg* jpeg = &state_->jpeg;
  const auto& its = jpeg->img_comp[component];
  if (!jpeg->progressive)
    return stbi__jpeg_decode_block(jpeg, block.data(), jpeg->huff_dc + its.hd, jpeg->huff_ac + its.ha,
                                   jpeg->fast_ac[its.ha], component, jpeg->dequant[its.tq]);
  if (jpeg->spec_start == 0)
    return stbi__jpeg_decode_block_prog_dc(jpeg, block.data(), jpeg->huff_dc + its.hd, component);
  return stbi__jpeg_decode_block_prog_ac(jpeg, block.data(), jpeg->huff_ac + its.ha, jpeg->fast_ac[its.ha]);
}

bool JpegBlocks::end_unit() {
  stbi__jpeg* jpeg = &state_->jpeg;
  if (--jpeg->todo > 0) return true;
  if (jpeg->code_bits < 24) stbi__grow_buffer_unsafe(jpeg);
  if (!STBI__RESTART(jpeg->marker)) return false;
  stbi__jpeg_reset(jpeg);
  return true;
}

bool JpegBlocks::is_next_empty() const { return state_->jpeg.eob_run > 0; }

int JpegBlocks::place_of(int index) { return stbi__jpeg_dezigzag[index]; }

std::span<const std::uint16_t> JpegBlocks::steps_of(int component) const {
  return state_->jpeg.dequant[state_->jpeg.img_comp[component].tq];
}

void JpegBlocks::to_rgbx(const std::uint8_t* y, const std::uint8_t* cb, const std::uint8_t* cr, int count,
                         std::uint8_t* out) const {
  state_->jpeg.YCbCr_to_RGB_kernel(out, y, cb, cr, count, 4);
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
