#include <algorithm>
#include <array>
#include <climits>
#include <cstring>
#include <string_view>

#include "image/codec.h"

namespace leukolens {
namespace {

#ifdef __EMSCRIPTEN__  // there leukolens-tiff.wasm decodes the rest, loaded when one is met
constexpr bool kDecodesAll = false;
#else
constexpr bool kDecodesAll = true;
#endif

template <class Decoded>
bool is_too_large(const Result<Decoded>& decoded) {
  return !decoded && decoded.error().code == ErrorCode::image_too_large;
}

bool starts_with(Bytes bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

// By the brands that begin a file of ISO/IEC 23008-12: heic, heix, heim, heis, hevc and mif1, which phones
// write.
bool is_heic(Bytes file) {
  return file.size() > 12 && starts_with(file.subspan(4), "ftyp") &&
         (starts_with(file.subspan(8), "he") || starts_with(file.subspan(8), "mif1"));
}

// A file of another kind that people try, known by four bytes.
struct Other {
  std::uint8_t at;
  char mark[5], name[10];
};
// AVIF may begin like HEIC.
constexpr Other kOthers[] = {
    {8, "avif", "AVIF"},      {16, "avif", "AVIF"},   {8, "WEBP", "WebP"}, {4, "JXL ", "JPEG XL"},
    {4, "jP  ", "JPEG 2000"}, {128, "DICM", "DICOM"}, {1, "IF89", "GIF"},  {1, "PDF-", "PDF"},
    {1, "ISRA", "CZI"},       {1, "svg ", "SVG"},     {1, "!DOC", "HTML"}, {1, "K\3\4\x14", "ZIP"},
};

const Other* other_kind(Bytes file) {
  for (const Other& other : kOthers)
    if (file.size() >= other.at + 4u && std::memcmp(&file[other.at], other.mark, 4) == 0) return &other;
  return nullptr;
}

// `note`: what a person should know of it.
Result<Image> decode_jpeg(Bytes file, std::string& note) {
  auto jpeg = scan_jpeg(file);
  const bool reduces = kDecodesAll && is_too_large(jpeg);
  if (reduces) jpeg = scan_jpeg(file, kReducedLimits);
  if (!jpeg) return std::unexpected(jpeg.error());
  if (reduces) return decode_reduced_jpeg(std::move(*jpeg), 3);
  const auto pixels = jpeg->cut ? decode_cut(*jpeg, note) : decode_scanned(*jpeg);
  if (!pixels) return std::unexpected(pixels.error());
  return turn_upright(pixels->get(), 4, jpeg->width, jpeg->height, jpeg->orientation);
}

Result<Image> decode_turned_png(Bytes file, std::string& note) {
  auto png = decode_png(file);
  if (kDecodesAll && is_too_large(png)) return decode_reduced_png(file, 3);
  if (!png) return std::unexpected(png.error());
  if (png->cut) note = kNoEndMark;
  if (png->orientation == 1) return std::move(png->image);
  return turn_upright(png->image.rgb.data(), 3, png->image.width, png->image.height, png->orientation);
}

}  // namespace

std::optional<Error> check_size(std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1)
    return Error{ErrorCode::corrupt_image, "The image is damaged: it has no width or no height."};
  if (width > kMaxSide || height > kMaxSide || width * height > kMaxPixels)
    return Error{ErrorCode::image_too_large, "The image has " + std::to_string(width) + " x " +
                                                 std::to_string(height) + " pixels, but at most " +
                                                 std::to_string(kMaxSide) + " on a side and " +
                                                 std::to_string(kMaxPixels / 1'000'000) +
                                                 " million in all can be read; make it smaller."};
  return std::nullopt;
}

Result<int> reduction_of(std::int64_t width, std::int64_t height) {
  constexpr std::int64_t kMostReduced = 24'000'000;
  if (!check_size(width, height)) return 1;
  for (const int by : {2, 4, 8}) {
    const std::int64_t columns = (width + by - 1) / by, rows = (height + by - 1) / by;
    if (!check_size(columns, rows) && columns * rows <= kMostReduced && width <= kMaxStoredSide &&
        height <= kMaxStoredSide && width * height <= kMaxStoredPixels)
      return by;
  }
  if (width < 1 || height < 1) return std::unexpected(*check_size(width, height));
  return fail(ErrorCode::image_too_large,
              "The image has " + std::to_string(width) + " x " + std::to_string(height) +
                  " pixels, but at most " + std::to_string(kMaxStoredSide) + " on a side and " +
                  std::to_string(kMaxStoredPixels / 1'000'000) +
                  " million in all can be read; cut out a part, or save it smaller.");
}

constinit const Limits kReducedLimits{[](std::int64_t width, std::int64_t height) -> std::optional<Error> {
                                        const auto reduction = reduction_of(width, height);
                                        if (reduction) return std::nullopt;
                                        return reduction.error();
                                      },
                                      12 * kMaxStoredPixels};

std::string describe_reduction(std::int64_t width, std::int64_t height, int reduction) {
  return "It has " + std::to_string(width) + " x " + std::to_string(height) + " pixels and was read at 1/" +
         std::to_string(reduction) + " of its width and height.";
}

std::vector<std::uint8_t> zeros(std::size_t size) {
  static constexpr std::array<std::uint8_t, 4096> kZeros{};
  std::vector<std::uint8_t> bytes;
  bytes.reserve(size);
  while (bytes.size() < size)
    bytes.insert(bytes.end(), kZeros.begin(), kZeros.begin() + std::min(kZeros.size(), size - bytes.size()));
  return bytes;
}

Result<std::vector<std::uint8_t>> allocate(std::size_t size) {
  void* volatile probe =
      std::malloc(size);  // volatile: else the compiler removes malloc and free and assumes success
  if (probe == nullptr && size > 0)
    return fail(ErrorCode::out_of_memory, "There is not enough memory for the image; try a smaller one.");
  std::free(probe);
  return zeros(size);
}

// Cameras without colour give three equal samples; those of a JPEG may differ a little.
bool is_grey(Bytes pixels, int step) {
  constexpr int kNoise = 8;
  for (const std::uint8_t* p = pixels.data(); p != pixels.data() + pixels.size(); p += step)
    if (std::abs(p[0] - p[1]) > kNoise || std::abs(p[1] - p[2]) > kNoise) return false;
  return true;
}

std::unexpected<Error> no_such_page(int page, int pages) {
  return fail(ErrorCode::invalid_argument,
              pages == 1 ? "The image has one page: there is no page " + std::to_string(page) + "."
                         : "The image has " + std::to_string(pages) + " pages: there is no page " +
                               std::to_string(page) + ".");
}

Result<Image> decode(std::span<const std::uint8_t> bytes, int page) {
  if (bytes.empty()) return fail(ErrorCode::empty_input, "The file is empty; choose an image.");
  if (bytes.size() > INT_MAX / 2)
    return fail(ErrorCode::image_too_large,
                "The file has more than a gigabyte; save the image in a smaller file.");
  if (kDecodesAll && is_tiff(bytes)) return decode_tiff(bytes, 3, page);
  if (kDecodesAll && page != 1) return no_such_page(page, 1);
  const bool is_jpeg = starts_with(bytes, "\xff\xd8");
  if (is_jpeg || starts_with(bytes, "\x89PNG")) {
    std::string note;
    auto image = is_jpeg ? decode_jpeg(bytes, note) : decode_turned_png(bytes, note);
    if (image && !note.empty()) image->notes.push_back(std::move(note));
    return image;
  }
  if (kDecodesAll && starts_with(bytes, "BM")) return decode_bmp(bytes);
  const Other* other = other_kind(bytes);
  if (!other && is_heic(bytes))
    return fail(
        ErrorCode::unsupported_format,
        "The file is a HEIC image, whatever its name says; send it from the phone as JPEG, or let its "
        "camera save JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible).");
  return fail(ErrorCode::unsupported_format,
              "The file is " + (other ? std::string(other->name) + ", " : "") +
                  "not a JPEG, PNG, BMP or TIFF image; save the image as one of these.");
}

Result<Image> from_rgba(std::span<const std::uint8_t> rgba, int width, int height) {
  if (width < 1 || height < 1 || rgba.size() != 4 * std::uint64_t(width) * std::uint64_t(height))
    return fail(ErrorCode::invalid_argument,
                "RGBA pixels need 4 x width x height bytes, and at least one pixel.");
  if (auto error = check_size(width, height)) return std::unexpected(std::move(*error));
  auto rgb = allocate(rgba.size() / 4 * 3);
  if (!rgb) return std::unexpected(rgb.error());
  Image image{width, height, std::move(*rgb)};
  std::uint8_t* out = image.rgb.data();
  for (std::size_t i = 0; i < rgba.size(); i += 4, out += 3)
    for (int c = 0; c < 3; ++c) out[c] = on_white(rgba[i + c], rgba[i + 3]);
  return image;
}

}  // namespace leukolens
