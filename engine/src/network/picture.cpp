#include "leukolens/picture.h"

#include <algorithm>
#include <utility>

#include "network/stopwatch.h"

namespace leukolens {

Picture::Picture(Image pixels, double decode_ms) : pixels_(std::move(pixels)), decode_ms_(decode_ms) {}

Picture::Picture(Image pixels, Field field) : pixels_(std::move(pixels)), field_(std::move(field)) {}

const Field& Picture::field() const {
  if (!field_) {
    Stopwatch watch;
    field_ = locate(pixels_);
    locate_ms_ = watch.lap();
  }
  return *field_;
}

Result<Picture> open(std::span<const std::uint8_t> file) {
  Stopwatch watch;
  auto pixels = decode(file);
  if (!pixels) return std::unexpected(std::move(pixels.error()));
  return Picture(std::move(*pixels), watch.lap());
}

const Located* main_cell(const Picture& picture) {
  const int x = picture.pixels().width / 2, y = picture.pixels().height / 2;
  const std::vector<Located>& cells = picture.field().cells;
  for (const Located& cell : cells)
    if (x >= cell.box.x && y >= cell.box.y && x < cell.box.x + cell.box.width &&
        y < cell.box.y + cell.box.height)
      return &cell;
  return cells.empty() ? nullptr : &cells.front();
}

const Located* nearest_cell(const Picture& picture, Point point) {
  const auto away = [&](const Located& cell) {
    const float x = cell.x - point.x, y = cell.y - point.y;
    return x * x + y * y;
  };
  const std::vector<Located>& cells = picture.field().cells;
  const auto found = std::ranges::min_element(cells, {}, away);
  return found == cells.end() ? nullptr : &*found;
}

}  // namespace leukolens
