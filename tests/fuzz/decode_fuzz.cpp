// Any bytes: decode() must return an image that keeps the contract or a typed error, twice the same, and
// nothing else. PNG checksums stop almost every mutation at the gate, so what the fuzzer made is tried with
// right ones as well.
#include <cstdint>
#include <cstring>
#include <vector>

#include "fuzz.h"
#include "leukolens/image.h"

using namespace leukolens;
using leukolens::fuzz::require;

namespace {

void try_decode(const std::vector<std::uint8_t>& bytes) {
  const auto first = decode(bytes), second = decode(bytes);
  require(first.has_value() == second.has_value());
  if (!first) {
    require(first.error().code == second.error().code);
    fuzz::require_sound(first.error());
    return;
  }
  require(first->width >= 1 && first->width <= kMaxSide && first->height >= 1 && first->height <= kMaxSide);
  require(first->rgb.size() == 3 * std::size_t(first->width) * std::size_t(first->height));
  require(first->rgb == second->rgb);
}

std::uint32_t big_endian32(const std::uint8_t* p) {
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

void repair_checksums(std::vector<std::uint8_t>& png) {
  for (std::size_t at = 8; at + 12 <= png.size() && big_endian32(&png[at]) <= png.size() - at - 12;) {
    const std::size_t end = at + 8 + big_endian32(&png[at]);
    std::uint32_t crc = 0xffffffffu;
    for (std::size_t i = at + 4; i < end; ++i) {
      crc ^= png[i];
      for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? 0xedb88320u ^ crc >> 1 : crc >> 1;
    }
    for (int i = 0; i < 4; ++i) png[end + i] = static_cast<std::uint8_t>(~crc >> (24 - 8 * i));
    at = end + 4;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> bytes(data, data + size);
  try_decode(bytes);
  if (size > 4 && std::memcmp(data, "\x89PNG", 4) == 0) {
    repair_checksums(bytes);
    try_decode(bytes);
  }
  return 0;
}
