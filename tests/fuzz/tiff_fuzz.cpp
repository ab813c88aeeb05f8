// Small TIFFs of every layout with bytes changed here and there: decode() must return an image that keeps the
// contract or a typed error, twice the same, and nothing else; now and then of the second page. From nothing
// the fuzzer would not find a directory.
#include "fuzz.h"
#include "leukolens/image.h"
#include "tiff.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

Bytes make(std::uint8_t layout, std::uint8_t form) {
  constexpr int kCompressions[] = {tiff::kPlain, tiff::kLzw, tiff::kDeflate, tiff::kPackBits};
  constexpr int kDepths[] = {8, 16, 1, 4};
  const int depth = kDepths[form & 3];
  const bool coloured = depth >= 8 && (form & 4);
  tiff::Samples samples{19, 17, coloured ? 3 : 1, depth, {}};
  for (int i = 0; i < 19 * 17 * samples.samples; ++i)
    samples.values.push_back(static_cast<std::uint16_t>(i * 37 % (1 << depth)));
  const tiff::Look look{.photometric = coloured   ? tiff::kRgb
                                       : form & 8 ? tiff::kWhiteIsZero
                                                  : tiff::kBlackIsZero,
                        .compression = kCompressions[layout & 3],
                        .predictor = depth >= 8 && (form & 16) ? 2 : 1,
                        .tile = layout & 4 ? 16 : 0,
                        .separate = coloured && (layout & 8),
                        .big_endian = (layout & 16) != 0,
                        .big_tiff = (layout & 32) != 0,
                        .directory_first = (layout & 64) != 0,
                        .orientation = 1 + (form >> 5)};
  const bool is_stack = (layout & 128) != 0 && (layout & 112) == 0;  // of the plainest files
  return is_stack ? tiff::write({{samples, look}, {samples, look}}) : tiff::write(samples, look);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  Bytes file = make(data[0], data[1]);
  for (std::size_t at = 2; at + 3 <= size; at += 3)
    file[(data[at] << 8 | data[at + 1]) % file.size()] = data[at + 2];
  if (size % 3 == 0) file.resize(file.size() * data[size - 1] / 256);

  const int page = 1 + (data[0] >> 7);
  fuzz::require_one_image(decode(file, page), decode(file, page));
  return 0;
}
