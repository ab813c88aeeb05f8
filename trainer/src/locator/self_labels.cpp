#include "locator/self_labels.h"

#include <atomic>
#include <cmath>
#include <optional>

#include "locator/finder.h"

namespace leukolens::train {
namespace {

constexpr double kDiameter = 60;      // px that a cell should have for the network to see it well
constexpr double kSure = 0.3;         // score from which on the box is believed
constexpr double kDoubtful = 0.15;    // and from which on there may be another cell

bool label(Scene& scene, Finder& finder) {
  const Mark middle = scene.marks.front();
  const double scale = kDiameter / std::sqrt(middle.box.area()) * (middle.what == Found::platelet ? 0.5 : 1);
  const Image image = pixels_of(scene);
  bool is_found = false;
  scene.marks.resize(1);
  scene.doubts.clear();
  for (const Finding& one : finder.find(image, std::min(scale, 1.5), kDoubtful)) {
    const double away = std::hypot(one.box.x() - middle.box.x(), one.box.y() - middle.box.y());
    const bool is_middle = away < 0.35 * std::sqrt(std::max(one.box.area(), middle.box.area()));
    if (!is_middle) {
      scene.doubts.push_back({one.what, one.box});
    } else if (one.what == middle.what && one.score >= kSure && !middle.sized && !is_found) {
      scene.marks.front() = {middle.what, one.box, true};
      is_found = true;
    }
  }
  scene.complete[0] = true;  // but for the doubts
  return is_found;
}

}  // namespace

int add_self_labels(const Model& model, const LocatorTraining& recipe, std::vector<Scene>& scenes, int threads,
                    const OnProgress& on_progress) {
  std::vector<Scene*> open;
  for (Scene& scene : scenes) {
    const bool is_crop = static_cast<std::size_t>(scene.source) < recipe.sources.size() &&
                         recipe.sources[static_cast<std::size_t>(scene.source)].kind == LocatorSource::Kind::crops;
    if (is_crop && scene.is_seen) open.push_back(&scene);
  }
  std::atomic<int> found = 0;
  const std::size_t parts = static_cast<std::size_t>(threads);
  for_each_in_parallel(parts, threads, on_progress, [&](std::size_t part) {
    Finder finder(model);
    for (std::size_t i = part; i < open.size(); i += parts) found += label(*open[i], finder) ? 1 : 0;
  });
  return found;
}

}  // namespace leukolens::train
