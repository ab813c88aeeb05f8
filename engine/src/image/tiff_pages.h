// Which of a TIFF's images are read: a page of a stack, the level of a pyramid that fits, or images that are
// the red, the green and the blue of one page.
#pragma once

#include <array>
#include <vector>

#include "image/tiff_layout.h"

namespace leukolens {

/// An image of the file, at the offset of its directory.
struct TiffImage {
  std::uint64_t offset = 0;
  std::uint32_t width = 0, height = 0;
  std::uint32_t kind = 0;  // NewSubfileType
};

struct TiffChoice {
  TiffImage image;
  std::vector<TiffImage> planes;   // red, green and blue, where they are images of their own; else empty
  int pages = 1;                   // of which one was chosen
  int reduction = 1;               // see reduction_of()
  std::string description;         // of the file: that of its first image
  std::vector<std::string> notes;  // what a person should know of the choice
};

/// Makes the chosen image the file's present directory. Pages are the images as large as the first that
/// is no thumbnail, or each three that are the colours of one; `page` counts them from 1. Errors:
/// corrupt_image, image_too_large; invalid_argument where there is no such page.
Result<TiffChoice> choose_tiff_page(TiffFile& file, int page);

/// Makes it the file's present directory.
bool select(TiffFile& file, const TiffImage& image);

/// What an entry of the file's present directory holds as bytes; empty where there is none. libtiff does not
/// tell of entries that only a codec has with which it was not built.
Bytes bytes_of(const TiffFile& file, std::uint16_t tag);

}  // namespace leukolens
