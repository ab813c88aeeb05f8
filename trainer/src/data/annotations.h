// What fields show beside the cells that their labels name.
#pragma once

#include <string>
#include <vector>

#include "files/dataset.h"
#include "support/parallel.h"

namespace leukolens::train {

/// A row of a list: `label` names what is in `box`, or is kNothingId.
struct Place {
  std::string label;
  Rect box;
};

/// For each image of `data` its platelets and places of nothing, as far as `boxes`, the same images with all
/// that is annotated in them, tells: red cells (kind rbc), platelets, and whatever else is a white cell.
/// Places of nothing are what locate() would fall for if the white cells were not there, and one red cell of
/// each image. Empty for an image that cannot be read or has no boxes.
std::vector<std::vector<Place>> other_places(const files::Dataset& data, const files::Dataset& boxes,
                                             std::uint64_t seed, int threads, const OnProgress& on_progress);

}  // namespace leukolens::train
