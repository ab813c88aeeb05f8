// The bodies in a smear: how each grows from chance and lies on the film. Lengths in micrometres.
#pragma once

#include <array>
#include <vector>

#include "film.h"
#include "smear.h"

namespace leukolens::smear {

/// A closed curve around a centre: radius(angle) = mean * (1 + the harmonics 2 to 6).
struct Outline {
  Vec centre;
  double mean = 1;
  std::array<Vec, 5> harmonics{};

  double radius(Vec direction) const;
  double depth(Vec p) const;  // how far p lies inside; negative outside
  double reach() const;       // no point of the curve is further from the centre

  static Outline grow(double mean, double wobble, double oval, Random& random);
};

/// A nucleus: lobes (discs) in a chain, neighbours joined by strands.
struct Nucleus {
  struct Lobe {
    Vec centre;
    double radius;
    double strand;  // half the width of the strand to the next lobe
  };
  std::vector<Lobe> lobes;

  double depth(Vec p) const;
};

/// A white cell, an erythroblast or a platelet of interest.
struct Leukocyte {
  Cell kind;
  Outline outline;
  Nucleus nucleus;
  double stain;  // how strongly this cell took the dye, around 1
  std::uint64_t texture;

  static Leukocyte grow(Cell kind, Random& random);
  void move_to(Vec centre);
  Rect paint(Film& film) const;  // the box of what was painted, in pixels, clipped to the film
};

struct RedCell {
  Outline outline;
  double pallor;  // 0 a full disc ... 1 the biconcave disc of Evans and Fung
  double density;

  static RedCell grow(Vec centre, Random& random);
  void paint(Film& film) const;
};

}  // namespace leukolens::smear
