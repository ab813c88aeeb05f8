// Pictures that are made row by row, and reduced on the way, so that no more than a row of what a file stores
// is in memory.
#pragma once

#include "image/codec.h"

namespace leukolens {

/// An upright image that takes the rows of a stored one.
class RowCanvas {
 public:
  /// Of `width` x `height` pixels as they are stored. With `step` 4 the image has a fourth byte a pixel, 255.
  /// Error: out_of_memory.
  static Result<RowCanvas> make(int width, int height, int orientation, int step);

  /// Row `y` from pixels of `step` bytes, the first three of which are red, green and blue.
  void put(int y, const std::uint8_t* pixels, int step);

  Image finish() && { return {upright_.width, upright_.height, std::move(bytes_), {}}; }

 private:
  int width_ = 0, step_ = 3;
  Upright upright_;
  std::vector<std::uint8_t> bytes_;
};

/// Takes the rows of a picture from its top and gives the means of its squares of `by` x `by` pixels, rounded
/// to the nearest, to a canvas of the reduced size; the last squares of rows and columns may be smaller.
class RowReducer {
 public:
  /// Error: out_of_memory.
  static Result<RowReducer> make(int width, int height, int by, int orientation, int step);

  /// The next row: red, green and blue of each pixel.
  void add(const std::uint8_t* rgb);

  /// After the last row.
  Image finish() && { return std::move(canvas_).finish(); }

 private:
  RowCanvas canvas_;
  int width_ = 0, height_ = 0, by_ = 1, rows_ = 0;
  std::vector<std::uint32_t> sums_;
  std::vector<std::uint8_t> means_;
};

}  // namespace leukolens
