#include "training/augment.h"

#include <algorithm>
#include <catch2/catch_all.hpp>
#include <cmath>

#include "leukolens/view.h"
#include "smear.h"
#include "training/batches.h"
#include "training/recipe.h"

using namespace leukolens;
using namespace leukolens::train;

namespace {

constexpr int kSide = 32;

const Image& drawn() {
  static const Image image = smear::draw({.cells = {smear::Cell::eosinophil}}).image;
  return image;
}

const Image& source() {
  static const Image image = resize(drawn(), kSourceScale * kSide, kSourceScale * kSide);
  return image;
}

double difference(const Image& a, const Image& b) {
  REQUIRE(a.rgb.size() == b.rgb.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

double mean(const Image& image, std::size_t channel) {
  double sum = 0;
  for (std::size_t i = channel; i < image.rgb.size(); i += 3) sum += image.rgb[i];
  return 3 * sum / static_cast<double>(image.rgb.size());
}

Image varied(const Augmentation& augmentation, std::uint64_t seed) {
  return augment(source(), {4.0 / 3}, kSide, kSide, augmentation, Random(seed));
}

}  // namespace

TEST_CASE("augmenting by nothing changes next to nothing") {
  CHECK(difference(varied({}, 1), resize(source(), kSide, kSide)) < 4);
}

TEST_CASE("the same random numbers give the same pixels, others give others") {
  const Augmentation everything{.rotation = 180,
                                .flip_horizontal = true,
                                .flip_vertical = true,
                                .shift = 0.1,
                                .scale = 0.2,
                                .shear = 10,
                                .gain = 0.2,
                                .white_balance = 0.1,
                                .gamma = 0.2,
                                .saturation = 0.3,
                                .hue = 10,
                                .stain = 0.2,
                                .two_tone = 1,
                                .blur = 1,
                                .noise = 5,
                                .jpeg = 50,
                                .erasing = 0.5};
  CHECK(varied(everything, 1).rgb == varied(everything, 1).rgb);
  CHECK(varied(everything, 1).rgb != varied(everything, 2).rgb);
  // As they were before any of it was vectorised, with every set of instructions.
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    for (const std::uint8_t value : varied(everything, seed).rgb) hash = (hash ^ value) * 1099511628211u;
  CHECK(hash == 5901821387267027482u);
}

TEST_CASE("a flip is a flip, and happens to about half of the images") {
  const Image upright = varied({}, 1);
  Image flipped = upright;
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      for (int c = 0; c < 3; ++c)
        flipped.rgb[static_cast<std::size_t>(3 * (y * kSide + x) + c)] =
            upright.rgb[static_cast<std::size_t>(3 * (y * kSide + kSide - 1 - x) + c)];
    }
  }
  int flips = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Image image = varied({.flip_horizontal = true}, seed);
    const bool was_flipped = difference(image, flipped) < 0.1;
    CHECK((was_flipped || difference(image, upright) < 0.1));
    flips += was_flipped;
  }
  CHECK(std::abs(flips - 100) < 30);
}

TEST_CASE("rotation keeps the frame's proportions and fills with black or with the edge") {
  Image white{2 * kSide, 2 * kSide, std::vector<std::uint8_t>(std::size_t(12) * kSide * kSide, 255)};
  const auto darkest = [&](Augmentation::Fill fill) {
    double least = 255;
    for (std::uint64_t seed = 0; seed < 20; ++seed)
      least = std::min(
          least,
          mean(augment(white, {4.0 / 3}, kSide, kSide, {.rotation = 180, .fill = fill}, Random(seed)), 0));
    return least;
  };
  CHECK(darkest(Augmentation::Fill::edge) == 255);
  // A frame of 4:3 turned by 90 degrees covers three quarters of itself.
  CHECK(darkest(Augmentation::Fill::black) == Catch::Approx(255 * 0.75).margin(10));
}

TEST_CASE("two tones move the colour of dark pixels alone") {
  const auto moved = [](std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
    Image before{1, 1, {red, green, blue}};
    double most = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      // The same first draws: the second ones are all that differs.
      Image once = before, twice = before;
      Random first(seed), second(seed);
      recolour(once, {.saturation = 0.3, .hue = 20, .stain = 0.3}, first);
      recolour(twice, {.saturation = 0.3, .hue = 20, .stain = 0.3, .two_tone = 1}, second);
      most = std::max(most, difference(once, twice));
    }
    return most;
  };
  CHECK(moved(230, 220, 215) == 0);  // plasma
  CHECK(moved(210, 160, 190) > 3);   // stained plasma, somewhat
  CHECK(moved(90, 40, 120) > 10);    // a nucleus
}

TEST_CASE("a varied strength leaves most of its share nearly as they are") {
  // A gain drawn evenly moves an eighth of the images by less than an eighth of its range; at a strength that
  // is the cube of a uniform number, eleven sixteenths.
  const auto nearly_same = [](double share) {
    constexpr int kImages = 1000;
    int count = 0;
    for (std::uint64_t seed = 1; seed <= kImages; ++seed) {
      Image grey{2, 2, std::vector<std::uint8_t>(12, 120)};
      Random random(seed);
      recolour(grey, {.gain = 0.8, .varied_strength = share}, random);
      count += std::abs(grey.rgb[0] - 120) < 12;
    }
    return static_cast<double>(count) / kImages;
  };
  CHECK(nearly_same(0) == Catch::Approx(0.125).margin(0.03));
  CHECK(nearly_same(1) == Catch::Approx(0.6875).margin(0.04));
}

TEST_CASE("each colour option does what its name says") {
  const Image plain = varied({}, 1);
  double brighter = 0, ratio = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Image gained = varied({.gain = 0.2}, seed), balanced = varied({.white_balance = 0.2}, seed);
    brighter =
        std::max(brighter, std::abs(mean(gained, 0) / mean(plain, 0) - mean(gained, 2) / mean(plain, 2)));
    ratio =
        std::max(ratio, std::abs(mean(balanced, 0) / mean(plain, 0) - mean(balanced, 2) / mean(plain, 2)));
  }
  CHECK(brighter < 0.1);
  CHECK(ratio > 0.1);
  Image grey{8, 8, std::vector<std::uint8_t>(192, 100)}, same = grey;
  Random random(1);
  recolour(same, {.saturation = 0.5, .hue = 90}, random);
  CHECK(difference(grey, same) <= 1);
  for (const Augmentation& one :
       {Augmentation{.gamma = 0.5}, Augmentation{.saturation = 0.8}, Augmentation{.hue = 40},
        Augmentation{.stain = 0.5}, Augmentation{.blur = 3}, Augmentation{.noise = 20},
        Augmentation{.jpeg = 5}, Augmentation{.erasing = 1}}) {
    CHECK(difference(varied(one, 3), plain) > 0.5);
  }
}

TEST_CASE("batches without augmentation are the view, normalised") {
  const Recipe recipe = parse_recipe(
      "[input]\nwidth = 32\nmean = [0.5, 0.4, 0.3]\nstd = [0.2, 0.3, 0.4]\n[network]\nlayers = [{ type = "
      "\"flatten\" }, { type = \"dense\" }]",
      "x.toml");
  const Model model = model_of(recipe, {label_of("a"), label_of("b")});
  const Image image = drawn();
  Samples samples;
  samples.width = samples.height = kSide;
  samples.list.resize(1);
  samples.pixels = resize(image, kSide, kSide).rgb;
  std::vector<float> expected(samples.pixels.size());
  normalise(view_of(Picture(image), model.input), model.input, expected);
  const BatchMaker maker(samples, model, {}, {});
  const Indices one{0};
  CHECK(maker.augmented(one, 5).images == expected);
  CHECK(maker.augmented(one, 5).targets.empty());
}

TEST_CASE("batches come in order and do not depend on the number of threads") {
  const Recipe recipe = parse_recipe(
      "[input]\nwidth = 32\n[network]\nlayers = [{ type = \"flatten\" }, { type = \"dense\" }]", "x.toml");
  const Model model = model_of(recipe, {label_of("a"), label_of("b"), label_of("c"), label_of("d")});
  Samples samples;
  samples.width = samples.height = kSide;
  samples.source_width = source().width;
  samples.source_height = source().height;
  for (int i = 0; i < 20; ++i) {
    Sample sample;
    sample.label = i % 4;
    sample.frame.aspect = 4.0 / 3;
    samples.list.push_back(sample);
    const Image small = resize(drawn(), kSide, kSide), large = source();
    samples.pixels.insert(samples.pixels.end(), small.rgb.begin(), small.rgb.end());
    samples.sources.insert(samples.sources.end(), large.rgb.begin(), large.rgb.end());
  }
  const BatchMaker maker(samples, model, {.rotation = 30, .mixup = 0.4}, {.label_smoothing = 0.1});
  Indices order(20);
  for (std::uint32_t i = 0; i < 20; ++i) order[i] = 19 - i;
  const auto one = batches_of(maker, order, 6, 9, 0, 1), three = batches_of(maker, order, 6, 9, 0, 3),
             late = batches_of(maker, order, 6, 9, 2, 2);
  std::size_t seen = 0;
  for (int number = 0;; ++number) {
    const std::optional<Batch> a = one->next(), b = three->next();
    REQUIRE(a.has_value() == b.has_value());
    const std::optional<Batch> c = number >= 2 ? late->next() : a;
    REQUIRE(a.has_value() == c.has_value());
    if (!a) break;
    CHECK(a->images == b->images);
    CHECK(a->targets == b->targets);
    CHECK(a->images == c->images);
    for (std::size_t i = 0; i < a->count(); ++i) {
      CHECK(a->labels[i] == samples.list[order[seen++]].label);
      float sum = 0;
      for (std::size_t k = 0; k < 4; ++k) sum += a->targets[4 * i + k];
      CHECK(sum == Catch::Approx(1));
    }
  }
  CHECK(seen == 20);
}

TEST_CASE("beta has the mean and the variance of its definition") {
  Random random(1);
  double sum = 0, squares = 0;
  for (int i = 0; i < 20'000; ++i) {
    const double x = beta(0.4, random);
    sum += x;
    squares += x * x;
  }
  CHECK(sum / 20'000 == Catch::Approx(0.5).margin(0.01));
  CHECK(squares / 20'000 - 0.25 == Catch::Approx(1 / (4 * 1.8)).margin(0.01));
}
