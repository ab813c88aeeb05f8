#include "image/row_canvas.h"

#include <algorithm>
#include <utility>

namespace leukolens {

Result<RowCanvas> RowCanvas::make(int width, int height, int orientation, int step) {
  RowCanvas canvas;
  auto bytes = allocate(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                        static_cast<std::size_t>(step));
  if (!bytes) return std::unexpected(bytes.error());
  canvas.width_ = width, canvas.step_ = step;
  canvas.upright_ = upright_of(orientation, width, height, step);
  canvas.bytes_ = std::move(*bytes);
  return canvas;
}

void RowCanvas::put(int y, const std::uint8_t* pixels, int step) {
  std::uint8_t* out = bytes_.data() + upright_.corner + y * upright_.dy;
  for (int x = 0; x < width_; ++x, pixels += step, out += upright_.dx) {
    std::copy_n(pixels, 3, out);
    if (step_ == 4) out[3] = 255;
  }
}

Result<RowReducer> RowReducer::make(int width, int height, int by, int orientation, int step) {
  RowReducer reducer;
  const int columns = (width + by - 1) / by;
  auto canvas = RowCanvas::make(columns, (height + by - 1) / by, orientation, step);
  if (!canvas) return std::unexpected(canvas.error());
  reducer.canvas_ = std::move(*canvas);
  reducer.width_ = width, reducer.height_ = height, reducer.by_ = by;
  reducer.sums_.resize(3 * static_cast<std::size_t>(columns));
  reducer.means_.resize(reducer.sums_.size());
  return reducer;
}

void RowReducer::add(const std::uint8_t* rgb) {
  std::uint32_t* sum = sums_.data();
  for (int x = 0; x < width_; x += by_, sum += 3)
    for (int end = std::min(x + by_, width_), i = x; i < end; ++i, rgb += 3)
      for (int c = 0; c < 3; ++c) sum[c] += rgb[c];
  ++rows_;
  if (rows_ % by_ != 0 && rows_ != height_) return;

  const int row = (rows_ - 1) / by_, summed = rows_ - row * by_;
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    const int left = static_cast<int>(i / 3) * by_;
    const auto count = static_cast<std::uint32_t>(summed * std::min(by_, width_ - left));
    means_[i] = static_cast<std::uint8_t>((sums_[i] + count / 2) / count);
  }
  canvas_.put(row, means_.data(), 3);
  std::ranges::fill(sums_, 0u);
}

}  // namespace leukolens
