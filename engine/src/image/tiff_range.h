// Which values of a TIFF's samples are black and white. Cameras of microscopes store 10, 12 or 14 bits in 16,
// and programs store measurements in samples that have no largest value.
#pragma once

#include <span>
#include <string_view>

#include "image/tiff_layout.h"

namespace leukolens {

struct SampleRange {
  double low = 0, high = 255;
  std::string by;  // who says so: "by MaxSampleValue"; empty: the depth alone
};

/// The least and the greatest of the samples that were looked at.
struct Extremes {
  double least = 0, greatest = 0;
  bool whole = true;  // no sample has a fraction
  bool any = false;

  void add(double value);
};

/// Samples as numbers: a row of them as libtiff decoded it, the `index`th of `stride` in each pixel.
class SampleReader {
 public:
  explicit SampleReader(const TiffLayout& layout) : depth_(layout.depth), format_(layout.format) {}
  double operator()(const std::uint8_t* row, std::size_t at) const;
  /// The bits of a sample of at most 16.
  std::uint32_t bits(const std::uint8_t* row, std::size_t at) const;

 private:
  int depth_, format_;
};

/// Whether the values themselves must be seen to know their range.
bool needs_extremes(const TiffLayout& layout);

/// By ImageJ's display range, which stands in the description of the file; else by the tags MaxSampleValue
/// and SMaxSampleValue, where the values lie within it; else by the values: the smallest of 8, 10, 12, 14, 16
/// bits that holds them, 0 to 1 for fractions, or they themselves.
SampleRange range_of(const TiffFile& file, std::string_view description, const TiffLayout& layout,
                     const Extremes& extremes);

/// What a person should know of it: "Its samples of 16 bits were read as 0 to 4095, by their histogram."
std::string describe(const SampleRange& range, const TiffLayout& layout);

}  // namespace leukolens
