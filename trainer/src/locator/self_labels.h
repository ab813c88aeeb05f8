// What a half-trained locator adds to what is known of crops: the box of the cell in the middle, and that
// there is no other.
#pragma once

#include <vector>

#include "leukolens/model.h"
#include "locator/marked_images.h"
#include "support/parallel.h"

namespace leukolens::train {

/// Changes the images whose labels are not all marked. Returns how many of them got the box of their cell.
int add_self_labels(const Model& model, const LocatorTraining& recipe, std::vector<MarkedImage>& images,
                    int threads, const OnProgress& on_progress);

}  // namespace leukolens::train
