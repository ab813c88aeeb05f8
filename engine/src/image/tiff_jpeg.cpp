// JPEG inside TIFF (Technical Note 2): each strip or tile is a JPEG whose tables may lie apart.
#include <algorithm>

#include "image/codec.h"

namespace leukolens {

Result<Image> decode_jpeg_block(Bytes tables, Bytes block, bool is_ycbcr) {
  // What the TIFF says of colours counts, as it does for libtiff, whatever else stands in the block.
  std::vector<std::uint8_t> file{0xff, 0xd8, 0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0};
  file.push_back(is_ycbcr ? 1 : 0);
  if (tables.size() > 4) file.insert(file.end(), tables.begin() + 2, tables.end() - 2);
  std::size_t at = 2;
  while (block.size() >= at + 4 && block[at] == 0xff && (block[at + 1] >> 4 == 0xe || block[at + 1] == 0xfe))
    at += 2 + big_endian16(&block[at + 2]);
  if (at < block.size())
    file.insert(file.end(), block.begin() + static_cast<std::ptrdiff_t>(at), block.end());
  const auto scanned = scan_jpeg(file);
  if (!scanned) return std::unexpected(scanned.error());
  const auto pixels = decode_scanned(*scanned);
  if (!pixels) return std::unexpected(pixels.error());
  return turn_upright(pixels->get(), 4, scanned->width, scanned->height, 1);
}

}  // namespace leukolens
