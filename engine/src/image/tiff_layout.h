// How the pixels of one image of a TIFF lie in the file, and whether they can be read.
#pragma once

#include "image/tiff_file.h"

namespace leukolens {

struct TiffLayout {
  std::uint32_t width = 0, height = 0;
  std::uint32_t block_width = 0, block_height = 0;  // of a tile, or of a strip
  std::uint16_t depth = 1, samples = 1, photometric = PHOTOMETRIC_MINISBLACK, format = SAMPLEFORMAT_UINT;
  int orientation = 1;
  bool tiled = false, jpeg = false;
  bool separate = false;  // a plane for each sample
  int alpha = -1;         // its sample; -1: none
  bool premultiplied = false;

  int colours() const { return photometric == PHOTOMETRIC_RGB ? 3 : 1; }
  bool is_integer() const { return format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID; }
  /// Whether sample number `sample` of a pixel is looked at.
  bool is_used(int sample) const { return sample < colours() || sample == alpha; }
  /// How many samples of a pixel lie together in a block.
  int stride() const { return separate ? 1 : samples; }
  /// Bytes of a row of a block.
  std::size_t row_bytes() const {
    return (std::size_t{block_width} * static_cast<std::size_t>(stride()) * depth + 7) / 8;
  }
};

/// "samples", or of what kind they are.
std::string kind_of_samples(const TiffLayout& layout);

/// Of the file's present directory. Its size may be any. Errors: corrupt_image, unsupported_format.
Result<TiffLayout> read_tiff_layout(const TiffFile& file);

}  // namespace leukolens
