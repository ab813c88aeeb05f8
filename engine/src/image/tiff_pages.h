// Which of a TIFF's images are read: a page, the level of a pyramid that fits, or pages that are the red, the
// green and the blue of one picture.
#pragma once

#include <array>
#include <vector>

#include "image/tiff_layout.h"

namespace leukolens {

/// A directory: `index` in the chain of pages, or `offset` of one that hangs from a page.
struct TiffPage {
  std::uint16_t index = 0;
  std::uint64_t offset = 0;
  std::uint32_t width = 0, height = 0;
};

struct TiffChoice {
  TiffPage page;
  std::vector<TiffPage> planes;    // red, green and blue, where they are pages of their own; else empty
  int reduction = 1;               // see reduction_of()
  std::vector<std::string> notes;  // what a person should know of the choice
};

/// Errors: corrupt_image, image_too_large.
Result<TiffChoice> choose_tiff_page(TiffFile& file);

/// Makes it the file's present directory.
bool select(TiffFile& file, const TiffPage& page);

}  // namespace leukolens
