// A picture that is decoded once and whose cells are located once, whatever is asked of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "leukolens/image.h"
#include "leukolens/locator.h"

namespace leukolens {

/// Pixels, and where the white cells are, once they have been located. Not thread-safe.
class Picture {
 public:
  explicit Picture(Image pixels, double decode_ms = 0);
  /// A picture whose cells are known already.
  Picture(Image pixels, Field field);

  const Image& pixels() const { return pixels_; }
  /// Finds the cells, unless that has been done. Errors: those of Locator::locate().
  Result<void> locate(Locator& locator) const;
  bool is_located() const { return field_.has_value(); }
  /// What locate() found; before it, an empty field.
  const Field& field() const;

  /// Milliseconds that decoding and locating took; 0 for what has not been done.
  double decode_ms() const { return decode_ms_; }
  double locate_ms() const { return locate_ms_; }

 private:
  Image pixels_;
  mutable std::optional<Field> field_;
  double decode_ms_ = 0;
  mutable double locate_ms_ = 0;
};

/// `page` and errors: those of decode().
Result<Picture> open(std::span<const std::uint8_t> file, int page = 1);

/// The cell that a picture of one cell shows: the surest of those in its middle, or of all; nullptr where
/// there is none. Valid as long as the picture.
const Located* main_cell(const Picture& picture);

/// The cell whose nucleus is nearest to a point; nullptr where there is none. Valid as long as the picture.
const Located* nearest_cell(const Picture& picture, Point point);

/// The cell whose nucleus lies in a box, the nearest to its middle of several; nullptr where there is none.
/// Valid as long as the picture.
const Located* cell_in(const Picture& picture, const Rect& box);

/// A cell that somebody framed, whatever was found there: in the middle of the frame, which is clipped to the
/// picture, without an outline. Nothing where the frame shows none of the picture.
std::optional<Located> framed_cell(const Picture& picture, const Rect& frame);

}  // namespace leukolens
