#include "image/tiff_file.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace leukolens {

struct TiffFile::Access {
  static Memory& memory(thandle_t handle) { return *static_cast<Memory*>(handle); }

  static tmsize_t read(thandle_t handle, void* to, tmsize_t size) {
    auto& [file, position, complaint] = memory(handle);
    if (size <= 0 || position >= file.size()) return 0;
    const auto count = std::min<std::uint64_t>(size, file.size() - position);
    std::memcpy(to, file.data() + position, count);
    position += count;
    return static_cast<tmsize_t>(count);
  }
  static tmsize_t write(thandle_t, void*, tmsize_t) { return 0; }
  static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    auto& [file, position, complaint] = memory(handle);
    const std::uint64_t origin = whence == SEEK_CUR ? position : whence == SEEK_END ? file.size() : 0;
    return position = origin + offset;
  }
  static int close(thandle_t) { return 0; }
  static toff_t size(thandle_t handle) { return memory(handle).file.size(); }
  static int map(thandle_t handle, void** base, toff_t* size) {
    const Bytes file = memory(handle).file;
    *base = const_cast<std::uint8_t*>(file.data());  // libtiff only reads what it opened for reading
    *size = file.size();
    return 1;
  }
  static void unmap(thandle_t, void*, toff_t) {}

  static int keep_complaint(TIFF*, void* user, const char*, const char* format, std::va_list arguments) {
    auto& complaint = static_cast<Memory*>(user)->complaint;
    std::array<char, 200> text{};
    if (complaint.empty() && std::vsnprintf(text.data(), text.size(), format, arguments) > 0) {
      complaint = text.data();
      // Some quote the file itself.
      std::ranges::replace_if(complaint, [](char c) { return c < ' ' || c > '~'; }, '?');
    }
    return 1;
  }
};

TiffFile::TiffFile(Bytes file) : memory_{file, 0, {}} {
  // What libtiff holds for itself: tables, one entry a strip or tile, and now and then a copy of some of the
  // file.
  const auto most = static_cast<tmsize_t>(file.size() + (32 << 20));
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                 &TIFFOpenOptionsFree);
  if (!options) return;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), most);
  TIFFOpenOptionsSetMaxCumulatedMemAlloc(options.get(), most);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), Access::keep_complaint, &memory_);
  // C: an uncompressed image in one strip is read as if it lay in many.
  tiff_.reset(TIFFClientOpenExt("", "rC", &memory_, Access::read, Access::write, Access::seek, Access::close,
                                Access::size, Access::map, Access::unmap, options.get()));
}

std::string TiffFile::text(std::uint32_t tag) const {
  const char* text = nullptr;
  return TIFFGetField(get(), tag, &text) && text ? text : "";
}

std::unexpected<Error> TiffFile::damaged() const {
  const std::string why = memory_.complaint.empty() ? "" : " (" + memory_.complaint + ")";
  return fail(ErrorCode::corrupt_image,
              "The TIFF is damaged or incomplete" + why + "; load the complete file, or save it again.");
}

std::unexpected<Error> unsupported_tiff(const std::string& what) {
  return fail(
      ErrorCode::unsupported_format,
      "The TIFF " + what + ", which is not read here; save it as RGB or grey with 8 or 16 bits, or as PNG.");
}

}  // namespace leukolens
