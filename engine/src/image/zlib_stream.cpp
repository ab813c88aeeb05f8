#include "image/zlib_stream.h"

#include <zlib.h>

namespace leukolens {

void ZlibStream::End::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  delete stream;
}

Result<ZlibStream> ZlibStream::open(std::span<const std::span<const std::uint8_t>> pieces) {
  ZlibStream zlib;
  zlib.pieces_ = pieces;
  zlib.stream_.reset(new z_stream_s{});
  if (inflateInit(zlib.stream_.get()) != Z_OK)
    return fail(ErrorCode::out_of_memory, "There is not enough memory for the image; try a smaller one.");
  return zlib;
}

int ZlibStream::inflate_some() {
  while (stream_->avail_in == 0 && !pieces_.empty()) {
    stream_->next_in = const_cast<Bytef*>(pieces_.front().data());
    stream_->avail_in = static_cast<uInt>(pieces_.front().size());
    pieces_ = pieces_.subspan(1);
  }
  return inflate(stream_.get(), Z_NO_FLUSH);
}

bool ZlibStream::read(std::span<std::uint8_t> out) {
  stream_->next_out = out.data();
  stream_->avail_out = static_cast<uInt>(out.size());
  while (stream_->avail_out > 0)
    if (inflate_some() != Z_OK) return stream_->avail_out == 0;
  return true;
}

bool ZlibStream::is_at_end() {
  std::uint8_t more = 0;
  stream_->next_out = &more;
  stream_->avail_out = 1;
  int state = Z_OK;
  while (state == Z_OK && stream_->avail_out == 1) state = inflate_some();
  if (state != Z_STREAM_END || stream_->avail_out == 0 || stream_->avail_in > 0) return false;
  for (const auto& piece : pieces_)
    if (!piece.empty()) return false;
  return true;
}

}  // namespace leukolens
