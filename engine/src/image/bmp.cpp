// BMP of Windows (BITMAPCOREHEADER to BITMAPV5HEADER) and OS/2: palettes of 1 to 8 bits, plain or by runs
// (BI_RLE8, BI_RLE4), and pixels of 16, 24 or 32 bits, by masks or without. Sums of what a header says are
// taken in 64 bits: where size_t has 32, they would wrap. Not reached from the engine's own WebAssembly:
// leukolens-tiff.wasm has it.
#include <algorithm>
#include <array>
#include <bit>

#include "image/codec.h"
#include "image/row_canvas.h"

namespace leukolens {
namespace {

enum Compression : std::uint32_t { kPlain, kRuns8, kRuns4, kMasks, kJpeg, kPng, kMasksWithAlpha, kCmyk = 11 };

constexpr std::int64_t kFileHeader = 14, kCoreHeader = 12, kShortHeader = 16, kInfoHeader = 40;

std::unexpected<Error> truncated() {
  return fail(ErrorCode::corrupt_image, "The BMP is truncated: its end is missing; load the complete file.");
}

std::unexpected<Error> unsupported(const char* what) {
  return fail(ErrorCode::unsupported_format, "The BMP " + std::string(what) + "; save it as PNG.");
}

// A sample of a pixel of 16 or 32 bits.
struct Mask {
  std::uint32_t mask = 0;

  std::uint32_t most() const { return mask >> std::countr_zero(mask); }
  std::uint8_t of(std::uint32_t pixel) const {
    if (mask == 0) return 0;
    const std::uint64_t value = (pixel & mask) >> std::countr_zero(mask);
    return static_cast<std::uint8_t>((value * 255 + most() / 2) / most());
  }
};

struct Header {
  std::int64_t size = 0, offset = 0, width = 0, height = 0;
  bool from_top = false;
  std::uint32_t bits = 0, compression = kPlain, colours = 0;
  std::array<Mask, 4> masks{};  // red, green, blue, alpha

  bool has_palette() const { return bits <= 8; }
  std::int64_t used_bytes() const { return (width * bits + 7) / 8; }  // of a row
  std::int64_t row_bytes() const {
    return (used_bytes() + 3) / 4 * 4;
  }  // some writers leave the last padding out
};

Result<Header> read_header(Bytes file) {
  if (file.size() < kFileHeader + 4) return truncated();
  const std::uint8_t* info = file.data() + kFileHeader;
  Header header{.size = little_endian32(info), .offset = little_endian32(&file[10])};
  if (header.size < kInfoHeader && header.size != kCoreHeader && header.size != kShortHeader)
    return unsupported("has a header of an unknown kind");
  if (static_cast<std::int64_t>(file.size()) < kFileHeader + header.size) return truncated();
  // What a short header lacks is 0.
  const auto word = [&](int at) { return at + 4 <= header.size ? little_endian32(info + at) : 0; };
  if (header.size == kCoreHeader) {
    header.width = little_endian16(info + 4), header.height = little_endian16(info + 6);
    header.bits = little_endian16(info + 10);
  } else {
    header.width = static_cast<std::int32_t>(word(4)), header.height = static_cast<std::int32_t>(word(8));
    header.bits = little_endian16(info + 14), header.compression = word(16), header.colours = word(32);
    header.from_top = header.height < 0;
    header.height = header.from_top ? -header.height : header.height;
  }
  if (auto error = kReducedLimits.check(header.width, header.height))
    return std::unexpected(std::move(*error));
  if (header.compression == kJpeg || header.compression == kPng)
    return unsupported("only wraps a JPEG or PNG");
  if (header.compression >= kCmyk && header.compression <= kCmyk + 2)
    return unsupported("has CMYK, colours for printing");

  const bool masked = header.compression == kMasks || header.compression == kMasksWithAlpha;
  const bool runs = header.compression == kRuns8 || header.compression == kRuns4;
  const std::uint32_t bits = header.bits;
  const bool fits = masked                         ? bits == 16 || bits == 32
                    : header.compression == kRuns8 ? bits == 8
                    : header.compression == kRuns4 ? bits == 4
                    : header.compression == kPlain ? bits == 1 || bits == 2 || bits == 4 || bits == 8 ||
                                                         bits == 16 || bits == 24 || bits == 32
                                                   : false;
  // Of OS/2 the method 3 is one for faxes.
  if (!fits || (runs && header.from_top) || (masked && header.size == 64))
    return unsupported("has a kind of compression or a number of bits that is not known here");
  if (masked) {
    const std::int64_t count = header.size >= 56 || header.compression == kMasksWithAlpha ? 4 : 3;
    if (static_cast<std::int64_t>(file.size()) < kFileHeader + kInfoHeader + 4 * count) return truncated();
    for (int i = 0; i < count; ++i) header.masks[i].mask = little_endian32(info + kInfoHeader + 4 * i);
    if (header.size == kInfoHeader) header.size += 4 * count;  // they lie behind it
  } else if (bits == 16) {
    header.masks = {Mask{0x7c00}, Mask{0x3e0}, Mask{0x1f}, Mask{}};
  } else {
    header.masks = {Mask{0xff0000}, Mask{0xff00}, Mask{0xff}, Mask{}};
  }
  return header;
}

using Colour = std::array<std::uint8_t, 3>;

Result<std::vector<Colour>> read_palette(Bytes file, const Header& header) {
  const std::int64_t step = header.size == kCoreHeader ? 3 : 4, begin = kFileHeader + header.size;
  const std::int64_t room = (std::min<std::int64_t>(header.offset, file.size()) - begin) / step;
  const std::int64_t most = std::int64_t{1} << header.bits;
  const std::int64_t stated = header.colours > 0 && header.colours < most ? header.colours : most;
  const std::int64_t count = std::min(stated, room);
  if (count < 1) return fail(ErrorCode::corrupt_image, "The BMP is damaged: its palette is missing.");
  std::vector<Colour> palette;
  for (const std::uint8_t* p = &file[static_cast<std::size_t>(begin)];
       palette.size() < static_cast<std::size_t>(count); p += step)
    palette.push_back({p[2], p[1], p[0]});
  return palette;
}

// Undoes runs: a byte for each pixel, rows from the bottom. What runs leave out is colour 0.
Result<std::vector<std::uint8_t>> unroll(Bytes data, const Header& header) {
  auto indices = allocate(static_cast<std::size_t>(header.width * header.height));
  if (!indices) return indices;
  std::int64_t x = 0, y = 0;
  const auto put = [&](int index) {
    if (x < header.width && y < header.height)
      (*indices)[static_cast<std::size_t>(y * header.width + x)] = static_cast<std::uint8_t>(index);
    ++x;
  };
  const bool narrow = header.compression == kRuns4;
  const auto nth = [&](std::uint8_t byte, int i) { return !narrow ? byte : i % 2 ? byte & 15 : byte >> 4; };
  std::size_t at = 0;
  while (at + 2 <= data.size()) {
    const int count = data[at], value = data[at + 1];
    at += 2;
    if (count > 0) {
      for (int i = 0; i < count; ++i) put(nth(static_cast<std::uint8_t>(value), i));
    } else if (value == 0) {
      x = 0, ++y;
    } else if (value == 1) {
      return indices;
    } else if (value == 2) {
      if (at + 2 > data.size()) break;
      x += data[at], y += data[at + 1];
      at += 2;
    } else {
      const std::size_t bytes = narrow ? (value + 1) / 2 : value;
      if (at + bytes > data.size()) break;
      for (int i = 0; i < value; ++i) put(nth(data[at + (narrow ? i / 2 : i)], i));
      at += bytes + bytes % 2;
    }
    if (x > header.width + 256 || y > header.height + 256)
      return fail(ErrorCode::corrupt_image, "The BMP is damaged: its runs lead out of the image.");
  }
  if (y >= header.height - 1 && x >= header.width) return indices;  // some writers leave the end mark out
  return truncated();
}

// Pixels of 16, 24 or 32 bits, with alpha laid on white. Where all are transparent, alpha was left empty.
void paint_masked(Bytes row, const Header& header, bool opaque, std::uint8_t* out, bool* any_alpha) {
  const std::uint8_t* in = row.data();
  const std::uint32_t bytes = header.bits / 8;
  for (std::int64_t x = 0; x < header.width; ++x, in += bytes, out += 3) {
    const std::uint32_t pixel = bytes == 2   ? little_endian16(in)
                                : bytes == 3 ? in[0] | in[1] << 8 | in[2] << 16
                                             : little_endian32(in);
    const int alpha = opaque ? 255 : header.masks[3].of(pixel);
    *any_alpha |= alpha > 0;
    for (int c = 0; c < 3; ++c) out[c] = on_white(header.masks[c].of(pixel), alpha);
  }
}

// Pixels of at most 8 bits. False where one has no colour.
bool paint_indexed(Bytes row, std::int64_t width, std::uint32_t bits, const std::vector<Colour>& palette,
                   std::uint8_t* out) {
  for (std::int64_t x = 0; x < width; ++x, out += 3) {
    const std::int64_t bit = x * bits;
    const std::size_t index =
        row[static_cast<std::size_t>(bit >> 3)] >> (8 - bits - (bit & 7)) & ((1u << bits) - 1);
    if (index >= palette.size()) return false;
    std::ranges::copy(palette[index], out);
  }
  return true;
}

}  // namespace

Result<Image> decode_bmp(Bytes file, int step) {
  const auto header = read_header(file);
  if (!header) return std::unexpected(header.error());
  const auto size = static_cast<std::int64_t>(file.size());
  const bool runs = header->compression == kRuns8 || header->compression == kRuns4;
  if (header->offset < kFileHeader + header->size || header->offset > size ||
      (!runs && size < header->offset + header->row_bytes() * (header->height - 1) + header->used_bytes()))
    return truncated();
  const Bytes data = file.subspan(static_cast<std::size_t>(header->offset));
  const int by = *reduction_of(header->width, header->height);
  if (runs && by > 1)
    return fail(ErrorCode::image_too_large,
                "The BMP is compressed by runs and too large to be decoded at once; save it as PNG.");

  std::vector<Colour> palette;
  std::vector<std::uint8_t> unrolled;
  if (header->has_palette()) {
    auto read = read_palette(file, *header);
    if (!read) return std::unexpected(read.error());
    palette = std::move(*read);
  }
  if (runs) {
    auto indices = unroll(data, *header);
    if (!indices) return std::unexpected(indices.error());
    unrolled = std::move(*indices);
  }

  const std::uint32_t bits = runs ? 8 : header->bits;
  const Bytes rows = runs ? Bytes(unrolled) : data;
  const std::int64_t row_bytes = runs ? header->width : header->row_bytes();
  std::vector<std::uint8_t> rgb(3 * static_cast<std::size_t>(header->width));
  bool opaque = header->masks[3].mask == 0, any_alpha = opaque;
  while (true) {
    auto reducer =
        RowReducer::make(static_cast<int>(header->width), static_cast<int>(header->height), by, 1, step);
    if (!reducer) return std::unexpected(reducer.error());
    for (std::int64_t y = 0; y < header->height; ++y) {
      const std::int64_t stored = header->from_top ? y : header->height - 1 - y;
      const Bytes row = rows.subspan(static_cast<std::size_t>(row_bytes * stored));
      if (!header->has_palette())
        paint_masked(row, *header, opaque, rgb.data(), &any_alpha);
      else if (!paint_indexed(row, header->width, bits, palette, rgb.data()))
        return fail(ErrorCode::corrupt_image,
                    "The BMP is damaged: a pixel has a colour that is not in the palette.");
      reducer->add(rgb.data());
    }
    if (!any_alpha && !opaque) {
      opaque = true;
      continue;
    }
    Image image = std::move(*reducer).finish();
    if (by > 1) image.notes.push_back(describe_reduction(header->width, header->height, by));
    return image;
  }
}

}  // namespace leukolens
