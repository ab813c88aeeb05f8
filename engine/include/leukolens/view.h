// What a network sees of a picture. There is no other preparation: training, golden files, explanations, the
// command line and the browser all come through here.
#pragma once

#include <span>

#include "leukolens/model.h"
#include "leukolens/picture.h"
#include "leukolens/stain.h"

namespace leukolens {

/// What a network with Input::Region::cell sees of a cell: the square of view_region() in input.width x
/// input.height, under a light that makes the background white, in an evened stain. What lies beyond the
/// picture, or outside the largest disc, is white.
Image view_of(const Picture& picture, const Located& cell, const Input& input, const StainScale& stain = {});

/// What a network with Input::Region::whole sees: the whole picture in input.width x input.height.
Image view_of(const Picture& picture, const Input& input);

/// The part of the picture that view_of() a cell shows: a square, input.extent red cells wide. It may reach
/// beyond the picture.
Rect view_region(const Picture& picture, const Located& cell, const Input& input);

/// The view of a cell without its disc and `context` times as wide, in width x height: for training, which
/// turns and shifts it before the disc is cut.
Image surroundings_of(const Picture& picture, const Located& cell, const Input& input, double context,
                      int width, int height, const StainScale& stain = {});

/// Makes everything outside the largest disc white.
void mask_disc(Image& image);

/// Fills `out` (input.height * input.width * 3 floats, NHWC) from a view.
void normalise(const Image& view, const Input& input, std::span<float> out);

}  // namespace leukolens
