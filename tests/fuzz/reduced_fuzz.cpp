// What is reduced while it is decoded, JPEG and PNG: coded in every order, narrow and up to 33,000 pixels
// wide, with bytes changed here and there; of PNGs in the compressed data, whose checksum is right again. An
// image that keeps the contract or a typed error, twice the same, and nothing else.
#include <map>
#include <utility>

#include "coded_jpeg.h"
#include "fuzz.h"
#include "image/codec.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

using File = std::vector<std::uint8_t>;

const File& make_jpeg(std::uint8_t form, std::uint8_t size) {
  static std::map<std::pair<std::uint8_t, std::uint8_t>, File>
      made;  // writing one takes longer than reading it
  File& file = made[{form, size}];
  if (!file.empty()) return file;
  constexpr int kWidths[] = {40, 8200, 16'400, 33'000};
  constexpr std::array<int, 2> kSampling[] = {{1, 1}, {2, 2}, {2, 1}, {4, 1}};
  jpeg::Coding coding{.width = kWidths[size & 3] - (size >> 2 & 7),
                      .height = 8 + (size >> 5),
                      .restart_interval = form & 4 ? 50 : 0,
                      .separate = (form & 8) != 0,
                      .progressive = (form & 16) != 0,
                      .names = form & 32 ? "RGB" : "123"};
  coding.sampling[0] = kSampling[form & 3];
  if (form & 64) coding.sampling.resize(1);
  return file = jpeg::coded(coding);
}

File make_png(std::uint8_t form, std::uint8_t size, fuzz::Input edits) {
  constexpr int kColours[] = {0, 2, 4, 6}, kChannels[] = {1, 3, 2, 4};
  const int colour = form & 3, depth = form & 4 ? 16 : 8, width = size & 1 ? 8200 : 40;
  File raw;
  for (int y = 0; y < 5; ++y) {
    raw.push_back(static_cast<std::uint8_t>(form >> 3));
    for (int i = 0; i < width * kChannels[colour] * depth / 8; ++i)
      raw.push_back(static_cast<std::uint8_t>(i * y));
  }
  File file = png::kSignature;
  file += png::header({width, 5, depth, kColours[colour], size >> 7});
  file += png::chunk("IDAT", fuzz::edited(png::stored(raw), edits));
  file += png::chunk("IEND", {});
  return file;
}

Result<Image> reduce(const File& file) {
  if (file[0] != 0xff) return decode_reduced_png(file, 3);
  auto jpeg = scan_jpeg(file, kReducedLimits);
  if (!jpeg) return std::unexpected(jpeg.error());
  return decode_reduced_jpeg(std::move(*jpeg), 3);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const fuzz::Input edits(data + 3, size - 3);
  const File file =
      data[0] & 1 ? fuzz::edited(make_jpeg(data[1], data[2]), edits) : make_png(data[1], data[2], edits);
  if (file.empty()) return 0;

  fuzz::require_one_image(reduce(file), reduce(file));
  return 0;
}
