// The samples that a locator is trained on: squares cut from scenes, at many sizes and in many colours.
#pragma once

#include <vector>

#include "locator/scenes.h"
#include "support/random.h"
#include "training/recipe.h"

namespace leukolens::train {

struct Crop {
  Image image;
  std::vector<Mark> marks;    // in pixels of the image; the middle lies inside, but sides may lie outside
  std::vector<Doubt> doubts;  // where nothing is to be learnt, unless a mark says what is there
};

/// Draws crops from the scenes that are seen. `scenes` must outlive it; what is known of them may change.
class CropMaker {
 public:
  CropMaker(const Recipe& recipe, const std::vector<Scene>& scenes);

  /// The same random numbers and the same knowledge give the same crop.
  Crop draw(Random random) const;

 private:
  Crop draw_scene(const Scene& scene, double scale, Random& random) const;
  /// What a window shows, one of its cells inside if it has any.
  Crop draw_part(const Scene& scene, const Image& pixels, double scale, Random& random) const;
  /// Small ones: several of the same source lie side by side.
  Crop draw_tiles(const Scene& first, Image pixels, double scale, Random& random) const;
  Crop draw_negative_crop(Random& random) const;
  const Scene& any_of(int source, Random& random) const;

  const Recipe& recipe_;
  const std::vector<Scene>& scenes_;
  std::vector<std::vector<std::uint32_t>> seen_;  // by source; the last are drawn smears
  int side_;
};

}  // namespace leukolens::train
