// From a field to the network's view of one cell, and what is said of it.
#include <algorithm>
#include <array>
#include <catch2/catch_all.hpp>
#include <cmath>
#include <numbers>

#include "leukolens/classifier.h"
#include "leukolens/novelty.h"
#include "leukolens/view.h"
#include "network/lymphoid.h"
#include "networks.h"
#include "shipped.h"
#include "smear.h"

using namespace leukolens;
using namespace leukolens::test;

namespace {

smear::Scene scene_of(std::vector<smear::Cell> cells) {
  return {.seed = 5, .width = 640, .height = 480, .cells = std::move(cells)};
}

Picture picture_of(std::vector<smear::Cell> cells) { return smear::draw_located(scene_of(std::move(cells))); }

const Input kTwoWide{.width = 50, .height = 50, .region = Input::Region::cell, .extent = 2};

// A cell of which kTwoWide shows just this square, where no red cells are in sight.
Located cell_in(Rect square) {
  return {.box = square,
          .x = float(square.x) + float(square.width) / 2,
          .y = float(square.y) + float(square.height) / 2,
          .diameter = 1.1F * float(square.width),
          .outline = {},
          .score = 1};
}

Image square_of(const Picture& picture, Rect square, int side) {
  return surroundings_of(picture, cell_in(square), kTwoWide, 1, side, side);
}

Model cell_model() {
  Model model = make_varied_model();
  model.input.region = Input::Region::cell;
  return model;
}

Classifier load(const Model& model) {
  auto classifier = Classifier::load(*write_model(model));
  REQUIRE(classifier.has_value());
  return std::move(*classifier);
}

double mean_difference(const Image& a, const Image& b) {
  REQUIRE(a.rgb.size() == b.rgb.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

}  // namespace

TEST_CASE("a view inside the picture is a resize under white light") {
  const Image image = smear::draw(scene_of({smear::Cell::neutrophil})).image;
  Field field;  // whose background is white already
  const Rect square{100, 80, 200, 200};
  const Image plain = resize(image, square, 50, 50);
  CHECK(square_of(Picture(image, field), square, 50).rgb == plain.rgb);
  field.background = {200, 220, 240};
  const Image white = square_of(Picture(image, field), square, 50);
  REQUIRE(white.rgb.size() == plain.rgb.size());
  for (std::size_t i = 0; i < plain.rgb.size(); ++i)
    CHECK(white.rgb[i] == std::min(255, plain.rgb[i] * 255 / field.background[i % 3]));
}

TEST_CASE("a view is the middle of its surroundings, in a disc on white") {
  const Picture picture = picture_of({smear::Cell::neutrophil});
  const Located cell = cell_in({100, 80, 200, 200});
  const Rect region = view_region(picture, cell, kTwoWide);
  Image disc = surroundings_of(picture, cell, kTwoWide, 1, 50, 50);
  mask_disc(disc);
  CHECK(view_of(picture, cell, kTwoWide).rgb == disc.rgb);
  Input wide = kTwoWide;
  wide.extent *= 1.5F;
  wide.width = wide.height = 75;
  const Rect around = view_region(picture, cell, wide);
  CHECK(std::abs(around.width - region.width * 3 / 2) <= 1);
  CHECK(std::abs(around.x - (region.x - region.width / 4)) <= 1);
  Image larger = surroundings_of(picture, cell, kTwoWide, 1.5, 75, 75);
  mask_disc(larger);
  CHECK(view_of(picture, cell, wide).rgb == larger.rgb);
}

TEST_CASE("red cells that a tight crop cuts to pieces do not make the view smaller") {
  const Located cell{.box = {}, .x = 100, .y = 100, .diameter = 110, .outline = {}, .score = 1};
  const auto side = [&](float red_cell) {
    return view_region(Picture({}, {.red_cell = red_cell}), cell, {.extent = 3}).width;
  };
  CHECK(side(50) == 150);  // as large as the white cell says they are
  CHECK(side(0) == 150);   // none in sight
  CHECK(side(200) == 300);
  CHECK(side(10) == side(45));
}

TEST_CASE("what a view shows beyond the picture is white, and a square beside it all white") {
  const Picture picture(smear::draw(scene_of({smear::Cell::neutrophil})).image, Field{});
  const Image corner = square_of(picture, {-100, -100, 200, 200}, 40);
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 40; ++x)
      if (x < 20 || y < 20) CHECK(corner.rgb[static_cast<std::size_t>(3 * (40 * y + x))] == 255);
  CHECK(std::ranges::any_of(corner.rgb, [](std::uint8_t value) { return value < 255; }));
  for (const Rect& beside : {Rect{-500, 0, 200, 200}, Rect{700, 0, 200, 200}, Rect{0, 500, 9, 9}})
    CHECK(std::ranges::all_of(square_of(picture, beside, 16).rgb,
                              [](std::uint8_t value) { return value == 255; }));
}

TEST_CASE("a disc keeps the middle and whitens the corners") {
  Image image{10, 10, std::vector<std::uint8_t>(300, 7)};
  mask_disc(image);
  CHECK(image.rgb[0] == 255);
  CHECK(image.rgb[3 * 55] == 7);
  const auto left = std::ranges::count(image.rgb, 7) / 300.0;
  CHECK(left == Catch::Approx(3.14159 / 4).margin(0.05));
}

TEST_CASE("the view of a cell hardly depends on magnification and on where it lies") {
  const Input input{.width = 48, .height = 48, .region = Input::Region::cell};
  const auto view = [&](std::uint64_t seed, smear::Cell kind, double scale, int left = 0, int above = 0) {
    const Image image = smear::draw({.seed = seed,
                                     .width = static_cast<int>(480 * scale),
                                     .height = static_cast<int>(360 * scale),
                                     .cells = {kind},
                                     .scale = scale,
                                     .noise = 0})
                            .image;
    const Rect part{left, above, image.width - left, image.height - above};
    const Picture picture(resize(image, part, part.width, part.height));
    REQUIRE(picture.locate(shipped_locator()));
    const Located* cell = main_cell(picture);
    REQUIRE(cell);
    return surroundings_of(picture, *cell, input, 1, input.width, input.height);
  };
  constexpr int kCells = 10;
  double magnified = 0, moved = 0, other = 0;
  for (std::uint64_t seed = 1; seed <= kCells; ++seed) {
    const Image lymphocyte = view(seed, smear::Cell::lymphocyte, 1);
    magnified += mean_difference(lymphocyte, view(seed, smear::Cell::lymphocyte, 2)) / kCells;
    moved += mean_difference(lymphocyte, view(seed, smear::Cell::lymphocyte, 1, 120, 60)) / kCells;
    other += mean_difference(lymphocyte, view(seed, smear::Cell::monocyte, 1)) / kCells;
  }
  CHECK(magnified < 2);
  CHECK(moved < 3);
  CHECK(other > 30);
}

TEST_CASE(
    "the main cell is the surest in the middle, else the surest of all; the nearest is that of a point") {
  const auto cell = [](Rect box, float score) {
    Located located{.box = box, .outline = {}, .score = score};
    located.x = float(box.x) + float(box.width) / 2;
    located.y = float(box.y) + float(box.height) / 2;
    return located;
  };
  const Located surest = cell({0, 0, 40, 40}, 0.9F), middle = cell({90, 30, 30, 30}, 0.8F),
                right = cell({150, 60, 40, 40}, 0.7F);
  const auto boxes_of = [](const Picture& picture, Point point) {
    const Located *main = main_cell(picture), *nearest = nearest_cell(picture, point);
    REQUIRE((main && nearest));
    return std::pair(main->box.x, nearest->box.x);
  };
  const Image wide{200, 100, std::vector<std::uint8_t>(60'000)};
  CHECK(boxes_of(Picture(wide, {.cells = {surest, middle, right}}), {160, 50}) == std::pair(90, 150));
  CHECK(boxes_of(Picture(wide, {.cells = {surest, right}}), {20, 90}) == std::pair(0, 0));
  CHECK(boxes_of(Picture(wide, {.cells = {surest, right}}), {90, 20}) == std::pair(0, 0));
  CHECK(boxes_of(Picture(wide, {.cells = {surest, right}}), {110, 90}) == std::pair(0, 150));
  const Picture empty(wide, Field{});
  CHECK(main_cell(empty) == nullptr);
  CHECK(nearest_cell(empty, {1, 1}) == nullptr);
}

TEST_CASE("whatever is asked of a classifier, its network is shown what view_of() gives") {
  const Picture picture =
      picture_of({smear::Cell::neutrophil, smear::Cell::lymphocyte, smear::Cell::monocyte});
  const auto answer = [&](const Model& model, const Image& view) {
    auto network = Network::create(model);
    REQUIRE(network.has_value());
    normalise(view, model.input, network->input());
    const auto output = infer(*network, model.input);
    REQUIRE(output.has_value());
    std::vector<float> probabilities(output->logits.size());
    softmax(output->logits, model.calibration.temperature, probabilities);
    return probabilities;
  };
  const Model cells = cell_model(), whole = make_varied_model();
  Classifier classifier = load(cells);
  const auto field = classifier.classify_field(picture);
  REQUIRE(field.has_value());
  REQUIRE(field->cells.size() == 3);
  for (const Cell& cell : field->cells) {
    const std::vector<float> expected = answer(cells, view_of(picture, cell.located, cells.input));
    CHECK(cell.probabilities == expected);
    const auto one = classifier.classify(picture, Point{cell.located.x, cell.located.y});
    REQUIRE(one.has_value());
    CHECK(one->probabilities == expected);
    const auto map = classifier.explain(picture, cell.located, 0);
    REQUIRE(map.has_value());
    CHECK(map->probability == expected[0]);
  }
  REQUIRE(main_cell(picture));
  CHECK(classifier.classify(picture)->probabilities ==
        answer(cells, view_of(picture, *main_cell(picture), cells.input)));
  CHECK(load(whole).classify(picture)->probabilities == answer(whole, view_of(picture, whole.input)));
}

TEST_CASE("a field's cells are all judged, and a picture's main cell alone") {
  const Picture picture =
      picture_of({smear::Cell::neutrophil, smear::Cell::lymphocyte, smear::Cell::monocyte});
  Classifier classifier = load(cell_model());
  const auto field = classifier.classify_field(picture);
  REQUIRE(field.has_value());
  CHECK(field->cells.size() == 3);
  for (const Cell& cell : field->cells) {
    CHECK(cell.probabilities.size() == classifier.model().labels.size());
    CHECK(cell.located.box.width > 0);
  }
  const auto one = classifier.classify(picture);
  REQUIRE(one.has_value());
  REQUIRE(one->cells.size() == 1);
  CHECK(one->probabilities == one->cells[0].probabilities);
  const auto heatmap = classifier.explain(picture, 0);
  REQUIRE(heatmap.has_value());
  const Rect& box = one->cells[0].located.box;
  CHECK(heatmap->region.x < box.x + box.width);
  CHECK(heatmap->region.x + heatmap->region.width > box.x);
}

TEST_CASE("a framed cell is judged in the middle of its frame, whatever was found there") {
  const Picture picture = picture_of({smear::Cell::neutrophil, smear::Cell::lymphocyte});
  Classifier classifier = load(cell_model());
  const std::vector<Rect> frames{{40, 30, 61, 51}, {-20, -10, 60, 40}};
  const auto framed = classifier.classify_framed(picture, frames);
  REQUIRE(framed.has_value());
  REQUIRE(framed->cells.size() == 2);
  const Cell& first = framed->cells[0];
  CHECK(first.located.x == 70.5f);
  CHECK(first.located.y == 55.5f);
  CHECK(first.located.diameter == 61);
  CHECK(first.located.score == 1);
  CHECK(first.located.outline.empty());
  CHECK(first.probabilities[2] == classifier.explain(picture, first.located, 2)->probability);
  const Rect& clipped = framed->cells[1].located.box;
  CHECK(std::array{clipped.x, clipped.y, clipped.width, clipped.height} == std::array{0, 0, 40, 30});
  CHECK(framed->cells[1].located.x == 10);
}

TEST_CASE("a frame beside the picture is refused, and every frame where the network sees the whole image") {
  const Picture picture = picture_of({smear::Cell::neutrophil});
  const std::vector<Rect> beside{{-50, 10, 50, 40}}, empty{{10, 10, 0, 40}}, inside{{10, 10, 40, 40}};
  Classifier cells = load(cell_model()), whole = load(make_varied_model());
  CHECK(cells.classify_framed(picture, beside).error().code == ErrorCode::invalid_argument);
  CHECK(cells.classify_framed(picture, empty).error().code == ErrorCode::invalid_argument);
  CHECK(whole.classify_framed(picture, inside).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("an image without a white cell is rejected, without probabilities or an explanation") {
  Classifier classifier = load(cell_model());
  const Picture empty(smear::draw({.seed = 2, .platelets = 0}).image, Field{});
  const auto none = classifier.classify(empty);
  REQUIRE(none.has_value());
  CHECK(none->verdict == Verdict::rejected);
  CHECK_FALSE(none->label.has_value());
  CHECK(none->probabilities.empty());
  CHECK(none->cells.empty());
  CHECK(classifier.explain(empty, 0).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a network that sees the whole image classifies no field") {
  Classifier classifier = load(make_varied_model());
  const auto field = classifier.classify_field(picture_of({smear::Cell::neutrophil}));
  REQUIRE_FALSE(field.has_value());
  CHECK(field.error().code == ErrorCode::invalid_argument);
}

TEST_CASE("distance is that of the nearest centre, and typicality the share of known cells beyond it") {
  const Rejection rejection{.whitening = {2, 0, 0, 1}, .centres = {0, 0, 10, 0}, .distances = {1, 2, 4}};
  CHECK(distance(rejection, std::vector<float>{1, 1}) == 5);  // whitened: 2, 1
  CHECK(distance(rejection, std::vector<float>{5, 3}) == 9);
  CHECK(typicality(rejection, 0.5f) == 1);
  CHECK(typicality(rejection, 2) == 0.5f);
  CHECK(typicality(rejection, 3) == 0.25f);
  CHECK(typicality(rejection, 4.5f) == 0);
}

TEST_CASE("a lymphocyte with a large nucleus is flagged, where red cells tell its size") {
  const auto cell = [](float nucleus) {
    Located located{.diameter = 1.2f * nucleus};
    for (int i = 0; i < 32; ++i) {
      const float angle = 2 * std::numbers::pi_v<float> * float(i) / 32;
      located.outline.push_back({100 + nucleus / 2 * std::cos(angle), 80 + nucleus / 2 * std::sin(angle)});
    }
    return located;
  };
  const Field field{.red_cell = 30};
  CHECK_FALSE(is_large_lymphoid("lymphocyte", cell(1.7f * 30), field));
  CHECK(is_large_lymphoid("lymphocyte", cell(1.9f * 30), field));
  CHECK_FALSE(is_large_lymphoid("monocyte", cell(1.9f * 30), field));
  CHECK_FALSE(is_large_lymphoid("lymphocyte", cell(1.9f * 30), Field{}));  // without red cells
  CHECK_FALSE(is_large_lymphoid("lymphocyte", cell(120), field));          // with pieces of them
  CHECK_FALSE(is_large_lymphoid("lymphocyte", Located{.diameter = 50}, field));
}

TEST_CASE("a cell less typical than the threshold is rejected") {
  Model model = cell_model();
  const std::size_t size = feature_statistics_count(model);
  std::vector<float> identity(size * size);
  for (std::size_t i = 0; i < size; ++i) identity[i * size + i] = 1;
  model.rejection = {.min_typicality = 0.05f,
                     .whitening = identity,
                     .centres = std::vector<float>(3 * size, 1000),
                     .distances = {0.5f, 1}};
  const Picture picture = picture_of({smear::Cell::neutrophil});
  const auto atypical = load(model).classify(picture);
  REQUIRE(atypical.has_value());
  CHECK(atypical->verdict == Verdict::rejected);
  CHECK(atypical->typicality == 0);
  CHECK_FALSE(atypical->label.has_value());
  CHECK_FALSE(atypical->probabilities.empty());
  model.rejection.distances = {1e20f, 1e21f};
  CHECK(load(model).classify(picture)->typicality == 1);
  CHECK(load(model).classify(picture)->label.has_value());
}

TEST_CASE("a cell without grain is drawn, and rejected") {
  Image drawing{240, 180, std::vector<std::uint8_t>(std::size_t(3) * 240 * 180, 245)};
  for (int y = 0; y < 180; ++y)
    for (int x = 0; x < 240; ++x)
      if (std::hypot(x - 120, y - 90) < 30)
        std::ranges::copy(std::array<std::uint8_t, 3>{110, 50, 160},
                          &drawing.rgb[std::size_t(3) * (y * 240 + x)]);
  Image photograph = drawing;
  Noise noise(3);
  for (std::uint8_t& value : photograph.rgb) value = static_cast<std::uint8_t>(value + 4 * noise());
  Image nothing = drawing;
  std::ranges::fill(nothing.rgb, 255);
  CHECK(is_drawn(drawing));
  CHECK_FALSE(is_drawn(photograph));
  CHECK(is_drawn(nothing));

  Classifier classifier = load(cell_model());
  const Field known{.cells = {cell_in({90, 60, 60, 60})}};
  const auto drawn = classifier.classify(Picture(drawing, known)),
             seen = classifier.classify(Picture(photograph, known));
  REQUIRE((drawn.has_value() && seen.has_value()));
  REQUIRE(drawn->cells.size() == 1);
  REQUIRE(seen->cells.size() == 1);
  CHECK(drawn->verdict == Verdict::rejected);
  CHECK_FALSE(drawn->label.has_value());
  CHECK_FALSE(drawn->probabilities.empty());
  CHECK(seen->label.has_value());
}

TEST_CASE("a model whose finite weights overflow answers no question about a picture") {
  Model model = cell_model();
  std::ranges::fill(model.layers.back().weight, 3e38f);
  std::ranges::fill(model.layers[model.layers.size() - 2].bias, 10.0f);
  Classifier classifier = load(model);
  const Picture picture = picture_of({smear::Cell::neutrophil, smear::Cell::monocyte});
  CHECK(classifier.classify(picture).error().code == ErrorCode::corrupt_model);
  CHECK(classifier.classify_field(picture).error().code == ErrorCode::corrupt_model);
  CHECK(classifier.explain(picture).error().code == ErrorCode::corrupt_model);
  CHECK(classifier.benchmark(3).error().code == ErrorCode::corrupt_model);
}

TEST_CASE("an answer under the confidence of rejection is rejected, one under that of doubt unsure") {
  Model model = cell_model();
  const Picture picture = picture_of({smear::Cell::neutrophil});
  const float confidence = load(model).classify(picture)->confidence;
  model.rejection = {.min_confidence = confidence + 0.001f, .reject_confidence = confidence - 0.001f};
  CHECK(load(model).classify(picture)->verdict == Verdict::unsure);
  model.rejection.reject_confidence = confidence + 0.001f;
  const auto rejected = load(model).classify(picture);
  CHECK(rejected->verdict == Verdict::rejected);
  CHECK_FALSE(rejected->label.has_value());
}
