#include "locator/self_labels.h"

#include <atomic>
#include <cmath>
#include <optional>

#include "locator/finder.h"

namespace leukolens::train {
namespace {

constexpr double kCell = 60, kPlatelet = 30;  // px that one should have for the network to see it well
constexpr double kSure = 0.3;                 // score from which on the box is believed
constexpr double kDoubtful = 0.15;            // and from which on there may be another cell

bool label(MarkedImage& marked, Finder& finder) {
  const Mark middle = marked.marks.front();
  const double scale = (middle.what == Found::platelet ? kPlatelet : kCell) / std::sqrt(middle.box.area());
  const Image pixels = pixels_of(marked);
  const bool is_measured = marked.truth.area() > 0;
  bool is_found = false;
  marked.marks.resize(1);
  marked.doubts.clear();
  for (const Finding& one : finder.find(pixels, std::min(scale, 1.5), kDoubtful)) {
    const double away = std::hypot(one.box.x() - middle.box.x(), one.box.y() - middle.box.y());
    const bool is_middle = away < 0.35 * std::sqrt(std::max(one.box.area(), middle.box.area()));
    if (!is_middle) {
      marked.doubts.push_back({one.what, one.box});
    } else if (one.what == middle.what && one.score >= kSure && !is_measured && !is_found) {
      marked.marks.front() = {middle.what, one.box, true};
      is_found = true;
    }
  }
  marked.complete = {true, true};  // but for the doubts
  return is_found;
}

}  // namespace

int add_self_labels(const Model& model, const LocatorTraining& recipe, std::vector<MarkedImage>& images,
                    int threads, const OnProgress& on_progress) {
  std::vector<MarkedImage*> open;
  for (MarkedImage& image : images) {
    const bool is_crop =
        static_cast<std::size_t>(image.source) < recipe.sources.size() &&
        recipe.sources[static_cast<std::size_t>(image.source)].kind == LocatorSource::Kind::crops;
    if (is_crop && image.is_seen) open.push_back(&image);
  }
  std::atomic<int> found = 0;
  for_each_in_parallel(
      open.size(), threads, on_progress, [&] { return Finder(model); },
      [&](Finder& finder, std::size_t i) { found += label(*open[i], finder) ? 1 : 0; });
  return found;
}

}  // namespace leukolens::train
