// EXIF of any bytes gives one of eight orientations, the same inside a JPEG and a PNG, and changes nothing
// but the way up.
#include "../engine/hostile.h"
#include "fuzz.h"
#include "image/codec.h"

using leukolens::decode, leukolens::exif_orientation;
namespace fuzz = leukolens::fuzz;
using namespace leukolens::test;

namespace {

Bytes jpeg_with(const Bytes& exif) {
  static const Bytes plain = encode_jpeg(gradient(24, 16));
  Bytes body{'E', 'x', 'i', 'f', 0, 0};
  body += exif;
  Bytes out = jpeg::kStart;
  out += jpeg::segment(0xe1, body);
  out.insert(out.end(), plain.begin() + 2, plain.end());
  return out;
}

Bytes png_with(const Bytes& exif) {
  return png::file({3, 2, 8, 0, 0}, {0, 10, 20, 30, 0, 40, 50, 60}, png::chunk("eXIf", exif));
}

}  // namespace

// Even sizes begin with the first bytes of a sound block, of either byte order.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes exif(data, data + std::min<std::size_t>(size, 60'000));
  if (size % 2 == 0 && size >= 8) {
    const Bytes begin = data[0] % 2 ? Bytes{'I', 'I', 42, 0} : Bytes{'M', 'M', 0, 42};
    std::ranges::copy(begin, exif.begin());
  }
  const int orientation = exif_orientation(exif);
  fuzz::require(orientation >= 1 && orientation <= 8);
  const auto photo = decode(jpeg_with(exif)), drawing = decode(png_with(exif));
  fuzz::require(photo.has_value() && drawing.has_value());
  const bool turned = orientation >= 5;
  fuzz::require(photo->width == (turned ? 16 : 24) && photo->height == (turned ? 24 : 16));
  fuzz::require(drawing->width == (turned ? 2 : 3) && drawing->height == (turned ? 3 : 2));
  std::vector<std::uint8_t> values = drawing->rgb;
  std::ranges::sort(values);
  fuzz::require(values.front() == 10 && values.back() == 60 && values[9] == 40);
  return 0;
}
