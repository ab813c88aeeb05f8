// Decodes PNG strictly by its specification; only inflating is left, of whole pictures to stb_image, of those
// that are reduced row by row to zlib. The size of the inflated data follows from the header, and every
// checksum and palette index is checked.
#include <algorithm>
#include <array>
#include <cstring>

#include "image/codec.h"
#include "image/row_canvas.h"
#include "image/zlib_stream.h"

namespace leukolens {
namespace {

constexpr std::array<std::uint8_t, 8> kSignature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

constexpr std::uint32_t chunk_type(const char (&name)[5]) {
  return std::uint32_t(name[0]) << 24 | name[1] << 16 | name[2] << 8 | name[3];
}

constexpr auto kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t n = 0; n < 256; ++n) {
    table[n] = n;
    for (int bit = 0; bit < 8; ++bit) table[n] = table[n] & 1 ? 0xedb88320u ^ table[n] >> 1 : table[n] >> 1;
  }
  return table;
}();

std::uint32_t crc32(Bytes bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (std::uint8_t byte : bytes) crc = kCrcTable[(crc ^ byte) & 255] ^ crc >> 8;
  return ~crc;
}

struct Header {
  int width = 0, height = 0, depth = 8, colour = 2;
  bool interlaced = false;

  bool has_palette() const { return colour == 3; }
  bool has_alpha() const { return colour & 4; }
  int channels() const { return std::array{1, 0, 3, 1, 2, 0, 4}[colour]; }
  int filter_distance() const { return std::max(1, channels() * depth / 8); }  // bytes
  std::size_t row_bytes(int columns) const { return (std::size_t(columns) * channels() * depth + 7) / 8; }
};

// The grid of pixels that one pass of Adam7 fills; without interlacing the only one is {0, 0, 1, 1}.
struct Pass {
  int x, y, step_x, step_y;
  int columns(const Header& h) const { return (h.width - x + step_x - 1) / step_x; }
  int rows(const Header& h) const { return (h.height - y + step_y - 1) / step_y; }
};
constexpr std::array<Pass, 1> kWhole{{{0, 0, 1, 1}}};
constexpr std::array<Pass, 7> kAdam7{
    {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}};

std::span<const Pass> passes(const Header& header) {
  return header.interlaced ? std::span<const Pass>(kAdam7) : std::span<const Pass>(kWhole);
}

std::size_t inflated_size(const Header& header) {
  std::size_t size = 0;
  for (const Pass& pass : passes(header))
    if (pass.columns(header) > 0) size += pass.rows(header) * (1 + header.row_bytes(pass.columns(header)));
  return size;
}

constexpr const char* kTruncated = "The PNG is truncated: its end is missing; load the complete file.";

struct Chunks {
  Header header;
  std::vector<std::array<std::uint8_t, 3>> palette;
  Bytes transparency, exif;
  std::vector<Bytes> data;
  bool cut = false;  // the file stops before its end mark
};

class Scanner {
 public:
  Scanner(Bytes file, const Limits& limits) : file_(file), limits_(limits) {}

  Result<Chunks> run() {
    if (file_.size() < 8 || !std::ranges::equal(file_.first(8), kSignature))
      return fail(ErrorCode::corrupt_image, "The PNG is damaged: its signature is wrong.");
    file_ = file_.subspan(8);
    while (!done_)
      if (!chunk()) return std::unexpected(error_);
    return std::move(chunks_);
  }

 private:
  bool reject(ErrorCode code, const char* message) {
    error_ = {code, message};
    return false;
  }
  bool corrupt(const char* message) { return reject(ErrorCode::corrupt_image, message); }
  bool unsupported(const char* message) { return reject(ErrorCode::unsupported_format, message); }

  bool chunk() {
    if (file_.size() < 12) return cut();
    const std::size_t length = big_endian32(file_.data());
    const std::uint32_t type = big_endian32(&file_[4]);
    if (file_.size() - 12 < length || type == 0)
      return cut(type);  // zeros may stand in place of what never came
    const Bytes body = file_.subspan(8, length);
    if (type == chunk_type("CgBI"))
      return unsupported("The PNG is in Apple's CgBI variant; save it as a standard PNG.");
    if (crc32(file_.subspan(4, 4 + length)) != big_endian32(&file_[8 + length]))
      return corrupt("The PNG is damaged: a checksum is wrong.");
    file_ = file_.subspan(12 + length);
    if ((type == chunk_type("IHDR")) == has_header_)
      return corrupt("The PNG is damaged: its header is not first.");
    return take(type, body);
  }

  // Where all pixels are there, which the checksum of the compressed data tells, only the end mark is
  // missing.
  bool cut(std::uint32_t type = 0) {
    if (chunks_.data.empty() || type == chunk_type("IEND")) return corrupt(kTruncated);
    chunks_.cut = true;
    return end();
  }

  bool take(std::uint32_t type, Bytes body) {
    const bool after_data = !chunks_.data.empty();
    const bool data_ended = after_data && previous_ != chunk_type("IDAT");
    previous_ = type;
    switch (type) {
      case chunk_type("IHDR"):
        return header(body);
      case chunk_type("PLTE"):
        return after_data ? misplaced() : palette(body);
      case chunk_type("tRNS"):
        return after_data ? misplaced() : transparency(body);
      case chunk_type("acTL"):
        return unsupported("The PNG is animated; save a single frame.");
      case chunk_type("eXIf"):
        chunks_.exif = body;
        return true;
      case chunk_type("IDAT"):
        if (data_ended) return misplaced();
        chunks_.data.push_back(body);
        return true;
      case chunk_type("IEND"):
        return !after_data || !body.empty() ? misplaced() : end();
    }
    constexpr std::uint32_t kAncillary = 1u << 29;
    return type & kAncillary
               ? true
               : unsupported("The PNG needs an extension that is not known here; save it again.");
  }

  bool end() {
    if (chunks_.header.has_palette() && chunks_.palette.empty())
      return corrupt("The PNG is damaged: its palette is missing.");
    return done_ = true;
  }

  bool misplaced() { return corrupt("The PNG is damaged: its chunks are out of order."); }

  bool header(Bytes body) {
    if (body.size() != 13) return corrupt("The PNG is damaged: its header has an impossible length.");
    if (auto error = limits_.check(big_endian32(body.data()), big_endian32(&body[4])))
      return error_ = std::move(*error), false;
    const int depth = body[8], colour = body[9];
    const bool known_depth = depth == 8 || (depth == 16 && colour != 3) ||
                             ((depth == 1 || depth == 2 || depth == 4) && (colour == 0 || colour == 3));
    const bool known_colour = colour == 0 || colour == 2 || colour == 3 || colour == 4 || colour == 6;
    if (!known_depth || !known_colour || body[10] != 0 || body[11] != 0 || body[12] > 1)
      return corrupt("The PNG is damaged: its header names a colour type or method that does not exist.");
    chunks_.header = {static_cast<int>(big_endian32(body.data())), static_cast<int>(big_endian32(&body[4])),
                      depth, colour, body[12] == 1};
    return has_header_ = true;
  }

  bool palette(Bytes body) {
    if (!chunks_.palette.empty() || body.empty() || body.size() > 3 * 256 || body.size() % 3 != 0)
      return corrupt("The PNG is damaged: its palette has an impossible length.");
    for (std::size_t i = 0; i < body.size(); i += 3)
      chunks_.palette.push_back({body[i], body[i + 1], body[i + 2]});
    return true;
  }

  bool transparency(Bytes body) {
    const Header& h = chunks_.header;
    const bool fits = h.has_palette() ? !body.empty() && body.size() <= chunks_.palette.size()
                                      : !h.has_alpha() && body.size() == 2 * std::size_t(h.channels());
    if (!fits || !chunks_.transparency.empty())
      return corrupt("The PNG is damaged: its transparency is impossible.");
    chunks_.transparency = body;
    return true;
  }

  Bytes file_;
  Limits limits_;
  bool has_header_ = false, done_ = false;
  std::uint32_t previous_ = 0;
  Chunks chunks_;
  Error error_{ErrorCode::internal, {}};
};

// The neighbour nearest to left + up - up_left, in a form without branches.
int paeth(int left, int up, int up_left) {
  const int threshold = 3 * up_left - (left + up);
  const int low = std::min(left, up), high = std::max(left, up);
  const int nearest = high <= threshold ? low : up_left;
  return threshold <= low ? high : nearest;
}

// Undoes the filter of one row in place; `up` is the row above, undone, or zeros.
bool unfilter(int filter, std::span<std::uint8_t> row, const std::uint8_t* up, std::size_t distance) {
  const auto each = [&](auto predict) {
    for (std::size_t i = 0; i < std::min(distance, row.size()); ++i) row[i] += predict(0, up[i], 0);
    for (std::size_t i = distance; i < row.size(); ++i)
      row[i] += predict(row[i - distance], up[i], up[i - distance]);
  };
  switch (filter) {
    case 0:
      return true;
    case 1:
      return each([](int left, int, int) { return left; }), true;
    case 2:
      return each([](int, int above, int) { return above; }), true;
    case 3:
      return each([](int left, int above, int) { return (left + above) / 2; }), true;
    case 4:
      return each(paeth), true;
  }
  return false;
}

// Turns rows of samples into RGB on white.
class Painter {
 public:
  explicit Painter(const Chunks& chunks) : header_(chunks.header) {
    const Bytes clear = chunks.transparency;
    if (header_.has_palette()) {
      colours_ = static_cast<int>(chunks.palette.size());
      for (int i = 0; i < colours_; ++i)
        for (int c = 0; c < 3; ++c)
          table_[i][c] = on_white(chunks.palette[i][c], i < static_cast<int>(clear.size()) ? clear[i] : 255);
    } else if (header_.channels() == 1 && header_.depth <= 8) {
      colours_ = 1 << header_.depth;
      for (int i = 0; i < colours_; ++i) table_[i].fill(static_cast<std::uint8_t>(i * 255 / (colours_ - 1)));
      if (!clear.empty() && big_endian16(clear.data()) < 256u) table_[big_endian16(clear.data())].fill(255);
    }
    for (std::size_t i = 0; i + 1 < clear.size() && !header_.has_palette(); i += 2)
      clear_[i / 2] = static_cast<int>(big_endian16(&clear[i]));
  }

  // `step`: distance of two pixels in `out`, bytes. False if a palette index has no colour.
  bool paint(const std::uint8_t* row, int columns, std::uint8_t* out, int step) const {
    if (colours_ > 0) return paint_indexed(row, columns, out, step);
    switch (header_.channels()) {
      case 1:
        paint_samples<1>(row, columns, out, step);
        break;
      case 2:
        paint_samples<2>(row, columns, out, step);
        break;
      case 3:
        paint_samples<3>(row, columns, out, step);
        break;
      case 4:
        paint_samples<4>(row, columns, out, step);
        break;
    }
    return true;
  }

 private:
  bool paint_indexed(const std::uint8_t* row, int columns, std::uint8_t* out, int step) const {
    const int mask = (1 << header_.depth) - 1;
    for (int x = 0, bit = 0; x < columns; ++x, bit += header_.depth, out += step) {
      const int index = row[bit >> 3] >> (8 - header_.depth - (bit & 7)) & mask;
      if (index >= colours_) return false;
      std::memcpy(out, table_[index].data(), 3);
    }
    return true;
  }

  template <int channels>
  void paint_samples(const std::uint8_t* row, int columns, std::uint8_t* out, int step) const {
    constexpr int kColours = channels < 3 ? 1 : 3;
    constexpr bool kHasAlpha = channels % 2 == 0;
    for (int x = 0; x < columns; ++x, out += step) {
      int sample[channels];
      for (int c = 0; c < channels; ++c, row += header_.depth / 8)
        sample[c] = header_.depth == 8 ? row[0] : static_cast<int>(big_endian16(row));
      int alpha = kHasAlpha ? to_8_bits(sample[channels - 1]) : 255;
      if (std::equal(sample, sample + kColours, clear_.begin())) alpha = 0;
      for (int c = 0; c < 3; ++c) {
        const int value = to_8_bits(sample[kColours == 1 ? 0 : c]);
        out[c] = alpha == 255 ? static_cast<std::uint8_t>(value) : on_white(value, alpha);
      }
    }
  }

  int to_8_bits(int sample) const { return header_.depth == 8 ? sample : from_16_bits(sample); }

  Header header_;
  int colours_ = 0;  // entries of the table; 0 where samples are colours themselves
  std::array<std::array<std::uint8_t, 3>, 256> table_{};
  std::array<int, 3> clear_{-1, -1, -1};  // the samples that tRNS makes transparent
};

std::unexpected<Error> unknown_filter() {
  return fail(ErrorCode::corrupt_image, "The PNG is damaged: a row has an unknown filter.");
}

std::unexpected<Error> no_such_colour() {
  return fail(ErrorCode::corrupt_image,
              "The PNG is damaged: a pixel has a colour that is not in the palette.");
}

std::unexpected<Error> wrong_data(const Chunks& chunks) {
  return fail(
      ErrorCode::corrupt_image,
      chunks.cut ? kTruncated : "The PNG is damaged: its compressed data does not fill the image exactly.");
}

Result<Image> paint(const Chunks& chunks, std::span<std::uint8_t> inflated) {
  const Header& header = chunks.header;
  auto rgb = allocate(3 * std::size_t(header.width) * std::size_t(header.height));
  if (!rgb) return std::unexpected(rgb.error());
  Image image{header.width, header.height, std::move(*rgb)};
  const Painter painter(chunks);
  const std::vector<std::uint8_t> zeros(header.row_bytes(header.width));
  for (const Pass& pass : passes(header)) {
    const int columns = pass.columns(header);
    if (columns <= 0) continue;
    const std::size_t row_bytes = header.row_bytes(columns);
    const std::uint8_t* up = zeros.data();
    for (int y = pass.y; y < header.height; y += pass.step_y) {
      const int filter = inflated[0];
      const auto row = inflated.subspan(1, row_bytes);
      std::uint8_t* out = &image.rgb[3 * (std::size_t(y) * header.width + pass.x)];
      if (!unfilter(filter, row, up, header.filter_distance())) return unknown_filter();
      if (!painter.paint(row.data(), columns, out, 3 * pass.step_x)) return no_such_colour();
      up = row.data();
      inflated = inflated.subspan(1 + row_bytes);
    }
  }
  return image;
}

// All of a picture that is not interlaced; each row with the one above it in memory.
Result<Image> paint_rows(const Chunks& chunks, int step) {
  const Header& header = chunks.header;
  const int by = *reduction_of(header.width, header.height);
  auto zlib = ZlibStream::open(chunks.data);
  if (!zlib) return std::unexpected(zlib.error());
  auto reducer = RowReducer::make(header.width, header.height, by, exif_orientation(chunks.exif), step);
  if (!reducer) return std::unexpected(reducer.error());
  const Painter painter(chunks);
  const std::size_t row_bytes = header.row_bytes(header.width);
  std::vector<std::uint8_t> row(1 + row_bytes), up(row_bytes), rgb(3 * std::size_t(header.width));
  for (int y = 0; y < header.height; ++y) {
    if (!zlib->read(row)) return wrong_data(chunks);
    if (!unfilter(row[0], std::span(row).subspan(1), up.data(), header.filter_distance()))
      return unknown_filter();
    if (!painter.paint(&row[1], header.width, rgb.data(), 3)) return no_such_colour();
    reducer->add(rgb.data());
    std::copy(row.begin() + 1, row.end(), up.begin());
  }
  if (!zlib->is_at_end()) return wrong_data(chunks);
  Image image = std::move(*reducer).finish();
  if (chunks.cut) image.notes.emplace_back(kNoEndMark);
  image.notes.push_back(describe_reduction(header.width, header.height, by));
  return image;
}

// The bytes of its compressed data. Error: corrupt_image where it has what deflate never needs, which hides
// work, such as a million empty blocks.
Result<std::size_t> compressed_size(const Chunks& chunks) {
  std::size_t compressed = 0;
  for (Bytes part : chunks.data) compressed += part.size();
  if (compressed > 2 * inflated_size(chunks.header) + 4096)
    return fail(ErrorCode::corrupt_image, "The PNG is damaged: it has far more data than its pixels need.");
  return compressed;
}

}  // namespace

Result<PngPixels> decode_png(Bytes file) {
  auto chunks = Scanner(file, kWholeLimits).run();
  if (!chunks) return std::unexpected(chunks.error());
  const auto compressed = compressed_size(*chunks);
  if (!compressed) return std::unexpected(compressed.error());
  auto zlib = allocate(*compressed);
  if (!zlib) return std::unexpected(zlib.error());
  auto end = zlib->begin();
  for (Bytes part : chunks->data) end = std::ranges::copy(part, end).out;

  auto inflated = allocate(inflated_size(chunks->header));
  if (!inflated) return std::unexpected(inflated.error());
  if (!inflate(*zlib, *inflated)) return wrong_data(*chunks);
  auto image = paint(*chunks, *inflated);
  if (!image) return std::unexpected(image.error());
  return PngPixels{std::move(*image), exif_orientation(chunks->exif), chunks->cut};
}

Result<Image> decode_reduced_png(Bytes file, int step) {
  const auto chunks = Scanner(file, kReducedLimits).run();
  if (!chunks) return std::unexpected(chunks.error());
  if (const auto compressed = compressed_size(*chunks); !compressed)
    return std::unexpected(compressed.error());
  if (chunks->header.interlaced)
    return fail(ErrorCode::image_too_large,
                "The PNG is interlaced and has " + std::to_string(chunks->header.width) + " x " +
                    std::to_string(chunks->header.height) +
                    " pixels, too many to be decoded at once; save it without interlacing.");
  return paint_rows(*chunks, step);
}

}  // namespace leukolens
