#include "hostile.h"

#include <algorithm>

namespace leukolens::test {
namespace png {

Bytes chunk(std::string_view type, const Bytes& body) {
  Bytes out = big_endian(static_cast<std::uint32_t>(body.size()), 4);
  out.insert(out.end(), type.begin(), type.end());
  out += body;
  std::uint32_t crc = 0xffffffffu;
  for (std::size_t i = 4; i < out.size(); ++i) {
    crc ^= out[i];
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? 0xedb88320u ^ crc >> 1 : crc >> 1;
  }
  out += big_endian(~crc, 4);
  return out;
}

Bytes header(const Header& header) {
  Bytes body = big_endian(header.width, 4);
  body += big_endian(header.height, 4);
  for (int value : {header.depth, header.colour, 0, 0, header.interlace})
    body.push_back(static_cast<std::uint8_t>(value));
  return chunk("IHDR", body);
}

Bytes stored(const Bytes& raw) {
  Bytes out{0x78, 0x01};
  for (std::size_t at = 0; at == 0 || at < raw.size();) {
    const std::size_t size = std::min<std::size_t>(raw.size() - at, 0xffff);
    const auto low = static_cast<std::uint8_t>(size), high = static_cast<std::uint8_t>(size >> 8);
    out += {static_cast<std::uint8_t>(at + size == raw.size()), low, high, static_cast<std::uint8_t>(~low),
            static_cast<std::uint8_t>(~high)};
    out.insert(out.end(), raw.begin() + at, raw.begin() + at + size);
    at += size;
    if (size == 0) break;
  }
  std::uint32_t a = 1, b = 0;
  for (std::uint8_t byte : raw) a = (a + byte) % 65521, b = (b + a) % 65521;
  out += big_endian(b << 16 | a, 4);
  return out;
}

Bytes file(const Header& h, const Bytes& raw, const Bytes& extra) {
  Bytes out = kSignature;
  out += header(h);
  out += extra;
  out += chunk("IDAT", stored(raw));
  out += chunk("IEND", {});
  return out;
}

}  // namespace png

namespace jpeg {

Bytes segment(std::uint8_t marker, const Bytes& body) {
  Bytes out{0xff, marker};
  out += big_endian(static_cast<std::uint32_t>(body.size() + 2), 2);
  out += body;
  return out;
}

Bytes tables() {
  Bytes quantisation(65, 1), huffman(18, 0);
  quantisation[0] = 0;
  huffman[1] = 1;  // one code of one bit
  Bytes out = segment(0xdb, quantisation);
  for (std::uint8_t kind : {0x00, 0x10}) {
    huffman[0] = kind;
    out += segment(0xc4, huffman);
  }
  return out;
}

Bytes frame(std::uint8_t marker, int width, int height, int components, int precision) {
  Bytes body{static_cast<std::uint8_t>(precision)};
  body += big_endian(height, 2);
  body += big_endian(width, 2);
  body.push_back(static_cast<std::uint8_t>(components));
  for (int i = 1; i <= components; ++i) body += {static_cast<std::uint8_t>(i), 0x11, 0};
  return segment(marker, body);
}

Bytes scan(int first_component, int components, int zero_bits, int first, int last, int approximation) {
  Bytes body{static_cast<std::uint8_t>(components)};
  for (int i = 0; i < components; ++i) body += {static_cast<std::uint8_t>(first_component + i), 0};
  for (int value : {first, last, approximation}) body.push_back(static_cast<std::uint8_t>(value));
  Bytes out = segment(0xda, body);
  out.insert(out.end(), zero_bits / 8, 0);
  if (zero_bits % 8 != 0) out.push_back(static_cast<std::uint8_t>(0xff >> zero_bits % 8));
  return out;
}

}  // namespace jpeg
}  // namespace leukolens::test
