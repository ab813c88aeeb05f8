#include "locator/locator_scores.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <mutex>

#include "files/figures.h"
#include "leukolens/metrics.h"
#include "locator/finder.h"

namespace leukolens::train {
namespace {

using Kind = LocatorSource::Kind;

bool holds(const Box& box, double x, double y) {
  return x >= box.left && x < box.right && y >= box.top && y < box.bottom;
}

/// Each box listed takes the box found that agrees best, if it agrees enough.
LocatorScores score_boxes(const std::vector<Finding>& given, const std::vector<Mark>& marks, double least) {
  LocatorScores scores{.images = 1, .boxes = given.size()};
  std::vector<bool> used(given.size());
  for (const Mark& mark : marks) {
    if (mark.what != Found::white_cell) continue;
    ++scores.there;
    std::size_t best = given.size();
    double most = least;
    for (std::size_t i = 0; i < given.size(); ++i) {
      const double here = overlap(given[i].box, mark.box);
      if (!used[i] && here >= most) most = here, best = i;
    }
    if (best == given.size()) continue;
    used[best] = true;
    ++scores.found;
  }
  scores.images_with_false = scores.found < given.size();
  return scores;
}

LocatorScores score_crop(const std::vector<Finding>& given, const MarkedImage& marked, const Image& pixels) {
  LocatorScores scores{.images = 1, .boxes = given.size(), .crops = 1};
  const auto middle = std::ranges::find_if(
      given, [&](const Finding& one) { return holds(one.box, pixels.width / 2.0, pixels.height / 2.0); });
  scores.middle = middle != given.end();
  scores.masks = marked.truth.area() > 0;
  if (scores.masks > 0 && scores.middle > 0) scores.overlap = overlap(middle->box, marked.truth);
  return scores;
}

}  // namespace

void LocatorScores::add(const LocatorScores& other) {
  images += other.images;
  there += other.there;
  boxes += other.boxes;
  found += other.found;
  images_with_false += other.images_with_false;
  crops += other.crops;
  middle += other.middle;
  overlap += other.overlap;
  masks += other.masks;
}

ScoresBySource score_locator(const Model& model, const LocatorTraining& recipe,
                             const std::vector<MarkedImage>& images, bool all, int threads,
                             const OnProgress& on_progress) {
  std::vector<const MarkedImage*> judged;
  for (const MarkedImage& marked : images)
    if ((all || !marked.is_seen) && static_cast<std::size_t>(marked.source) < recipe.sources.size())
      judged.push_back(&marked);
  ScoresBySource result;
  std::mutex adding;
  const auto judge = [&](Finder& finder, std::size_t i) {
    const MarkedImage& marked = *judged[i];
    const LocatorSource& source = recipe.sources[static_cast<std::size_t>(marked.source)];
    const Image pixels = pixels_of(marked);
    const bool is_crop = source.kind == Kind::crops;
    const Found what = is_crop && shows_platelet(marked) ? Found::platelet : Found::white_cell;
    const double scale = std::sqrt(source.scale[0] * source.scale[1]) * (what == Found::platelet ? 2 : 1);
    std::vector<Finding> given = finder.find(pixels, scale, recipe.detection.min_score);
    std::erase_if(given, [&](const Finding& one) { return one.what != what; });
    const LocatorScores scores =
        is_crop ? score_crop(given, marked, pixels) : score_boxes(given, marked.marks, source.overlap);
    const std::lock_guard lock(adding);
    result[source.path].add(scores);
    if (is_crop) result[source.path + "/" + marked.folder].add(scores);
  };
  for_each_in_parallel(judged.size(), threads, on_progress, [&] { return Finder(model); }, judge);
  return result;
}

std::string table(const ScoresBySource& scores) {
  std::string text =
      std::format("{:34} {:>6} {:>6} {:>6} {:>7} {:>9} {:>11} {:>7} {:>7}\n", "source", "images", "cells",
                  "boxes", "recall", "precision", "with false", "middle", "IoU");
  for (const auto& [name, one] : scores) {
    const auto share = [](double part, std::size_t whole) {
      return whole == 0 ? std::string("-") : std::format("{:.3f}", part / static_cast<double>(whole));
    };
    text += std::format("{:34} {:>6} {:>6} {:>6} {:>7} {:>9} {:>11} {:>7} {:>7}\n", name, one.images,
                        one.there, one.boxes, share(double(one.found), one.there),
                        one.there ? share(double(one.found), one.boxes) : "-",
                        one.crops > 0 ? "-" : std::to_string(one.images_with_false),
                        share(double(one.middle), one.crops), share(one.overlap, one.masks));
  }
  return text;
}

files::Json::Value to_json(const files::Json& json, const ScoresBySource& scores) {
  const files::Json::Value result = json.object();
  for (const auto& [name, one] : scores) {
    const files::Json::Value value = json.object();
    json.set(value, "images", one.images);
    json.set(value, "cells", one.there);
    json.set(value, "boxes", one.boxes);
    json.set(value, "found", one.found);
    json.set(value, "imagesWithFalseBox", one.images_with_false);
    json.set(value, "middleFound", one.middle);
    if (one.masks > 0) json.set(value, "meanIou", one.overlap / static_cast<double>(one.masks));
    json.set(result, name, value);
  }
  return result;
}

}  // namespace leukolens::train
