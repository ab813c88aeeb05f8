// Pictures of no cell at all, for a network to learn that it does not know them.
#pragma once

#include "leukolens/image.h"
#include "support/random.h"

namespace leukolens::train {

/// Draws one of: soft noise of several sizes, blobs on glass, stripes, polygons and strokes on paper, or
/// `cell` with its tiles shuffled. Any colour may come; `cell` gives the size.
Image draw_distractor(const Image& cell, Random& random);

}  // namespace leukolens::train
