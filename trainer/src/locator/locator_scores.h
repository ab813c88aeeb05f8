// How well a locator finds what is known to be there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "files/json_writer.h"
#include "leukolens/model.h"
#include "locator/marked_images.h"
#include "support/parallel.h"

namespace leukolens::train {

/// Counts of one source, or of one kind of crop. They add up.
struct LocatorScores {
  std::size_t images = 0;
  std::size_t there = 0, boxes = 0, found = 0;  // of boxes listed: how many, boxes given, those that agree
  std::size_t images_with_false = 0;            // images with a box that agrees with none
  std::size_t crops = 0, middle = 0;            // images of one cell, and those whose middle lies in a box
  double overlap = 0;                           // sum over crops with a mask
  std::size_t masks = 0;

  void add(const LocatorScores& other);
};

/// By the name of the source; of crops also by source/folder.
using ScoresBySource = std::map<std::string, LocatorScores>;

/// Of white cells, or of platelets in crops of those, in the images that are not seen; in all if `all`.
ScoresBySource score_locator(const Model& model, const LocatorTraining& recipe,
                             const std::vector<MarkedImage>& images, bool all, int threads,
                             const OnProgress& on_progress);

std::string table(const ScoresBySource& scores);
files::Json::Value to_json(const files::Json& json, const ScoresBySource& scores);

}  // namespace leukolens::train
