#include "locator/crops.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "locator/overlays.h"
#include "locator/things.h"
#include "training/augment.h"
#include "training/negatives.h"

namespace leukolens::train {
namespace {

constexpr double kSmearScale[2] = {0.25, 2};
constexpr double kPlateletsLarger =
    2.5;  // crops of platelets: than those of cells, which are three times as wide
constexpr int kMostTiles = 12;
constexpr double kCutOut = 0.06;  // share of the samples that show one cell and next to nothing else
// What is shown less than that of a cell, or smaller or larger, is neither found nor passed over.
constexpr double kLeastShown = 0.35, kSmallest = 9, kLargest = 190;

constexpr double kRecoloured = 0.5;  // share of the samples; the density of all changes, which costs less
constexpr double kPlatelets = 0.15;  // share of them among crops

using Colour = std::array<std::uint8_t, 3>;

double normal(Random& random) {  // Box & Muller 1958
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

std::uint32_t any(const std::vector<std::uint32_t>& list, Random& random) {
  return list[random.below(list.size())];
}

double from_range(const double (&range)[2], Random& random) {
  return std::exp(random.uniform(std::log(range[0]), std::log(range[1])));
}

Colour median_of(const Image& image) {
  Colour result{};
  for (std::size_t c = 0; c < 3; ++c) {
    std::vector<std::uint8_t> values;
    for (std::size_t at = c; at < image.rgb.size(); at += 3 * 37) values.push_back(image.rgb[at]);
    std::ranges::nth_element(values, values.begin() + std::ssize(values) / 2);
    result[c] = values[values.size() / 2];
  }
  return result;
}

/// What lies beside a picture: its own ground, darkness, paper or anything.
Colour draw_ground(const Image& image, Random& random) {
  const double kind = random.uniform();
  if (kind < 0.6) return median_of(image);
  if (kind < 0.8) return {};
  if (kind < 0.9) return {255, 255, 255};
  return {static_cast<std::uint8_t>(random.below(256)), static_cast<std::uint8_t>(random.below(256)),
          static_cast<std::uint8_t>(random.below(256))};
}

Image filled(int side, const Colour& colour) {
  Image image{side, side, std::vector<std::uint8_t>(std::size_t(3) * side * side)};
  for (std::size_t at = 0; at < image.rgb.size(); at += 3) std::ranges::copy(colour, &image.rgb[at]);
  return image;
}

/// Copies what lies inside.
void paste(const Image& part, int x0, int y0, Image& image) {
  const int left = std::max(0, x0), right = std::min(image.width, x0 + part.width);
  if (left >= right) return;
  for (int y = std::max(0, y0); y < std::min(image.height, y0 + part.height); ++y)
    std::copy_n(&part.rgb[(std::size_t(y - y0) * part.width + (left - x0)) * 3], 3 * (right - left),
                &image.rgb[(std::size_t(y) * image.width + left) * 3]);
}

/// What is known of a image, where it lies in the crop.
void add_knowledge(const MarkedImage& image, const Box& whole, double across, double down, double x, double y,
                   Crop& crop) {
  const auto placed = [&](const Box& box) { return box.scaled(across, down).moved(x, y); };
  for (std::size_t label = 0; label < kFoundIds.size(); ++label)
    if (!image.complete[label]) crop.doubts.push_back({static_cast<Found>(label), placed(whole)});
  for (const Mark& mark : image.marks) crop.marks.push_back({mark.what, placed(mark.box), mark.sized});
  for (const Doubt& doubt : image.doubts) crop.doubts.push_back({doubt.what, placed(doubt.box)});
}

/// Sides beyond what is shown are cut off; what is not to be learnt becomes doubt.
void settle(Crop& crop, const Box& window) {
  std::vector<Mark> kept;
  for (Mark mark : crop.marks) {
    const Box shown = intersection(mark.box, window);
    if (shown.width() <= 0 || shown.height() <= 0) continue;
    const double diameter = std::sqrt(mark.box.area());
    if (shown.area() < kLeastShown * mark.box.area() || diameter < kSmallest || diameter > kLargest) {
      crop.doubts.push_back({mark.what, shown});
      continue;
    }
    if (mark.sized) mark.box = shown;
    const double x = mark.box.x(), y = mark.box.y();
    if (x >= window.left && y >= window.top && x < window.right && y < window.bottom) kept.push_back(mark);
  }
  crop.marks = std::move(kept);
}

/// Paints over all but one cell and a narrow margin, as if the picture had been cut there.
void cut_out(Crop& crop, const Colour& ground, Random& random) {
  if (crop.marks.empty()) return;
  const Box box = crop.marks[random.below(crop.marks.size())].box;
  const auto margin = [&](double side) { return side * random.uniform(-0.04, 0.25); };
  const Box window{box.left - margin(box.width()), box.top - margin(box.height()),
                   box.right + margin(box.width()), box.bottom + margin(box.height())};
  for (int y = 0; y < crop.image.height; ++y) {
    for (int x = 0; x < crop.image.width; ++x) {
      if (x >= window.left && x < window.right && y >= window.top && y < window.bottom) continue;
      std::ranges::copy(ground, &crop.image.rgb[(std::size_t(y) * crop.image.width + x) * 3]);
    }
  }
  settle(crop, window);
}

/// Optical density of each channel times one number plus another, as between stains and lamps.
void change_density(Image& image, double deviation, Random& random) {
  std::array<std::array<std::uint8_t, 256>, 3> table;
  deviation *= random.uniform(0, 1.6);  // weak and strong ones
  const double all = std::exp(normal(random) * deviation * 0.8);
  for (auto& channel : table) {
    const double times = all * std::exp(normal(random) * deviation);
    const double more = normal(random) * deviation * 0.35;
    for (std::size_t v = 0; v < 256; ++v) {
      const double density = -std::log(std::max(double(v), 4.0) / 255) * times + more;
      channel[v] = static_cast<std::uint8_t>(std::clamp(255 * std::exp(-density) + 0.5, 0.0, 255.0));
    }
  }
  for (std::size_t at = 0; at < image.rgb.size(); ++at) image.rgb[at] = table[at % 3][image.rgb[at]];
}

/// One of the eight ways to lay a square.
void turn(Crop& crop, Random& random) {
  const bool is_swapped = random.uniform() < 0.5, is_flipped = random.uniform() < 0.5,
             is_upturned = random.uniform() < 0.5;
  const int side = crop.image.width;
  const auto turned = [&](Box box) {
    if (is_swapped) box = {box.top, box.left, box.bottom, box.right};
    if (is_flipped) box = {side - box.right, box.top, side - box.left, box.bottom};
    if (is_upturned) box = {box.left, side - box.bottom, box.right, side - box.top};
    return box;
  };
  for (Mark& mark : crop.marks) mark.box = turned(mark.box);
  for (Doubt& doubt : crop.doubts) doubt.box = turned(doubt.box);
  Image image = crop.image;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const int u = is_flipped ? side - 1 - x : x, v = is_upturned ? side - 1 - y : y;
      const int from = is_swapped ? u * side + v : v * side + u;
      std::copy_n(&crop.image.rgb[std::size_t(3) * from], 3, &image.rgb[(std::size_t(y) * side + x) * 3]);
    }
  }
  crop.image = std::move(image);
}

/// Now and then, what lies over a field. What the black of an eyepiece hides is no more to be found.
void overlay(Crop& crop, Random& random) {
  Image& image = crop.image;
  if (random.uniform() < 0.06) draw_scale_bar(image, random);
  if (random.uniform() < 0.04) draw_arrow(image, random);
  if (random.uniform() < 0.03) draw_pointer(image, random);
  if (random.uniform() >= 0.08) return;
  const Circle circle = draw_surround(image, random);
  const auto away = [&](const Box& box) { return std::hypot(box.x() - circle.x, box.y() - circle.y); };
  std::erase_if(crop.marks,
                [&](const Mark& mark) { return away(mark.box) - mark.box.width() / 2 > circle.radius; });
  for (const Mark& mark : crop.marks)
    if (away(mark.box) + mark.box.width() / 3 > circle.radius) crop.doubts.push_back({mark.what, mark.box});
  std::erase_if(crop.marks,
                [&](const Mark& mark) { return away(mark.box) + mark.box.width() / 3 > circle.radius; });
}

}  // namespace

CropMaker::CropMaker(const Recipe& recipe, const std::vector<MarkedImage>& images)
    : recipe_(recipe),
      images_(images),
      seen_(recipe.locator->sources.size() + 1),
      side_(recipe.locator->crop) {
  for (std::uint32_t i = 0; i < images.size(); ++i) {
    Choice& choice = seen_[static_cast<std::size_t>(images[i].source)];
    if (images[i].is_seen) (shows_platelet(images[i]) ? choice.platelets : choice.others).push_back(i);
  }
}

const MarkedImage& CropMaker::any_of(int source, Random& random) const {
  const Choice& choice = seen_[static_cast<std::size_t>(source)];
  const bool is_platelet =
      choice.others.empty() || (!choice.platelets.empty() && random.uniform() < kPlatelets);
  return images_[any(is_platelet ? choice.platelets : choice.others, random)];
}

const MarkedImage& CropMaker::another_like(const MarkedImage& image, Random& random) const {
  const Choice& choice = seen_[static_cast<std::size_t>(image.source)];
  return images_[any(shows_platelet(image) ? choice.platelets : choice.others, random)];
}

Crop CropMaker::draw(Random random) const {
  const std::vector<LocatorSource>& sources = recipe_.locator->sources;
  Crop crop;
  double total = recipe_.locator->smears;
  for (const LocatorSource& source : sources) total += source.share;
  if (random.uniform() < recipe_.training.negatives || total == 0) {
    crop = draw_negative_crop(random);
  } else {
    double at = random.uniform(0, total);
    std::size_t source = 0;
    while (source < sources.size() && (at -= sources[source].share) >= 0) ++source;
    const MarkedImage& image = any_of(static_cast<int>(source), random);
    const bool is_drawn = source == sources.size();
    const double scale = from_range(is_drawn ? kSmearScale : sources[source].scale, random) *
                         (shows_platelet(image) ? kPlateletsLarger : 1);
    crop = draw_from(image, scale, random);
    settle(crop, {0, 0, double(side_), double(side_)});
    if (random.uniform() < kCutOut) cut_out(crop, draw_ground(crop.image, random), random);
    overlay(crop, random);
  }
  change_density(crop.image, recipe_.locator->density, random);
  if (random.uniform() < kRecoloured) recolour(crop.image, recipe_.augmentation, random);
  turn(crop, random);
  return crop;
}

Crop CropMaker::draw_from(const MarkedImage& image, double scale, Random& random) const {
  Image pixels = pixels_of(image);
  if (std::max(pixels.width, pixels.height) * scale > 0.6 * side_)
    return draw_part(image, pixels, scale, random);
  return draw_tiles(image, std::move(pixels), scale, random);
}

Crop CropMaker::draw_part(const MarkedImage& image, const Image& pixels, double scale, Random& random) const {
  const double stretch = std::exp(0.06 * normal(random));
  const int width = std::max(8, static_cast<int>(side_ / (scale * stretch))),
            height = std::max(8, static_cast<int>(side_ / (scale / stretch)));
  const double across = double(side_) / width, down = double(side_) / height;
  const auto anywhere = [&](int size, int window) {
    const int low = std::min(0, size - window), high = std::max(0, size - window);
    return low + static_cast<int>(random.below(static_cast<std::size_t>(high - low) + 1));
  };
  int x = anywhere(pixels.width, width), y = anywhere(pixels.height, height);
  if (!image.marks.empty() && random.uniform() < 0.7) {  // with one of them inside
    const Box& box = image.marks[random.below(image.marks.size())].box;
    x = static_cast<int>(box.x() - width * random.uniform(0.03, 0.97));
    y = static_cast<int>(box.y() - height * random.uniform(0.03, 0.97));
  }
  Crop crop{.image = filled(side_, draw_ground(pixels, random))};
  const PlacedImage part = resize_inside(pixels, {x, y, width, height}, side_, side_);
  if (!part.image.rgb.empty()) paste(part.image, part.x, part.y, crop.image);
  add_knowledge(image, {0, 0, double(pixels.width), double(pixels.height)}, across, down, -x * across,
                -y * down, crop);
  return crop;
}

Crop CropMaker::draw_tiles(const MarkedImage& first, Image pixels, double scale, Random& random) const {
  Crop crop{.image = filled(side_, draw_ground(pixels, random))};
  const int step = static_cast<int>(std::max(pixels.width, pixels.height) * scale) + 1;
  const int x0 = -static_cast<int>(random.below(static_cast<std::size_t>(step))),
            y0 = -static_cast<int>(random.below(static_cast<std::size_t>(step)));
  std::vector<std::pair<int, int>> places;
  for (int y = y0; y < side_; y += step)
    for (int x = x0; x < side_; x += step) places.emplace_back(x, y);
  random.shuffle(places);
  places.resize(std::min<std::size_t>(places.size(), kMostTiles));
  const MarkedImage* image = &first;
  for (const auto& [x, y] : places) {
    const double size = scale * random.uniform(0.85, 1);
    const int width = std::max(1, static_cast<int>(pixels.width * size)),
              height = std::max(1, static_cast<int>(pixels.height * size));
    paste(resize(pixels, width, height), x, y, crop.image);
    add_knowledge(*image, {0, 0, double(pixels.width), double(pixels.height)}, double(width) / pixels.width,
                  double(height) / pixels.height, x, y, crop);
    image = &another_like(first, random);
    pixels = pixels_of(*image);
  }
  return crop;
}

/// Nothing in it is a cell.
Crop CropMaker::draw_negative_crop(Random& random) const {
  if (random.uniform() < 0.7) {  // half of them drawn larger than they are shown, for finer structures
    const int more =
        random.uniform() < 0.5 ? 0 : static_cast<int>(random.below(static_cast<std::size_t>(side_)));
    return {.image = resize(draw_things(side_ + more, random), side_, side_)};
  }
  // The colours of a smear, in pieces that are smaller than cells.
  std::vector<int> sources;
  for (std::size_t i = 0; i < recipe_.locator->sources.size(); ++i)
    if (recipe_.locator->sources[i].kind != LocatorSource::Kind::boxes)
      sources.push_back(static_cast<int>(i));
  const Image pixels = sources.empty() ? filled(side_, {255, 255, 255})
                                       : pixels_of(any_of(sources[random.below(sources.size())], random));
  const int piece = std::max(1, std::min(pixels.width, pixels.height) / 3);
  const int tile = side_ >> random.below(3);  // some are repeated
  const Image part =
      resize(pixels, {(pixels.width - piece) / 2, (pixels.height - piece) / 2, piece, piece}, tile, tile);
  const Image negative = draw_negative(part, random);
  Crop crop{.image = filled(side_, {})};
  for (int y = 0; y < side_; y += tile)
    for (int x = 0; x < side_; x += tile) paste(negative, x, y, crop.image);
  return crop;
}

}  // namespace leukolens::train
