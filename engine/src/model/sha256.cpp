#include "leukolens/sha256.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace leukolens {
namespace {

constexpr std::size_t kBlock = 64;  // bytes

using State = std::array<std::uint32_t, 8>;

// The first 32 bits behind the point.
std::uint32_t fraction(double root) { return static_cast<std::uint32_t>((root - std::floor(root)) * 0x1p32); }

// Of the first 64 primes: of the cube root of each, and of the square roots of the first eight. As a table
// they would take more room in WebAssembly than all the rest.
struct Constants {
  std::array<std::uint32_t, 64> rounds;
  State start;

  Constants() {
    std::size_t count = 0;
    for (int number = 2; count < rounds.size(); ++number) {
      int divisor = 2;
      while (number % divisor != 0) ++divisor;
      if (divisor < number) continue;
      double root = number;  // Newton's method
      for (int i = 0; i < 20; ++i) root -= (root - number / (root * root)) / 3;
      if (count < start.size()) start[count] = fraction(std::sqrt(double(number)));
      rounds[count++] = fraction(root);
    }
  }
};

void absorb(State& state, const std::array<std::uint32_t, 64>& rounds, const char* block) {
  std::array<std::uint32_t, 64> w;
  for (std::size_t i = 0; i < 16; ++i) {
    w[i] = 0;
    for (std::size_t j = 0; j < 4; ++j) w[i] = w[i] << 8 | static_cast<std::uint8_t>(block[4 * i + j]);
  }
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) +
           (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t one =
        h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) + rounds[i] + w[i];
    const std::uint32_t two =
        (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
  }
  const State after{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state[i] += after[i];
}

}  // namespace

std::string sha256(std::string_view bytes) {
  const Constants constants;
  State state = constants.start;
  const std::size_t rest = bytes.size() % kBlock;
  std::string last(bytes.substr(bytes.size() - rest));
  last += '\x80';
  last.append((2 * kBlock - sizeof(std::uint64_t) - last.size()) % kBlock, '\0');
  for (int shift = 56; shift >= 0; shift -= 8)
    last += static_cast<char>(std::uint64_t(bytes.size()) * 8 >> shift);
  bytes.remove_suffix(rest);
  for (const std::string_view part : {bytes, std::string_view(last)})
    for (std::size_t at = 0; at < part.size(); at += kBlock)
      absorb(state, constants.rounds, part.data() + at);
  std::string text;
  for (const std::uint32_t word : state)
    for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[word >> shift & 15];
  return text;
}

}  // namespace leukolens
