// Walks the segments of a JPEG and rebuilds it from the parts that decoding needs, each of them checked.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "image/codec.h"

namespace leukolens {
namespace {

// Progressive files have about ten scans. Each walks the whole image, however few bytes it has.
constexpr int kMaxScans = 100;

enum Marker : std::uint8_t {
  kBaseline = 0xc0,
  kProgressive = 0xc2,
  kHuffman = 0xc4,
  kReserved = 0xc8,
  kArithmetic = 0xcc,
  kLastFrame = 0xcf,
  kRestart0 = 0xd0,
  kRestart7 = 0xd7,
  kStart = 0xd8,
  kEnd = 0xd9,
  kScan = 0xda,
  kQuantisation = 0xdb,
  kInterval = 0xdd,
  kJfif = 0xe0,
  kExif = 0xe1,
  kAdobe = 0xee
};

struct Component {
  int id = 0, horizontal = 1, vertical = 1, quantisation = 0, scans = 0;
};

class Scanner {
 public:
  Scanner(Bytes file, const Limits& limits) : file_(file), limits_(limits) {}

  Result<JpegScan> run() {
    jpeg_.clean.reserve(file_.size() + file_.size() / 64 + 256);  // restarts take a little more
    jpeg_.clean = {0xff, kStart};
    position_ = 2;
    while (!done_)
      if (!segment()) return std::unexpected(error_);
    return std::move(jpeg_);
  }

 private:
  bool reject(ErrorCode code, const char* message) {
    error_ = {code, message};
    return false;
  }
  bool corrupt(const char* message) { return reject(ErrorCode::corrupt_image, message); }
  bool truncated() { return corrupt("The JPEG is truncated: its end is missing; load the complete file."); }

  // A file that stops behind a scan may hold all that is to be seen.
  bool end_without_mark() {
    if (!all_seen()) return truncated();
    jpeg_.cut.emplace();
    return finish();
  }

  bool all_seen() const {
    return !components_.empty() &&
           std::ranges::none_of(components_, [](const Component& c) { return c.scans == 0; });
  }

  // One marker with the segment behind it.
  bool segment() {
    while (position_ < file_.size() && file_[position_] != 0xff) ++position_;  // padding between segments
    while (position_ < file_.size() && file_[position_] == 0xff) ++position_;
    if (position_ == file_.size()) return end_without_mark();
    const std::uint8_t marker = file_[position_++];
    if (marker == 0) return true;
    if (marker == kEnd) return finish();
    if (marker >= kRestart0 && marker <= kStart)
      return corrupt("The JPEG is damaged: a marker stands where none may.");

    if (file_.size() - position_ < 2) return end_without_mark();
    const std::size_t length = big_endian16(&file_[position_]);
    if (length < 2) return corrupt("The JPEG is damaged: a segment has an impossible length.");
    if (file_.size() - position_ < length) return end_without_mark();
    const Bytes whole = file_.subspan(position_, length), body = whole.subspan(2);
    position_ += length;
    return take(marker, whole, body);
  }

  bool take(std::uint8_t marker, Bytes whole, Bytes body) {
    constexpr std::array<std::uint8_t, 6> kExifName{'E', 'x', 'i', 'f', 0, 0},
        kAdobeName{'A', 'd', 'o', 'b', 'e', 0};
    const bool is_frame = marker >= kBaseline && marker <= kLastFrame && marker != kHuffman &&
                          marker != kReserved && marker != kArithmetic;
    if (is_frame && !frame(marker, body)) return false;
    if (marker == kHuffman && !huffman_tables(body)) return false;
    if (marker == kQuantisation && !quantisation_tables(body)) return false;
    if (marker == kInterval) {
      if (body.size() != 2)
        return corrupt("The JPEG is damaged: its restart interval has an impossible length.");
      interval_ = static_cast<int>(big_endian16(body.data()));
    }
    if (marker == kExif && body.size() > 6 && std::ranges::equal(body.first(6), kExifName))
      jpeg_.orientation = exif_orientation(body.subspan(6));
    const bool is_adobe =
        marker == kAdobe && body.size() >= 12 && std::ranges::equal(body.first(6), kAdobeName);
    if (is_adobe) adobe_transform_ = body[11];
    if (is_frame || marker == kHuffman || marker == kQuantisation || marker == kInterval || marker == kJfif ||
        is_adobe)
      append(marker, whole);
    if (marker == kScan) return scan(whole, body);
    return true;
  }

  bool frame(std::uint8_t marker, Bytes body) {
    if (marker > kProgressive)
      return reject(
          ErrorCode::unsupported_format,
          "The JPEG is lossless, hierarchical or arithmetic-coded; save it as a baseline JPEG or as PNG.");
    if (!components_.empty()) return corrupt("The JPEG is damaged: it describes two images at once.");
    if (body.size() < 6 || body.size() != 6 + 3 * std::size_t{body[5]})
      return corrupt("The JPEG is damaged: its frame header has an impossible length.");
    if (body[0] != 8)
      return reject(ErrorCode::unsupported_format,
                    "The JPEG has more than 8 bits a sample; save it with 8 bits.");
    jpeg_.height = static_cast<int>(big_endian16(&body[1]));
    jpeg_.width = static_cast<int>(big_endian16(&body[3]));
    if (auto error = limits_.check(jpeg_.width, jpeg_.height)) return error_ = std::move(*error), false;
    if (body[5] != 1 && body[5] != 3 && body[5] != 4)
      return reject(ErrorCode::unsupported_format,
                    "The JPEG is neither grey, colour nor CMYK; save it as RGB.");
    progressive_ = marker == kProgressive;
    height_at_ = jpeg_.clean.size() + 5;
    for (std::size_t i = 6; i < body.size(); i += 3)
      components_.push_back({body[i], body[i + 1] >> 4, body[i + 1] & 15, body[i + 2]});
    return sampling();
  }

  bool sampling() {
    for (const Component& c : components_) {
      if (c.horizontal < 1 || c.horizontal > 4 || c.vertical < 1 || c.vertical > 4 || c.quantisation > 3)
        return corrupt("The JPEG is damaged: a component has an impossible sampling factor or table.");
      if (std::ranges::count(components_, c.id, &Component::id) != 1)
        return corrupt("The JPEG is damaged: two components have the same name.");
      max_horizontal_ = std::max(max_horizontal_, c.horizontal);
      max_vertical_ = std::max(max_vertical_, c.vertical);
    }
    for (const Component& c : components_)
      if (max_horizontal_ % c.horizontal != 0 || max_vertical_ % c.vertical != 0)
        return reject(ErrorCode::unsupported_format,
                      "The JPEG has fractional chroma subsampling; save it as 4:4:4 or 4:2:0.");
    return true;
  }

  bool huffman_tables(Bytes body) {
    while (!body.empty()) {
      if (body.size() < 17 || body[0] >> 4 > 1 || (body[0] & 15) > 3) return bad_table();
      std::size_t symbols = 0;
      unsigned code = 0;
      for (int bits = 1; bits <= 16; ++bits) {
        symbols += body[bits];
        code += body[bits];
        // No code may be all ones (T.81, C.2): the sentinel behind each scan relies on it.
        if (code >= 1u << bits) return bad_table();
        code <<= 1;
      }
      if (symbols > 256 || body.size() < 17 + symbols) return bad_table();
      huffman_defined_[body[0] >> 4][body[0] & 15] = true;
      body = body.subspan(17 + symbols);
    }
    return true;
  }

  bool quantisation_tables(Bytes body) {
    while (!body.empty()) {
      const std::size_t size = body[0] >> 4 ? 129 : 65;
      if (body[0] >> 4 > 1 || (body[0] & 15) > 3 || body.size() < size) return bad_table();
      quantisation_defined_[body[0] & 15] = true;
      body = body.subspan(size);
    }
    return true;
  }

  bool bad_table() { return corrupt("The JPEG is damaged: one of its tables is impossible."); }

  bool scan(Bytes whole, Bytes body) {
    if (components_.empty()) return corrupt("The JPEG is damaged: a scan comes before the frame.");
    if (++scans_ > kMaxScans)
      return reject(ErrorCode::unsupported_format,
                    "The JPEG has more than 100 scans; save it again as a baseline JPEG.");
    if (scans_ * std::int64_t{jpeg_.width} * jpeg_.height > limits_.pixels_times_scans)
      return reject(ErrorCode::unsupported_format,
                    "The JPEG has more scans than an image of its size needs; save it as a baseline JPEG.");
    const std::size_t count = body.empty() ? 0 : body[0];
    if (count < 1 || count > components_.size() || body.size() != 4 + 2 * count)
      return corrupt("The JPEG is damaged: a scan header has an impossible length.");
    const int first = body[1 + 2 * count], high = body[3 + 2 * count] >> 4;
    if (progressive_ && first > 0 && count > 1)
      return corrupt("The JPEG is damaged: a scan mixes what it must not.");
    const std::size_t begin = all_seen() ? jpeg_.clean.size() : 0;
    std::array<bool, 4> seen{};
    for (std::size_t i = 0; i < count; ++i) {
      const auto component = std::ranges::find(components_, body[1 + 2 * i], &Component::id);
      if (component == components_.end() || std::exchange(seen[component - components_.begin()], true))
        return corrupt("The JPEG is damaged: a scan names a component that is not there, or twice.");
      if (!scan_component(*component, body[2 + 2 * i], first, high)) return false;
    }
    append(kScan, whole);
    const Bytes selectors = body.subspan(1, 2 * count);
    const bool refines_dc = progressive_ && first == 0 && high > 0;
    const bool alone = !progressive_ && count == components_.size();
    const JpegCut cut{
        .last_scan = begin, .height_at = alone ? height_at_ : 0, .unit_rows = 8 * max_vertical_};
    return entropy_coded(units(selectors), least_bytes(selectors, refines_dc), cut);
  }

  // What T.81 asks of the order of scans: sequential components once, progressive ones with their DC first.
  bool scan_component(Component& component, std::uint8_t tables, int first, int high) {
    const int dc = tables >> 4, ac = tables & 15;
    if (dc > 3 || ac > 3) return bad_table();
    const bool needs_dc = !progressive_ || (first == 0 && high == 0), needs_ac = !progressive_ || first > 0;
    if ((needs_dc && !huffman_defined_[0][dc]) || (needs_ac && !huffman_defined_[1][ac]) ||
        !quantisation_defined_[component.quantisation])
      return corrupt("The JPEG is damaged: a scan uses a table that the file does not define.");
    if (needs_dc != (component.scans == 0))
      return corrupt("The JPEG is damaged: the scans of a component are repeated or out of order.");
    ++component.scans;
    return true;
  }

  // Minimum coded units in a scan: blocks of the component where it is alone, else interleaved groups of
  // blocks.
  int units(Bytes selectors) const {
    const auto ceil_div = [](int a, int b) { return (a + b - 1) / b; };
    if (selectors.size() > 2)
      return ceil_div(jpeg_.width, 8 * max_horizontal_) * ceil_div(jpeg_.height, 8 * max_vertical_);
    const Component& alone = *std::ranges::find(components_, selectors[0], &Component::id);
    return ceil_div(ceil_div(jpeg_.width * alone.horizontal, max_horizontal_), 8) *
           ceil_div(ceil_div(jpeg_.height * alone.vertical, max_vertical_), 8);
  }

  // Refining DC takes one bit a block and no code, so that only counting shows that some are missing.
  int least_bytes(Bytes selectors, bool refines_dc) const {
    if (!refines_dc) return 1;
    int blocks = selectors.size() > 2 ? 0 : 1;
    for (std::size_t i = 0; i < selectors.size() && selectors.size() > 2; i += 2) {
      const Component& c = *std::ranges::find(components_, selectors[i], &Component::id);
      blocks += c.horizontal * c.vertical;
    }
    return (units(selectors) * blocks + 7) / 8;
  }

  // Copies entropy-coded data up to the next marker that is not a restart. Behind each restart interval and
  // each scan go ones, which are no code: a decoder that runs out of data meets them and fails (all but
  // refinements of AC, which take bits without codes and add only detail). Before a restart there is room for
  // 16 of them, because stb_image wants to see the marker within the next 24 bits.
  bool entropy_coded(int units, int least_bytes, const JpegCut& cut) {
    const int intervals = interval_ > 0 ? (units + interval_ - 1) / interval_ : 1;
    int restarts = 0, bytes = 0;
    std::size_t start = position_;
    for (;;) {
      const void* found = std::memchr(file_.data() + position_, 0xff, file_.size() - position_);
      if (found == nullptr) return cut_off(start, file_.size(), cut);
      const std::size_t end = static_cast<const std::uint8_t*>(found) - file_.data();
      position_ = end;
      while (position_ < file_.size() && file_[position_] == 0xff) ++position_;
      if (position_ == file_.size()) return cut_off(start, end, cut);
      const std::uint8_t marker = file_[position_++];
      if (marker == 0) {
        --bytes;  // a stuffed zero
        continue;
      }
      bytes += static_cast<int>(end - start);
      append(file_.subspan(start, end - start));
      if (marker < kRestart0 || marker > kRestart7) {
        position_ = end;
        const bool whole = restarts == intervals - 1 && start < end;
        const bool whole_and_restarted = restarts == intervals && restarts > 0 && start == end;
        if ((!whole && !whole_and_restarted) || bytes < least_bytes) return bad_intervals();
        append_ones(64);
        return true;
      }
      if (start == end || interval_ == 0 || marker != kRestart0 + restarts % 8) return bad_intervals();
      append_ones(2);
      if (++restarts < intervals) jpeg_.clean.insert(jpeg_.clean.end(), {0xff, marker});
      if (restarts > intervals) return bad_intervals();
      start = position_;
    }
  }

  // The file stops amid a scan, or right behind it: decoding tells which.
  bool cut_off(std::size_t start, std::size_t end, const JpegCut& cut) {
    if (!all_seen()) return truncated();
    append(file_.subspan(start, end - start));
    append_ones(64);
    jpeg_.cut = cut;
    return finish();
  }

  bool bad_intervals() { return corrupt("The JPEG is damaged: parts of its compressed data are missing."); }

  bool finish() {
    if (!all_seen()) return corrupt("The JPEG is damaged: it ends before all of its colours are there.");
    if (components_.size() == 4 && adobe_transform_ != 0 && adobe_transform_ != 2)
      return reject(ErrorCode::unsupported_format,
                    "The JPEG has four colours and does not say which (no Adobe marker); save it as RGB.");
    jpeg_.clean.insert(jpeg_.clean.end(), {0xff, kEnd});
    done_ = true;
    return true;
  }

  void append(Bytes bytes) { jpeg_.clean.insert(jpeg_.clean.end(), bytes.begin(), bytes.end()); }
  void append(std::uint8_t marker, Bytes segment) {
    jpeg_.clean.insert(jpeg_.clean.end(), {0xff, marker});
    append(segment);
  }
  void append_ones(int bytes) {
    for (int i = 0; i < bytes; ++i) jpeg_.clean.insert(jpeg_.clean.end(), {0xff, 0x00});
  }

  Bytes file_;
  Limits limits_;
  std::size_t position_ = 0;
  bool done_ = false, progressive_ = false;
  std::size_t height_at_ = 0;  // in the clean copy
  int interval_ = 0, scans_ = 0, adobe_transform_ = -1, max_horizontal_ = 1, max_vertical_ = 1;
  bool huffman_defined_[2][4] = {}, quantisation_defined_[4] = {};
  std::vector<Component> components_;
  JpegScan jpeg_;
  Error error_{ErrorCode::internal, {}};
};

}  // namespace

Result<JpegScan> scan_jpeg(Bytes file, const Limits& limits) { return Scanner(file, limits).run(); }

}  // namespace leukolens
