// Separable resampling as Pillow does it: weights in double precision rounded to 22 bits of fraction, columns
// before rows, 8 bits between the two. The only operations on doubles are + - * /, so that every platform
// gets the same weights.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <span>

#include "image/codec.h"
#include "leukolens/image.h"

namespace leukolens {
namespace {

constexpr int kFractionBits = 22;  // 8 bits of pixel and 2 of headroom fill 32
constexpr int kHalf = 1 << (kFractionBits - 1);

// A weight is at most 2^22: as high * 2^11 + low it multiplies in the 16-bit lanes that every SIMD set has.
constexpr int kLowBits = 11;

// The weights of two neighbouring source positions, each part a pair of 16-bit numbers.
struct Pair {
  std::int32_t high = 0, low = 0;
};

// For each output position, the source positions that it mixes: from `first` on, in pairs. The last of them
// may lie behind the end of the source, with weight 0.
struct Axis {
  std::vector<int> first;
  std::vector<Pair> weights;
  int pairs = 0;  // of each output position
  int out_size() const { return static_cast<int>(first.size()); }
  int end() const { return first.back() + 2 * pairs; }
  std::span<const Pair> weights_of(int position) const {
    return {&weights[std::size_t(position) * pairs], std::size_t(pairs)};
  }
};

double triangle(double x) {
  const double distance = x < 0 ? -x : x;
  return distance < 1 ? 1 - distance : 0;
}

// `start` and `length`: the region in a row of `source_size`. As in Pillow the filter reaches over the
// region's edges, not over the image's.
Axis make_axis(int source_size, int start, int length, int out_size) {
  const double scale = double(length) / out_size;
  const double support = std::max(scale, 1.0), inverse = 1.0 / support;
  const auto centre = [&](int i) { return start + (i + 0.5) * scale; };
  const auto begin = [&](int i) { return std::max(static_cast<int>(centre(i) - support + 0.5), 0); };
  const auto end = [&](int i) { return std::min(static_cast<int>(centre(i) + support + 0.5), source_size); };

  Axis axis;
  for (int i = 0; i < out_size; ++i) {
    axis.first.push_back(begin(i));
    axis.pairs = std::max(axis.pairs, (end(i) - begin(i) + 1) / 2);
  }
  axis.weights.resize(std::size_t(out_size) * axis.pairs);
  std::vector<double> exact(2 * axis.pairs);
  for (int i = 0; i < out_size; ++i) {
    const int first = begin(i), count = end(i) - first;
    double sum = 0;
    for (int tap = 0; tap < count; ++tap)
      sum += exact[tap] = triangle((tap + first - centre(i) + 0.5) * inverse);
    for (int tap = 0; tap < count; ++tap) {
      const int weight = static_cast<int>(0.5 + exact[tap] / sum * (1 << kFractionBits));
      Pair& pair = axis.weights[std::size_t(i) * axis.pairs + tap / 2];
      const int shift = tap % 2 * 16;
      pair.high |= weight >> kLowBits << shift;
      pair.low |= (weight & ((1 << kLowBits) - 1)) << shift;
    }
  }
  return axis;
}

// Vector registers of SSE2, NEON and WebAssembly alike.
using Bytes8 [[gnu::vector_size(8)]] = std::uint8_t;
using Bytes16 [[gnu::vector_size(16)]] = std::uint8_t;
using Shorts8 [[gnu::vector_size(16)]] = std::int16_t;
using Ints4 [[gnu::vector_size(16)]] = std::int32_t;

Bytes16 load16(const std::uint8_t* p) {
  Bytes16 bytes;
  std::memcpy(&bytes, p, 16);
  return bytes;
}

Shorts8 load8(const std::uint8_t* p) {
  Bytes8 bytes;
  std::memcpy(&bytes, p, 8);
  return __builtin_convertvector(bytes, Shorts8);
}

Bytes16 zip_low(Bytes16 a, Bytes16 b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

Bytes16 zip_high(Bytes16 a, Bytes16 b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// The six bytes of two RGB pixels as pairs R R, G G, B B, zipped with zeros; the last pair is idle.
Bytes16 load_pixels(const std::uint8_t* p) {
#if defined(__SSE2__)  // has no shuffle of bytes
  std::int32_t left, right;
  std::memcpy(&left, p, 4);
  std::memcpy(&right, p + 3, 4);
  return zip_low(zip_low(reinterpret_cast<Bytes16>(Ints4{left}), reinterpret_cast<Bytes16>(Ints4{right})),
                 Bytes16{});
#else
  const Shorts8 wide = load8(p);
  return reinterpret_cast<Bytes16>(__builtin_shufflevector(wide, wide, 0, 3, 1, 4, 2, 5, 6, 7));
#endif
}

// a[0] * b[0] + a[1] * b[1], ..., a[6] * b[6] + a[7] * b[7]
Ints4 dot_pairs(Shorts8 a, Shorts8 b) {
#if defined(__SSE2__)
  return __builtin_ia32_pmaddwd128(a, b);
#elif defined(__wasm_simd128__)
  return __builtin_wasm_dot_s_i32x4_i16x8(a, b);
#else
  const Ints4 even = {a[0] * b[0], a[2] * b[2], a[4] * b[4], a[6] * b[6]};
  const Ints4 odd = {a[1] * b[1], a[3] * b[3], a[5] * b[5], a[7] * b[7]};
  return even + odd;
#endif
}

// Four weighted sums of bytes, exact in 32 bits.
class Sums {
 public:
  // `neighbours`: four pairs of bytes, zipped with zeros, each pair side by side in the direction of
  // resampling.
  void add(Bytes16 neighbours, Pair weights) {
    high_ +=
        dot_pairs(reinterpret_cast<Shorts8>(neighbours), reinterpret_cast<Shorts8>(Ints4{} + weights.high));
    low_ +=
        dot_pairs(reinterpret_cast<Shorts8>(neighbours), reinterpret_cast<Shorts8>(Ints4{} + weights.low));
  }
  void store(std::uint8_t* out) const {
    const Ints4 sum = ((high_ << kLowBits) + low_ + kHalf) >> kFractionBits;
    using Bytes4 [[gnu::vector_size(4)]] = std::uint8_t;
    const Bytes4 bytes = __builtin_convertvector(sum, Bytes4);
    std::memcpy(out, &bytes, 4);
  }

 private:
  Ints4 high_ = {}, low_ = {};
};

constexpr int kRows = 4;  // resampled together, so that a weight is loaded once for all

// kRows rows of RGB. Reads two bytes behind the last pixel of a row, and writes one.
void mix_columns(const std::uint8_t* rows, std::size_t stride, const Axis& axis, std::uint8_t* out,
                 std::size_t out_stride) {
  for (int x = 0; x < axis.out_size(); ++x, out += 3) {
    const std::uint8_t* in = rows + 3 * axis.first[x];
    Sums sums[kRows];
    for (const Pair& pair : axis.weights_of(x)) {
      for (int y = 0; y < kRows; ++y) sums[y].add(load_pixels(in + y * stride), pair);
      in += 6;
    }
    for (int y = 0; y < kRows; ++y) sums[y].store(out + y * out_stride);
  }
}

// One row of the result. `stride`: bytes from one source row to the next, a multiple of 16.
void mix_rows(const std::uint8_t* rows, std::size_t stride, std::span<const Pair> weights,
              std::uint8_t* out) {
  for (std::size_t i = 0; i < stride; i += 16) {
    const std::uint8_t* in = rows + i;
    Sums sums[4];
    for (const Pair& pair : weights) {
      const Bytes16 upper = load16(in), lower = load16(in + stride);
      const Bytes16 left = zip_low(upper, lower), right = zip_high(upper, lower);
      sums[0].add(zip_low(left, Bytes16{}), pair);
      sums[1].add(zip_high(left, Bytes16{}), pair);
      sums[2].add(zip_low(right, Bytes16{}), pair);
      sums[3].add(zip_high(right, Bytes16{}), pair);
      in += 2 * stride;
    }
    for (int quarter = 0; quarter < 4; ++quarter) sums[quarter].store(out + i + 4 * quarter);
  }
}

// Along one axis: which of the output's positions show the image, and from which of its own.
struct Span {
  int from = 0, length = 0, to = 0, out_length = 0;
};

Span overlap(int start, int side, int size, int out_size) {
  const int first = std::max(start, 0), end = std::min(start + side, size);
  if (end <= first) return {};
  const auto place = [&](int x) {
    return static_cast<int>((2 * std::int64_t(x - start) * out_size + side) / (2 * side));
  };
  return {first, end - first, place(first), place(end) - place(first)};
}

}  // namespace

Image resize(const Image& image, Rect region, int width, int height) {
  assert(region.x >= 0 && region.y >= 0 && region.width > 0 && region.height > 0);
  assert(region.x + region.width <= image.width && region.y + region.height <= image.height);
  assert(width >= 1 && width <= kMaxSide && height >= 1 && height <= kMaxSide);

  Axis columns = make_axis(image.width, region.x, region.width, width);
  const Axis rows = make_axis(image.height, region.y, region.height, height);
  const auto padded_to = [](std::size_t size, std::size_t multiple) {
    return (size + multiple - 1) / multiple * multiple;
  };
  const int top = rows.first.front(), bottom = std::min(rows.end(), image.height);
  const int left = columns.first.front(), right = std::min(columns.end(), image.width);
  for (int& first : columns.first) first -= left;
  const std::size_t source_bytes = 3 * std::size_t(right - left);
  const std::size_t source_stride = 3 * std::size_t(columns.end()) + 2;
  const std::size_t bytes = 3 * std::size_t(width), stride = padded_to(bytes + 1, 16);
  std::vector<std::uint8_t> source(source_stride * kRows), row(stride);
  std::vector<std::uint8_t> mixed = zeros(stride * padded_to(rows.end() - top, kRows));
  for (int y = top; y < bottom; y += kRows) {
    for (int i = 0; i < std::min(kRows, bottom - y); ++i)
      std::memcpy(&source[source_stride * i], &image.rgb[3 * (std::size_t(y + i) * image.width + left)],
                  source_bytes);
    mix_columns(source.data(), source_stride, columns, &mixed[stride * (y - top)], stride);
  }
  Image out{width, height, zeros(bytes * height)};
  for (int y = 0; y < height; ++y) {
    mix_rows(&mixed[stride * (rows.first[y] - top)], stride, rows.weights_of(y), row.data());
    std::memcpy(&out.rgb[bytes * y], row.data(), bytes);
  }
  return out;
}

Image halve(const Image& image) {
  assert(image.width >= 2 && image.height >= 2);
  Image out{image.width / 2, image.height / 2, zeros(3 * std::size_t(image.width / 2) * (image.height / 2))};
  const std::size_t stride = 3 * std::size_t(image.width);
  std::uint8_t* to = out.rgb.data();
  for (int y = 0; y < out.height; ++y) {
    const std::uint8_t* from = &image.rgb[2 * y * stride];
    for (int x = 1; x < out.width; ++x, from += 6, to += 3) {  // reads and writes into the next pixel
      const Shorts8 sum = load8(from) + load8(from + stride);
      const Shorts8 next = __builtin_shufflevector(sum, sum, 3, 4, 5, 6, 7, 7, 7, 7);
      const Bytes8 mean = __builtin_convertvector((sum + next + 2) >> 2, Bytes8);
      std::memcpy(to, &mean, 4);
    }
    for (int channel = 0; channel < 3; ++channel, ++from)
      *to++ = static_cast<std::uint8_t>((from[0] + from[3] + from[stride] + from[stride + 3] + 2) / 4);
  }
  return out;
}

PlacedImage resize_inside(const Image& image, Rect region, int width, int height) {
  const Span across = overlap(region.x, region.width, image.width, width);
  const Span down = overlap(region.y, region.height, image.height, height);
  if (across.out_length < 1 || down.out_length < 1) return {};
  const Rect inside{across.from, down.from, across.length, down.length};
  return {resize(image, inside, across.out_length, down.out_length), across.to, down.to};
}

}  // namespace leukolens
