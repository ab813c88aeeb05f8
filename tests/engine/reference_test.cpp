// Decoders against the libraries that everybody uses: files are written by libjpeg-turbo, libpng and libtiff,
// with whatever these can write, and read by them and by the engine.
#include <cstdio>

// jpeglib.h needs the former.
#include <jpeglib.h>
#include <png.h>
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <cstring>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "leukolens/image.h"

namespace {

using Bytes = std::vector<std::uint8_t>;
using leukolens::decode, leukolens::Image;

/// A file, what its library reads in it, and how it was written.
struct Reference {
  Bytes file;
  Image image;
  std::string how;
};

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}
  int between(int low, int high) { return low + static_cast<int>(random_() % (high - low + 1u)); }
  bool often() { return between(0, 2) > 0; }
  template <std::size_t N>
  int of(const std::array<int, N>& choices) {
    return choices[random_() % N];
  }

  /// Samples that rise slowly, with as much noise as is drawn: smooth pictures show wrong arithmetic, noisy
  /// ones wrong codes.
  Bytes samples(int width, int height, int channels) {
    const int noise = of<4>({0, 4, 40, 255});
    const std::array slopes{between(-5, 5), between(-5, 5), between(-5, 5), between(-5, 5)};
    Bytes out;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (int c = 0; c < channels; ++c)
          out.push_back(static_cast<std::uint8_t>(
              std::clamp(128 + slopes[c] * (x + y) / 2 + between(-noise, noise) / 2, 0, 255)));
    return out;
  }

 private:
  std::mt19937 random_;
};

/// The largest difference of two samples; 256 where the sizes differ.
int difference(const Image& one, const Image& other) {
  if (one.width != other.width || one.height != other.height) return 256;
  int worst = 0;
  for (std::size_t i = 0; i < one.rgb.size(); ++i)
    worst = std::max(worst, std::abs(one.rgb[i] - other.rgb[i]));
  return worst;
}

/// Decodes what `write` makes of each seed, and asserts that no sample differs by more than `most`.
void compare(const char* library, Reference (*write)(Draw&), int files, int most) {
  int worst = 0;
  for (int seed = 1; seed <= files; ++seed) {
    Draw draw(static_cast<unsigned>(seed));
    const Reference reference = write(draw);
    INFO("seed " << seed << ": " << reference.how);
    const auto image = decode(reference.file);
    INFO((image ? "" : image.error().message));
    REQUIRE(image.has_value());
    const int here = difference(*image, reference.image);
    CHECK(here <= most);
    worst = std::max(worst, here);
  }
  std::printf("%s: %d files, largest difference of a sample %d of 255\n", library, files, worst);
}

int on_white(int sample, int alpha) { return (sample * alpha + 255 * (255 - alpha) + 127) / 255; }

// --- JPEG
// -----------------------------------------------------------------------------------------------------------------

[[noreturn]] void refuse(j_common_ptr info) {
  (*info->err->output_message)(info);
  std::abort();
}

Image read_jpeg(Bytes file) {
  jpeg_error_mgr errors;
  jpeg_decompress_struct info{};
  info.err = jpeg_std_error(&errors);
  errors.error_exit = refuse;
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, file.data(), file.size());
  jpeg_read_header(&info, TRUE);
  info.out_color_space = JCS_RGB;
  info.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&info);
  Image image{static_cast<int>(info.output_width), static_cast<int>(info.output_height), {}, {}};
  image.rgb.resize(3 * std::size_t(image.width) * image.height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = &image.rgb[3 * std::size_t(image.width) * info.output_scanline];
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return image;
}

Reference write_jpeg(Draw& draw) {
  // libjpeg-turbo repeats colours, instead of interpolating them, where there are not more than two in a row.
  const int width = draw.between(5, 90), height = draw.between(1, 90), channels = draw.often() ? 3 : 1;
  Bytes samples = draw.samples(width, height, channels);
  jpeg_error_mgr errors;
  jpeg_compress_struct info{};
  info.err = jpeg_std_error(&errors);
  errors.error_exit = refuse;
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = static_cast<JDIMENSION>(width);
  info.image_height = static_cast<JDIMENSION>(height);
  info.input_components = channels;
  info.in_color_space = channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_set_defaults(&info);
  const int quality = draw.between(1, 100);
  jpeg_set_quality(&info, quality, TRUE);
  if (channels == 3) {
    info.comp_info[0].h_samp_factor = draw.of<3>({1, 2, 4});
    info.comp_info[0].v_samp_factor = draw.between(1, 2);
  }
  info.restart_interval = draw.often() ? 0 : static_cast<unsigned>(draw.between(1, 7));
  info.optimize_coding = draw.often();
  const bool progressive = draw.between(0, 1);
  if (progressive) jpeg_simple_progression(&info);
  std::ostringstream how;
  how << width << " x " << height << ", " << channels << " channels, quality " << quality << ", luminance "
      << info.comp_info[0].h_samp_factor << " x " << info.comp_info[0].v_samp_factor
      << (progressive ? ", progressive" : "") << ", restart " << info.restart_interval;
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = &samples[std::size_t(channels) * width * info.next_scanline];
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  Reference reference{Bytes(buffer, buffer + size), {}, how.str()};
  std::free(buffer);
  reference.image = read_jpeg(reference.file);
  jpeg_destroy_compress(&info);
  return reference;
}

// --- PNG
// ------------------------------------------------------------------------------------------------------------------

void append(png_structp png, png_bytep data, std::size_t size) {
  auto& file = *static_cast<Bytes*>(png_get_io_ptr(png));
  file.insert(file.end(), data, data + size);
}

void take(png_structp png, png_bytep out, std::size_t size) {
  auto& rest = *static_cast<std::span<const std::uint8_t>*>(png_get_io_ptr(png));
  REQUIRE(size <= rest.size());
  std::memcpy(out, rest.data(), size);
  rest = rest.subspan(size);
}

Image read_png(const Bytes& file) {
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop header = png_create_info_struct(png);
  std::span<const std::uint8_t> rest(file);
  png_set_read_fn(png, &rest, take);
  png_read_info(png, header);
  png_set_scale_16(png);
  png_set_expand(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
  png_set_interlace_handling(png);
  png_read_update_info(png, header);
  const int width = static_cast<int>(png_get_image_width(png, header));
  const int height = static_cast<int>(png_get_image_height(png, header));
  Bytes rgba(4 * std::size_t(width) * height);
  std::vector<png_bytep> rows;
  for (int y = 0; y < height; ++y) rows.push_back(&rgba[4 * std::size_t(width) * y]);
  png_read_image(png, rows.data());
  png_destroy_read_struct(&png, &header, nullptr);
  Image image{width, height, {}, {}};
  for (std::size_t i = 0; i < rgba.size(); i += 4)
    for (int c = 0; c < 3; ++c)
      image.rgb.push_back(static_cast<std::uint8_t>(on_white(rgba[i + c], rgba[i + 3])));
  return image;
}

Reference write_png(Draw& draw) {
  const int type = draw.of<5>({PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_PALETTE,
                               PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB_ALPHA});
  const bool whole = type != PNG_COLOR_TYPE_GRAY && type != PNG_COLOR_TYPE_PALETTE;  // no depth below 8
  const int depth = whole                         ? draw.of<2>({8, 16})
                    : type == PNG_COLOR_TYPE_GRAY ? draw.of<5>({1, 2, 4, 8, 16})
                                                  : draw.of<4>({1, 2, 4, 8});
  const int width = draw.between(1, 60), height = draw.between(1, 60);
  const bool interlaced = draw.between(0, 1), keyed = !(type & PNG_COLOR_MASK_ALPHA) && draw.between(0, 1);
  Bytes file;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop header = png_create_info_struct(png);
  png_set_write_fn(png, &file, append, nullptr);
  png_set_IHDR(png, header, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), depth, type,
               interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE,
               PNG_FILTER_TYPE_BASE);
  png_set_filter(png, 0,
                 draw.of<6>({PNG_ALL_FILTERS, PNG_FILTER_NONE, PNG_FILTER_SUB, PNG_FILTER_UP, PNG_FILTER_AVG,
                             PNG_FILTER_PAETH}));
  png_set_compression_level(png, draw.between(0, 9));
  if (type == PNG_COLOR_TYPE_PALETTE) {
    std::vector<png_color> palette(std::size_t(1) << depth);
    for (auto& [red, green, blue] : palette)
      for (png_byte* sample : {&red, &green, &blue}) *sample = static_cast<png_byte>(draw.between(0, 255));
    png_set_PLTE(png, header, palette.data(), static_cast<int>(palette.size()));
    Bytes alpha;
    for (int i = 0, n = draw.between(1, 1 << depth); i < n; ++i)
      alpha.push_back(static_cast<std::uint8_t>(draw.between(0, 255)));
    if (keyed) png_set_tRNS(png, header, alpha.data(), static_cast<int>(alpha.size()), nullptr);
  } else if (keyed) {
    const auto sample = [&] {
      return static_cast<png_uint_16>(draw.between(0, (1 << std::min(depth, 8)) - 1));
    };
    png_color_16 key{0, sample(), sample(), sample(), sample()};
    png_set_tRNS(png, header, nullptr, 0, &key);
  }
  png_write_info(png, header);
  const std::size_t row = png_get_rowbytes(png, header);
  Bytes samples = draw.samples(static_cast<int>(row), height, 1);
  std::vector<png_bytep> rows;
  for (int y = 0; y < height; ++y) rows.push_back(&samples[row * y]);
  png_write_image(png, rows.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &header);
  std::ostringstream how;
  how << width << " x " << height << ", type " << type << ", " << depth << " bits"
      << (interlaced ? ", interlaced" : "") << (keyed ? ", tRNS" : "");
  return {file, read_png(file), how.str()};
}

// --- TIFF
// -----------------------------------------------------------------------------------------------------------------

/// A file in memory, as libtiff wants files: the functions below are what it calls.
struct Memory {
  Bytes bytes;
  std::size_t at = 0;
};

tmsize_t read(thandle_t self, void* out, tmsize_t size) {
  auto& [bytes, at] = *static_cast<Memory*>(self);
  const std::size_t count =
      std::min(static_cast<std::size_t>(size), bytes.size() - std::min(at, bytes.size()));
  if (count > 0) std::memcpy(out, &bytes[at], count);
  at += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t write(thandle_t self, void* in, tmsize_t size) {
  auto& [bytes, at] = *static_cast<Memory*>(self);
  const auto count = static_cast<std::size_t>(size);
  bytes.resize(std::max(bytes.size(), at + count));
  if (count > 0) std::memcpy(&bytes[at], in, count);
  at += count;
  return size;
}

toff_t seek(thandle_t self, toff_t offset, int from) {
  auto& [bytes, at] = *static_cast<Memory*>(self);
  const std::size_t start = from == SEEK_CUR ? at : bytes.size();
  return at = from == SEEK_SET ? offset : start + offset;
}

TIFF* open(Memory& memory, const char* mode) {
  return TIFFClientOpen(
      "memory", mode, &memory, read, write, seek, [](thandle_t) { return 0; },
      [](thandle_t self) { return static_cast<toff_t>(static_cast<Memory*>(self)->bytes.size()); },
      [](thandle_t, void**, toff_t*) { return 0; }, [](thandle_t, void*, toff_t) {});
}

Image read_tiff(const Bytes& file) {
  Memory memory{file};
  TIFF* tiff = open(memory, "rm");
  REQUIRE(tiff);
  std::uint32_t width = 0, height = 0;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
  std::vector<std::uint32_t> raster(std::size_t(width) * height);
  REQUIRE(TIFFReadRGBAImageOriented(tiff, width, height, raster.data(), ORIENTATION_TOPLEFT, 1));
  TIFFClose(tiff);
  Image image{static_cast<int>(width), static_cast<int>(height), {}, {}};
  for (const std::uint32_t pixel : raster)  // its colours are multiplied by alpha
    for (const std::uint32_t sample : {TIFFGetR(pixel), TIFFGetG(pixel), TIFFGetB(pixel)})
      image.rgb.push_back(static_cast<std::uint8_t>(std::min(255u, sample + 255 - TIFFGetA(pixel))));
  return image;
}

Reference write_tiff(Draw& draw) {
  const int photometric =
      draw.of<4>({PHOTOMETRIC_RGB, PHOTOMETRIC_MINISBLACK, PHOTOMETRIC_MINISWHITE, PHOTOMETRIC_PALETTE});
  const bool colour = photometric == PHOTOMETRIC_RGB, has_alpha = colour && !draw.often();
  const int depth = colour ? 8 : draw.of<3>({1, 4, 8});
  const int channels = colour ? (has_alpha ? 4 : 3) : 1;
  const int width = draw.between(1, 200), height = draw.between(1, 200);
  const int compression = draw.of<5>({COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE,
                                      COMPRESSION_PACKBITS, COMPRESSION_DEFLATE});
  // libtiff 4.7.0 refuses some uncompressed tiles that it has written itself.
  const bool is_coded = compression != COMPRESSION_NONE && compression != COMPRESSION_PACKBITS;
  const bool is_planar = channels > 1 && !draw.often(),
             is_tiled = compression != COMPRESSION_NONE && !draw.often();
  const bool is_predicted = is_coded && depth == 8 && draw.between(0, 1);
  const int orientation =
      draw.often() ? ORIENTATION_TOPLEFT : draw.between(ORIENTATION_TOPLEFT, ORIENTATION_BOTLEFT);
  constexpr std::array kModes{"wl", "wb", "w8l", "w8b"};  // order of bytes; 8: BigTIFF
  const char* mode = kModes[static_cast<std::size_t>(draw.between(0, 3))];
  std::ostringstream how;
  how << width << " x " << height << ", photometric " << photometric << ", " << channels << " x " << depth
      << " bits, compression " << compression << (is_predicted ? ", predicted" : "")
      << (is_planar ? ", planar" : "") << (is_tiled ? ", tiled" : "") << ", orientation " << orientation
      << ", mode " << mode;

  Memory memory;
  TIFF* tiff = open(memory, mode);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, depth);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, channels);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, photometric);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, is_planar ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, orientation);
  if (is_predicted) TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
  if (has_alpha) {
    const std::uint16_t kind = EXTRASAMPLE_UNASSALPHA;
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
  }
  if (photometric == PHOTOMETRIC_PALETTE) {
    std::array<std::vector<std::uint16_t>, 3> map;
    for (auto& column : map)
      for (int i = 0; i < 1 << depth; ++i)
        column.push_back(static_cast<std::uint16_t>(257 * draw.between(0, 255)));
    TIFFSetField(tiff, TIFFTAG_COLORMAP, map[0].data(), map[1].data(), map[2].data());
  }
  const auto part = [&](tmsize_t row_bytes, int rows) {
    return draw.samples(static_cast<int>(row_bytes), rows, 1);
  };
  if (is_tiled) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 16 * draw.between(1, 6));
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16 * draw.between(1, 6));
    for (std::uint32_t i = 0; i < TIFFNumberOfTiles(tiff); ++i) {
      Bytes tile = part(TIFFTileSize(tiff), 1);
      REQUIRE(TIFFWriteEncodedTile(tiff, i, tile.data(), static_cast<tmsize_t>(tile.size())) >= 0);
    }
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, draw.between(1, height));
    for (int plane = 0; plane < (is_planar ? channels : 1); ++plane)
      for (int y = 0; y < height; ++y) {
        Bytes row = part(TIFFScanlineSize(tiff), 1);
        REQUIRE(TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y),
                                  static_cast<std::uint16_t>(plane)) >= 0);
      }
  }
  TIFFClose(tiff);
  INFO(how.str());
  return {memory.bytes, read_tiff(memory.bytes), how.str()};
}

}  // namespace

TEST_CASE("JPEG is read as libjpeg-turbo reads it", "[reference]") {
  compare("libjpeg-turbo", write_jpeg, 2000, 4);
}
TEST_CASE("PNG is read as libpng reads it", "[reference]") { compare("libpng", write_png, 2000, 0); }
TEST_CASE("TIFF is read as libtiff reads it", "[reference]") {
  TIFFSetWarningHandler(nullptr);  // it finds one of its codes for Deflate old
  compare("libtiff", write_tiff, 2000, 0);
}
