#include "locator/locator_scores.h"

#include <algorithm>
#include <format>
#include <mutex>

#include "files/figures.h"
#include "leukolens/locator.h"
#include "support/files.h"

namespace leukolens::train {
namespace {

using Kind = LocatorSource::Kind;

constexpr float kSure = 0.5f;  // what scores less is offered only because there is nothing better

/// Each box listed takes the box found that agrees best, if it agrees enough.
LocatorScores score_boxes(const std::vector<Located>& cells, const std::vector<Mark>& marks, double least) {
  std::vector<Box> given;
  for (const Located& cell : cells)
    if (cell.score >= kSure) given.push_back(to_box(cell.box));
  LocatorScores scores{.images = 1, .boxes = given.size()};
  std::vector<bool> used(given.size());
  for (const Mark& mark : marks) {
    if (mark.what != Found::white_cell) continue;
    ++scores.there;
    std::size_t best = given.size();
    double most = least;
    for (std::size_t i = 0; i < given.size(); ++i) {
      const double here = overlap(given[i], mark.box);
      if (!used[i] && here >= most) most = here, best = i;
    }
    if (best == given.size()) continue;
    used[best] = true;
    ++scores.found;
  }
  scores.images_with_false = scores.found < given.size();
  return scores;
}

/// A platelet is found even if it is no more than the likeliest object there.
LocatorScores score_crop(const std::vector<Located>& cells, const MarkedImage& marked, const Image& pixels) {
  LocatorScores scores{.images = 1, .crops = 1};
  const Point centre{static_cast<float>(pixels.width) / 2, static_cast<float>(pixels.height) / 2};
  const Located* middle = nullptr;
  for (const Located& cell : cells) {
    if (cell.score < kSure && !shows_platelet(marked)) continue;
    ++scores.boxes;
    if (!middle && contains(cell.box, centre)) middle = &cell;
  }
  scores.middle = middle ? 1 : 0;
  scores.masks = marked.truth.area() > 0;
  if (scores.masks > 0 && middle) scores.overlap = overlap(to_box(middle->box), marked.truth);
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
  const auto judge = [&](Locator& locator, std::size_t i) {
    const MarkedImage& marked = *judged[i];
    const LocatorSource& source = recipe.sources[static_cast<std::size_t>(marked.source)];
    const Image pixels = pixels_of(marked);
    const Field field = value_or_throw(locator.locate(pixels));
    const bool is_crop = source.kind == Kind::crops;
    const LocatorScores scores = is_crop ? score_crop(field.cells, marked, pixels)
                                         : score_boxes(field.cells, marked.marks, source.overlap);
    const std::lock_guard lock(adding);
    result[source.path].add(scores);
    if (is_crop) result[source.path + "/" + marked.folder].add(scores);
  };
  for_each_in_parallel(
      judged.size(), threads, on_progress, [&] { return value_or_throw(Locator::create(model)); }, judge);
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
