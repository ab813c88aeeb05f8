#include "leukolens/locator.h"

#include <algorithm>
#include <array>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "hostile.h"
#include "leukolens/classifier.h"
#include "leukolens/view.h"
#include "locator/parts.h"
#include "networks.h"
#include "overlap.h"
#include "shipped.h"
#include "smear.h"

using namespace leukolens;
using namespace leukolens::test;
using Kind = smear::Cell;

namespace {

Field locate(const Image& image, LocateOptions options = {}) {
  auto field = shipped_locator().locate(image, options);
  REQUIRE(field.has_value());
  return *std::move(field);
}

struct Count {
  int drawn = 0, found = 0, wrong = 0;
};

// Counts the white cells of a scene that are found at an intersection over union of 0.5, and what is found
// where none was drawn.
Count count(const smear::Scene& scene) {
  const smear::Smear smear = smear::draw(scene);
  const std::vector<Located> cells = locate(smear.image).cells;
  Count count;
  for (const smear::Drawn& drawn : smear.cells) {
    ++count.drawn;
    count.found +=
        std::ranges::any_of(cells, [&](const Located& c) { return overlap(c.box, drawn.box) >= 0.5; });
  }
  for (const Located& cell : cells)
    count.wrong += std::ranges::none_of(
        smear.cells, [&](const smear::Drawn& d) { return overlap(cell.box, d.box) >= 0.5; });
  return count;
}

Image plain(int width, int height, std::uint8_t level) {
  return {width, height, std::vector<std::uint8_t>(3 * std::size_t(width) * height, level)};
}

}  // namespace

TEST_CASE("locate finds a single cell of each class") {
  for (const Kind cell : {Kind::eosinophil, Kind::lymphocyte, Kind::monocyte, Kind::neutrophil,
                          Kind::basophil, Kind::ig, Kind::erythroblast})
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      INFO(smear::id(cell) << ", seed " << seed);
      const Count found = count({.seed = seed, .cells = {cell}});
      CHECK(found.found == 1);
      CHECK(found.wrong == 0);
    }
}

TEST_CASE("locate finds every white cell of a field at any magnification within a factor of three") {
  for (const double scale : {0.6, 1.0, 1.8}) {
    Count total;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      const Count found =
          count({.seed = seed,
                 .width = 960,
                 .height = 720,
                 .cells = {Kind::neutrophil, Kind::lymphocyte, Kind::monocyte, Kind::eosinophil},
                 .scale = scale,
                 .platelets = 12});
      total.drawn += found.drawn;
      total.found += found.found;
      total.wrong += found.wrong;
    }
    INFO("scale " << scale << ": found " << total.found << " of " << total.drawn << ", wrong "
                  << total.wrong);
    CHECK(total.found >= total.drawn - 1);
    CHECK(total.wrong <= 1);
  }
}

TEST_CASE("locate judges colour against the background") {
  for (const double stain : {-1.0, -0.5, 0.5, 1.0})
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      INFO("stain " << stain << ", seed " << seed);
      const Count found = count({.seed = seed, .cells = {Kind::neutrophil}, .stain = stain});
      CHECK(found.found == 1);
      CHECK(found.wrong == 0);
    }
}

TEST_CASE("locate finds a cell in dim light and under a coloured lamp") {
  using Lamp = std::array<double, 3>;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const smear::Smear drawn = smear::draw({.seed = seed, .cells = {Kind::neutrophil}});
    for (const Lamp& lamp :
         {Lamp{0.45, 0.45, 0.45}, {0.35, 0.35, 0.35}, {0.2, 0.2, 0.2}, {1, 0.7, 0.3}, {0.5, 0.8, 1}}) {
      INFO("lamp " << lamp[0] << ' ' << lamp[1] << ' ' << lamp[2] << ", seed " << seed);
      Image image = drawn.image;
      for (std::size_t i = 0; i < image.rgb.size(); ++i)
        image.rgb[i] = static_cast<std::uint8_t>(lamp[i % 3] * image.rgb[i]);
      const Field field = locate(image);
      REQUIRE(field.cells.size() == 1);
      CHECK(overlap(field.cells[0].box, drawn.cells[0].box) >= 0.5);
    }
  }
}

TEST_CASE("locate passes over platelets beside a white cell") {
  int found = 0, wrong = 0;
  constexpr int kFields = 40, kPlatelets = 20;
  for (std::uint64_t seed = 1; seed <= kFields; ++seed) {
    const Count beside = count({.seed = seed, .cells = {Kind::lymphocyte}, .platelets = kPlatelets});
    found += beside.found;
    wrong += beside.wrong;
  }
  CHECK(found == kFields);
  CHECK(wrong <= kFields * kPlatelets / 50);
}

TEST_CASE("locate offers a lone platelet in the middle with doubt") {
  const smear::Smear lone = smear::draw({.seed = 3, .width = 240, .height = 240, .cells = {Kind::platelet}});
  const std::vector<Located> cells = locate(lone.image).cells;
  REQUIRE(cells.size() == 1);
  CHECK(cells[0].score < 0.5);
  CHECK(overlap(cells[0].box, lone.cells[0].box) > 0.3);
}

TEST_CASE("locate finds nothing where there are red cells alone") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed)
    CHECK(locate(smear::draw({.seed = seed, .platelets = 0}).image).cells.empty());
}

TEST_CASE("locate describes the nucleus by its centre and an outline around it") {
  const smear::Smear smear = smear::draw({.seed = 5, .cells = {Kind::lymphocyte}});
  const std::vector<Located> cells = locate(smear.image).cells;
  REQUIRE(cells.size() == 1);
  const Located& cell = cells[0];
  CHECK(std::abs(cell.x - float(cell.box.x) - float(cell.box.width) / 2) < 0.2F * cell.diameter);
  CHECK(std::abs(cell.y - float(cell.box.y) - float(cell.box.height) / 2) < 0.2F * cell.diameter);
  CHECK(cell.diameter > 0.7F * float(cell.box.width));
  CHECK(cell.diameter < 1.3F * float(cell.box.width));
  float area = 0;  // the shoelace formula
  for (std::size_t i = 0; i < cell.outline.size(); ++i) {
    const Point a = cell.outline[i], b = cell.outline[(i + 1) % cell.outline.size()];
    area += (a.x * b.y - b.x * a.y) / 2;
  }
  CHECK(area > 0.4F * float(cell.box.width * cell.box.height));
  CHECK(area < float(cell.box.width * cell.box.height));
}

TEST_CASE("locate returns the surest cells first and no more than asked for") {
  const smear::Smear smear =
      smear::draw({.seed = 2, .width = 960, .height = 720, .cells = std::vector(6, Kind::monocyte)});
  const std::vector<Located> all = locate(smear.image).cells,
                             two = locate(smear.image, {.max_cells = 2}).cells;
  REQUIRE(all.size() > 2);
  CHECK(std::ranges::is_sorted(all, std::greater{}, &Located::score));
  REQUIRE(two.size() == 2);
  CHECK(two[1].score == all[1].score);
  CHECK(locate(smear.image, {.max_cells = 0}).cells.empty());
}

TEST_CASE("locate finds nothing in an image without colour, of any size") {
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 3}, {8192, 2}, {2, 8192}, {64, 64}, {1000, 700}})
    for (const int level : {0, 1, 128, 255}) {
      INFO(width << " x " << height << ", level " << level);
      CHECK(locate(plain(width, height, static_cast<std::uint8_t>(level))).cells.empty());
    }
}

TEST_CASE("locate finds nothing in an image of one colour, were it that of a nucleus") {
  for (const auto& [red, green, blue] :
       {std::array<std::uint8_t, 3>{30, 10, 60}, {90, 20, 130}, {140, 99, 150}}) {
    Image image = plain(320, 240, 0);
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
      image.rgb[i] = red;
      image.rgb[i + 1] = green;
      image.rgb[i + 2] = blue;
    }
    CHECK(locate(image).cells.empty());
  }
}

TEST_CASE(
    "locate refuses no picture for its colours: a mark of any colour and size leaves the cell beside it "
    "found") {
  const smear::Smear smear =
      smear::draw({.seed = 5, .width = 320, .height = 240, .cells = {Kind::neutrophil}});
  const Rect& drawn = smear.cells[0].box;
  REQUIRE((drawn.x > 90 && drawn.y > 60));
  for (const std::array<std::uint8_t, 3>& colour : {std::array<std::uint8_t, 3>{0, 160, 40},
                                                    {250, 210, 20},
                                                    {240, 30, 20},
                                                    {40, 140, 250},
                                                    {90, 30, 160}}) {
    Image image = smear.image;
    for (int y = 0; y < 50; ++y)
      for (int x = 0; x < 80; ++x)
        std::ranges::copy(colour, image.rgb.begin() + 3 * (std::ptrdiff_t(y) * image.width + x));
    const std::vector<Located> cells = locate(image).cells;
    CHECK(std::ranges::any_of(cells, [&](const Located& cell) { return overlap(cell.box, drawn) >= 0.5; }));
  }
}

TEST_CASE("locate finds a cell among red cells that show their haemoglobin alone") {
  Image image = smear::draw({.seed = 5, .width = 320, .height = 240, .cells = {Kind::neutrophil}}).image;
  std::size_t yellow = 0;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    std::uint8_t &red = image.rgb[i], &green = image.rgb[i + 1], &blue = image.rgb[i + 2];
    if (blue > green + 40) continue;  // not of a nucleus
    green = static_cast<std::uint8_t>(green + (red - std::min(red, green)) * 3 / 4);
    blue = static_cast<std::uint8_t>(blue * 5 / 6);
    yellow += green > blue + 60;
  }
  CHECK(yellow > image.rgb.size() / 3 / 20);
  CHECK(locate(image).cells.size() == 1);
}

TEST_CASE("locate finds nothing in an image without pixels") { CHECK(locate({}).cells.empty()); }

TEST_CASE("locate takes noise and gradients of any size for no cells") {
  for (const auto& [width, height] :
       {std::pair{1, 1}, {1, 9}, {8192, 2}, {3, 2000}, {65, 64}, {333, 321}, {1200, 900}}) {
    INFO(width << " x " << height);
    CHECK(locate(test::pattern(width, height)).cells.empty());
    CHECK(locate(test::gradient(width, height)).cells.empty());
  }
}

TEST_CASE("locate describes every cell within the picture, those too that an edge cuts") {
  const Image field =
      smear::draw({.seed = 4, .width = 960, .height = 720, .cells = std::vector(9, Kind::monocyte)}).image;
  std::size_t cells = 0, cut = 0;
  for (int shift = 0; shift < 320; shift += 80) {
    const Image part = resize(field, {shift, shift, 600, 400}, 600, 400);
    for (const Field found = locate(part); const Located& cell : found.cells) {
      const Rect& box = cell.box;
      CHECK((box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0));
      CHECK((box.x + box.width <= part.width && box.y + box.height <= part.height));
      CHECK((cell.score > 0 && cell.score <= 1));
      CHECK(cell.diameter > 0);
      CHECK(cell.outline.size() <= 32);
      for (const Point& point : cell.outline)
        CHECK(
            (point.x >= 0 && point.x <= float(part.width) && point.y >= 0 && point.y <= float(part.height)));
      ++cells;
      cut += box.x == 0 || box.y == 0 || box.x + box.width == part.width || box.y + box.height == part.height;
    }
  }
  INFO(cells << " cells, of which " << cut << " cut");
  CHECK(cells >= 8);
  CHECK(cut >= 2);
}

TEST_CASE("locate looks closer at a wide view") {
  const Count found = count({.seed = 6,
                             .width = 2400,
                             .height = 1800,
                             .cells = std::vector(20, Kind::neutrophil),
                             .scale = 0.5,
                             .platelets = 40});
  CHECK(found.found >= 19);
  CHECK(found.wrong <= 1);
}

TEST_CASE("locate finds the same cells where the light falls off towards the edges, and under an eyepiece") {
  const smear::Smear smear = smear::draw({.seed = 9,
                                          .width = 960,
                                          .height = 720,
                                          .cells = {Kind::neutrophil, Kind::monocyte, Kind::lymphocyte}});
  const Input kView{.width = 88, .height = 88, .region = Input::Region::cell};
  const Picture lit(smear.image);
  REQUIRE(lit.locate(shipped_locator()));
  const Field& even = lit.field();
  REQUIRE(even.cells.size() == 3);
  CHECK(!even.light);
  const auto darken = [&](auto&& light) {
    Image image = smear.image;
    for (int y = 0; y < image.height; ++y)
      for (int x = 0; x < image.width; ++x) {
        const double across = 2.0 * x / image.width - 1, down = 2.0 * y / image.height - 1;
        for (int c = 0; c < 3; ++c) {
          std::uint8_t& value = image.rgb[(std::size_t(y) * image.width + x) * 3 + c];
          value = static_cast<std::uint8_t>(value * light(c, across, down));
        }
      }
    return image;
  };
  const auto mean_difference = [](const Image& a, const Image& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
    return sum / double(a.rgb.size());
  };
  const auto check_same = [&](const Image& image) {
    const Picture picture(image);
    REQUIRE(picture.locate(shipped_locator()));
    const Field& field = picture.field();
    REQUIRE(field.light);
    REQUIRE(field.cells.size() == even.cells.size());
    CHECK(std::abs(field.red_cell / even.red_cell - 1) < 0.1);
    for (const Located& cell : even.cells) {
      const Rect same = nearest_cell(picture, {cell.x, cell.y})->box;
      CHECK(overlap(same, cell.box) > 0.8);
      // Cut out, it looks the same: the light of its own place is made white.
      CHECK(mean_difference(surroundings_of(lit, cell, kView, 1, 88, 88),
                            surroundings_of(picture, cell, kView, 1, 88, 88)) < 10);
    }
  };
  check_same(darken([](int, double x, double y) { return 1 - 0.25 * (x * x + y * y); }));
  check_same(darken([](int, double x, double) { return 0.75 - 0.25 * x; }));
  check_same(darken([](int c, double x, double y) { return 1 - (0.1 + 0.06 * c) * (x * x + y * y); }));
  check_same(
      darken([](int, double x, double y) { return x * x + y * y > 1.6 ? 0.02 : 1 - 0.2 * (x * x + y * y); }));
}

// A network that finds dark squares of `side` px on its grid of that stride, with boxes of 2 x `side`.
Model finds_squares(int side) {
  Model model = make_model({Conv2d{2 + kBoxEdges, side, side, 0, 1}}, 64, 64, 2, 1,
                           Detection{.diameter = 2.0f * float(side)});
  Layer& layer = model.layers[0];
  std::ranges::fill(layer.weight, 0.0f);
  std::fill_n(layer.weight.begin(), side * side * 3, -10.0f / float(side * side * 3));
  layer.bias = {5, -20, 0, 0, 0, 0};  // logit 5 on black, -5 on white
  return model;
}

TEST_CASE("what the network gives becomes boxes at their places, in tiles as in one piece") {
  const Model model = finds_squares(8);
  auto network = Network::create(model);
  REQUIRE(network.has_value());
  for (const auto& [width, height] : {std::pair(64, 64), {100, 37}, {1500, 40}, {520, 700}}) {
    Image image = plain(width, height, 255);
    std::vector<std::pair<int, int>> squares;
    for (int y = 0; y + 8 <= height; y += 24)
      for (int x = 0; x + 8 <= width; x += 24) squares.emplace_back(x, y);
    for (const auto& [left, top] : squares)
      for (int y = top; y < top + 8; ++y)
        std::fill_n(image.rgb.begin() + 3 * (std::ptrdiff_t(y) * width + left), 24, std::uint8_t{0});
    const auto boxes = detect(*network, model, image, {255, 255, 255}, 0.5f);
    REQUIRE(boxes.has_value());
    REQUIRE(boxes->size() == squares.size());
    for (const auto& [x, y] : squares) {
      const auto same = [&](const Box& box) {
        return box.left == float(std::max(x - 4, 0)) && box.top == float(std::max(y - 4, 0)) &&
               box.right == float(std::min(x + 12, width)) && box.bottom == float(std::min(y + 12, height));
      };
      CHECK(std::ranges::count_if(*boxes, same) == 1);
    }
    for (const Box& box : *boxes) CHECK(std::abs(box.score - 0.9933f) < 1e-3f);
  }
}

TEST_CASE("a locator is no classifier, and the other way round; one that may overflow is refused") {
  Model model = finds_squares(8);
  const auto file = write_model(model);
  REQUIRE(file.has_value());
  CHECK(Locator::load(*file).has_value());
  CHECK(Classifier::load(*file).error().code == ErrorCode::unsupported_model);
  CHECK(Locator::load(*write_model(make_varied_model())).error().code == ErrorCode::unsupported_model);
  model.layers[0].weight[0] = 3e38f;
  CHECK(Locator::load(*write_model(model)).error().code == ErrorCode::corrupt_model);
}

TEST_CASE("a classifier of cells locates a picture itself, if it has a locator") {
  Model model = make_varied_model();
  model.input.region = Input::Region::cell;
  const auto file = write_model(model);
  const Image image = smear::draw({.seed = 5, .cells = {Kind::lymphocyte}}).image;
  auto classifier = Classifier::load(*file);
  REQUIRE(classifier.has_value());
  CHECK(classifier->classify(Picture(image)).error().code == ErrorCode::invalid_argument);
  CHECK(classifier->locate(Picture(Image{}, Field{})).error().code == ErrorCode::empty_input);
  classifier->use_locator(std::make_shared<Locator>(*Locator::create(finds_squares(8))));
  const Picture picture(image);
  CHECK_FALSE(picture.is_located());
  CHECK(classifier->classify(picture).has_value());
  CHECK(picture.is_located());
}

TEST_CASE("locate gives the same bits on every platform") {
  // Recorded natively: the WebAssembly build runs the same test.
  const smear::Smear smear =
      smear::draw({.seed = 11,
                   .width = 1000,
                   .height = 700,
                   .cells = {Kind::neutrophil, Kind::eosinophil, Kind::lymphocyte, Kind::ig},
                   .platelets = 10});
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  const auto add = [&](auto value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) hash = (hash ^ (bits >> shift & 255)) * 0x100000001b3;
  };
  for (const Field field = locate(smear.image); const Located& cell : field.cells) {
    for (const int value : {cell.box.x, cell.box.y, cell.box.width, cell.box.height}) add(value);
    for (const float value : {cell.x, cell.y, cell.diameter, cell.score}) add(value);
    for (const Point& point : cell.outline) {
      add(point.x);
      add(point.y);
    }
  }
  CHECK(hash == 0x4a28c83510ef79e7);
}
