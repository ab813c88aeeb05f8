// A writer of small TIFFs, well-formed unless a test asks otherwise.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hostile.h"

namespace leukolens::test::tiff {

// Tags, types and values of TIFF 6.0 that tests name.
enum Tag : std::uint16_t {
  kSubfileType = 254,
  kWidth = 256,
  kHeight = 257,
  kDepth = 258,
  kCompression = 259,
  kPhotometric = 262,
  kFillOrder = 266,
  kDescription = 270,
  kOffsets = 273,
  kOrientation = 274,
  kSamples = 277,
  kRowsPerStrip = 278,
  kCounts = 279,
  kMaxSampleValue = 281,
  kPlanar = 284,
  kPredictor = 317,
  kColours = 320,
  kTileWidth = 322,
  kTileHeight = 323,
  kTileOffsets = 324,
  kTileCounts = 325,
  kSubDirectories = 330,
  kExtraSamples = 338,
  kSampleFormat = 339,
  kJpegTables = 347
};
enum Compression { kPlain = 1, kLzw = 5, kJpeg = 7, kDeflate = 8, kOldDeflate = 32946, kPackBits = 32773 };
enum Photometric { kWhiteIsZero = 0, kBlackIsZero = 1, kRgb = 2, kPalette = 3, kYCbCr = 6 };

/// Samples as numbers, before they are packed: width * height * samples of them, those of a pixel together.
struct Samples {
  int width = 0, height = 0, samples = 3, depth = 8;
  std::vector<std::uint16_t> values;
};

struct Look {
  int photometric = kRgb, compression = kPlain, predictor = 1;
  int rows = 7;  // a strip; the last one has fewer
  int tile = 0;  // a side of square tiles, a multiple of 16, in place of strips
  bool separate = false, big_endian = false, big_tiff = false, directory_first = false;
  int orientation = 1;
  std::vector<std::uint64_t> extra = {};                   // kinds of the samples after the colours
  std::vector<std::uint64_t> colours = {};                 // a palette: all reds, all greens, all blues
  std::map<int, std::vector<std::uint64_t>> instead = {};  // of the values that belong to a tag
  std::map<int, std::string> texts = {};  // and of those that have texts or bytes; blocks lack kJpegTables
  std::uint64_t next = 0;                 // where the second directory is said to lie
};

/// The samples of an image.
Samples rgb(const Image& image, int depth = 8);

Bytes write(const Samples& samples, const Look& look = {});

/// Of a JPEG its tables alone, as they stand in kJpegTables, or all but them, as blocks then are: Technical
/// Note 2.
Bytes jpeg_parts(const Bytes& jpeg, bool tables);

/// One page after another; of the looks those without `big_tiff` and `directory_first`.
Bytes write(const std::vector<std::pair<Samples, Look>>& pages);

}  // namespace leukolens::test::tiff
