// JPEGs that lack their end, as transfers that broke off leave them.
#include "image/codec.h"

namespace leukolens {

std::string describe_rows(int there, int all) {
  return "Its end is missing: " + std::to_string(there) + " of its " + std::to_string(all) +
         " rows are there.";
}

std::unexpected<Error> rows_missing() {
  return fail(ErrorCode::corrupt_image,
              "The JPEG is truncated: more than half of its rows are missing; load the complete file.");
}

Result<RgbxPixels> decode_cut(JpegScan& jpeg, std::string& note) {
  auto pixels = decode_scanned(jpeg);
  const auto [last_scan, height_at, unit_rows] = *jpeg.cut;
  if (pixels || pixels.error().code != ErrorCode::corrupt_image) {
    note = kNoEndMark;
    return pixels;
  }
  if (last_scan > 0) {
    jpeg.clean.resize(last_scan);
    jpeg.clean.insert(jpeg.clean.end(), {0xff, 0xd9});
    note = kNoDetails;
    return decode_scanned(jpeg);
  }
  if (height_at == 0) return pixels;

  // With fewer rows than there are, decoding ends before the data does.
  const int all = jpeg.height;
  int too_many = (all + unit_rows - 1) / unit_rows, enough = 0;
  for (int units = (too_many + 1) / 2; enough < units && units < too_many; units = (enough + too_many) / 2) {
    jpeg.height = units * unit_rows;
    jpeg.clean[height_at] = static_cast<std::uint8_t>(jpeg.height >> 8);
    jpeg.clean[height_at + 1] = static_cast<std::uint8_t>(jpeg.height);
    auto some = decode_scanned(jpeg);
    if (some)
      enough = units, pixels = std::move(some);
    else if (enough == 0)
      break;
    else
      too_many = units;
  }
  if (enough == 0) return rows_missing();
  jpeg.height = enough * unit_rows;
  note = describe_rows(jpeg.height, all);
  return pixels;
}

}  // namespace leukolens
