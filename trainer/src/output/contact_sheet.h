// Many small pictures in one, with captions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "leukolens/image.h"

namespace leukolens::train {

struct Tile {
  Image image;
  std::string caption{};  // below the picture; cut to its width, about 13 characters
  bool marked = false;    // framed in red
};

/// A block of tiles under a title, six in a line.
struct SheetBlock {
  std::string title;
  std::vector<Tile> tiles;
};

/// The blocks below each other, 1,016 px wide, each picture scaled into 160 x 160 px with its aspect kept.
/// Text is ASCII; other characters are shown as '?'.
Image contact_sheet(std::span<const SheetBlock> blocks);

}  // namespace leukolens::train
