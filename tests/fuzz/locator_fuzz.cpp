// Any pixels, seen by locators of any weights: cells that lie inside the image, twice the same, or a typed
// error.
#include "../engine/networks.h"
#include "fuzz.h"
#include "leukolens/locator.h"

using namespace leukolens;
using namespace leukolens::test;
using leukolens::fuzz::require;

namespace {

void check(const Located& cell, const Image& image) {
  const auto& [x, y, width, height] = cell.box;
  require(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= image.width &&
          y + height <= image.height);
  require(cell.x >= 0 && cell.x <= float(image.width) && cell.y >= 0 && cell.y <= float(image.height));
  require(cell.diameter > 0 && std::isfinite(cell.diameter) && cell.score > 0 && cell.score <= 1);
  require(cell.outline.size() <= 32);
  for (const auto& [column, row] : cell.outline) require(std::isfinite(column) && std::isfinite(row));
  for (const float density : cell.density) require(std::isfinite(density));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  auto locator = Locator::create(make_locator_model(fuzz::take(input)));
  if (!locator) return fuzz::require_sound(locator.error()), 0;
  const Image image = fuzz::image_of(input, 400);
  const auto first = locator->locate(image), second = locator->locate(image);
  require(first.has_value() == second.has_value());
  if (!first) return fuzz::require_sound(first.error()), 0;
  require(first->cells.size() == second->cells.size() && first->cells.size() <= 1000);
  require(std::isfinite(first->red_cell) && first->red_cell >= 0);
  for (std::size_t i = 0; i < first->cells.size(); ++i) {
    check(first->cells[i], image);
    require(first->cells[i].score == second->cells[i].score && first->cells[i].x == second->cells[i].x);
  }
  return 0;
}
