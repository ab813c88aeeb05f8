// A TIFF in memory as libtiff opens it, and the words in which one is refused.
#pragma once

#include <tiffio.h>

#include <memory>
#include <string>

#include "image/codec.h"

namespace leukolens {

/// Not thread-safe. The file must outlive it. Stays where it is, for libtiff keeps its address.
class TiffFile {
 public:
  explicit TiffFile(Bytes file);
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;

  /// Null where the file has no directory that can be read.
  TIFF* get() const { return tiff_.get(); }
  Bytes file() const { return memory_.file; }

  template <class T>
  T field(std::uint32_t tag, T otherwise) const {
    T value = otherwise;
    return TIFFGetFieldDefaulted(get(), tag, &value) ? value : otherwise;
  }
  /// A text, to its first zero; empty where there is none.
  std::string text(std::uint32_t tag) const;

  /// corrupt_image, with libtiff's reason.
  std::unexpected<Error> damaged() const;

 private:
  struct Memory {
    Bytes file;
    std::uint64_t position = 0;  // moved by the reading of the header alone: the rest is mapped
    std::string complaint;       // libtiff's first, which names the cause
  };
  struct Closer {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  };
  struct Access;  // what libtiff calls

  Memory memory_;
  std::unique_ptr<TIFF, Closer> tiff_;
};

/// unsupported_format: "The TIFF `what`, which is not read here".
std::unexpected<Error> unsupported_tiff(const std::string& what);

}  // namespace leukolens
