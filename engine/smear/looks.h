// What tells one kind of cell from another in a May-Gruenwald-Giemsa smear. Lengths in micrometres, after
// Bain, "Blood Cells: A Practical Guide" (5th ed.); the rest was matched to the stain by eye.
#pragma once

#include <array>

#include "film.h"
#include "smear.h"

namespace leukolens::smear {

struct Range {
  double low = 0, high = 0;
  double pick(Random& random) const { return random.between(low, high); }
};

/// Lengths "of the cell" are shares of its radius.
struct NucleusLook {
  int lobes_min = 0, lobes_max = 0;
  Range turn{};           // from lobe to lobe along their arc, in turns
  double orbit = 0;       // radius of the arc, of the cell
  double lobe = 0;        // radius of a lobe, of the cell
  double strand = 1;      // half the width of what joins two lobes, of a lobe's radius
  double off_centre = 0;  // at most, of the cell
  double clumps = 1;      // size of the clumps of chromatin
  double contrast = 0;    // between the clumps and what lies between them, [0, 1]
  Dye dye{};
};

struct GranuleLook {
  double pitch = 1;         // from one to the next
  double fill = 0;          // share of the places that hold one
  double over_nucleus = 0;  // how far they hide the nucleus, [0, 1]
  Dye dye{};
};

struct Look {
  Range radius;
  double wobble;  // irregularity of the outline
  Dye cytoplasm;
  double vacuoles = 0;  // share of the places, 1.6 um apart, that hold one
  NucleusLook nucleus{};
  GranuleLook granules{};
};

/// In the order of Cell.
inline constexpr std::array<Look, kCells> kLooks{{
    // Eosinophil: two lobes, now and then three; large refractile orange-red granules fill the cytoplasm.
    {.radius = {6.3, 7.3},
     .wobble = 0.02,
     .cytoplasm = {0.10, 0.34, 0.30},
     .vacuoles = 0.04,
     .nucleus = {2, 3, {0.34, 0.44}, 0.46, 0.40, 0.24, 0.16, 0.8, 0.45, {1.20, 1.62, 0.66}},
     .granules = {0.8, 0.96, 0.08, {0.10, 0.50, 0.54}}},
    // Lymphocyte: a dense round nucleus, a thin sky-blue rim.
    {.radius = {4.1, 5.2},
     .wobble = 0.03,
     .cytoplasm = {0.44, 0.34, 0.07},
     .nucleus = {1, 1, {}, 0, 0.85, 1, 0.09, 1.3, 0.34, {1.36, 1.90, 0.78}}},
    // Monocyte: large; a folded nucleus with lacy chromatin; grey-blue, dusty cytoplasm, often with vacuoles.
    {.radius = {7.2, 8.6},
     .wobble = 0.06,
     .cytoplasm = {0.40, 0.42, 0.13},
     .vacuoles = 0.14,
     .nucleus = {4, 5, {0.11, 0.17}, 0.44, 0.36, 0.96, 0.10, 0.7, 0.6, {1.02, 1.50, 0.58}},
     .granules = {0.5, 0.4, 0, {0.16, 0.22, 0.07}}},
    // Neutrophil: two to five lobes on thin strands; pale pink cytoplasm with fine lilac granules.
    {.radius = {5.8, 6.9},
     .wobble = 0.03,
     .cytoplasm = {0.11, 0.24, 0.11},
     .nucleus = {2, 5, {0.21, 0.28}, 0.48, 0.41, 0.24, 0.06, 0.8, 0.45, {1.26, 1.76, 0.70}},
     .granules = {0.36, 0.55, 0.05, {0.16, 0.26, 0.09}}},
    // Basophil: coarse purple-black granules hide the nucleus.
    {.radius = {5.4, 6.4},
     .wobble = 0.04,
     .cytoplasm = {0.30, 0.50, 0.15},
     .nucleus = {2, 3, {0.20, 0.30}, 0.34, 0.50, 0.85, 0.08, 1.2, 0.4, {0.85, 1.25, 0.42}},
     .granules = {0.8, 0.8, 0.8, {0.95, 1.45, 0.56}}},
    // Myelocyte, metamyelocyte: a large oval or indented nucleus to one side; finer chromatin; purple
    // granules.
    {.radius = {6.8, 8.0},
     .wobble = 0.03,
     .cytoplasm = {0.24, 0.32, 0.08},
     .nucleus = {2, 3, {0.13, 0.18}, 0.34, 0.55, 0.98, 0.20, 0.55, 0.5, {1.00, 1.50, 0.56}},
     .granules = {0.45, 0.38, 0.12, {0.34, 0.60, 0.20}}},
    // Erythroblast: a small, round, nearly black nucleus; greyish-pink cytoplasm.
    {.radius = {4.2, 5.0},
     .wobble = 0.035,
     .cytoplasm = {0.33, 0.42, 0.20},
     .nucleus = {1, 1, {}, 0, 0.60, 1, 0.14, 1.1, 0.2, {1.58, 2.08, 0.94}}},
    // Platelet: no nucleus; purple granules crowd in the middle of a pale rim.
    {.radius = {1.9, 2.8},
     .wobble = 0.06,
     .cytoplasm = {0.32, 0.45, 0.12},
     .granules = {0.45, 0.7, 1, {0.50, 0.85, 0.30}}},
}};

inline const Look& look_of(Cell kind) { return kLooks[static_cast<std::size_t>(kind)]; }

}  // namespace leukolens::smear
