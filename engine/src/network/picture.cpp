#include "leukolens/picture.h"

#include <algorithm>
#include <utility>

#include "image/codec.h"
#include "network/stopwatch.h"

namespace leukolens {
namespace {

float squared_distance(const Located& cell, Point point) {
  const float x = cell.x - point.x, y = cell.y - point.y;
  return x * x + y * y;
}

// Of the cells that `counts` picks.
const Located* nearest(const Picture& picture, Point point, auto counts) {
  const Located* best = nullptr;
  for (const Located& cell : picture.field().cells)
    if (counts(cell) && (!best || squared_distance(cell, point) < squared_distance(*best, point)))
      best = &cell;
  return best;
}

}  // namespace

Picture::Picture(Image pixels, double decode_ms) : pixels_(std::move(pixels)), decode_ms_(decode_ms) {}

Picture::Picture(Image pixels, Field field) : pixels_(std::move(pixels)), field_(std::move(field)) {}

Result<void> Picture::locate(Locator& locator) const {
  if (field_) return {};
  Stopwatch watch;
  auto found = locator.locate(pixels_);
  if (!found) return std::unexpected(std::move(found.error()));
  field_ = std::move(*found);
  locate_ms_ = watch.lap();
  return {};
}

const Field& Picture::field() const {
  static const Field kNothing;
  return field_ ? *field_ : kNothing;
}

Result<Picture> open(std::span<const std::uint8_t> file, int page) {
  Stopwatch watch;
  auto pixels = decode(file, page);
  if (!pixels) return std::unexpected(std::move(pixels.error()));
  if (is_grey(pixels->rgb, 3)) pixels->notes.emplace_back(kNoColours);
  return Picture(std::move(*pixels), watch.lap());
}

const Located* main_cell(const Picture& picture) {
  const int x = picture.pixels().width / 2, y = picture.pixels().height / 2;
  const Point middle{static_cast<float>(x), static_cast<float>(y)};
  const std::vector<Located>& cells = picture.field().cells;
  for (const Located& cell : cells)
    if (contains(cell.box, middle)) return &cell;
  return cells.empty() ? nullptr : &cells.front();
}

const Located* nearest_cell(const Picture& picture, Point point) {
  return nearest(picture, point, [](const Located&) { return true; });
}

const Located* cell_in(const Picture& picture, const Rect& box) {
  return nearest(picture, middle_of(box),
                 [&](const Located& cell) { return contains(box, {cell.x, cell.y}); });
}

std::optional<Located> framed_cell(const Picture& picture, const Rect& frame) {
  const int left = std::max(frame.x, 0), top = std::max(frame.y, 0);
  const int right = std::min(frame.x + frame.width, picture.pixels().width);
  const int bottom = std::min(frame.y + frame.height, picture.pixels().height);
  if (right <= left || bottom <= top) return std::nullopt;
  const auto [x, y] = middle_of(frame);
  return Located{.box = {left, top, right - left, bottom - top},
                 .x = x,
                 .y = y,
                 .diameter = static_cast<float>(std::max(frame.width, frame.height)),
                 .outline = {},
                 .score = 1};
}

}  // namespace leukolens
