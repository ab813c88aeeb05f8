// The samples that a locator is trained on: squares cut from images, at many sizes and in many colours.
#pragma once

#include <vector>

#include "locator/marked_images.h"
#include "support/random.h"
#include "training/recipe.h"

namespace leukolens::train {

struct Crop {
  Image image;
  std::vector<Mark> marks;    // in pixels of the image; the middle lies inside, but sides may lie outside
  std::vector<Doubt> doubts;  // where nothing is to be learnt, unless a mark says what is there
};

/// Draws crops from the images that are seen. `images` must outlive it; what is known of them may change.
class CropMaker {
 public:
  CropMaker(const Recipe& recipe, const std::vector<MarkedImage>& images);

  /// The same random numbers and the same knowledge give the same crop.
  Crop draw(Random random) const;

 private:
  Crop draw_from(const MarkedImage& image, double scale, Random& random) const;
  /// What a window shows, one of its cells inside if it has any.
  Crop draw_part(const MarkedImage& image, const Image& pixels, double scale, Random& random) const;
  /// Small ones: several of the same source lie side by side.
  Crop draw_tiles(const MarkedImage& first, Image pixels, double scale, Random& random) const;
  Crop draw_negative_crop(Random& random) const;
  const MarkedImage& any_of(int source, Random& random) const;
  /// Of the same source; a crop of a platelet for a crop of a platelet.
  const MarkedImage& another_like(const MarkedImage& image, Random& random) const;

  const Recipe& recipe_;
  const std::vector<MarkedImage>& images_;
  struct Choice {
    std::vector<std::uint32_t> platelets, others;  // crops of platelets, and all else
  };
  std::vector<Choice> seen_;  // by source; the last are drawn smears
  int side_;
};

}  // namespace leukolens::train
