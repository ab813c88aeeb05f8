#include "smear.h"

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numeric>

using namespace leukolens;
using smear::Cell;

namespace {

constexpr std::array kAll{Cell::eosinophil, Cell::lymphocyte, Cell::monocyte,     Cell::neutrophil,
                          Cell::basophil,   Cell::ig,         Cell::erythroblast, Cell::platelet};

/// FNV-1a, 64 bits.
std::uint64_t hash(const Image& image) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (const std::uint8_t byte : image.rgb) h = (h ^ byte) * 0x100000001b3;
  return h;
}

bool inside(const Rect& box, const Image& image) {
  return box.width > 0 && box.height > 0 && box.x >= 0 && box.y >= 0 && box.x + box.width <= image.width &&
         box.y + box.height <= image.height;
}

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

std::array<double, 3> mean_colour(const Image& image, const Rect& box) {
  std::array<double, 3> sum{};
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x) {
      for (int c = 0; c < 3; ++c)
        sum[c] += image.rgb[3 * (static_cast<std::size_t>(y) * image.width + x) + c];
    }
  }
  for (double& s : sum) s /= box.width * box.height;
  return sum;
}

}  // namespace

TEST_CASE("a smear depends on its scene alone") {
  const smear::Scene scene{.seed = 7, .cells = {Cell::monocyte, Cell::lymphocyte}};
  CHECK(smear::draw(scene).image.rgb == smear::draw(scene).image.rgb);
  smear::Scene other = scene;
  other.seed = 8;
  CHECK(smear::draw(scene).image.rgb != smear::draw(other).image.rgb);
}

TEST_CASE("a smear has the size of its scene, however small or large") {
  for (const auto& [width, height] : {std::pair{32, 32}, {32, 300}, {1600, 40}, {640, 480}}) {
    const smear::Smear drawn =
        smear::draw({.width = width, .height = height, .cells = {Cell::monocyte, Cell::ig}});
    CHECK(drawn.image.width == width);
    CHECK(drawn.image.height == height);
    CHECK(drawn.image.rgb.size() == std::size_t{3} * width * height);
    for (const smear::Drawn& cell : drawn.cells) CHECK(inside(cell.box, drawn.image));
    if (height > 400) CHECK(drawn.cells.size() == 2);
  }
}

TEST_CASE("a field tells where each of its cells lies, apart from each other") {
  const smear::Scene scene{.seed = 3, .width = 640, .height = 480, .cells = {kAll.begin(), kAll.end()}};
  const smear::Smear field = smear::draw(scene);
  REQUIRE(field.cells.size() == kAll.size());
  for (std::size_t i = 0; i < kAll.size(); ++i) {
    CHECK(field.cells[i].cell == kAll[i]);
    CHECK(inside(field.cells[i].box, field.image));
    for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(overlap(field.cells[i].box, field.cells[j].box));
  }
}

TEST_CASE("a lone cell lies near the centre at its size in micrometres") {
  for (const Cell cell : kAll) {
    const Rect box =
        smear::draw({.width = 240, .height = 240, .cells = {cell}, .scale = 1.2}).cells.at(0).box;
    CHECK(std::abs(box.x + box.width / 2 - 120) < 24);
    CHECK(std::abs(box.y + box.height / 2 - 120) < 24);
    const double micrometres = box.width / (1.2 * 50 / 7.5);
    CHECK(micrometres > (cell == Cell::platelet ? 2 : 7));
    CHECK(micrometres < (cell == Cell::platelet ? 7 : 20));
  }
}

TEST_CASE("every class is darker than the background and has its own colours") {
  std::array<std::array<double, 3>, smear::kCells> colours{};
  for (const Cell cell : kAll) {
    const smear::Smear drawn = smear::draw({.seed = 5, .cells = {cell}, .red_cells = 0, .platelets = 0});
    auto& colour = colours[static_cast<std::size_t>(cell)];
    colour = mean_colour(drawn.image, drawn.cells.at(0).box);
    const std::array<double, 3> background = mean_colour(drawn.image, {0, 0, 40, 40});
    CHECK(background[1] - colour[1] > 40);
  }
  for (const auto& a : colours) {
    for (const auto& b : colours) {
      const double difference = std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]);
      CHECK((&a == &b || difference > 6));
    }
  }
}

TEST_CASE("a scene without bodies is bare background") {
  const smear::Smear empty = smear::draw({.red_cells = 0, .platelets = 0, .noise = 0});
  CHECK(empty.cells.empty());
  CHECK(empty.red_cells == 0);
  CHECK(*std::ranges::min_element(empty.image.rgb) > 180);
}

TEST_CASE("red cells are counted: as many as their density lets in, twice as many in twice the field") {
  const auto count = [](int width, double density) {
    return smear::draw({.seed = 3, .width = width, .height = 480, .red_cells = density}).red_cells;
  };
  // One in 52 um^2 where there is room, at 6.9 px a um: 123 in 640 x 480 px.
  CHECK(count(640, 0.1) > 8);
  CHECK(count(640, 0.1) <= 14);
  CHECK(count(640, 1) > 60);
  CHECK(count(640, 1) <= 123);
  CHECK(std::abs(count(1280, 1) - 2 * count(640, 1)) < 20);
}

TEST_CASE("a drawing has the same bits on every platform") {
  CHECK(hash(smear::draw({.seed = 1, .width = 240, .height = 240, .cells = {Cell::neutrophil}, .scale = 1.3})
                 .image) == 0x2e7dff94a7787a82);
  CHECK(hash(smear::draw({.seed = 2, .cells = {Cell::eosinophil, Cell::basophil}, .stain = -1}).image) ==
        0xd5c691c057c4a9f7);
  CHECK(hash(smear::draw(
                 {.seed = 3, .width = 640, .height = 480, .cells = {kAll.begin(), kAll.end()}, .stain = 1})
                 .image) == 0x70264c6a1cc04f1a);
}
