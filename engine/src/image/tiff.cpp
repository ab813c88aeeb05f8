// TIFF by libtiff, which parses and decompresses; what its samples mean as colours is decided here, by the
// same roundings as for PNG. Strips and tiles are read one by one, so that beside the file and the image only
// one of them is in memory. Not reached from the engine's own WebAssembly: leukolens-tiff.wasm has it.
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "image/tiff_pages.h"
#include "image/tiff_range.h"

namespace leukolens {
namespace {

// A small image in a huge tile, or little data behind many strips, each of which claims all of it, would cost
// far more than the pixels are worth.
bool costs_too_much(TIFF* tiff, const TiffLayout& layout) {
  const std::uint64_t pixels = std::uint64_t{layout.width} * layout.height, slack = 1 << 20;
  if (layout.tiled && std::uint64_t{layout.block_width} * layout.block_height > 4 * pixels + slack)
    return true;
  const std::uint64_t count = layout.tiled ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
  const std::uint64_t decoded =
      layout.row_bytes() * (layout.tiled
                                ? count * layout.block_height
                                : std::uint64_t{layout.height} * (layout.separate ? layout.samples : 1));
  std::uint64_t stored = 0;
  for (std::uint64_t i = 0; i < count; ++i)
    stored +=
        std::min<std::uint64_t>(TIFFGetStrileByteCount(tiff, static_cast<std::uint32_t>(i)), 1ull << 40);
  return stored > 2 * decoded + 64 * count + slack;
}

// Rows of `step` bytes a pixel, upright, on which pixels are put where the file's orientation says; reduced
// by the mean of squares of pixels.
class Canvas {
 public:
  static Result<Canvas> make(const TiffLayout& layout, int reduction, int step) {
    Canvas canvas;
    canvas.reduction_ = static_cast<std::uint32_t>(reduction);
    canvas.step_ = step;
    canvas.stored_width_ = layout.width, canvas.stored_height_ = layout.height;
    canvas.width_ = (layout.width + canvas.reduction_ - 1) / canvas.reduction_;
    canvas.height_ = (layout.height + canvas.reduction_ - 1) / canvas.reduction_;
    canvas.upright_ = upright_of(layout.orientation, static_cast<int>(canvas.width_),
                                 static_cast<int>(canvas.height_), step);
    const std::size_t size = std::size_t{canvas.width_} * canvas.height_ * static_cast<std::size_t>(step);
    auto bytes = allocate(reduction == 1 ? size : 2 * size);  // sums have 16 bits
    if (!bytes) return std::unexpected(bytes.error());
    canvas.bytes_ = std::move(*bytes);
    return canvas;
  }

  // `rgb`: rows of `stride` pixels.
  void put(const std::uint8_t* rgb, std::uint32_t stride, std::uint32_t left, std::uint32_t top,
           std::uint32_t columns, std::uint32_t rows) {
    for (std::uint32_t y = 0; y < rows; ++y) {
      const std::uint8_t* in = rgb + 3 * std::size_t{y} * stride;
      for (std::uint32_t x = 0; x < columns; ++x, in += 3) {
        const std::size_t at = place((left + x) / reduction_, (top + y) / reduction_);
        if (reduction_ == 1)
          std::copy_n(in, 3, &bytes_[at]);
        else
          for (int c = 0; c < 3; ++c) set_sum(at + c, sum(at + c) + in[c]);
      }
    }
  }

  Image finish() && {
    if (reduction_ > 1) divide();
    if (step_ == 4)
      for (std::size_t i = 3; i < bytes_.size(); i += 4) bytes_[i] = 255;
    return {upright_.width, upright_.height, std::move(bytes_)};
  }

 private:
  std::size_t place(std::uint32_t x, std::uint32_t y) const {
    return static_cast<std::size_t>(upright_.corner + x * upright_.dx + y * upright_.dy);
  }
  std::uint32_t sum(std::size_t at) const { return little_endian16(&bytes_[2 * at]); }
  void set_sum(std::size_t at, std::uint32_t value) {
    bytes_[2 * at] = static_cast<std::uint8_t>(value),
               bytes_[2 * at + 1] = static_cast<std::uint8_t>(value >> 8);
  }

  void divide() {
    for (std::uint32_t y = 0; y < height_; ++y)
      for (std::uint32_t x = 0; x < width_; ++x) {
        const std::uint32_t count = std::min(reduction_, stored_width_ - x * reduction_) *
                                    std::min(reduction_, stored_height_ - y * reduction_);
        for (std::size_t at = place(x, y), c = 0; c < 3; ++c)
          set_sum(at + c, (sum(at + c) + count / 2) / count);
      }
    for (std::size_t i = 0; 2 * i < bytes_.size(); ++i) bytes_[i] = bytes_[2 * i];
    bytes_.resize(bytes_.size() / 2);
    bytes_.shrink_to_fit();
  }

  std::vector<std::uint8_t> bytes_;
  std::uint32_t reduction_ = 1, stored_width_ = 0, stored_height_ = 0, width_ = 0, height_ = 0;
  int step_ = 3;
  Upright upright_;
};

// The planes of a picture, each with the file that stands at its directory: one for all, or three pages.
class Blocks {
 public:
  Blocks(const TiffLayout& layout, std::vector<const TiffFile*> files)
      : layout_(layout), files_(std::move(files)) {}

  // Decodes every block of every plane that is used, one after another:
  // each(bytes, plane, x, y, columns, rows), and after(x, y, columns, rows) behind the planes of one place.
  template <class Each, class After>
  Result<void> read(Each each, After after) {
    if (!layout_.jpeg) {
      const std::uint64_t most = std::uint64_t{layout_.row_bytes()} * layout_.block_height;
      auto room = allocate(static_cast<std::size_t>(most));
      if (!room) return std::unexpected(room.error());
      block_ = std::move(*room);
    }
    for (std::uint32_t y = 0; y < layout_.height; y += layout_.block_height) {
      const std::uint32_t rows = std::min(layout_.block_height, layout_.height - y);
      for (std::uint32_t x = 0; x < layout_.width; x += layout_.block_width) {
        const std::uint32_t columns = std::min(layout_.block_width, layout_.width - x);
        for (int plane = 0; plane < planes(); ++plane) {
          if (layout_.separate && !layout_.is_used(plane)) continue;
          if (auto done = decode(x, y, columns, rows, plane); !done) return done;
          each(block_.data(), plane, columns, rows);
        }
        after(x, y, columns, rows);
      }
    }
    return {};
  }

 private:
  int planes() const {
    return files_.size() > 1 ? static_cast<int>(files_.size()) : layout_.separate ? layout_.samples : 1;
  }

  Result<void> decode(std::uint32_t x, std::uint32_t y, std::uint32_t columns, std::uint32_t rows,
                      int plane) {
    const TiffFile& file = *files_[files_.size() > 1 ? static_cast<std::size_t>(plane) : 0];
    const auto sample = static_cast<std::uint16_t>(layout_.separate ? plane : 0);
    const std::uint32_t strile = layout_.tiled ? TIFFComputeTile(file.get(), x, y, 0, sample)
                                               : TIFFComputeStrip(file.get(), y, sample);
    if (layout_.jpeg) return decode_jpeg(file, strile, columns, rows);
    const std::uint32_t height = layout_.tiled ? layout_.block_height : rows;
    const auto size = static_cast<tmsize_t>(layout_.row_bytes() * height);
    // Decoded whole, because some writers let the runs of PackBits go on from row to row.
    const tmsize_t read = layout_.tiled ? TIFFReadEncodedTile(file.get(), strile, block_.data(), size)
                                        : TIFFReadEncodedStrip(file.get(), strile, block_.data(), size);
    if (size <= 0 || read != size) return file.damaged();
    return {};
  }

  Result<void> decode_jpeg(const TiffFile& file, std::uint32_t strile, std::uint32_t columns,
                           std::uint32_t rows) {
    const std::uint64_t offset = TIFFGetStrileOffset(file.get(), strile),
                        count = TIFFGetStrileByteCount(file.get(), strile);
    if (offset > file.file().size() || count > file.file().size() - offset) return file.damaged();
    constexpr std::uint16_t kTables = 347;
    const bool is_ycbcr =
        file.field<std::uint16_t>(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB) == PHOTOMETRIC_YCBCR;
    const auto image = decode_jpeg_block(
        bytes_of(file, kTables),
        file.file().subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(count)), is_ycbcr);
    if (!image) return std::unexpected(image.error());
    if (static_cast<std::uint32_t>(image->width) != layout_.block_width ||
        static_cast<std::uint32_t>(image->height) < rows || columns > layout_.block_width)
      return file.damaged();
    if (layout_.samples == 3 && !layout_.separate) {
      block_ = image->rgb;
    } else {
      block_.resize(image->rgb.size() / 3);
      for (std::size_t i = 0; i < block_.size(); ++i) block_[i] = image->rgb[3 * i];
    }
    return {};
  }

  const TiffLayout& layout_;
  std::vector<const TiffFile*> files_;
  std::vector<std::uint8_t> block_;
};

// Samples as colours: pixels of one block, red, green and blue, on white.
class Painter {
 public:
  Painter(const TiffFile& file, const TiffLayout& layout, const SampleRange& range)
      : layout_(layout), range_(range), read_(layout) {
    if (layout.depth <= 16 && layout.format != SAMPLEFORMAT_IEEEFP) {
      levels_.resize(std::size_t{1} << layout.depth);
      for (std::uint32_t bits = 0; bits < levels_.size(); ++bits) levels_[bits] = level(signed_value(bits));
    }
    std::uint16_t* map[3]{};
    if (layout.photometric != PHOTOMETRIC_PALETTE ||
        !TIFFGetField(file.get(), TIFFTAG_COLORMAP, &map[0], &map[1], &map[2]))
      return;
    const int entries = 1 << layout.depth;
    const bool wide = std::ranges::any_of(map, [&](const std::uint16_t* column) {  // else 8 bits, by mistake
      return std::any_of(column, column + entries, [](int value) { return value > 255; });
    });
    palette_.resize(static_cast<std::size_t>(entries));
    for (int i = 0; i < entries; ++i)
      for (int c = 0; c < 3; ++c)
        palette_[i][c] = static_cast<std::uint8_t>(wide ? from_16_bits(map[c][i]) : map[c][i]);
  }

  // Paints the samples of one plane, or all that lie together, into `rgb`, rows of block_width pixels. Alpha
  // comes after the colours. `joined`: the plane's number is its colour.
  void paint(const std::uint8_t* block, int plane, bool joined, std::uint32_t columns, std::uint32_t rows,
             std::uint8_t* rgb) const {
    const int stride = layout_.stride();
    for (std::uint32_t y = 0; y < rows; ++y) {
      const std::uint8_t* row = block + y * layout_.row_bytes();
      std::uint8_t* out = rgb + 3 * std::size_t{y} * layout_.block_width;
      for (int i = 0; i < stride; ++i) {
        const int sample = plane + i;
        if (joined || layout_.is_used(sample)) paint_row(row, stride, i, sample, joined, columns, out);
      }
    }
  }

 private:
  double signed_value(std::uint32_t bits) const {
    if (layout_.format != SAMPLEFORMAT_INT) return bits;
    return layout_.depth == 8 ? static_cast<std::int8_t>(bits) : static_cast<std::int16_t>(bits);
  }

  std::uint8_t level(double value) const {
    const double span = range_.high - range_.low;
    const double scaled = (value - range_.low) * 255 / span;
    if (!(scaled > 0)) return 0;  // no number is black
    return scaled >= 255 ? 255 : static_cast<std::uint8_t>(scaled + 0.5);
  }

  int value(const std::uint8_t* row, std::size_t at) const {
    return levels_.empty() ? level(read_(row, at)) : levels_[read_.bits(row, at)];
  }

  void paint_row(const std::uint8_t* row, int stride, int index, int sample, bool joined,
                 std::uint32_t columns, std::uint8_t* out) const {
    const auto each = [&](auto put) {
      for (std::uint32_t x = 0; x < columns; ++x, out += 3)
        put(out, std::size_t{x} * static_cast<std::size_t>(stride) + static_cast<std::size_t>(index));
    };
    const bool inverse = layout_.photometric == PHOTOMETRIC_MINISWHITE;
    if (joined || (layout_.photometric == PHOTOMETRIC_RGB && sample < 3)) {
      each([&](std::uint8_t* rgb, std::size_t at) {
        rgb[sample] = static_cast<std::uint8_t>(inverse ? 255 - value(row, at) : value(row, at));
      });
    } else if (sample == layout_.alpha && layout_.premultiplied) {
      each([&](std::uint8_t* rgb, std::size_t at) {
        const int rest = 255 - value(row, at);
        for (int c = 0; c < 3; ++c) rgb[c] = static_cast<std::uint8_t>(std::min(255, rgb[c] + rest));
      });
    } else if (sample == layout_.alpha) {
      each([&](std::uint8_t* rgb, std::size_t at) {
        const int alpha = value(row, at);
        for (int c = 0; c < 3; ++c) rgb[c] = on_white(rgb[c], alpha);
      });
    } else if (!palette_.empty()) {
      each([&](std::uint8_t* rgb, std::size_t at) { std::ranges::copy(palette_[read_.bits(row, at)], rgb); });
    } else {
      each([&](std::uint8_t* rgb, std::size_t at) {
        std::fill_n(rgb, 3, static_cast<std::uint8_t>(inverse ? 255 - value(row, at) : value(row, at)));
      });
    }
  }

  const TiffLayout& layout_;
  SampleRange range_;
  SampleReader read_;
  std::vector<std::uint8_t> levels_;  // of each sample that can be, where these are few
  std::vector<std::array<std::uint8_t, 3>> palette_;
};

// Files that stand at the pages of red, green and blue.
Result<std::vector<std::unique_ptr<TiffFile>>> open_planes(Bytes file, const TiffLayout& first,
                                                           const std::vector<TiffImage>& images) {
  std::vector<std::unique_ptr<TiffFile>> planes;
  for (const TiffImage& image : images) {
    planes.push_back(std::make_unique<TiffFile>(file));
    if (!planes.back()->get() || !select(*planes.back(), image)) return planes.back()->damaged();
    const auto layout = read_tiff_layout(*planes.back());
    if (!layout) return std::unexpected(layout.error());
    if (layout->depth != first.depth || layout->format != first.format || layout->samples != 1 ||
        layout->tiled != first.tiled || layout->jpeg != first.jpeg ||
        layout->block_width != first.block_width || layout->block_height != first.block_height)
      return unsupported_tiff("has red, green and blue on pages that differ in kind");
    if (costs_too_much(planes.back()->get(), *layout)) return planes.back()->damaged();
  }
  return planes;
}

Result<Extremes> extremes_of(Blocks& blocks, const TiffLayout& layout) {
  Extremes extremes;
  const SampleReader read(layout);
  const int stride = layout.stride();
  const std::size_t row_bytes = layout.row_bytes();
  const auto done = blocks.read(
      [&](const std::uint8_t* block, int plane, std::uint32_t columns, std::uint32_t rows) {
        for (std::uint32_t y = 0; y < rows; ++y)
          for (std::uint32_t x = 0; x < columns; ++x)
            for (int i = 0; i < stride; ++i)
              if ((layout.separate ? plane : i) < layout.colours())
                extremes.add(read(block + y * row_bytes, std::size_t{x} * stride + i));
      },
      [](std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t) {});
  if (!done) return std::unexpected(done.error());
  return extremes;
}

}  // namespace

bool is_tiff(Bytes file) {
  constexpr std::array<std::uint8_t, 4> kMagics[] = {
      {'I', 'I', 42, 0}, {'M', 'M', 0, 42}, {'I', 'I', 43, 0}, {'M', 'M', 0, 43}};
  return std::ranges::any_of(kMagics, [&](const auto& magic) {
    return file.size() >= 4 && std::memcmp(file.data(), magic.data(), 4) == 0;
  });
}

Result<Image> decode_tiff(Bytes bytes, int step, int page) {
  TiffFile file(bytes);
  if (!file.get()) return file.damaged();
  auto choice = choose_tiff_page(file, page);
  if (!choice) return std::unexpected(choice.error());
  const auto layout = read_tiff_layout(file);
  if (!layout) return std::unexpected(layout.error());
  if (layout->block_width == 0 || layout->block_height == 0 || costs_too_much(file.get(), *layout))
    return file.damaged();
  constexpr std::uint64_t kMostBlock = 256 << 20;  // the whole of the largest image in one strip
  if (std::uint64_t{layout->row_bytes()} * layout->block_height > kMostBlock ||
      std::uint64_t{layout->block_width} * layout->block_height > kMaxPixels)
    return fail(ErrorCode::image_too_large,
                "The TIFF needs more memory than an image of its size may take; save it in smaller tiles.");

  const auto planes = open_planes(bytes, *layout, choice->planes);
  if (!planes) return std::unexpected(planes.error());
  const bool joined = !planes->empty();
  std::vector<const TiffFile*> files{&file};
  if (joined) {
    files.clear();
    for (const auto& plane : *planes) files.push_back(plane.get());
  }
  Blocks blocks(*layout, std::move(files));
  Extremes extremes;
  if (needs_extremes(*layout)) {
    const auto seen = extremes_of(blocks, *layout);
    if (!seen) return std::unexpected(seen.error());
    extremes = *seen;
  }
  const SampleRange range = range_of(file, choice->description, *layout, extremes);
  const Painter painter(file, *layout, range);
  auto canvas = Canvas::make(*layout, choice->reduction, step);
  if (!canvas) return std::unexpected(canvas.error());
  auto rgb = allocate(3 * std::size_t{layout->block_width} * layout->block_height);
  if (!rgb) return std::unexpected(rgb.error());
  const auto done = blocks.read(
      [&](const std::uint8_t* block, int plane, std::uint32_t columns, std::uint32_t rows) {
        painter.paint(block, plane, joined, columns, rows, rgb->data());
      },
      [&](std::uint32_t x, std::uint32_t y, std::uint32_t columns, std::uint32_t rows) {
        canvas->put(rgb->data(), layout->block_width, x, y, columns, rows);
      });
  if (!done) return std::unexpected(done.error());
  Image image = std::move(*canvas).finish();
  image.page = page;
  image.pages = choice->pages;
  image.notes = std::move(choice->notes);
  if (!range.by.empty()) image.notes.push_back(describe(range, *layout));
  if (choice->reduction > 1)
    image.notes.push_back(describe_reduction(layout->width, layout->height, choice->reduction));
  return image;
}

}  // namespace leukolens
