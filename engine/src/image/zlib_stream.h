// zlib streams (RFC 1950) by zlib itself, a part at a time: stb_image's inflater wants all of the input and
// the output in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "leukolens/error.h"

struct z_stream_s;

namespace leukolens {

/// A stream that lies in pieces.
class ZlibStream {
 public:
  /// Error: out_of_memory.
  static Result<ZlibStream> open(std::span<const std::span<const std::uint8_t>> pieces);

  /// Fills `out`; false where the stream is damaged or ends before.
  bool read(std::span<std::uint8_t> out);

  /// True if nothing is left of stream and pieces, and the checksum was right.
  bool is_at_end();

 private:
  struct End {
    void operator()(z_stream_s* stream) const;
  };
  int inflate_some();

  std::span<const std::span<const std::uint8_t>> pieces_;
  std::unique_ptr<z_stream_s, End> stream_;
};

}  // namespace leukolens
