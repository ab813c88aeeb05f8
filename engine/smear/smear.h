// Draws stained blood smears for tests, samples, demonstrations and teaching. Never linked into the
// classifier.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "leukolens/picture.h"

namespace leukolens::smear {

enum class Cell { eosinophil, lymphocyte, monocyte, neutrophil, basophil, ig, erythroblast, platelet };
inline constexpr int kCells = 8;
std::string_view id(Cell cell);  // "eosinophil" ... as in the model's labels

/// A drawing is a pure function of its Scene: the same bits on every platform (IEEE + - * / and sqrt alone,
/// no contraction, no library transcendental).
struct Scene {
  std::uint64_t seed = 1;
  int width = 320, height = 240;  // px
  std::vector<Cell> cells{};      // white cells and platelets of interest; one alone lies near the centre
  double scale = 1;               // 1: a red cell has a diameter of 50 px
  double red_cells = 1;           // density: 0 none, 1 a monolayer as in a usual field
  int platelets = 3;              // extra platelets scattered over the field
  double stain = 0;               // -1 bluish ... 0 neutral ... 1 pinkish: the look of a laboratory
  double noise = 1;               // sensor noise, in units of two grey levels
};

/// Where one of Scene.cells was drawn, clipped to the image.
struct Drawn {
  Cell cell;
  Rect box;
};

struct Smear {
  Image image;
  std::vector<Drawn> cells;
  int red_cells = 0;  // whose middle lies in the image
};

/// Scene.width and height in [32, kMaxStoredSide], together at most kMaxStoredPixels; scale in [0.25, 4].
/// Smear.cells has the order of Scene.cells; they keep clear of each other while there is room.
Smear draw(const Scene& scene);

/// What a locator that errs nowhere would say of a drawing; of its light it says nothing.
Field field_of(const Scene& scene, const Smear& smear);

/// A drawing whose cells are known.
Picture draw_located(const Scene& scene);

}  // namespace leukolens::smear
