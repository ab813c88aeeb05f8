// JPEGs of more pixels than are decoded whole. Each block of 8 x 8 becomes one of 4 x 4, 2 x 2 or a pixel by
// an inverse transform of its lowest frequencies alone, whose mean is that of the block. Colours that are
// coded in fewer blocks keep as many pixels as there are of lightness. Sequential files are read a row of
// blocks at a time; of progressive ones stay in memory the coefficients that are used, and of the others
// whether they are zero, which is all that refining them asks.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "image/jpeg_blocks.h"
#include "image/row_canvas.h"

namespace leukolens {
namespace {

using Block = JpegBlocks::Block;

constexpr int ceil_div(int a, int b) { return (a + b - 1) / b; }

// An inverse DCT of `size` points from as many of the coefficients of one of 8 (T.81, A.3.3), times sqrt(8).
using Weights = std::array<std::array<std::int32_t, 8>, 8>;  // by pixel and frequency, 4096 being 1
Weights weights_of(int size) {
  constexpr std::array<std::int32_t, 9> kCosines{5793, 5681, 5352, 4816, 4096, 3218, 2217, 1130, 0};
  Weights weights{};
  for (int x = 0; x < size; ++x) {
    weights[x][0] = 4096;
    for (int u = 1; u < size; ++u) {
      int angle = (2 * x + 1) * u * (8 / size) % 32;  // in sixteenths of a half turn
      angle = std::min(angle, 32 - angle);
      weights[x][u] = angle <= 8 ? kCosines[angle] : -kCosines[16 - angle];
    }
  }
  return weights;
}

// A component, of which a row of units is there as pixels.
struct Plane {
  int across = 1, down = 1;    // blocks of a unit
  int columns = 8, rows = 8;   // pixels that a block becomes
  int blocks = 0, stride = 0;  // in a row
  Weights to_columns{}, to_rows{};
  std::array<std::int8_t, 64> kept{};  // the place of a coefficient among those that are used; else -1
  std::vector<std::uint8_t> pixels, stored;

  std::size_t stored_size() const { return 8 + 2 * static_cast<std::size_t>(columns * rows); }
  std::uint8_t* stored_at(int x, int y) {
    return &stored[stored_size() * (static_cast<std::size_t>(y) * blocks + x)];
  }

  // Sums wrap in 32 bits, which only damage can make them.
  void paint(const Block& block, int x, int y) {
    std::array<std::array<std::uint32_t, 8>, 8> sums{};
    for (int v = 0; v < rows; ++v)
      for (int i = 0; i < columns; ++i) {
        std::uint32_t sum = 128;
        for (int u = 0; u < columns; ++u)
          sum += static_cast<std::uint32_t>(to_columns[i][u] * block[8 * v + u]);
        sums[v][i] = static_cast<std::uint32_t>(static_cast<std::int32_t>(sum) >> 8);
      }
    std::uint8_t* out = &pixels[static_cast<std::size_t>(y * rows) * stride + x * columns];
    for (int j = 0; j < rows; ++j, out += stride)
      for (int i = 0; i < columns; ++i) {
        std::uint32_t sum = 1 << 18;
        for (int v = 0; v < rows; ++v) sum += static_cast<std::uint32_t>(to_rows[j][v]) * sums[v][i];
        out[i] = static_cast<std::uint8_t>(std::clamp((static_cast<std::int32_t>(sum) >> 19) + 128, 0, 255));
      }
  }
};

class Reducer {
 public:
  /// `height`: of the picture; the JPEG says how many of its rows are to be read.
  /// Once the JPEG is not read any more, its memory is given back.
  Reducer(JpegScan& jpeg, int height, int step) : jpeg_(jpeg), stored_height_(height), step_(step) {}

  Result<Image> run() {
    auto blocks = JpegBlocks::open(jpeg_);
    if (!blocks) return std::unexpected(blocks.error());
    if (blocks->frame().components.size() > 3)
      return fail(ErrorCode::image_too_large,
                  "The JPEG is in CMYK, colours for printing, and too large for them; save it as RGB.");
    auto scan = blocks->next_scan();
    if (!scan) return std::unexpected(scan.error());
    if (!*scan) return damaged();
    const bool at_once =
        !blocks->frame().progressive && (*scan)->components.size() == blocks->frame().components.size();
    by_ = *reduction_of(jpeg_.width, stored_height_);
    lay_out(blocks->frame());
    while (!at_once && stored_bytes() > kMostStored && by_ < 8) {
      by_ *= 2;
      lay_out(blocks->frame());
    }
    width_ = ceil_div(jpeg_.width, by_), height_ = ceil_div(jpeg_.height, by_);
    line_.resize(4 * static_cast<std::size_t>(width_));
    spread_.resize(3 * static_cast<std::size_t>(width_));
    auto canvas = at_once ? read_at_once(*blocks, **scan) : read_scans(*blocks, *scan);
    if (!canvas) return std::unexpected(canvas.error());
    Image image = std::move(*canvas).finish();
    image.notes.push_back(describe_reduction(jpeg_.width, stored_height_, by_));
    return image;
  }

  /// Of the file, how many were decoded before it failed.
  int rows() const { return rows_; }

 private:
  static constexpr std::size_t kMostStored = 160 << 20;  // of coefficients

  static std::unexpected<Error> damaged() {
    return fail(ErrorCode::corrupt_image, "The JPEG is damaged: its compressed data is wrong or incomplete.");
  }

  void lay_out(const JpegBlocks::Frame& frame) {
    across_ = down_ = 1;
    for (const auto& [across, down] : frame.components)
      across_ = std::max(across_, across), down_ = std::max(down_, down);
    units_x_ = ceil_div(jpeg_.width, 8 * across_), units_y_ = ceil_div(jpeg_.height, 8 * down_);
    planes_.clear();
    for (const auto& [across, down] : frame.components) {
      // Powers of two, where the sampling is by thirds.
      const auto pixels = [&](int most, int own) {
        return static_cast<int>(std::bit_floor(static_cast<unsigned>(std::min(8, 8 / by_ * most / own))));
      };
      Plane plane{
          .across = across, .down = down, .columns = pixels(across_, across), .rows = pixels(down_, down)};
      plane.blocks = units_x_ * across;
      plane.stride = plane.blocks * plane.columns;
      plane.to_columns = weights_of(plane.columns), plane.to_rows = weights_of(plane.rows);
      for (int i = 0; i < 64; ++i)
        plane.kept[i] = static_cast<std::int8_t>(
            i % 8 < plane.columns && i / 8 < plane.rows ? i / 8 * plane.columns + i % 8 : -1);
      plane.pixels.resize(static_cast<std::size_t>(plane.stride) * plane.rows * down);
      planes_.push_back(std::move(plane));
    }
  }

  std::size_t stored_bytes() const {
    std::size_t bytes = 0;
    for (const Plane& plane : planes_)
      bytes += plane.stored_size() * static_cast<std::size_t>(plane.blocks) * plane.down * units_y_;
    return bytes;
  }

  Result<RowCanvas> read_at_once(JpegBlocks& blocks, const JpegBlocks::Scan& scan) {
    auto canvas = RowCanvas::make(width_, height_, jpeg_.orientation, step_);
    if (!canvas) return canvas;
    Block block{};
    for (int y = 0; y < units_y_; ++y) {
      rows_ = 8 * down_ * y;
      for (int x = 0; x < units_x_; ++x) {
        for (const int component : scan.components) {
          Plane& plane = planes_[component];
          for (int i = 0; i < plane.across * plane.down; ++i) {
            if (!blocks.decode(component, block)) return damaged();
            plane.paint(block, x * plane.across + i % plane.across, i / plane.across);
          }
        }
        if ((x < units_x_ - 1 || y < units_y_ - 1) && !blocks.end_unit()) return damaged();
      }
      put_rows(blocks, y, *canvas);
    }
    return canvas;
  }

  Result<RowCanvas> read_scans(JpegBlocks& blocks, std::optional<JpegBlocks::Scan> scan) {
    for (Plane& plane : planes_) {
      auto room =
          allocate(plane.stored_size() * static_cast<std::size_t>(plane.blocks) * plane.down * units_y_);
      if (!room) return std::unexpected(room.error());
      plane.stored = std::move(*room);
    }
    while (scan) {
      if (!read_scan(blocks, *scan)) return damaged();
      auto next = blocks.next_scan();
      if (!next) return std::unexpected(next.error());
      scan = std::move(*next);
    }
    jpeg_.clean = {};
    auto canvas = RowCanvas::make(width_, height_, jpeg_.orientation, step_);
    if (!canvas) return canvas;
    for (int y = 0; y < units_y_; ++y) {
      for (int component = 0; component < static_cast<int>(planes_.size()); ++component)
        paint_stored(blocks, component, y);
      put_rows(blocks, y, *canvas);
    }
    return canvas;
  }

  // A component that comes alone has as many blocks as its samples need, others whole units.
  bool read_scan(JpegBlocks& blocks, const JpegBlocks::Scan& scan) {
    const bool alone = scan.components.size() == 1;
    const Plane& first = planes_[scan.components[0]];
    const int columns = alone ? ceil_div(ceil_div(jpeg_.width * first.across, across_), 8) : units_x_;
    const int rows = alone ? ceil_div(ceil_div(jpeg_.height * first.down, down_), 8) : units_y_;
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x) {
        for (const int component : scan.components) {
          const int across = alone ? 1 : planes_[component].across,
                    down = alone ? 1 : planes_[component].down;
          for (int i = 0; i < across * down; ++i)
            if (!read_block(blocks, scan, component, x * across + i % across, y * down + i / across))
              return false;
        }
        if ((x < columns - 1 || y < rows - 1) && !blocks.end_unit()) return false;
      }
    return true;
  }

  // What is stored of a block: a bit for each coefficient that is not zero, and those that are used.
  bool read_block(JpegBlocks& blocks, const JpegBlocks::Scan& scan, int component, int x, int y) {
    Plane& plane = planes_[component];
    std::uint8_t* stored = plane.stored_at(x, y);
    Block block{};
    if (blocks.frame().progressive && scan.first > 0 && !scan.refines && blocks.is_next_empty())
      return blocks.decode(component, block);
    std::uint64_t present = 0;
    std::memcpy(&present, stored, 8);
    const auto kept_at = [&](int place) { return stored + 8 + 2 * plane.kept[place]; };
    if (scan.refines)
      for (int i = scan.first; i <= scan.last; ++i) {
        const int place = JpegBlocks::place_of(i);
        block[place] = present >> place & 1;
        if (plane.kept[place] >= 0) std::memcpy(&block[place], kept_at(place), 2);
      }
    if (!blocks.decode(component, block)) return false;
    for (int i = scan.first; i <= scan.last; ++i) {
      const int place = JpegBlocks::place_of(i);
      if (block[place] == 0) continue;
      present |= std::uint64_t{1} << place;
      if (plane.kept[place] >= 0) std::memcpy(kept_at(place), &block[place], 2);
    }
    std::memcpy(stored, &present, 8);
    return true;
  }

  void paint_stored(const JpegBlocks& blocks, int component, int unit_row) {
    Plane& plane = planes_[component];
    const auto steps = blocks.steps_of(component);
    Block block{};
    for (int y = 0; y < plane.down; ++y)
      for (int x = 0; x < plane.blocks; ++x) {
        const std::uint8_t* stored = plane.stored_at(x, unit_row * plane.down + y);
        for (int place = 0; place < 64; ++place) {
          if (plane.kept[place] < 0) continue;
          std::memcpy(&block[place], stored + 8 + 2 * plane.kept[place], 2);
          if (blocks.frame().progressive)
            block[place] = static_cast<std::int16_t>(block[place] * static_cast<std::int32_t>(steps[place]));
        }
        plane.paint(block, x, y);
      }
  }

  // A row of the picture's size from a plane's pixels, each of which may stand for several.
  const std::uint8_t* row_of(std::size_t component, int y) {
    const Plane& plane = planes_[component];
    const int size = 8 / by_;
    const std::uint8_t* in =
        &plane.pixels[static_cast<std::size_t>(y * plane.rows * plane.down / (size * down_)) * plane.stride];
    const int own = plane.columns * plane.across, all = size * across_;
    if (own == all) return in;
    std::uint8_t* out = &spread_[component * static_cast<std::size_t>(width_)];
    for (int x = 0; x < width_; ++x) out[x] = in[x * own / all];
    return out;
  }

  void put_rows(const JpegBlocks& blocks, int unit_row, RowCanvas& canvas) {
    const int count = 8 / by_ * down_, top = unit_row * count;
    for (int y = 0; y < count && top + y < height_; ++y) {
      std::array<const std::uint8_t*, 3> rows{};
      for (std::size_t i = 0; i < 3; ++i) rows[i] = i < planes_.size() ? row_of(i, y) : rows[0];
      if (planes_.size() == 3 && !blocks.frame().is_rgb) {
        blocks.to_rgbx(rows[0], rows[1], rows[2], width_, line_.data());
      } else {
        for (int x = 0; x < width_; ++x)
          for (std::size_t c = 0; c < 3; ++c) line_[4 * static_cast<std::size_t>(x) + c] = rows[c][x];
      }
      canvas.put(top + y, line_.data(), 4);
    }
  }

  JpegScan& jpeg_;
  int stored_height_, step_, by_ = 1, across_ = 1, down_ = 1, units_x_ = 0, units_y_ = 0;
  int width_ = 0, height_ = 0, rows_ = 0;
  std::vector<Plane> planes_;
  std::vector<std::uint8_t> line_, spread_;
};

// As decode_cut() does, but that reading a part tells how many rows there are.
Result<Image> decode_cut_and_reduced(JpegScan& jpeg, int step) {
  const JpegCut cut = *jpeg.cut;
  const int all = jpeg.height;
  Reducer whole(jpeg, all, step);
  auto image = whole.run();
  std::string note = kNoEndMark;
  if (!image && image.error().code == ErrorCode::corrupt_image && cut.last_scan > 0) {
    jpeg.clean.resize(cut.last_scan);
    jpeg.clean.insert(jpeg.clean.end(), {0xff, 0xd9});
    note = kNoDetails;
    image = Reducer(jpeg, all, step).run();
  } else if (!image && image.error().code == ErrorCode::corrupt_image && cut.height_at > 0) {
    jpeg.height = whole.rows();
    if (2 * jpeg.height < all) return rows_missing();
    note = describe_rows(jpeg.height, all);
    image = Reducer(jpeg, all, step).run();
  }
  if (image) image->notes.insert(image->notes.begin(), std::move(note));
  return image;
}

}  // namespace

Result<Image> decode_reduced_jpeg(JpegScan jpeg, int step) {
  return jpeg.cut ? decode_cut_and_reduced(jpeg, step) : Reducer(jpeg, jpeg.height, step).run();
}

}  // namespace leukolens
