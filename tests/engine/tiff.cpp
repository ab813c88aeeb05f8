#include "tiff.h"

#include <algorithm>
#include <utility>

namespace leukolens::test::tiff {
namespace {

constexpr int kQuality = 90;  // of JPEG

class Bits {
 public:
  void put(int value, int width) {
    for (int bit = width - 1; bit >= 0; --bit) {
      if (filled_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | (value >> bit & 1) << (7 - filled_ % 8));
      ++filled_;
    }
  }
  void align() { filled_ = 8 * bytes_.size(); }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
  std::size_t filled_ = 0;
};

// TIFF 6.0, section 13: codes grow by a bit once the table holds the last of the present width.
Bytes lzw(const Bytes& raw) {
  constexpr int kClear = 256, kEnd = 257;
  Bits out;
  std::map<std::pair<int, int>, int> table;
  int width = 9, next = kEnd + 1, prefix = -1;
  const auto clear = [&] {
    out.put(kClear, width);
    table.clear();
    width = 9, next = kEnd + 1;
  };
  clear();
  for (int byte : raw) {
    const auto known = table.find({prefix, byte});
    if (prefix < 0 || known != table.end()) {
      prefix = prefix < 0 ? byte : known->second;
      continue;
    }
    out.put(prefix, width);
    table[{prefix, byte}] = next++;
    if (next == 4094)
      clear();
    else if (next == 1 << width)
      ++width;
    prefix = byte;
  }
  if (prefix >= 0) {
    out.put(prefix, width);
    if (++next == 1 << width) ++width;
  }
  out.put(kEnd, width);
  return out.take();
}

// Section 9: runs of at least three equal bytes, and the rest as it is.
Bytes pack_bits(const Bytes& raw) {
  Bytes out;
  for (std::size_t at = 0; at < raw.size();) {
    const auto run_at = [&](std::size_t i) {
      std::size_t end = i;
      while (end < raw.size() && end - i < 128 && raw[end] == raw[i]) ++end;
      return end - i;
    };
    if (const std::size_t run = run_at(at); run >= 3) {
      out += {static_cast<std::uint8_t>(257 - run), raw[at]};
      at += run;
      continue;
    }
    std::size_t end = at;
    while (end < raw.size() && end - at < 128 && run_at(end) < 3) ++end;
    out.push_back(static_cast<std::uint8_t>(end - at - 1));
    out.insert(out.end(), raw.begin() + at, raw.begin() + end);
    at = end;
  }
  return out;
}

Bytes compress(const Bytes& raw, int compression) {
  switch (compression) {
    case kLzw:
      return lzw(raw);
    case kPackBits:
      return pack_bits(raw);
    case kDeflate:
    case kOldDeflate:
      return png::stored(raw);
  }
  return raw;
}

class Writer {
 public:
  Writer(const Samples& samples, const Look& look) : samples_(samples), look_(look) {}

  // What is put at `base` of a file, and where in it the directory lies.
  std::pair<Bytes, std::size_t> page(std::size_t base) const {
    const std::vector<Bytes> all = pieces();
    Bytes out = joined(all);
    const std::size_t at = base + out.size();
    out += directory(at, all, base);
    return {std::move(out), at};
  }

  Bytes number(std::uint64_t value, int bytes) const {
    Bytes out;
    for (int i = 0; i < bytes; ++i)
      out.push_back(static_cast<std::uint8_t>(value >> 8 * (look_.big_endian ? bytes - 1 - i : i)));
    return out;
  }

  Bytes write() {
    const std::vector<Bytes> pieces = this->pieces();
    const int header = look_.big_tiff ? 16 : 8;
    const Bytes pixels = joined(pieces);
    std::size_t data = header;
    if (look_.directory_first) data += directory(header, pieces, data).size();
    const std::size_t at = look_.directory_first ? header : data + pixels.size();

    Bytes out = look_.big_endian ? Bytes{'M', 'M'} : Bytes{'I', 'I'};
    out += number(look_.big_tiff ? 43 : 42, 2);
    if (look_.big_tiff) out += number(8, 2), out += number(0, 2);
    out += number(at, look_.big_tiff ? 8 : 4);
    if (look_.directory_first) out += directory(at, pieces, data);
    out += pixels;
    if (!look_.directory_first) out += directory(at, pieces, data);
    return out;
  }

 private:
  static Bytes joined(const std::vector<Bytes>& pieces) {
    Bytes out;
    for (const Bytes& piece : pieces) {
      out += piece;
      if (piece.size() % 2) out.push_back(0);
    }
    return out;
  }

  std::vector<Bytes> pieces() const {
    std::vector<Bytes> pieces;
    const int planes = look_.separate ? samples_.samples : 1;
    for (int plane = 0; plane < planes; ++plane) {
      const int width = look_.tile ? look_.tile : samples_.width,
                height = look_.tile ? look_.tile : look_.rows;
      for (int y = 0; y < samples_.height; y += height)
        for (int x = 0; x < samples_.width; x += width)
          pieces.push_back(
              piece(x, y, width, look_.tile ? height : std::min(height, samples_.height - y), plane));
    }
    return pieces;
  }

  Bytes piece(int x, int y, int width, int height, int plane) const {
    if (look_.compression != kJpeg) return compress(pack(x, y, width, height, plane), look_.compression);
    Image image{width, height, {}, {}};
    for (int row = y; row < y + height; ++row)
      for (int column = x; column < x + width; ++column)
        for (int c = 0; c < 3; ++c)
          image.rgb.push_back(static_cast<std::uint8_t>(sample(column, row, samples_.samples == 3 ? c : 0)));
    const Bytes jpeg = encode_jpeg(image, kQuality);
    return look_.texts.contains(kJpegTables) ? jpeg_parts(jpeg, false) : jpeg;
  }

  int sample(int x, int y, int index) const {
    if (x >= samples_.width || y >= samples_.height) return 0;
    return samples_.values[(std::size_t(y) * samples_.width + x) * samples_.samples + index];
  }

  // Rows of a strip or tile, each from the start of a byte; with the predictor, differences to the left.
  Bytes pack(int left, int top, int columns, int rows, int plane) const {
    const int first = look_.separate ? plane : 0, last = look_.separate ? plane + 1 : samples_.samples;
    Bytes out;
    for (int y = top; y < top + rows; ++y) {
      Bits bits;
      for (int x = left; x < left + columns; ++x)
        for (int i = first; i < last; ++i) {
          int value = sample(x, y, i);
          if (look_.predictor == 2 && x > left) value -= sample(x - 1, y, i);
          value &= (1 << samples_.depth) - 1;
          if (samples_.depth == 16 && !look_.big_endian) value = (value & 0xff) << 8 | value >> 8;
          bits.put(value, samples_.depth);
        }
      out += bits.take();
    }
    return out;
  }

  Bytes directory(std::size_t at, const std::vector<Bytes>& pieces, std::size_t data) const {
    std::map<int, std::vector<std::uint64_t>> entries{
        {kWidth, {std::uint64_t(samples_.width)}},
        {kHeight, {std::uint64_t(samples_.height)}},
        {kDepth, std::vector<std::uint64_t>(samples_.samples, samples_.depth)},
        {kCompression, {std::uint64_t(look_.compression)}},
        {kPhotometric, {std::uint64_t(look_.photometric)}},
        {kOrientation, {std::uint64_t(look_.orientation)}},
        {kSamples, {std::uint64_t(samples_.samples)}},
        {kPlanar, {look_.separate ? 2u : 1u}},
    };
    if (look_.predictor != 1) entries[kPredictor] = {std::uint64_t(look_.predictor)};
    if (!look_.extra.empty()) entries[kExtraSamples] = look_.extra;
    if (!look_.colours.empty()) entries[kColours] = look_.colours;
    if (look_.tile)
      entries[kTileWidth] = entries[kTileHeight] = {std::uint64_t(look_.tile)};
    else
      entries[kRowsPerStrip] = {std::uint64_t(look_.rows)};
    for (const Bytes& piece : pieces) {
      entries[look_.tile ? kTileOffsets : kOffsets].push_back(data);
      entries[look_.tile ? kTileCounts : kCounts].push_back(piece.size());
      data += piece.size() + piece.size() % 2;
    }
    for (const auto& [tag, values] : look_.instead) entries[tag] = values;

    for (const auto& [tag, text] : look_.texts) entries[tag] = {text.begin(), text.end()};

    const int count_bytes = look_.big_tiff ? 8 : 2, word = look_.big_tiff ? 8 : 4;
    Bytes out = number(entries.size(), count_bytes), beyond;
    const std::size_t end = at + count_bytes + entries.size() * (4 + 2 * word) + word;
    for (const auto& [tag, values] : entries) {
      const bool is_long = std::ranges::any_of(values, [](std::uint64_t value) { return value > 0xffff; }) ||
                           tag == kOffsets || tag == kTileOffsets;
      const bool is_text = look_.texts.contains(tag);
      Bytes body;
      for (std::uint64_t value : values) body += number(value, is_text ? 1 : is_long ? 4 : 2);
      out += number(tag, 2);
      out += number(is_text ? (tag == kJpegTables ? 7 : 2) : is_long ? 4 : 3, 2);
      out += number(values.size(), word);
      if (body.size() > static_cast<std::size_t>(word)) {
        out += number(end + beyond.size(), word);
        beyond += body;
      } else {
        body.resize(word);
        out += body;
      }
    }
    out += number(look_.next, word);
    out += beyond;
    return out;
  }

  const Samples& samples_;
  const Look& look_;
};

}  // namespace

Samples rgb(const Image& image, int depth) {
  Samples samples{image.width, image.height, 3, depth, {}};
  for (int value : image.rgb)
    samples.values.push_back(static_cast<std::uint16_t>(depth == 16 ? value * 257 : value));
  return samples;
}

Bytes write(const std::vector<std::pair<Samples, Look>>& pages) {
  Bytes file{'I', 'I', 42, 0, 0, 0, 0, 0};
  std::size_t pointer = 4;  // to the directory that comes next
  for (const auto& [samples, look] : pages) {
    const Writer writer(samples, look);
    const auto [bytes, at] = writer.page(file.size());
    std::ranges::copy(writer.number(at, 4), file.begin() + static_cast<std::ptrdiff_t>(pointer));
    file += bytes;
    pointer = at + 2 + 12 * std::size_t(file[at] | file[at + 1] << 8);
  }
  return file;
}

Bytes jpeg_parts(const Bytes& jpeg, bool tables) {
  constexpr std::uint8_t kScan = 0xda, kQuantisation = 0xdb, kHuffman = 0xc4;
  Bytes out{0xff, 0xd8};
  std::size_t at = 2;
  for (std::size_t next; jpeg[at + 1] != kScan; at = next) {
    next = at + 2 + static_cast<std::size_t>(jpeg[at + 2] << 8 | jpeg[at + 3]);
    if ((jpeg[at + 1] == kQuantisation || jpeg[at + 1] == kHuffman) == tables)
      out.insert(out.end(), jpeg.begin() + static_cast<std::ptrdiff_t>(at),
                 jpeg.begin() + static_cast<std::ptrdiff_t>(next));
  }
  if (tables) at = jpeg.size() - 2;  // the mark of its end
  out.insert(out.end(), jpeg.begin() + static_cast<std::ptrdiff_t>(at), jpeg.end());
  return out;
}

Bytes write(const Samples& samples, const Look& look) { return Writer(samples, look).write(); }

}  // namespace leukolens::test::tiff
