#include "image/tiff_range.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>

namespace leukolens {
namespace {

template <class T>
T read_as(const std::uint8_t* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

// The number behind "key=" at the start of a line of ImageJ's description. Not by strtod, which is large.
std::optional<double> imagej_number(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (at == 0 || text[at - 1] != '\n') continue;
    std::string_view rest = text.substr(at + key.size());
    const bool negative = rest.starts_with('-');
    if (negative) rest.remove_prefix(1);
    double value = 0, unit = 0;
    bool any = false;
    for (const char c : rest.substr(0, 20)) {
      if (c == '.' && unit == 0) {
        unit = 1;
      } else if (c >= '0' && c <= '9') {
        any = true;
        if (unit > 0) unit /= 10;
        value = unit > 0 ? value + unit * (c - '0') : 10 * value + (c - '0');
      } else if (c == '\n' || c == '\r') {
        break;
      } else {
        return std::nullopt;
      }
    }
    if (any) return negative ? -value : value;
  }
  return std::nullopt;
}

std::optional<SampleRange> by_imagej(std::string_view text) {
  if (!text.starts_with("ImageJ=")) return std::nullopt;
  const auto low = imagej_number(text, "min="), high = imagej_number(text, "max=");
  if (!low || !high || *low >= *high) return std::nullopt;
  return SampleRange{*low, *high, "by ImageJ's minimum and maximum"};
}

std::optional<SampleRange> by_tags(const TiffFile& file, const TiffLayout& layout) {
  if (layout.is_integer()) {
    std::uint16_t low = 0, high = 0;
    TIFFGetField(file.get(), TIFFTAG_MINSAMPLEVALUE, &low);
    if (!TIFFGetField(file.get(), TIFFTAG_MAXSAMPLEVALUE, &high) || low >= high) return std::nullopt;
    return SampleRange{double(low), double(high), "by MaxSampleValue"};
  }
  double low = 0, high = 0;
  if (!TIFFGetField(file.get(), TIFFTAG_SMINSAMPLEVALUE, &low) ||
      !TIFFGetField(file.get(), TIFFTAG_SMAXSAMPLEVALUE, &high) || !(low < high))
    return std::nullopt;
  return SampleRange{low, high, "by SMaxSampleValue"};
}

SampleRange by_values(const Extremes& extremes) {
  constexpr const char* kBy = "by their histogram";
  const auto [least, greatest, whole, any] = extremes;
  if (!any || !(least < greatest)) return {std::min(least, 0.0), std::max(greatest, 255.0), kBy};
  if (least < 0) return {least, greatest, kBy};
  // Whoever resizes or sharpens a picture in floating point goes a little beyond its white.
  const double beyond = whole ? 1 : 1.125;
  if (!whole && greatest <= beyond) return {0, 1, kBy};
  for (const int bits : {8, 10, 12, 14, 16})
    if (greatest < (1 << bits) * beyond) return {0, double((1 << bits) - 1), kBy};
  return {0, greatest, kBy};
}

// To three decimals, without printf's own ways of numbers.
std::string text(double value) {
  const auto thousandths = static_cast<long long>(std::clamp(value, -1e15, 1e15) * 1000);
  std::string whole = std::to_string(thousandths / 1000);
  const long long rest = std::abs(thousandths % 1000);
  if (rest == 0) return whole;
  std::string decimals = std::to_string(1000 + rest).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return (thousandths < 0 && thousandths > -1000 ? "-" : "") + whole + "." + decimals;
}

}  // namespace

void Extremes::add(double value) {
  if (!std::isfinite(value)) return;
  if (!any) least = greatest = value;
  any = true;
  least = std::min(least, value);
  greatest = std::max(greatest, value);
  whole = whole && value == std::floor(value);
}

namespace {

// A number of IEEE 754 in 16 bits: as one of 32, whose exponent counts from 112 more.
double from_half(std::uint32_t bits) {
  constexpr std::uint32_t kInfinite = 0x7c00;
  const std::uint32_t size = bits & 0x7fff;
  const double value = size < kInfinite    ? std::bit_cast<float>(size << 13) * 0x1p112
                       : size == kInfinite ? INFINITY
                                           : NAN;
  return bits & 0x8000 ? -value : value;
}

}  // namespace

std::uint32_t SampleReader::bits(const std::uint8_t* row, std::size_t at) const {
  if (depth_ == 8) return row[at];
  if (depth_ == 16) return little_endian16(row + 2 * at);  // the order to which libtiff brings them
  std::uint32_t value = 0;
  for (std::size_t bit = at * depth_, end = bit + depth_; bit < end; ++bit)
    value = value << 1 | (row[bit >> 3] >> (7 - (bit & 7)) & 1);
  return value;
}

double SampleReader::operator()(const std::uint8_t* row, std::size_t at) const {
  if (depth_ == 64) return read_as<double>(row + 8 * at);
  if (depth_ == 32 && format_ == SAMPLEFORMAT_IEEEFP) return double{read_as<float>(row + 4 * at)};
  if (depth_ == 32 && format_ == SAMPLEFORMAT_INT) return read_as<std::int32_t>(row + 4 * at);
  if (depth_ == 32) return little_endian32(row + 4 * at);
  const std::uint32_t value = bits(row, at);
  if (format_ == SAMPLEFORMAT_IEEEFP) return from_half(value);
  if (format_ != SAMPLEFORMAT_INT) return value;
  return depth_ == 8 ? static_cast<std::int8_t>(value) : static_cast<std::int16_t>(value);
}

bool needs_extremes(const TiffLayout& layout) { return layout.depth >= 16 || !layout.is_integer(); }

SampleRange range_of(const TiffFile& file, std::string_view description, const TiffLayout& layout,
                     const Extremes& extremes) {
  if (!needs_extremes(layout)) return {0, double((1 << layout.depth) - 1), ""};
  // What a person chose to see may be less than what is there; what a camera says of itself may not.
  if (layout.colours() == 1)
    if (const auto range = by_imagej(description)) return *range;
  const auto range = by_tags(file, layout);
  if (range && extremes.any && range->low <= extremes.least && range->high >= extremes.greatest)
    return *range;
  return by_values(extremes);
}

std::string describe(const SampleRange& range, const TiffLayout& layout) {
  return "Its " + kind_of_samples(layout) + " of " + std::to_string(layout.depth) + " bits were read as " +
         text(range.low) + " to " + text(range.high) + ", " + range.by + ".";
}

}  // namespace leukolens
