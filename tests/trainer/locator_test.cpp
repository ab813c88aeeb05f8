#include <catch2/catch_all.hpp>
#include <cmath>
#include <map>

#include "commands/run_context.h"
#include "locator/crops.h"
#include "locator/finder.h"
#include "locator/locator_fit.h"
#include "locator/locator_scores.h"
#include "locator/self_labels.h"
#include "locator/targets.h"
#include "scratch.h"

namespace leukolens::train {
namespace {

constexpr std::string_view kDots = R"(
name = "dots"
[input]
width = 64
height = 64
mean = [0.7, 0.7, 0.7]
std = [0.3, 0.3, 0.3]
[detection]
diameter = 32
min_score = 0.4
[network]
layers = [
  { type = "conv2d", filters = 8, kernel = 3, stride = 2, padding = 1, activation = "relu" },
  { type = "conv2d", filters = 16, kernel = 3, stride = 2, padding = 1, activation = "relu" },
  { type = "conv2d", filters = 16, kernel = 3, stride = 2, padding = 1, activation = "relu" },
  { type = "conv2d", filters = 16, kernel = 3, stride = 2, padding = 1, activation = "relu" },
  { type = "upsample2d" },
  { type = "add", from = 2, activation = "relu" },
  { type = "conv2d", filters = 6, kernel = 3, padding = 1 },
]
[optimiser]
type = "adamw"
learning_rate = 1e-2
[training]
steps = 400
batch = 8
crop = 64
relabel = 0.5
density = 0.05
[[sources]]
path = "fields/boxes.csv"
share = 0.7
scale = [0.8, 1.5]
[[sources]]
kind = "crops"
path = "crops"
share = 0.3
scale = [0.8, 1.5]
diameter = 24
)";

Recipe recipe_with(std::string_view from = "", std::string_view to = "") {
  std::string text(kDots);
  if (!from.empty()) text.replace(text.find(from), from.size(), to);
  return parse_recipe(text, "dots.toml");
}

void dot(Image& image, double x, double y, double diameter) {
  for (int v = 0; v < image.height; ++v)
    for (int u = 0; u < image.width; ++u)
      if (std::hypot(u + 0.5 - x, v + 0.5 - y) < diameter / 2)
        for (std::size_t c = 0; c < 3; ++c) image.rgb[(std::size_t(v) * image.width + u) * 3 + c] = 90;
}

Image glass(int side) { return {side, side, std::vector<std::uint8_t>(std::size_t(3) * side * side, 230)}; }

/// Fields with listed dots, and crops with one in the middle; all of them 20 to 28 px wide.
struct DrawnDots : Scratch {
  explicit DrawnDots(int count = 10) {
    std::string list = "image,kind,xmin,ymin,xmax,ymax\n";
    for (int i = 0; i < count; ++i) {
      Image field = glass(96), crop = glass(48);
      for (int k = 0; k < 2; ++k) {
        const int size = 20 + 2 * ((i + k) % 5), x = 20 + (i * 17 + k * 31) % 40, y = 22 + k * 46;
        dot(field, x, y, size);
        list += std::format("{}.png,WBC,{},{},{},{}\n", i, x - size / 2, y - size / 2, x + size / 2,
                            y + size / 2);
      }
      dot(crop, 24, 24, 20 + 2 * (i % 5));
      write(std::format("fields/{}.png", i), smear::encode_png(field));
      write(std::format("crops/lymphocyte/{}.png", i), smear::encode_png(crop));
    }
    write("fields/boxes.csv", list);
  }
};

const Model& dot_finder() {
  static const Model kModel = [] {
    const Recipe recipe = recipe_with();
    std::vector<MarkedImage> images = load_marked_images(*recipe.locator, DrawnDots().path, {});
    return fit_locator(recipe, images, {});
  }();
  return kModel;
}

std::string error_of(const auto& call) {
  try {
    call();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a crop's targets give back its boxes") {
  const std::vector<MarkedImage> images = draw_marked_smears(6, 0, 3);
  int boxes = 0;
  for (const MarkedImage& image : images) {
    Crop crop{.image = glass(512), .marks = image.marks};
    const Targets targets = targets_of(crop, {.diameter = 32});
    REQUIRE(targets.side == 64);
    for (const Mark& mark : image.marks) {
      const auto at =
          static_cast<std::size_t>(mark.box.y() / 8) * 64 + static_cast<std::size_t>(mark.box.x() / 8);
      INFO(image.name << " " << mark.box.left << " " << mark.box.top);
      CHECK(targets.heat[static_cast<std::size_t>(mark.what) * 4096 + at] == 1);
      if (std::min(mark.box.width(), mark.box.height()) < 16 || targets.sized[at] < 0.5) continue;
      const double x = (static_cast<double>(at % 64) + 0.5) * 8;
      const double left = x - 16 * std::exp(targets.edges[at]),
                   right = x + 16 * std::exp(targets.edges[2 * 4096 + at]);
      const bool is_its_own = std::ranges::any_of(image.marks, [&](const Mark& other) {
        return std::abs(left - other.box.left) < 0.01 && std::abs(right - other.box.right) < 0.01;
      });
      CHECK(is_its_own);
      ++boxes;
    }
  }
  CHECK(boxes > 10);
}

TEST_CASE("where there is doubt nothing is to be learnt, but in the middle of what is marked") {
  Crop crop{.image = glass(128)};
  crop.doubts.push_back({Found::white_cell, {0, 0, 64, 128}});
  crop.marks.push_back({Found::platelet, {20, 20, 44, 44}});
  const Targets targets = targets_of(crop, {});
  const auto weight = [&](Found what, int x, int y) {
    return targets
        .weight[static_cast<std::size_t>(what) * 256 + static_cast<std::size_t>(y / 8 * 16 + x / 8)];
  };
  CHECK(weight(Found::white_cell, 4, 100) == 0);
  CHECK(weight(Found::white_cell, 100, 100) == 1);
  CHECK(weight(Found::platelet, 4, 100) == 1);
  CHECK(weight(Found::white_cell, 32, 32) == 1);  // a platelet is no white cell
}

TEST_CASE("crops show dots where their marks are, however they are turned") {
  const DrawnDots dots;
  Recipe recipe = recipe_with();
  recipe.locator->density = 0;
  const std::vector<MarkedImage> images = load_marked_images(*recipe.locator, dots.path, {});
  const CropMaker maker(recipe, images);
  int sized = 0, unsized = 0;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const Crop crop = maker.draw(Random(1, i));
    CHECK(crop.image.rgb == maker.draw(Random(1, i)).image.rgb);
    for (const Mark& mark : crop.marks) {
      // What an overlay or a cut hides is not looked at.
      if (intersection(mark.box, {3, 3, 61, 61}).area() < mark.box.area()) continue;
      const auto grey = [&](double x, double y) {
        return int(crop.image.rgb[(std::size_t(y) * 64 + std::size_t(x)) * 3]);
      };
      if (grey(mark.box.x(), mark.box.y()) < 70) continue;
      (mark.sized ? sized : unsized) += 1;
      CHECK(grey(mark.box.x(), mark.box.y()) < 110);
      if (mark.sized) CHECK(grey(mark.box.left + 1, mark.box.top + 1) > 150);
    }
  }
  CHECK(sized > 10);
  CHECK(unsized > 5);
}

TEST_CASE("a small network learns to find dots, and frames those that nobody has measured") {
  const DrawnDots dots;
  const Recipe recipe = recipe_with();
  std::vector<MarkedImage> images = load_marked_images(*recipe.locator, dots.path, {});
  const auto quietly = [](std::size_t, std::size_t) {};
  const ScoresBySource scores = score_locator(dot_finder(), *recipe.locator, images, true, 2, quietly);
  CHECK(scores.at("fields/boxes.csv").there == 20);
  CHECK(scores.at("fields/boxes.csv").found >= 18);
  CHECK(scores.at("fields/boxes.csv").boxes <= 22);
  CHECK(scores.at("crops").middle >= 9);
  CHECK(scores.at("crops/lymphocyte").images == 10);

  CHECK(add_self_labels(dot_finder(), *recipe.locator, images, 2, quietly) >= 9);
  for (const MarkedImage& image : images) {
    if (image.source != 1 || !image.marks.front().sized) continue;
    CHECK(image.marks.front().box.width() > 14);
    CHECK(image.marks.front().box.width() < 34);
  }
}

TEST_CASE("a part of each source is kept back from training") {
  const DrawnDots dots;
  const Recipe recipe = recipe_with();
  std::map<std::string, int> judged;
  for (int fold = 0; fold < 5; ++fold) {
    const std::vector<MarkedImage> images = load_marked_images(*recipe.locator, dots.path, {5, fold});
    CHECK(images.size() == 20);
    for (const MarkedImage& image : images)
      if (!image.is_seen) ++judged[std::format("{} {}", image.source, image.name)];
  }
  CHECK(judged.size() == 20);
  for (const auto& [name, times] : judged) CHECK(times == 1);
}

TEST_CASE("the box of a mask is that of the part in the middle") {
  const DrawnDots dots(1);
  Image mask{48, 48, std::vector<std::uint8_t>(std::size_t(3) * 48 * 48, 0)};
  dot(mask, 24, 24, 20);
  dot(mask, 4, 4, 6);
  dots.write("masks/0.png", smear::encode_png(mask));
  const Recipe recipe = recipe_with("diameter = 24", "masks = \"masks\"");
  const std::vector<MarkedImage> images = load_marked_images(*recipe.locator, dots.path, {});
  const Box box = images.back().truth;
  CHECK(box.left == 14);
  CHECK(box.top == 14);
  CHECK(box.right == 34);
  CHECK(box.bottom == 34);
}

TEST_CASE("what is wrong with a locator's data is said") {
  const DrawnDots dots(1);
  const auto load = [&](std::string_view from, std::string_view to) {
    return error_of([&] { (void)load_marked_images(*recipe_with(from, to).locator, dots.path, {}); });
  };
  using Catch::Matchers::ContainsSubstring;
  CHECK_THAT(load("path = \"crops\"", "path = \"nowhere\""), ContainsSubstring("nowhere"));
  CHECK_THAT(load("diameter = 24", "masks = \"masks\""), ContainsSubstring("0.png"));
  CHECK_THAT(load("diameter = 24", "leave_out = [\"0.png\"]"), ContainsSubstring("no image"));
  dots.write("masks/0.png", smear::encode_png(glass(32)));
  CHECK_THAT(load("diameter = 24", "masks = \"masks\""), ContainsSubstring("another size"));
  dots.write("fields/boxes.csv", "image,kind,xmin,ymin,xmax,ymax\n0.png,dust,1,1,9,9\n");
  CHECK_THAT(load("", ""), ContainsSubstring("\"dust\", a box of 0.png, is no kind of box"));
}

TEST_CASE("what is wrong with a locator's recipe is said") {
  const auto parse = [&](std::string_view from, std::string_view to) {
    return error_of([&] { (void)recipe_with(from, to); });
  };
  using Catch::Matchers::ContainsSubstring;
  CHECK_THAT(parse("crop = 64", "crop = 60"), ContainsSubstring("multiple of 32"));
  CHECK_THAT(parse("steps = 400", "epochs = 400"), ContainsSubstring("does not know \"epochs\""));
  CHECK_THAT(parse("scale = [0.8, 1.5]", "scale = [1.5, 0.8]"), ContainsSubstring("the larger last"));
  CHECK_THAT(parse("path = \"crops\"", "pathh = \"crops\""), ContainsSubstring("needs a path"));
  CHECK_THAT(parse("name = \"dots\"", "labels = [\"dot\"]"), ContainsSubstring("not to be chosen"));
  CHECK_THAT(parse("diameter = 24", "platelets = true"),
             ContainsSubstring("this source does not know \"platelets\""));
}

TEST_CASE("a recipe of a locator trains no classifier") {
  CHECK_THAT(error_of([] { (void)open_run_context({}, recipe_with()); }),
             Catch::Matchers::ContainsSubstring("use the verb locator"));
}

}  // namespace leukolens::train
