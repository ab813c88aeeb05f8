#include "image/tiff_layout.h"

#include <algorithm>

namespace leukolens {
namespace {

std::string name_of_compression(std::uint16_t compression) {
  constexpr std::uint16_t kFirst = 33003, kLast = 33005;  // of Aperio and libvips
  if (compression == COMPRESSION_JP2000 || (compression >= kFirst && compression <= kLast))
    return "JPEG 2000";
  const TIFFCodec* codec = TIFFFindCODEC(compression);
  return codec ? codec->name : "method " + std::to_string(compression);
}

std::string name_of_colours(std::uint16_t photometric) {
  switch (photometric) {
    case PHOTOMETRIC_MASK:
      return "a mask";
    case PHOTOMETRIC_SEPARATED:
      return "CMYK, colours for printing";
    case PHOTOMETRIC_YCBCR:
      return "YCbCr";
    case PHOTOMETRIC_CIELAB:
    case PHOTOMETRIC_ICCLAB:
    case PHOTOMETRIC_ITULAB:
      return "Lab";
    case PHOTOMETRIC_LOGL:
    case PHOTOMETRIC_LOGLUV:
      return "logarithmic";
    case PHOTOMETRIC_CFA:
      return "the raw mosaic of a camera's sensor";
  }
  return "of kind " + std::to_string(photometric);
}

// Finds the first extra sample that is transparency. One of unknown meaning is none.
void find_alpha(const TiffFile& file, TiffLayout& layout) {
  std::uint16_t count = 0, *kinds = nullptr;
  if (!TIFFGetFieldDefaulted(file.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds)) return;
  for (int i = 0; i < count && layout.colours() + i < layout.samples; ++i) {
    if (kinds[i] != EXTRASAMPLE_ASSOCALPHA && kinds[i] != EXTRASAMPLE_UNASSALPHA) continue;
    layout.alpha = layout.colours() + i;
    layout.premultiplied = kinds[i] == EXTRASAMPLE_ASSOCALPHA;
    return;
  }
}

bool is_known_depth(const TiffLayout& layout) {
  const int depth = layout.depth;
  if (layout.jpeg)
    return depth == 8 && layout.photometric != PHOTOMETRIC_PALETTE &&
           (layout.separate || layout.samples == layout.colours());
  switch (layout.format) {
    case SAMPLEFORMAT_IEEEFP:
      return (depth == 16 || depth == 32 || depth == 64) && layout.photometric != PHOTOMETRIC_PALETTE;
    case SAMPLEFORMAT_INT:
      return (depth == 8 || depth == 16 || depth == 32) && layout.photometric != PHOTOMETRIC_PALETTE;
  }
  // Samples of other depths are packed: those of a pixel together only where depths of cameras ask for it.
  const bool packed = depth == 1 || depth == 2 || depth == 4;
  const bool wide = depth == 10 || depth == 12 || depth == 14 || depth == 16 || depth == 32;
  return depth == 8 || (wide && layout.photometric != PHOTOMETRIC_PALETTE) || (packed && layout.samples == 1);
}

Result<void> check_support(const TiffFile& file, const TiffLayout& layout) {
  const auto compression = file.field<std::uint16_t>(TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  if (!layout.jpeg && !TIFFIsCODECConfigured(compression))
    return unsupported_tiff("is compressed by " + name_of_compression(compression));
  if (file.field<std::uint16_t>(TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) != FILLORDER_MSB2LSB)
    return unsupported_tiff("has its bits in reverse order");
  if (layout.format > SAMPLEFORMAT_VOID) return unsupported_tiff("has complex numbers as samples");
  switch (layout.photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_PALETTE:
    case PHOTOMETRIC_RGB:
      break;
    default:
      return unsupported_tiff("has colours that are " + name_of_colours(layout.photometric));
  }
  constexpr int kMostSamples = 16;
  if (!is_known_depth(layout) || layout.samples < layout.colours() || layout.samples > kMostSamples)
    return unsupported_tiff("has " + kind_of_samples(layout) + " of " + std::to_string(layout.depth) +
                            " bits, " + std::to_string(layout.samples) + " a pixel");
  return {};
}

}  // namespace

std::string kind_of_samples(const TiffLayout& layout) {
  return layout.photometric == PHOTOMETRIC_PALETTE ? "palette indices"
         : layout.format == SAMPLEFORMAT_IEEEFP    ? "floating-point samples"
         : layout.format == SAMPLEFORMAT_INT       ? "signed samples"
                                                   : "samples";
}

Result<TiffLayout> read_tiff_layout(const TiffFile& file) {
  TIFF* tiff = file.get();
  TiffLayout layout;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &layout.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &layout.height);
  layout.depth = file.field<std::uint16_t>(TIFFTAG_BITSPERSAMPLE, 1);
  layout.samples = file.field<std::uint16_t>(TIFFTAG_SAMPLESPERPIXEL, 1);
  layout.format = file.field<std::uint16_t>(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  layout.jpeg = file.field<std::uint16_t>(TIFFTAG_COMPRESSION, COMPRESSION_NONE) == COMPRESSION_JPEG;
  // Some writers leave it out where the number of samples tells it.
  if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &layout.photometric) && layout.samples >= 3)
    layout.photometric = PHOTOMETRIC_RGB;
  layout.orientation = known_orientation(file.field<std::uint16_t>(TIFFTAG_ORIENTATION, 1));
  layout.separate =
      layout.samples > 1 &&
      file.field<std::uint16_t>(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
  // JPEG's decoder makes RGB of it.
  if (layout.jpeg && layout.photometric == PHOTOMETRIC_YCBCR && !layout.separate)
    layout.photometric = PHOTOMETRIC_RGB;
  find_alpha(file, layout);
  layout.tiled = TIFFIsTiled(tiff);
  if (layout.tiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &layout.block_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &layout.block_height);
  } else {
    layout.block_width = layout.width;
    layout.block_height =
        std::min(file.field<std::uint32_t>(TIFFTAG_ROWSPERSTRIP, layout.height), layout.height);
  }
  if (auto known = check_support(file, layout); !known) return std::unexpected(std::move(known.error()));
  return layout;
}

}  // namespace leukolens
