#include "output/contact_sheet.h"

#include <stb/stb_easy_font.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace leukolens::train {
namespace {

constexpr int kColumns = 6, kTile = 160, kGap = 8;  // px
constexpr int kWidth = kGap + kColumns * (kTile + kGap);
constexpr int kScale = 2, kTitle = 28, kCaption = 24;  // of the font; px
constexpr int kFrame = 3;                              // px
constexpr std::size_t kLongest = 200;                  // characters of a line

struct Colour {
  std::uint8_t r, g, b;
};
constexpr Colour kInk{32, 32, 40}, kMark{208, 32, 48};

void fill(Image& sheet, Rect rect, Colour colour) {
  for (int y = std::max(0, rect.y); y < std::min(sheet.height, rect.y + rect.height); ++y) {
    for (int x = std::max(0, rect.x); x < std::min(sheet.width, rect.x + rect.width); ++x) {
      const std::size_t i = 3 * (static_cast<std::size_t>(y) * sheet.width + x);
      sheet.rgb[i] = colour.r, sheet.rgb[i + 1] = colour.g, sheet.rgb[i + 2] = colour.b;
    }
  }
}

/// What the font has, no longer than `width` px at scale 1.
std::string printable(std::string_view text, int width) {
  std::string line;
  for (const char c : text.substr(0, kLongest)) {
    if ((c & 0xc0) != 0x80) line += c >= ' ' && c <= '~' ? c : '?';  // one for each character of UTF-8
  }
  while (!line.empty() && stb_easy_font_width(line.data()) > width) line.pop_back();
  return line;
}

/// The font is a list of rectangles (stb_easy_font, S. Barrett): no font file is needed.
void write(Image& sheet, int x, int y, int width, std::string_view text) {
  struct Corner {
    float x, y, z;
    std::array<std::uint8_t, 4> colour;
  };
  std::string line = printable(text, width / kScale);
  std::vector<std::array<Corner, 4>> quads(line.size() * 16 + 16);
  const int count = stb_easy_font_print(0, 0, line.data(), nullptr, quads.data(),
                                        static_cast<int>(quads.size() * sizeof(quads[0])));
  for (int i = 0; i < count; ++i) {
    const auto& [from, right, to, left] = quads[static_cast<std::size_t>(i)];
    const auto at = [](float v) { return static_cast<int>(std::lround(v)) * kScale; };
    fill(sheet, {x + at(from.x), y + at(from.y), at(to.x) - at(from.x), at(to.y) - at(from.y)}, kInk);
  }
}

struct Size {
  int width, height;
};

/// Scaled so that the longer side fills the tile.
Size size_in_tile(const Image& image) {
  const double scale = static_cast<double>(kTile) / std::max({image.width, image.height, 1});
  const auto scaled = [scale](int side) { return std::max(1, static_cast<int>(std::lround(side * scale))); };
  return {scaled(image.width), scaled(image.height)};
}

void paste(Image& sheet, const Image& image, Rect to) {
  const Image small = resize(image, to.width, to.height);
  for (int row = 0; row < to.height; ++row) {
    const std::size_t at = 3 * (static_cast<std::size_t>(to.y + row) * sheet.width + to.x);
    std::copy_n(small.rgb.begin() + std::ptrdiff_t(3) * row * to.width, 3 * to.width,
                sheet.rgb.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

int picture_height(const SheetBlock& block) {
  int height = 0;
  for (const Tile& tile : block.tiles) height = std::max(height, size_in_tile(tile.image).height);
  return height;
}

/// `height` px for the picture at (x, y), the caption below.
void draw(Image& sheet, const Tile& tile, int x, int y, int height) {
  const Size size = size_in_tile(tile.image);
  const Rect to{x + (kTile - size.width) / 2, y + (height - size.height) / 2, size.width, size.height};
  if (tile.marked)
    fill(sheet, {to.x - kFrame, to.y - kFrame, to.width + 2 * kFrame, to.height + 2 * kFrame}, kMark);
  if (!tile.image.rgb.empty()) paste(sheet, tile.image, to);
  write(sheet, x, y + height + kFrame + 2, kTile, tile.caption);
}

int line_height(const SheetBlock& block) {
  const bool captions = !std::ranges::all_of(block.tiles, &std::string::empty, &Tile::caption);
  return picture_height(block) + kGap + (captions ? kCaption : 0);
}

int height(const SheetBlock& block) {
  const int lines = (static_cast<int>(block.tiles.size()) + kColumns - 1) / kColumns;
  return kTitle + lines * line_height(block) + kGap;
}

}  // namespace

Image contact_sheet(std::span<const SheetBlock> blocks) {
  Image sheet{kWidth, kGap, {}};
  for (const SheetBlock& block : blocks) sheet.height += height(block);
  sheet.rgb.assign(std::size_t(3) * sheet.width * sheet.height, 255);
  int y = kGap;
  for (const SheetBlock& block : blocks) {
    write(sheet, kGap, y + 4, kWidth - 2 * kGap, block.title);
    for (int i = 0; i < static_cast<int>(block.tiles.size()); ++i) {
      draw(sheet, block.tiles[static_cast<std::size_t>(i)], kGap + i % kColumns * (kTile + kGap),
           y + kTitle + i / kColumns * line_height(block), picture_height(block));
    }
    y += height(block);
  }
  return sheet;
}

}  // namespace leukolens::train
