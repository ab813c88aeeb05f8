// Negatives: pictures that show no cell, from which a network learns to give no label (outlier exposure,
// Hendrycks et al., ICLR 2019).
#pragma once

#include "leukolens/image.h"
#include "support/random.h"

namespace leukolens::train {

/// Draws one of: noise, blobs on glass, stripes, polygons and strokes on paper, writing, or `cell` with its
/// tiles shuffled. Any colour may come; `cell` gives the size.
Image draw_negative(const Image& cell, Random& random);

}  // namespace leukolens::train
