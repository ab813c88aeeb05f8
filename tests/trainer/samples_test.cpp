// Located cells as training data: their views, negatives drawn from them, and the distance of others.
#include "data/samples.h"

#include <algorithm>
#include <catch2/catch_all.hpp>
#include <cmath>
#include <format>
#include <fstream>
#include <mutex>

#include "../engine/shipped.h"
#include "commands/run_context.h"
#include "data/split.h"
#include "data/stain_range.h"
#include "evaluation/rejection.h"
#include "leukolens/view.h"
#include "output/golden.h"
#include "scratch.h"
#include "smear.h"
#include "training/batches.h"
#include "training/epoch_order.h"
#include "training/negatives.h"

using namespace leukolens;
using namespace leukolens::train;

namespace {

smear::Smear field(std::vector<smear::Cell> cells, std::uint64_t seed) {
  return smear::draw({.seed = seed, .width = 480, .height = 360, .cells = std::move(cells)});
}

const Input kInput{.width = 32, .height = 32, .region = Input::Region::cell};

Samples load(const std::filesystem::path& path) {
  const auto data = files::Dataset::open(path);
  REQUIRE(data.has_value());
  const std::vector<Label> labels{{"lymphocyte", "Lymphocyte"}, {"neutrophil", "Neutrophil"}};
  LocatorPool locators(read_locator({}));
  return load_samples(*data, labels, kInput, {.sources = true, .locators = &locators},
                      [](std::size_t, std::size_t) {});
}

}  // namespace

TEST_CASE("samples of located cells are what the engine would show its network") {
  const Scratch scratch;
  const Image image = field({smear::Cell::neutrophil}, 4).image;
  scratch.write("neutrophil/a.png", smear::encode_png(image));
  scratch.write("neutrophil/empty.png", smear::encode_png(smear::draw({.seed = 2, .platelets = 0}).image));
  for (int i = 0; i < 12; ++i)
    scratch.write(std::format("neutrophil/{}.png", i),
                  smear::encode_png(field({smear::Cell::neutrophil}, 10).image));
  const Samples samples = load(scratch.path);
  CHECK(samples.unreadable.size() == 1);
  CHECK(samples.unreadable[0].reason == "no white cell was found in it");
  const auto found = std::ranges::find(samples.list, "neutrophil/a.png", &Sample::source);
  REQUIRE(found != samples.list.end());
  const Picture picture(image);
  const auto index = static_cast<std::uint32_t>(found - samples.list.begin());
  const Image source = samples.source(index);
  REQUIRE(picture.locate(test::shipped_locator()));
  REQUIRE(main_cell(picture));
  CHECK(samples.image(index).rgb == view_of(picture, *main_cell(picture), kInput).rgb);
  CHECK(source.rgb ==
        surroundings_of(picture, *main_cell(picture), kInput, kCellContext, source.width, source.height).rgb);
  CHECK(found->nucleus == main_cell(picture)->density);
}

TEST_CASE("the stains that a network knows reach from one data set's usual nucleus to another's") {
  Samples samples;
  const auto add = [&](int count, int origin, int label, std::optional<std::array<float, 3>> nucleus) {
    Sample sample{.label = label, .origin = origin};
    sample.nucleus = nucleus;
    samples.list.insert(samples.list.end(), static_cast<std::size_t>(count), sample);
  };
  const auto range = [&](std::size_t without = 0) {
    Split learnt;
    for (std::uint32_t i = 0; i + without < samples.list.size(); ++i)
      (i % 2 ? learnt.train : learnt.validation).push_back(i);
    return stain_range(samples, learnt);
  };
  add(50, 0, 0, std::nullopt);  // platelets
  add(19, 0, 1, {{0.5f, 1, 0.2f}});
  CHECK(!range());
  add(1, 0, 1, {{9, 9, 9}});
  REQUIRE(range());
  CHECK(!range(1));  // what is not learnt says nothing
  CHECK(range()->least == std::array{0.5f, 1.0f, 0.2f});
  CHECK(range()->most == range()->least);
  add(30, 1, 1, {{0.4f, 1.5f, 0.3f}});
  add(90, 1, kBackground, {{3, 3, 3}});
  add(19, 2, 1, {{5, 5, 5}});
  CHECK(range()->least == std::array{0.4f, 1.0f, 0.2f});
  CHECK(range()->most == std::array{0.5f, 1.5f, 0.3f});
  const StainRange before{{0.1f, 1.2f, 0.25f}, {0.2f, 1.3f, 0.9f}};
  CHECK(widened(before, range())->least == std::array{0.1f, 1.0f, 0.2f});
  CHECK(widened(range(), before)->most == std::array{0.5f, 1.5f, 0.9f});
  CHECK(widened(before, std::nullopt)->least == before.least);
}

TEST_CASE("golden files show a network the views of their scenes") {
  const Input whole{.width = 24, .height = 20};
  const std::vector<float> of_cells = golden_inputs(kInput), of_pictures = golden_inputs(whole);
  const std::size_t each = std::size_t(3) * kInput.width * kInput.height;
  REQUIRE(of_cells.size() == 3 * smear::kCells * each);
  // The first two drawings of each kind of cell.
  for (std::size_t i = 0; i < of_cells.size() / each; ++i) {
    if (i % 3 == 2) continue;
    const bool second = i % 3 == 1;
    const Picture picture = smear::draw_located({.seed = i % 3 + 1,
                                                 .width = second ? 240 : 320,
                                                 .height = 240,
                                                 .cells = {static_cast<smear::Cell>(i / 3)},
                                                 .scale = second ? 1.5 : 1,
                                                 .stain = second ? 0 : -0.5});
    REQUIRE(main_cell(picture));
    std::vector<float> cell(each), all(std::size_t(3) * whole.width * whole.height);
    normalise(view_of(picture, *main_cell(picture), kInput), kInput, cell);
    normalise(view_of(picture, whole), whole, all);
    CHECK(std::ranges::equal(cell, std::span(of_cells).subspan(i * each, each)));
    CHECK(std::ranges::equal(all, std::span(of_pictures).subspan(i * all.size(), all.size())));
  }
}

TEST_CASE("a box says which of two cells is meant") {
  const Scratch scratch;
  const smear::Smear two = field({smear::Cell::lymphocyte, smear::Cell::neutrophil}, 7);
  REQUIRE(two.cells.size() == 2);
  scratch.write("two.png", smear::encode_png(two.image));
  std::string list = "image,label,xmin,ymin,xmax,ymax\n";
  for (const smear::Drawn& cell : two.cells)
    list += std::format("two.png,{},{},{},{},{}\n", smear::id(cell.cell), cell.box.x, cell.box.y,
                        cell.box.x + cell.box.width, cell.box.y + cell.box.height);
  scratch.write("list.csv", list);
  const Samples samples = load(scratch.path / "list.csv");
  REQUIRE(samples.list.size() == 2);
  const Picture picture(two.image);
  REQUIRE(picture.locate(test::shipped_locator()));
  for (std::uint32_t i = 0; i < 2; ++i) {
    const smear::Drawn& cell = two.cells[i];
    const auto located = std::ranges::find_if(
        picture.field().cells, [&](const Located& one) { return contains(cell.box, {one.x, one.y}); });
    REQUIRE(located != picture.field().cells.end());
    CHECK(samples.list[i].label == (cell.cell == smear::Cell::neutrophil));
    CHECK(samples.image(i).rgb == view_of(picture, *located, kInput).rgb);
  }
  CHECK(samples.image(0).rgb != samples.image(1).rgb);
}

TEST_CASE("a file is opened once, however many rows name it") {
  const Scratch scratch;
  scratch.write("one.png", smear::encode_png(drawn_field(1)));
  scratch.write("two.png", smear::encode_png(drawn_field(2)));
  scratch.write("list.csv",
                "image,label,xmin,ymin,xmax,ymax\none.png,neutrophil,0,0,40,40\none.png,neutrophil,,,,\n"
                "gone.png,neutrophil,,,,\ntwo.png,lymphocyte,,,,\none.png,lymphocyte,50,50,90,90\n");
  const files::Dataset data = files::Dataset::open(scratch.path / "list.csv").value();
  struct Opened {
    std::string source;
    Items rows;
    bool read, decoded;
    auto operator<=>(const Opened&) const = default;
  };
  std::vector<Opened> files;
  std::mutex mutex;
  for_each_picture(
      data, all_items(data), 3, [](std::size_t, std::size_t) {},
      [&](const OpenedFile& file) {
        const std::lock_guard lock(mutex);
        files.push_back({data.items()[file.items[0]].source, Items(file.items.begin(), file.items.end()),
                         !file.bytes.empty(), file.picture.has_value()});
      });
  std::ranges::sort(files);
  CHECK(files == std::vector<Opened>{{"gone.png", {0}, false, false},
                                     {"one.png", {1, 2, 3}, true, true},
                                     {"two.png", {4}, true, true}});
}

TEST_CASE("samples take the memory that they need, and no more") {
  const Scratch scratch;
  for (std::uint64_t seed = 1; seed <= 11; ++seed)
    scratch.write(std::format("neutrophil/{:02}.png", seed), smear::encode_png(drawn_field(seed)));
  const Samples whole = load(scratch.path);
  REQUIRE(whole.list.size() == 11);
  CHECK(whole.pixels.capacity() == 11 * whole.pixels_each());
  CHECK(whole.sources.capacity() == 11 * whole.source_each());

  scratch.write("neutrophil/05.png", "no image");
  const Samples part = load(scratch.path);
  REQUIRE(part.list.size() == 10);
  REQUIRE(part.unreadable.size() == 1);
  CHECK(part.pixels.size() == 10 * part.pixels_each());
  CHECK(part.sources.size() == 10 * part.source_each());
  for (std::uint32_t i = 0; i < 10; ++i) {
    const std::uint32_t before = i < 4 ? i : i + 1;
    CHECK(part.list[i].source == whole.list[before].source);
    CHECK(part.image(i).rgb == whole.image(before).rgb);
    CHECK(part.source(i).rgb == whole.source(before).rgb);
  }
}

TEST_CASE("a box shows a platelet that the locator passes over, and background is a label of its own") {
  const Scratch scratch;
  const smear::Smear drawn = smear::draw(
      {.seed = 7, .width = 480, .height = 360, .cells = {smear::Cell::neutrophil}, .platelets = 0});
  scratch.write("field.png", smear::encode_png(drawn.image));
  const Rect cell = drawn.cells[0].box;
  // Where the cell is not: beside it, in the picture.
  const int x = cell.x > 200 ? cell.x - 150 : cell.x + cell.width + 60;
  const std::string beside = std::format("{},{},{},{}", x, cell.y, x + 40, cell.y + 40);
  std::ofstream list(scratch.path / "list.csv");
  list << "image,kind,group,xmin,ymin,xmax,ymax\n"
       << "field.png,neutrophil,a,,,,\nfield.png,background,a," << beside << "\nfield.png,lymphocyte,a,"
       << beside << "\n";
  for (int i = 0; i < 20; ++i) list << "field.png,neutrophil,b" << i << ",,,,\n";
  list << "field.png,background,a,9000,9000,9040,9040\n";
  list.close();
  const Samples samples = load(scratch.path / "list.csv");
  REQUIRE(samples.list.size() == 23);
  CHECK(samples.unreadable.at(0).reason == "its box lies outside the image");
  CHECK(samples.list[1].label == kBackground);
  CHECK(samples.image(1).rgb == samples.image(2).rgb);
  CHECK(samples.image(1).rgb != samples.image(0).rgb);
  CHECK(cells_among(samples, {0, 1, 2}) == Indices{0, 2});
  CHECK(background_among(samples, {0, 1, 2}) == Indices{1});
  const Split parts = split(samples, 0.3, 1);
  CHECK(background_among(samples, parts.validation).empty());
  const BatchMaker maker(samples, {.labels = {{"lymphocyte", ""}, {"neutrophil", ""}}, .input = kInput}, {},
                         {});
  const Batch batch = maker.augmented(Indices{0, 1}, 1);
  CHECK(batch.targets == std::vector<float>{0, 1, 0.5f, 0.5f});
}

TEST_CASE("a soft label gets half of the target, and must be one that the network has") {
  const Scratch scratch;
  scratch.write("cell.png", smear::encode_png(field({smear::Cell::neutrophil}, 4).image));
  scratch.write("list.csv",
                "image,label,soft_label\ncell.png,neutrophil,Lymphocyte\ncell.png,neutrophil,\n"
                "cell.png,neutrophil,giant\n");
  const Samples samples = load(scratch.path / "list.csv");
  REQUIRE(samples.list.size() == 2);
  CHECK(samples.list[0].label == samples.list[1].label);
  CHECK(samples.unlabelled.at(0).reason == "the network has no label giant, its soft label");
  const BatchMaker maker(samples, {.labels = {{"lymphocyte", ""}, {"neutrophil", ""}}, .input = kInput}, {},
                         {});
  const Batch batch = maker.augmented(Indices{0, 1}, 1);
  CHECK(batch.targets == std::vector<float>{0.5f, 0.5f, 0, 1});
}

TEST_CASE("an unmoved view of a source is nearly the sample, and stays a disc on white") {
  const Scratch scratch;
  scratch.write("neutrophil/a.png", smear::encode_png(field({smear::Cell::neutrophil}, 4).image));
  const Samples samples = load(scratch.path);
  const Image plain = samples.image(0),
              view = augment(samples.source(0), samples.list[0].frame, 32, 32, {}, Random(1));
  double sum = 0;
  for (std::size_t i = 0; i < plain.rgb.size(); ++i) sum += std::abs(plain.rgb[i] - view.rgb[i]);
  CHECK(sum / static_cast<double>(plain.rgb.size()) < 4);
  const Image turned = augment(samples.source(0), samples.list[0].frame, 32, 32,
                               {.rotation = 180, .shift = 0.1, .fill = Augmentation::Fill::edge}, Random(1));
  CHECK(turned.rgb[0] == 255);
  CHECK(turned.rgb != view.rgb);
}

TEST_CASE("negatives vary, repeat with the same numbers, and never are the cell itself") {
  const Image cell = resize(field({smear::Cell::neutrophil}, 4).image, 40, 40);
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random one(seed), again(seed);
    const Image drawn = draw_negative(cell, one);
    CHECK(drawn.rgb == draw_negative(cell, again).rgb);
    CHECK(drawn.rgb.size() == cell.rgb.size());
    CHECK(drawn.rgb != cell.rgb);
  }
}

TEST_CASE("rejection statistics whiten within classes, and tell what is far from all of their centres") {
  Random random(1);
  const auto normal = [&] { return static_cast<float>(random.uniform(-1, 1) + random.uniform(-1, 1)); };
  std::vector<Answer> known, others;
  for (int i = 0; i < 2000; ++i) {
    const int truth = i % 2;
    const float a = normal(), b = normal(), middle = 10.0f * static_cast<float>(truth);
    known.push_back({truth, {}, {middle + 3 * a, a + 0.5f * b}});
    others.push_back({truth, {}, {middle + 3 * a, 6 + a}});
  }
  const Rejection statistics = fit_statistics(known, 3);  // the third class has no examples
  CHECK(statistics.centres.size() == 2 * 2 * 32);
  CHECK(fit_statistics(known, 3).centres == statistics.centres);
  for (const int truth : {0, 1}) {  // whitened, a class has a variance of nearly 1: some is added before
    double sum = 0, squares = 0;
    for (const Answer& one : known) {
      if (one.truth != truth) continue;
      const double white = statistics.whitening[2] * one.feature_statistics[0] +
                           statistics.whitening[3] * one.feature_statistics[1];
      sum += white;
      squares += white * white;
    }
    CHECK(squares / 1000 - std::pow(sum / 1000, 2) == Catch::Approx(0.9).margin(0.15));
  }
  const std::vector<float> near = distances(statistics, known), far = distances(statistics, others);
  CHECK(auroc(near, far).area > 0.99);
  const Auroc guess = auroc(near, near);
  CHECK(guess.area == Catch::Approx(0.5));
  // Of a guess the variance is that of Mann and Whitney's statistic: (m + n + 1) / 12 m n.
  CHECK(guess.interval.high - 0.5 == Catch::Approx(1.96 * std::sqrt(4001 / (12 * 4e6))).epsilon(1e-3));
  const std::vector<float> low{1, 2}, high{3, 4, 5};
  const Auroc apart = auroc(low, high), turned = auroc(high, low);
  CHECK(apart.area == 1);
  CHECK(apart.interval.high == Catch::Approx(1));
  // The area whose own standard error is 1 / 1.96 of its distance from 1 (Newcombe 2006, method 5).
  const double least = apart.interval.low, more = 1.5;
  CHECK(1 - least ==
        Catch::Approx(1.96 *
                      std::sqrt(least * (1 - least) *
                                (1 + more * (1 - least) / (2 - least) + more * least / (1 + least)) / 6)));
  CHECK(turned.interval.low == Catch::Approx(0).margin(1e-9));
  CHECK(turned.interval.high == Catch::Approx(1 - least));
  known.resize(20);
  CHECK(fit_statistics(known, 2).centres.size() == 2 * 20);  // no more centres than examples
}

TEST_CASE("quantiles ascend strictly from the least to the largest") {
  const std::vector<float> some = quantiles({3, 1, 2, 5, 4}, 3), equal = quantiles({1, 1, 1}, 4);
  CHECK(some == std::vector<float>{1, 3, 5});
  for (std::size_t i = 1; i < equal.size(); ++i) CHECK(equal[i] > equal[i - 1]);
}

TEST_CASE("an epoch draws as much of each data set as its recipe says, whatever its size") {
  Samples samples;
  for (int i = 0; i < 110; ++i) samples.list.push_back({"x", "", files::Part::unassigned, i % 2, i < 10});
  Indices all(samples.list.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  for (const auto& [balance, wanted] : {std::pair(1.0, 200), std::pair(0.5, 96)}) {
    const Indices order =
        epoch_order(samples, all, {.samples_per_epoch = 400, .source_balance = balance}, 1, 1);
    CHECK(order.size() == 400);
    CHECK(std::ranges::count_if(order, [&](std::uint32_t i) { return samples.list[i].origin == 1; }) ==
          wanted);
  }
}

TEST_CASE("data sets of one name are told apart, lists of one folder are not") {
  const Scratch scratch;
  const std::vector<std::filesystem::path> folders{scratch.path / "a/test", scratch.path / "b/test"};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string folder = i == 0 ? "a/test" : "b/test";
    scratch.write(folder + "/neutrophil/1.png", smear::encode_png(drawn_field(i + 1)));
    scratch.write(folder + "/one.csv", "image,label,group\nneutrophil/1.png,neutrophil,x\n");
    scratch.write(folder + "/two.csv", "image,label,group\nneutrophil/1.png,neutrophil,x\n");
  }
  const files::Dataset data = files::Dataset::open(folders).value();
  CHECK(data.items()[0].source == "test:neutrophil/1.png");
  CHECK(data.items()[1].source == "test 2:neutrophil/1.png");
  CHECK(data.read(data.items()[0]).value() != data.read(data.items()[1]).value());
  const files::Dataset lists =
      files::Dataset::open({folders[0] / "one.csv", folders[0] / "two.csv", folders[1] / "one.csv"}).value();
  CHECK(lists.items()[0].group == lists.items()[1].group);
  CHECK(lists.items()[2].group == "test 2:x");
}
