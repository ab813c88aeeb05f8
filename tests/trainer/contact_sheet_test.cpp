#include "output/contact_sheet.h"

#include <algorithm>
#include <catch2/catch_all.hpp>

using namespace leukolens;
using namespace leukolens::train;

namespace {

Image plain(int width, int height, std::uint8_t grey) {
  return {width, height, std::vector<std::uint8_t>(std::size_t(3) * width * height, grey)};
}

std::ptrdiff_t count(const Image& image, std::array<std::uint8_t, 3> colour) {
  std::ptrdiff_t found = 0;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3)
    found += std::equal(colour.begin(), colour.end(), image.rgb.begin() + static_cast<std::ptrdiff_t>(i));
  return found;
}

}  // namespace

TEST_CASE("a contact sheet shows every picture with its aspect") {
  const std::vector<SheetBlock> blocks{{"", std::vector<Tile>(7, Tile{plain(640, 480, 77)})}};
  const Image sheet = contact_sheet(blocks);
  CHECK(sheet.width == 1016);
  CHECK(sheet.rgb.size() == std::size_t(3) * sheet.width * sheet.height);
  CHECK(count(sheet, {77, 77, 77}) == 7 * 160 * 120);
}

TEST_CASE("a contact sheet writes titles and captions, and frames what is marked") {
  const auto ink = [](const std::string& title, const std::string& caption) {
    return count(contact_sheet(std::vector<SheetBlock>{{title, {{plain(9, 9, 77), caption, false}}}}),
                 {32, 32, 40});
  };
  CHECK(ink("", "") == 0);
  CHECK(ink("monocyte: 16 images", "") > 500);
  CHECK(ink("", "monocyte") > 200);
  CHECK(ink("\xc3\xa9", "") == ink("?", ""));
  CHECK(ink("", std::string(1000, 'x')) <= ink("", std::string(20, 'x')));
  const Image sheet = contact_sheet(std::vector<SheetBlock>{{"", {{plain(9, 9, 77), "", true}}}});
  CHECK(count(sheet, {208, 32, 48}) == 166 * 166 - 160 * 160);
}

TEST_CASE("a contact sheet of nothing, and of an image that could not be read, is still a picture") {
  CHECK(contact_sheet({}).height > 0);
  CHECK(contact_sheet(std::vector<SheetBlock>{{"empty", {{}}}}).height > 0);
}
