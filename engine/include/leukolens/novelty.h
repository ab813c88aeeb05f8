// Whether what a network sees is like the cells that it was trained on.
#pragma once

#include <span>

#include "leukolens/image.h"
#include "leukolens/model.h"

namespace leukolens {

/// Whether the view of a located cell was drawn: nothing in it is darker than glass, or an eighth or more of
/// what is has the very colour of all four neighbours, as no sensor gives. Of 2,580 images of BCCD and PBC
/// none has more than a fiftieth of it, and of a hundred stored as JPEG of quality 20 one has a tenth.
bool is_drawn(const Image& view);

/// How far feature statistics lie from the nearest centre of known cells: the Mahalanobis distance, squared,
/// under one covariance for all (Lee et al., NeurIPS 2018, who have one centre a class).
float distance(const Rejection& rejection, std::span<const float> feature_statistics);

/// The share of known cells that lay as far or farther, in [0, 1]: a conformal p-value. At 0.001,
/// about one in a thousand cells like those of training lies so far out.
float typicality(const Rejection& rejection, float distance);

}  // namespace leukolens
