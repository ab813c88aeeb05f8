#include "coded_jpeg.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace leukolens::test::jpeg {
namespace {

int magnitude_bits(int value) {
  int bits = 0;
  for (value = std::abs(value); value > 0; value >>= 1) ++bits;
  return bits;
}

constexpr int ceil_div(int a, int b) { return (a + b - 1) / b; }

// Every symbol, run and size, has a code of 8 bits: 11 times the run and the size.
class Writer {
 public:
  explicit Writer(const Coding& coding) : coding_(coding) {
    for (const auto& [across, down] : coding.sampling)
      across_ = std::max(across_, across), down_ = std::max(down_, down);
  }

  Bytes file() {
    out_ = kStart;
    out_ += coding_.extra;
    Bytes steps(65, 2), symbols(17, 0);
    steps[0] = 0;
    out_ += segment(0xdb, steps);
    symbols[8] = 176;
    for (int symbol = 0; symbol < 176; ++symbol)
      symbols.push_back(static_cast<std::uint8_t>(symbol / 11 << 4 | symbol % 11));
    for (const std::uint8_t kind : {0x00, 0x10}) {
      symbols[0] = kind;
      out_ += segment(0xc4, symbols);
    }
    Bytes frame{8};
    frame += big_endian(static_cast<std::uint32_t>(coding_.height), 2);
    frame += big_endian(static_cast<std::uint32_t>(coding_.width), 2);
    frame.push_back(static_cast<std::uint8_t>(coding_.sampling.size()));
    for (std::size_t i = 0; i < coding_.sampling.size(); ++i)
      frame += {static_cast<std::uint8_t>(coding_.names[i]),
                static_cast<std::uint8_t>(coding_.sampling[i][0] << 4 | coding_.sampling[i][1]), 0};
    out_ += segment(coding_.progressive ? 0xc2 : 0xc0, frame);
    if (coding_.restart_interval > 0)
      out_ += segment(0xdd, big_endian(static_cast<std::uint32_t>(coding_.restart_interval), 2));

    std::vector<int> all;
    for (int i = 0; i < static_cast<int>(coding_.sampling.size()); ++i) all.push_back(i);
    const auto each_alone = [&](int first, int last, int high, int low) {
      for (const int component : all) scan({component}, first, last, high, low);
    };
    if (coding_.progressive) {
      scan(all, 0, 0, 0, 1);
      each_alone(1, 5, 0, 1);
      each_alone(6, 63, 0, 1);
      each_alone(1, 63, 1, 0);
      scan(all, 0, 0, 1, 0);
    } else if (coding_.separate) {
      each_alone(0, 63, 0, 0);
    } else {
      scan(all, 0, 63, 0, 0);
    }
    out_ += kEnd;
    return out_;
  }

 private:
  static int coefficient(int component, int x, int y, int index) {
    const std::uint32_t mixed =
        (static_cast<std::uint32_t>(component * 7919 + x * 104729 + y * 1299709 + index) + 1) * 2654435761u;
    if (index == 0) return static_cast<int>(mixed >> 8 & 255) - 128;
    if (index > 20 || (mixed >> 20 & 3) != 0) return 0;
    return static_cast<int>(mixed >> 8 & 63) / (1 + index / 2) * (mixed & 1 ? 1 : -1);
  }

  void bits(unsigned value, int count) {
    for (int i = count - 1; i >= 0; --i) {
      byte_ = byte_ << 1 | (value >> i & 1);
      if (++filled_ < 8) continue;
      out_.push_back(static_cast<std::uint8_t>(byte_));
      if ((byte_ & 255) == 255) out_.push_back(0);
      byte_ = 0, filled_ = 0;
    }
  }
  void flush() {
    while (filled_ > 0) bits(1, 1);
  }
  void symbol(int run, int size) { bits(static_cast<unsigned>(run * 11 + size), 8); }
  void amount(int value, int size) {
    bits(static_cast<unsigned>(value < 0 ? value + (1 << size) - 1 : value), size);
  }

  void scan(const std::vector<int>& components, int first, int last, int high, int low) {
    Bytes header{static_cast<std::uint8_t>(components.size())};
    for (const int component : components) header += {static_cast<std::uint8_t>(coding_.names[component]), 0};
    for (const int value : {first, last, high << 4 | low}) header.push_back(static_cast<std::uint8_t>(value));
    out_ += segment(0xda, header);
    const bool alone = components.size() == 1;
    const auto& [own_across, own_down] = coding_.sampling[static_cast<std::size_t>(components[0])];
    const int columns = alone ? ceil_div(ceil_div(coding_.width * own_across, across_), 8)
                              : ceil_div(coding_.width, 8 * across_);
    const int rows =
        alone ? ceil_div(ceil_div(coding_.height * own_down, down_), 8) : ceil_div(coding_.height, 8 * down_);
    predicted_ = {};
    for (int unit = 0; unit < columns * rows; ++unit) {
      if (coding_.restart_interval > 0 && unit > 0 && unit % coding_.restart_interval == 0) {
        flush();
        out_ += {0xff, static_cast<std::uint8_t>(0xd0 + (unit / coding_.restart_interval - 1) % 8)};
        predicted_ = {};
      }
      for (const int component : components) {
        const auto& [across, down] = coding_.sampling[static_cast<std::size_t>(component)];
        const int x = alone ? 1 : across, y = alone ? 1 : down;
        for (int i = 0; i < x * y; ++i)
          block(component, unit % columns * x + i % x, unit / columns * y + i / x, first, last, high, low);
      }
    }
    flush();
  }

  void block(int component, int x, int y, int first, int last, int high, int low) {
    const auto value = [&](int index) {
      const int whole = coefficient(component, x, y, index);
      if (index == 0) return whole >> low;  // of DC, bits; of the others, divided towards 0
      return whole / (1 << low);
    };
    if (first == 0 && high > 0)
      return bits(static_cast<unsigned>(coefficient(component, x, y, 0)) >> low & 1, 1);
    if (first == 0) {
      int& predicted = predicted_[static_cast<std::size_t>(component)];
      const int difference = value(0) - std::exchange(predicted, value(0)), size = magnitude_bits(difference);
      symbol(0, size);
      amount(difference, size);
      first = 1;
    }
    if (high > 0) return refine(component, x, y, first, last, low);
    int run = 0;
    for (int i = first; i <= last; ++i) {
      const int amplitude = value(i);
      if (amplitude == 0) {
        ++run;
        continue;
      }
      for (; run > 15; run -= 16) symbol(15, 0);
      const int size = magnitude_bits(amplitude);
      symbol(run, size);
      amount(amplitude, size);
      run = 0;
    }
    if (run > 0) symbol(0, 0);
  }

  // T.81, figure G.7: coefficients that were zero come by codes, each followed by the bits of those before it
  // that were not.
  void refine(int component, int x, int y, int first, int last, int low) {
    int end = first - 1;
    const auto whole = [&](int index) { return coefficient(component, x, y, index); };
    const auto is_new = [&](int index) { return std::abs(whole(index)) >> low == 1; };
    for (int i = first; i <= last; ++i)
      if (is_new(i)) end = i;
    int run = 0;
    std::vector<unsigned> corrections;
    const auto correct = [&] {
      for (const unsigned bit : corrections) bits(bit, 1);
      corrections.clear();
    };
    for (int i = first; i <= last; ++i) {
      const int size = std::abs(whole(i)) >> low;
      if (size > 1) {
        corrections.push_back(static_cast<unsigned>(size & 1));
      } else if (size == 0) {
        if (++run == 16 && i < end) symbol(15, 0), correct(), run = 0;
      } else {
        symbol(run, 1);
        bits(whole(i) > 0, 1);
        correct();
        run = 0;
      }
    }
    if (end < last) symbol(0, 0), correct();
  }

  const Coding& coding_;
  int across_ = 1, down_ = 1, filled_ = 0;
  unsigned byte_ = 0;
  std::array<int, 4> predicted_{};
  Bytes out_;
};

}  // namespace

Bytes coded(const Coding& coding) { return Writer(coding).file(); }

}  // namespace leukolens::test::jpeg
