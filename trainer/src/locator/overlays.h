// What lies over a field without being part of it: scale bars, arrows, pointers, the black around an
// eyepiece.
#pragma once

#include "leukolens/image.h"
#include "support/random.h"

namespace leukolens::train {

/// A bar with its ends and a few strokes of writing, near an edge.
void draw_scale_bar(Image& image, Random& random);

/// A straight arrow of one colour, anywhere.
void draw_arrow(Image& image, Random& random);

/// A dark rod with soft edges that comes in from the border: the pointer of an eyepiece.
void draw_pointer(Image& image, Random& random);

/// A circle; all outside of it becomes black.
struct Circle {
  double x = 0, y = 0, radius = 0;  // px
};
Circle draw_surround(Image& image, Random& random);

}  // namespace leukolens::train
