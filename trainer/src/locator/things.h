// Pictures of things that are no cells, as photographs, drawings and diagrams are full of.
#pragma once

#include "leukolens/image.h"
#include "support/random.h"

namespace leukolens::train {

/// Shapes of all sizes that hide each other: the dead leaves of D. Mumford, B. Gidas (Quarterly of Applied
/// Mathematics 59, 2001), whose edges and areas are like those of photographs. Each is flat, shaded, striped
/// or rough, and may have an outline or another shape inside; now and then all are alike.
Image draw_things(int side, Random& random);

}  // namespace leukolens::train
