#include "cells.h"

#include "looks.h"

namespace leukolens::smear {
namespace {

/// The lobes lie on an arc around the middle of the cell, its middle at `facing`.
Nucleus grow_nucleus(const NucleusLook& look, double cell, Random& random) {
  Nucleus nucleus;
  const int count = look.lobes_max == 0 ? 0 : random.between(look.lobes_min, look.lobes_max);
  const Vec facing = random.angle();
  const double shift = random.uniform() * look.off_centre * cell, step = look.turn.pick(random);
  for (int i = 0; i < count; ++i) {
    const double jitter = 0.28 * step * random.between(-1.0, 1.0);
    const Vec at = turned(facing, direction(std::clamp((i - 0.5 * (count - 1)) * step + jitter, -0.5, 0.5)));
    const double orbit = look.orbit * cell * random.between(0.8, 1.15);
    const double crowd = look.strand < 0.5 && count > 2 ? std::sqrt(2.3 / count) : 1;
    const double radius = look.lobe * crowd * cell * random.between(0.86, 1.12);
    nucleus.lobes.push_back({at * orbit + facing * shift, radius, radius * look.strand});
  }
  return nucleus;
}

double smooth_max(double a, double b, double width) {
  const double h = std::max(width - std::abs(a - b), 0.0);
  return std::max(a, b) + h * h / (4 * width);
}

/// Everything that a cell's pixel depends on besides its place.
struct Brush {
  const Leukocyte& cell;
  const Look& look;
  double soft;  // half the width of an edge, um

  void cytoplasm(Vec p, double inside, float* pixel) const;
  void granules(Vec p, double depth, double inside, double nucleus, float* pixel) const;
  void nucleus(Vec p, double depth, double inside, float* pixel) const;
};

void Brush::cytoplasm(Vec p, double inside, float* pixel) const {
  const double cloud = 0.75 * noise(p * 0.7, cell.texture) + 0.5 * noise(p * 2.1, cell.texture + 1);
  add(pixel, look.cytoplasm, inside * cell.stain * (0.45 + 0.85 * cloud));
  if (look.vacuoles > 0) clear(pixel, 0.8 * inside * grains(p * 0.62, look.vacuoles, 0.12, cell.texture + 2));
}

void Brush::granules(Vec p, double depth, double inside, double nucleus, float* pixel) const {
  if (look.granules.fill <= 0) return;
  const double share = inside * blend(1, look.granules.over_nucleus, nucleus);
  if (share <= 0) return;
  const double crowd = cell.nucleus.lobes.empty() ? ramp(0.1, 0.9, depth) : 1;
  const double cover = grains(p * (1 / look.granules.pitch), look.granules.fill,
                              0.6 * soft / look.granules.pitch + 0.05, cell.texture + 3);
  const double tone = 0.75 + 0.5 * noise(p * (0.7 / look.granules.pitch), cell.texture + 4);
  add(pixel, look.granules.dye, share * crowd * cover * tone * cell.stain);
}

void Brush::nucleus(Vec p, double depth, double inside, float* pixel) const {
  const double clumps = 0.6 * noise(p * (1 / look.nucleus.clumps), cell.texture + 5) +
                        0.4 * noise(p * (2.3 / look.nucleus.clumps), cell.texture + 6);
  const double rim = 1 - ramp(0.1, 0.7, depth);  // chromatin lies denser along the membrane
  const double density = 1 - look.nucleus.contrast * (1 - ramp(0.3, 0.66, clumps)) * (1 - 0.6 * rim);
  clear(pixel, 0.8 * inside);
  add(pixel, look.nucleus.dye, inside * density * cell.stain);
}

}  // namespace

double Outline::radius(Vec direction) const {
  double sum = 1;
  Vec power = direction;
  for (const Vec& harmonic : harmonics) {
    power = turned(power, direction);
    sum += dot(harmonic, power);
  }
  return mean * sum;
}

double Outline::depth(Vec p) const {
  const Vec from = p - centre;
  const double distance = length(from);
  if (distance < 1e-9) return mean;
  return radius(from * (1 / distance)) - distance;
}

double Outline::reach() const {
  double sum = 1;
  for (const Vec& harmonic : harmonics) sum += length(harmonic);
  return mean * sum;
}

Outline Outline::grow(double mean, double wobble, double oval, Random& random) {
  Outline outline{{}, mean, {}};
  std::array<double, 5> sizes{oval, wobble, 0.8 * wobble, 0.6 * wobble, 0.4 * wobble};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const double size = sizes[i] * random.uniform();
    outline.harmonics[i] = random.angle() * size;
  }
  return outline;
}

double Nucleus::depth(Vec p) const {
  constexpr double kFillet = 0.5;  // how far neighbouring shapes run into each other, um
  double depth = -1e3;
  for (std::size_t i = 0; i < lobes.size(); ++i) {
    const Lobe& lobe = lobes[i];
    depth = smooth_max(depth, lobe.radius - length(p - lobe.centre), kFillet);
    if (i + 1 == lobes.size()) break;
    const Vec along = lobes[i + 1].centre - lobe.centre;
    const double t = std::clamp(dot(p - lobe.centre, along) / dot(along, along), 0.0, 1.0);
    depth = smooth_max(depth, lobe.strand - length(p - lobe.centre - along * t), kFillet);
  }
  return depth;
}

Leukocyte Leukocyte::grow(Cell kind, Random& random) {
  const Look& look = look_of(kind);
  Leukocyte cell{kind, {}, {}, 1, random.next()};
  const double radius = look.radius.pick(random);
  cell.outline = Outline::grow(radius, look.wobble, 0.06, random);
  cell.nucleus = grow_nucleus(look.nucleus, radius, random);
  cell.stain = random.between(0.85, 1.12);
  return cell;
}

void Leukocyte::move_to(Vec centre) {
  for (Nucleus::Lobe& lobe : nucleus.lobes) lobe.centre = lobe.centre - outline.centre + centre;
  outline.centre = centre;
}

Rect Leukocyte::paint(Film& film) const {
  const Brush brush{*this, look_of(kind), std::max(0.18, 0.6 / film.scale())};
  int left = film.width(), top = film.height(), right = 0, bottom = 0;
  film.around(outline.centre, outline.reach() + 1, [&](Vec p, int x, int y, float* pixel) {
    const double depth = outline.depth(p);
    const double inside = ramp(-brush.soft, brush.soft, depth);
    if (inside <= 0) return;
    const Vec bent = p + Vec{noise(p * 0.6, texture + 7) - 0.5, noise(p * 0.6, texture + 8) - 0.5} * 0.5;
    const double in_nucleus = std::min(nucleus.depth(bent), depth - 0.15);
    const double core = inside * ramp(-brush.soft, brush.soft, in_nucleus);
    clear(pixel, inside);
    brush.cytoplasm(p, inside, pixel);
    if (core > 0) brush.nucleus(p, in_nucleus, core, pixel);
    brush.granules(p, depth, inside, core, pixel);
    if (inside < 0.5) return;
    left = std::min(left, x), right = std::max(right, x + 1);
    top = std::min(top, y), bottom = std::max(bottom, y + 1);
  });
  return {left, top, right - left, bottom - top};
}

RedCell RedCell::grow(Vec centre, Random& random) {
  const double mean = 3.75 * random.between(0.9, 1.1);
  RedCell cell{Outline::grow(mean, 0.018, 0.12, random), 0, 1};
  cell.outline.centre = centre;
  cell.pallor = random.between(0.6, 1.25);
  cell.density = random.between(0.75, 1.0);
  return cell;
}

/// The thickness of a red cell at `rho` of its radius, 1 at its thickest (rho = 0.65): Evans and Fung,
/// Microvascular Research 1972, at 300 mOsm.
static double biconcave(double rho) {
  const double q = rho * rho;
  return std::sqrt(std::max(1 - q, 0.0)) * (0.207 + q * (2.003 - 1.123 * q)) * (1 / 0.65);
}

void RedCell::paint(Film& film) const {
  constexpr Dye kHaemoglobin{0.20, 0.38, 0.36};
  const double soft = std::max(0.3, 0.6 / film.scale());
  film.around(outline.centre, outline.reach() + 1, [&](Vec p, int, int, float* pixel) {
    const Vec from = p - outline.centre;
    const double distance = length(from),
                 edge = outline.radius(distance < 1e-9 ? Vec{1, 0} : from * (1 / distance));
    const double inside = ramp(-soft, soft, edge - distance);
    if (inside <= 0) return;
    const double thickness = blend(1, biconcave(std::min(distance / edge, 0.72)), pallor);
    add(pixel, kHaemoglobin, inside * density * thickness);
  });
}

}  // namespace leukolens::smear
