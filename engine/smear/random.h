// Chance, angles and texture with the same bits everywhere: integers, and doubles under + - * / and sqrt.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace leukolens::smear {

/// A point or a direction, in micrometres unless said otherwise. Angles are unit vectors, added by
/// multiplying them as complex numbers, so that no trigonometric function is needed.
struct Vec {
  double x = 0, y = 0;

  friend Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y}; }
  friend Vec operator-(Vec a, Vec b) { return {a.x - b.x, a.y - b.y}; }
  friend Vec operator*(Vec a, double k) { return {a.x * k, a.y * k}; }
  friend double dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y; }
  friend double length(Vec a) { return std::sqrt(dot(a, a)); }
  friend Vec turned(Vec a, Vec by) { return {a.x * by.x - a.y * by.y, a.x * by.y + a.y * by.x}; }
};

/// The unit vector at `turns` of a full circle, in [-0.5, 0.5]. With t = tan(angle / 4) by a Pade
/// approximant, ((1 - t^2) / (1 + t^2), 2t / (1 + t^2)) points to angle / 2 and has length 1 whatever the
/// error of t.
inline Vec direction(double turns) {
  const double h = 1.5707963267948966 * turns;
  const double t = h * (15 - h * h) / (15 - 6 * h * h);
  const double q = 1 / (1 + t * t);
  const Vec half{(1 - t * t) * q, 2 * t * q};
  return turned(half, half);
}

inline double blend(double a, double b, double t) { return a + (b - a) * t; }

/// 0 below `from`, 1 above `to`, smooth between.
inline double ramp(double from, double to, double x) {
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

/// e^-x for x >= 0, to a relative error of 1e-4 up to x = 5, as (1 / (1 + u + u^2 / 2 + u^3 / 6))^64 with
/// u = x / 64.
inline double decay(double x) {
  const double u = x * (1.0 / 64);
  double e = 1 / (1 + u * (1 + u * (0.5 + u * (1.0 / 6))));
  for (int i = 0; i < 6; ++i) e *= e;
  return e;
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): 64 well-mixed bits from any 64.
constexpr std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// SplitMix64. Draw one number per full expression, or inside braces, where C++ fixes the order.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(mix(seed + kStep)) {}

  std::uint64_t next() { return mix(state_ += kStep); }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }  // [0, 1)
  double between(double low, double high) { return blend(low, high, uniform()); }
  int between(int low, int high) {
    return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(double p) { return uniform() < p; }
  Vec angle() { return direction(uniform() - 0.5); }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;
  std::uint64_t state_;
};

/// The lattice point at or below p, and the offset from it.
struct Lattice {
  std::int64_t column, row;
  Vec offset;

  explicit Lattice(Vec p) : column(below(p.x)), row(below(p.y)) {
    offset = {p.x - static_cast<double>(column), p.y - static_cast<double>(row)};
  }
  std::uint64_t hash(int dx, int dy, std::uint64_t seed) const {
    return mix(seed + static_cast<std::uint64_t>(column + dx) * 0x9e3779b97f4a7c15 +
               static_cast<std::uint64_t>(row + dy) * 0xc2b2ae3d27d4eb4f);
  }

 private:
  static std::int64_t below(double x) {
    const auto i = static_cast<std::int64_t>(x);
    return i - (x < static_cast<double>(i) ? 1 : 0);
  }
};

/// Value noise: smooth in p, in [0, 1], features about one unit across.
inline double noise(Vec p, std::uint64_t seed) {
  const Lattice at(p);
  const auto value = [&](int dx, int dy) {
    return static_cast<double>(at.hash(dx, dy, seed) >> 11) * 0x1p-53;
  };
  const double tx = at.offset.x * at.offset.x * (3 - 2 * at.offset.x);
  const double ty = at.offset.y * at.offset.y * (3 - 2 * at.offset.y);
  return blend(blend(value(0, 0), value(1, 0), tx), blend(value(0, 1), value(1, 1), tx), ty);
}

/// Round grains, at most one in each unit square, present with probability `fill`: how much of a grain covers
/// p, in [0, 1]. `soft` is the width of the edge, in units.
inline double grains(Vec p, double fill, double soft, std::uint64_t seed) {
  const Lattice at(p);
  double cover = 0;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      const std::uint64_t h = at.hash(dx, dy, seed);
      const auto part = [h](int shift) { return static_cast<double>((h >> shift) & 0xffff) * 0x1p-16; };
      if (part(0) >= fill) continue;
      const Vec centre{dx + part(16), dy + part(32)};
      const double radius = blend(0.28, 0.68, part(48));
      cover = std::max(cover, ramp(-soft, soft, radius - length(at.offset - centre)));
    }
  }
  return cover;
}

}  // namespace leukolens::smear
