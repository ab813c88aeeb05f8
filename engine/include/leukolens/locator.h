// Where the white cells of an image are.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "leukolens/image.h"
#include "leukolens/network.h"

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
  float x = 0, y = 0;          // centre of the nucleus, or of the box where none stands out
  float diameter = 0;          // of the cell, as if it lay whole inside the image
  std::vector<Point> outline;  // of the nucleus, seen from its centre: a closed polygon of at most 32
                               // corners; none where no nucleus stands out
  // What the nucleus absorbs: mean of -ln(transmittance) of red, green and blue; 0 where none stands out.
  std::array<float, 3> density{};
  float score = 0;  // how sure it is that this is a white cell, in (0, 1]
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

/// A network that finds the white cells of a Romanowsky-stained smear (Wright, Giemsa, May-Gruenwald), and
/// how it is shown an image. Not thread-safe: one Locator for each thread.
class Locator {
 public:
  /// Errors: those of read_model() and Network::create(); unsupported_model if the model is no locator;
  /// corrupt_model if its answer could overflow.
  static Result<Locator> load(std::span<const std::uint8_t> model_file);
  static Result<Locator> create(Model model);

  /// The image is looked at in a size at which its cells have about the size that the network knows best,
  /// which a first look tells; in at most 2048 x 2048 px, in tiles. Its first label is what is looked for;
  /// only where there is none, the likeliest other object is offered, with a score under 0.5: one that may be
  /// a white cell, or something of another label in the middle, for a crop may show a platelet. Values of the
  /// network are rounded, so that the same pixels give the same cells on every platform but where one lies on
  /// the edge of a step. Errors: out_of_memory, internal. An image without pixels has no cells.
  Result<Field> locate(const Image& image, LocateOptions options = {});

  const Model& model() const { return model_; }  // without weights

 private:
  Locator(Model model, Network network);
  Model model_;
  Network network_;
};

}  // namespace leukolens
