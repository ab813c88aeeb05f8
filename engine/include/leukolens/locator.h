// Where the white cells of an image are.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "leukolens/image.h"

namespace leukolens {

struct Point {
  float x = 0, y = 0;  // px; (0, 0) is the upper left corner of the image
};

inline Point middle_of(const Rect& box) {
  return {static_cast<float>(box.x) + static_cast<float>(box.width) / 2,
          static_cast<float>(box.y) + static_cast<float>(box.height) / 2};
}

inline bool contains(const Rect& box, Point point) {
  const float x = point.x - static_cast<float>(box.x), y = point.y - static_cast<float>(box.y);
  return x >= 0 && y >= 0 && x < static_cast<float>(box.width) && y < static_cast<float>(box.height);
}

/// One white cell, in pixels of the image that it was found in.
struct Located {
  Rect box;                    // of the whole cell, cytoplasm included, clipped to the image
  float x = 0, y = 0;          // centre of the nucleus
  float diameter = 0;          // of the cell, as if it lay whole inside the image
  std::vector<Point> outline;  // of the nucleus, seen from its centre: a closed polygon of at most 32 corners
  float score = 0;             // how sure it is that this is a white cell, in (0, 1]
};

/// How much of the light comes through empty glass, which falls off towards the edges under an eyepiece or a
/// lamp off its axis: for each channel a surface of second degree.
struct Light {
  std::array<std::array<double, 6>, 3> terms{};  // of 1, x, y, x^2, x y, y^2

  /// x and y from -1 at the left or upper edge of the image to 1 at the other. In [0.2, 1.25].
  double at(int channel, double x, double y) const;
};

/// The white cells of an image, and what it says of its own scale and light.
struct Field {
  std::vector<Located> cells;  // the surest first
  float red_cell = 0;          // diameter of the red cells, px; 0 where none can be made out
  std::array<std::uint8_t, 3> background{255, 255, 255};  // colour of empty glass: the brightest tenth's mean
  std::optional<Light> light;  // where that colour is not the same all over, what part of it there is
};

struct LocateOptions {
  int max_cells = 1000;  // the surest ones are kept
};

/// Finds the white cells of a Romanowsky-stained smear (Wright, Giemsa, May-Gruenwald).
/// Colour is judged against the background of the same image, size against its red cells where there are any.
/// Light that falls off by more than a fifth towards the edges is made even first, if glass is seen all over.
/// Platelets and stain are passed over; only where there is no white cell is the likeliest other object
/// offered, with a score under 0.5: a large one anywhere, or whatever is in the middle, for a crop may show
/// a platelet. The same pixels give the same bits on every platform. Works on at most 2048 x 2048 px,
/// whatever the size of the image; an image without pixels, whose brightest parts are nearly dark or lack a
/// colour, or of which more than 1 % is green, yellow, red or sky-blue as no dye is, has no cells.
Field locate(const Image& image, LocateOptions options = {});

}  // namespace leukolens
