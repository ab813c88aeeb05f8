// TIFF by libtiff, which parses and decompresses; what its samples mean as colours is decided here, by the
// same roundings as for PNG. Strips and tiles are read one by one, so that beside the file and the image only
// one of them is in memory. Not reached from the engine's own WebAssembly: leukolens-tiff.wasm has it.
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "image/codec.h"

namespace leukolens {
namespace {

struct TiffCloser {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffHandle = std::unique_ptr<TIFF, TiffCloser>;

// The file as libtiff sees it: all of it mapped, at a position that only the header's reading moves.
struct Memory {
  Bytes file;
  std::uint64_t position = 0;
  std::string complaint;  // libtiff's first, which names the cause
};

tmsize_t read_some(thandle_t handle, void* to, tmsize_t size) {
  auto& memory = *static_cast<Memory*>(handle);
  if (size <= 0 || memory.position >= memory.file.size()) return 0;
  const auto count = std::min<std::uint64_t>(size, memory.file.size() - memory.position);
  std::memcpy(to, memory.file.data() + memory.position, count);
  memory.position += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t write_nothing(thandle_t, void*, tmsize_t) { return 0; }

toff_t seek(thandle_t handle, toff_t offset, int whence) {
  auto& memory = *static_cast<Memory*>(handle);
  const std::uint64_t origin = whence == SEEK_CUR   ? memory.position
                               : whence == SEEK_END ? size(memory.file)
                                                    : 0;
  return memory.position = origin + offset;
}

int close_nothing(thandle_t) { return 0; }
toff_t size_of(thandle_t handle) { return static_cast<Memory*>(handle)->file.size(); }

int map(thandle_t handle, void** base, toff_t* size) {
  const Bytes file = static_cast<Memory*>(handle)->file;
  *base = const_cast<std::uint8_t*>(file.data());  // libtiff only reads what it opened for reading
  *size = file.size();
  return 1;
}

void unmap_nothing(thandle_t, void*, toff_t) {}

int keep_complaint(TIFF*, void* user, const char*, const char* format, std::va_list arguments) {
  auto& complaint = static_cast<Memory*>(user)->complaint;
  std::array<char, 200> text{};
  if (complaint.empty() && std::vsnprintf(text.data(), text.size(), format, arguments) > 0) {
    complaint = text.data();
    // Some quote the file itself.
    std::ranges::replace_if(complaint, [](char c) { return c < ' ' || c > '~'; }, '?');
  }
  return 1;
}

int ignore(TIFF*, void*, const char*, const char*, std::va_list) { return 1; }

TiffHandle open(Memory& memory) {
  // What libtiff holds for itself: tables, one entry a strip or tile, and now and then a copy of some of the
  // file.
  const auto most = static_cast<tmsize_t>(memory.file.size() + (32 << 20));
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                 &TIFFOpenOptionsFree);
  if (!options) return nullptr;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), most);
  TIFFOpenOptionsSetMaxCumulatedMemAlloc(options.get(), most);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_complaint, &memory);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore, nullptr);
  // C: an uncompressed image in one strip is read as if it lay in many.
  return TiffHandle(TIFFClientOpenExt("", "rC", &memory, read_some, write_nothing, seek, close_nothing,
                                      size_of, map, unmap_nothing, options.get()));
}

std::unexpected<Error> damaged(const Memory& memory) {
  const std::string why = memory.complaint.empty() ? "" : " (" + memory.complaint + ")";
  return fail(ErrorCode::corrupt_image,
              "The TIFF is damaged or incomplete" + why + "; load the complete file, or save it again.");
}

std::unexpected<Error> unsupported(const std::string& what) {
  return fail(
      ErrorCode::unsupported_format,
      "The TIFF " + what + ", which is not read here; save it as RGB or grey with 8 or 16 bits, or as PNG.");
}

// How its pixels lie in the file.
struct Layout {
  std::uint32_t width = 0, height = 0;
  std::uint32_t block_width = 0, block_height = 0;  // of a tile, or of a strip
  std::uint16_t depth = 1, samples = 1, photometric = PHOTOMETRIC_MINISBLACK;
  int orientation = 1;
  bool separate = false;  // a plane for each sample
  int alpha = -1;         // its sample; -1: none
  bool premultiplied = false;

  int colours() const { return photometric == PHOTOMETRIC_RGB ? 3 : 1; }
  int planes() const { return separate ? std::max(colours(), alpha + 1) : 1; }
};

std::string name_of(std::uint16_t compression) {
  if (compression == COMPRESSION_JP2000) return "JPEG 2000";
  const TIFFCodec* codec = TIFFFindCODEC(compression);
  return codec ? codec->name : "method " + std::to_string(compression);
}

template <class T>
T field(TIFF* tiff, std::uint32_t tag, T otherwise) {
  T value = otherwise;
  return TIFFGetFieldDefaulted(tiff, tag, &value) ? value : otherwise;
}

// Finds the first extra sample that is transparency. One of unknown meaning is none.
void find_alpha(TIFF* tiff, Layout& layout) {
  std::uint16_t count = 0, *kinds = nullptr;
  if (!TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds)) return;
  for (int i = 0; i < count && layout.colours() + i < layout.samples; ++i) {
    if (kinds[i] != EXTRASAMPLE_ASSOCALPHA && kinds[i] != EXTRASAMPLE_UNASSALPHA) continue;
    layout.alpha = layout.colours() + i;
    layout.premultiplied = kinds[i] == EXTRASAMPLE_ASSOCALPHA;
    return;
  }
}

Result<void> check_support(TIFF* tiff, const Layout& layout) {
  const auto compression = field<std::uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  if (!TIFFIsCODECConfigured(compression)) return unsupported("is compressed by " + name_of(compression));
  if (field<std::uint16_t>(tiff, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) != FILLORDER_MSB2LSB)
    return unsupported("has its bits in reverse order");
  const auto format = field<std::uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID)
    return unsupported("has signed or floating-point samples");

  constexpr int kMostSamples = 16;
  const int depth = layout.depth;
  const bool small = depth == 1 || depth == 2 || depth == 4;  // packed, so only alone
  const bool known_depth = depth == 8 || (depth == 16 && layout.photometric != PHOTOMETRIC_PALETTE) ||
                           (small && layout.samples == 1);
  switch (layout.photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_PALETTE:
    case PHOTOMETRIC_RGB:
      break;
    default:
      return unsupported("is neither grey, RGB nor a palette image");
  }
  if (!known_depth || layout.samples < layout.colours() || layout.samples > kMostSamples)
    return unsupported("has " + std::to_string(layout.samples) + " samples of " + std::to_string(depth) +
                       " bits a pixel");
  return {};
}

Result<Layout> read_layout(TIFF* tiff) {
  Layout layout;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &layout.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &layout.height);
  if (auto error = check_size(layout.width, layout.height)) return std::unexpected(std::move(*error));
  layout.depth = field<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  layout.samples = field<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  // Some writers leave it out where the number of samples tells it.
  if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &layout.photometric) && layout.samples >= 3)
    layout.photometric = PHOTOMETRIC_RGB;
  layout.orientation = known_orientation(field<std::uint16_t>(tiff, TIFFTAG_ORIENTATION, 1));
  layout.separate = layout.samples > 1 && field<std::uint16_t>(tiff, TIFFTAG_PLANARCONFIG,
                                                               PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
  find_alpha(tiff, layout);
  if (TIFFIsTiled(tiff)) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &layout.block_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &layout.block_height);
  } else {
    layout.block_width = layout.width;
    layout.block_height =
        std::min(field<std::uint32_t>(tiff, TIFFTAG_ROWSPERSTRIP, layout.height), layout.height);
  }
  if (auto known = check_support(tiff, layout); !known) return std::unexpected(std::move(known.error()));
  return layout;
}

// A small image in a huge tile, or little data behind many strips, each of which claims all of it, would cost
// far more than the pixels are worth.
bool costs_too_much(TIFF* tiff, const Layout& layout) {
  const std::uint64_t pixels = std::uint64_t{layout.width} * layout.height, slack = 1 << 20;
  if (TIFFIsTiled(tiff) && std::uint64_t{layout.block_width} * layout.block_height > 4 * pixels + slack)
    return true;
  const std::uint64_t count = TIFFIsTiled(tiff) ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
  const std::uint64_t decoded =
      TIFFIsTiled(tiff) ? count * TIFFTileSize64(tiff)
                        : TIFFScanlineSize64(tiff) * layout.height * (layout.separate ? layout.samples : 1);
  std::uint64_t stored = 0;
  for (std::uint64_t i = 0; i < count; ++i)
    stored +=
        std::min<std::uint64_t>(TIFFGetStrileByteCount(tiff, static_cast<std::uint32_t>(i)), 1ull << 40);
  return stored > 2 * decoded + 64 * count + slack;
}

// Of a tile, or of the tallest strip, decoded. In 64 bits, for tmsize_t has 32 in WebAssembly.
std::uint64_t block_bytes(TIFF* tiff, const Layout& layout) {
  return TIFFIsTiled(tiff) ? TIFFTileSize64(tiff) : TIFFVStripSize64(tiff, layout.block_height);
}

// Rows of `step` bytes a pixel, upright, on which samples are put where the file's orientation says.
class Canvas {
 public:
  Canvas(const Layout& layout, int step, std::vector<std::uint8_t> bytes)
      : bytes_(std::move(bytes)),
        upright_(upright_of(layout.orientation, static_cast<int>(layout.width),
                            static_cast<int>(layout.height), step)) {}

  std::uint8_t* at(std::uint32_t x, std::uint32_t y) {
    return &bytes_[upright_.corner + x * upright_.dx + y * upright_.dy];
  }
  std::ptrdiff_t dx() const { return upright_.dx; }

  Image finish() && { return {upright_.width, upright_.height, std::move(bytes_)}; }

 private:
  std::vector<std::uint8_t> bytes_;
  Upright upright_;
};

// Pixels of some rows as libtiff decoded them: all their samples, or those of one plane.
struct Block {
  const std::uint8_t* bytes;
  std::size_t row_bytes;
  std::uint32_t x, y, columns, rows;
  int plane;
};

class Painter {
 public:
  Painter(TIFF* tiff, const Layout& layout) : layout_(layout) {
    std::uint16_t* map[3]{};
    const bool palette = layout.photometric == PHOTOMETRIC_PALETTE &&
                         TIFFGetField(tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2]);
    const int entries = 1 << std::min<int>(layout.depth, 8);
    const auto is_wide = [&](const std::uint16_t* column) {
      return std::any_of(column, column + entries, [](int value) { return value > 255; });
    };
    const bool wide =
        palette && (is_wide(map[0]) || is_wide(map[1]) || is_wide(map[2]));  // else 8 bits, by mistake
    for (int i = 0; i < entries; ++i) {
      const int grey = i * 255 / (entries - 1);
      for (int c = 0; c < 3; ++c) {
        const int value = !palette ? (layout.photometric == PHOTOMETRIC_MINISWHITE ? 255 - grey : grey)
                          : wide   ? from_16_bits(map[c][i])
                                   : map[c][i];
        table_[i][c] = static_cast<std::uint8_t>(value);
      }
    }
  }

  void paint(const Block& block, Canvas& canvas) const {
    const int first = layout_.separate ? block.plane : 0, samples = layout_.separate ? 1 : layout_.samples;
    for (std::uint32_t y = 0; y < block.rows; ++y)
      for (int i = 0; i < samples; ++i)
        paint_row(block.bytes + y * block.row_bytes, samples, i, first + i, block.columns,
                  canvas.at(block.x, block.y + y), canvas.dx());
  }

 private:
  // Sample number `sample` of a row's pixels, which is the `index`th of `stride` there. Alpha comes after the
  // colours.
  void paint_row(const std::uint8_t* row, int stride, int index, int sample, std::uint32_t columns,
                 std::uint8_t* out, std::ptrdiff_t dx) const {
    const auto each = [&](auto put) {
      for (std::uint32_t x = 0; x < columns; ++x, out += dx) put(out, value(row, x * stride + index));
    };
    if (sample == layout_.alpha && layout_.premultiplied) {
      each([](std::uint8_t* rgb, int alpha) {
        for (int c = 0; c < 3; ++c) rgb[c] = static_cast<std::uint8_t>(std::min(255, rgb[c] + 255 - alpha));
      });
    } else if (sample == layout_.alpha) {
      each([](std::uint8_t* rgb, int alpha) {
        for (int c = 0; c < 3; ++c) rgb[c] = on_white(rgb[c], alpha);
      });
    } else if (layout_.photometric == PHOTOMETRIC_RGB && sample < 3) {
      each([sample](std::uint8_t* rgb, int colour) { rgb[sample] = static_cast<std::uint8_t>(colour); });
    } else if (sample == 0) {
      each([this](std::uint8_t* rgb, int index_or_grey) {
        std::memcpy(rgb, table_[index_or_grey].data(), 3);
      });
    }
  }

  // With 16 bits brought to 8, in the order of bytes to which libtiff brings them.
  int value(const std::uint8_t* row, std::size_t at) const {
    const int depth = layout_.depth;
    if (depth == 8) return row[at];
    if (depth == 16) return from_16_bits(static_cast<int>(little_endian16(row + 2 * at)));
    const std::size_t bit = at * depth;
    return row[bit >> 3] >> (8 - depth - (bit & 7)) & ((1 << depth) - 1);
  }

  Layout layout_;
  std::array<std::array<std::uint8_t, 3>, 256> table_{};  // the colour of each grey or index
};

// Whether a plane of its own holds anything that is looked at.
bool is_used(const Layout& layout, int plane) { return plane < layout.colours() || plane == layout.alpha; }

// Decoded whole, because some writers let the runs of PackBits go on from row to row.
Result<void> read_blocks(TIFF* tiff, const Memory& memory, const Layout& layout, const Painter& painter,
                         Canvas& canvas) {
  const bool tiled = TIFFIsTiled(tiff);
  const tmsize_t most = tiled ? TIFFTileSize(tiff) : TIFFVStripSize(tiff, layout.block_height);
  const auto row_bytes = static_cast<std::size_t>(tiled ? TIFFTileRowSize(tiff) : TIFFScanlineSize(tiff));
  auto block = allocate(static_cast<std::size_t>(std::max<tmsize_t>(most, 0)));
  if (!block) return std::unexpected(block.error());
  for (int i = 0; i < layout.planes(); ++i) {
    if (!is_used(layout, i)) continue;
    const auto plane = static_cast<std::uint16_t>(i);
    for (std::uint32_t y = 0; y < layout.height; y += layout.block_height) {
      const std::uint32_t rows = std::min(layout.block_height, layout.height - y);
      for (std::uint32_t x = 0; x < layout.width; x += layout.block_width) {
        const tmsize_t size = tiled ? most : TIFFVStripSize(tiff, rows);
        const tmsize_t read =
            tiled ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, x, y, 0, plane), block->data(), size)
                  : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, plane), block->data(), size);
        if (size <= 0 || read != size) return damaged(memory);
        const std::uint32_t columns = std::min(layout.block_width, layout.width - x);
        painter.paint({block->data(), row_bytes, x, y, columns, rows, i}, canvas);
      }
    }
  }
  return {};
}

}  // namespace

bool is_tiff(Bytes file) {
  constexpr std::array<std::uint8_t, 4> kMagics[] = {
      {'I', 'I', 42, 0}, {'M', 'M', 0, 42}, {'I', 'I', 43, 0}, {'M', 'M', 0, 43}};
  return std::ranges::any_of(kMagics, [&](const auto& magic) {
    return file.size() >= 4 && std::memcmp(file.data(), magic.data(), 4) == 0;
  });
}

Result<Image> decode_tiff(Bytes file, int step) {
  Memory memory{file, 0, {}};
  const TiffHandle tiff = open(memory);
  if (!tiff) return damaged(memory);
  const auto layout = read_layout(tiff.get());
  if (!layout) return std::unexpected(layout.error());
  if (layout->block_width == 0 || layout->block_height == 0 || costs_too_much(tiff.get(), *layout))
    return damaged(memory);
  constexpr std::uint64_t kMostBlock = 512 << 20;  // the whole of the largest image in one strip
  if (block_bytes(tiff.get(), *layout) > kMostBlock)
    return fail(ErrorCode::image_too_large,
                "The TIFF needs more memory than an image of its size may take; save it in smaller tiles.");

  auto bytes = allocate(static_cast<std::size_t>(step) * layout->width * layout->height);
  if (!bytes) return std::unexpected(bytes.error());
  if (step == 4) std::ranges::fill(*bytes, std::uint8_t{255});
  Canvas canvas(*layout, step, std::move(*bytes));
  const Painter painter(tiff.get(), *layout);
  const auto done = read_blocks(tiff.get(), memory, *layout, painter, canvas);
  if (!done) return std::unexpected(done.error());
  return std::move(canvas).finish();
}

}  // namespace leukolens
