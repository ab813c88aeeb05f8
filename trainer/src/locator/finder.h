// A locator at work on whole pictures, while it is trained and judged.
#pragma once

#include <vector>

#include "leukolens/model.h"
#include "leukolens/network.h"
#include "locator/marked_images.h"

namespace leukolens::train {

struct Finding {
  Found what = Found::white_cell;
  Box box;
  double score = 0;
};

class Finder {
 public:
  explicit Finder(const Model& model);

  /// In pixels of the image, the surest first. The network sees it `scale` times as large.
  std::vector<Finding> find(const Image& image, double scale, double min_score);

 private:
  Model model_;  // without weights
  Network network_;
};

}  // namespace leukolens::train
