#include "smear.h"

#include <array>
#include <string_view>
#include <utility>

#include "cells.h"

namespace leukolens::smear {
namespace {

/// Which bodies lie where. Red cells are kept in buckets, so that a large field takes no
/// longer for each.
class Layout {
 public:
  Layout(Vec size)
      : size_(size),
        columns_(bucket(size.x + kMargin) + 1),
        buckets_((bucket(size.y + kMargin) + 1) * columns_) {}

  Vec size() const { return size_; }
  const std::vector<Leukocyte>& leukocytes() const { return leukocytes_; }

  /// Puts the cell at the first place tried that is clear of the others, or else at the clearest.
  void scatter(Leukocyte cell, Random& random) {
    const double reach = cell.outline.reach() + 0.5;
    Vec best;
    double widest = -1e9;
    for (int attempt = 0; attempt < 60 && widest < 0.5; ++attempt) {
      const Vec at{place(size_.x, reach, random), place(size_.y, reach, random)};
      double gap = 1;
      for (const Leukocyte& other : leukocytes_) {
        gap = std::min(gap, length(at - other.outline.centre) - reach - other.outline.reach());
      }
      if (gap > widest) best = at, widest = gap;
    }
    put(std::move(cell), best);
  }

  void put(Leukocyte cell, Vec at) {
    cell.move_to(at);
    leukocytes_.push_back(std::move(cell));
  }

  /// White cells push red cells aside; red cells overlap each other a little, some of them much.
  bool has_room(Vec at, double spacing) const {
    for (const Leukocyte& cell : leukocytes_) {
      if (length(at - cell.outline.centre) < cell.outline.mean + 3.3) return false;
    }
    const int column = bucket(at.x), row = bucket(at.y),
              last = static_cast<int>(buckets_.size()) / columns_ - 1;
    for (int y = std::max(row - 1, 0); y <= std::min(row + 1, last); ++y) {
      for (int x = std::max(column - 1, 0); x <= std::min(column + 1, columns_ - 1); ++x) {
        for (const Vec& other : buckets_[y * columns_ + x]) {
          if (length(at - other) < spacing) return false;
        }
      }
    }
    return true;
  }

  void occupy(Vec at) { buckets_[bucket(at.y) * columns_ + bucket(at.x)].push_back(at); }

  static constexpr double kMargin = 5;  // red cells may lie half outside

 private:
  static int bucket(double v) { return static_cast<int>((v + kMargin) * (1 / 8.0)); }

  static double place(double size, double reach, Random& random) {
    return size > 2 * reach ? random.between(reach, size - reach) : size * random.between(0.45, 0.55);
  }

  Vec size_;
  int columns_;
  std::vector<std::vector<Vec>> buckets_;
  std::vector<Leukocyte> leukocytes_;
};

void place_leukocytes(const Scene& scene, Layout& field, Random& random) {
  for (const Cell kind : scene.cells) {
    Leukocyte cell = Leukocyte::grow(kind, random);
    if (scene.cells.size() > 1) {
      field.scatter(std::move(cell), random);
      continue;
    }
    const Vec at{field.size().x * random.between(0.46, 0.54), field.size().y * random.between(0.46, 0.54)};
    field.put(std::move(cell), at);
  }
}

// How many of them have their middle in the field.
int paint_red_cells(double amount, Film& film, Layout& field, Random& random) {
  constexpr double kArea = 52;  // um^2 of the smear for each red cell that is tried
  const Vec size = field.size();
  const double margin = Layout::kMargin;
  const auto count = static_cast<int>(amount * (size.x + 2 * margin) * (size.y + 2 * margin) / kArea);
  int inside = 0;
  for (int i = 0; i < count; ++i) {
    const double spacing = random.chance(0.2) ? 4.6 : 7.0;
    for (int attempt = 0; attempt < 10; ++attempt) {
      const Vec at{random.between(-margin, size.x + margin), random.between(-margin, size.y + margin)};
      if (!field.has_room(at, spacing)) continue;
      field.occupy(at);
      RedCell::grow(at, random).paint(film);
      inside += at.x >= 0 && at.y >= 0 && at.x < size.x && at.y < size.y;
      break;
    }
  }
  return inside;
}

void paint_platelets(int count, Film& film, Layout& field, Random& random) {
  for (int i = 0; i < count; ++i) {
    Leukocyte platelet = Leukocyte::grow(Cell::platelet, random);
    platelet.outline.mean *= 0.65;
    field.scatter(std::move(platelet), random);
    field.leukocytes().back().paint(film);
  }
}

Optics optics_of(const Scene& scene, double scale, Random& random) {
  constexpr std::array<std::array<double, 3>, 3> kLight{{{222, 226, 240}, {246, 232, 214}, {248, 226, 218}}};
  const double stain = std::clamp(scene.stain, -1.0, 1.0);
  const auto& to = kLight[stain < 0 ? 0 : 2];
  Optics optics{};
  const double bright = random.between(0.97, 1.02);
  for (int c = 0; c < 3; ++c) {
    const double tint = random.between(-3.0, 3.0);
    optics.light[c] = (blend(kLight[1][c], to[c], stain < 0 ? -stain : stain) + tint) * bright;
  }
  const double slope = random.between(0.0, 0.035);
  optics.gradient = random.angle() * slope;
  optics.vignette = random.between(0.01, 0.06);
  optics.blur = random.between(0.10, 0.17) * scale;
  optics.noise = 2 * scene.noise;
  optics.seed = random.next();
  return optics;
}

}  // namespace

std::string_view id(Cell cell) {
  constexpr std::array<std::string_view, kCells> kIds{
      "eosinophil", "lymphocyte", "monocyte", "neutrophil", "basophil", "ig", "erythroblast", "platelet"};
  return kIds[static_cast<std::size_t>(cell)];
}

Smear draw(const Scene& scene) {
  const double scale = kPixelsPerMicrometre * scene.scale;
  Random random(scene.seed);
  Film film(scene.width, scene.height, scale);
  Layout field({scene.width / scale, scene.height / scale});
  const Optics optics = optics_of(scene, scale, random);

  place_leukocytes(scene, field, random);
  Smear smear;
  smear.red_cells = paint_red_cells(scene.red_cells, film, field, random);
  for (const Leukocyte& cell : field.leukocytes()) smear.cells.push_back({cell.kind, cell.paint(film)});
  paint_platelets(scene.platelets, film, field, random);
  smear.image = develop(film, optics);
  return smear;
}

Field field_of(const Scene& scene, const Smear& smear) {
  Field field{.red_cell = static_cast<float>(50 * scene.scale)};
  for (const Drawn& drawn : smear.cells) {
    const Point middle = middle_of(drawn.box);
    field.cells.push_back({.box = drawn.box,
                           .x = middle.x,
                           .y = middle.y,
                           .diameter = static_cast<float>(drawn.box.width + drawn.box.height) / 2,
                           .outline = {},
                           .score = 1});
  }
  return field;
}

Picture draw_located(const Scene& scene) {
  Smear smear = draw(scene);
  Field field = field_of(scene, smear);
  return {std::move(smear.image), std::move(field)};
}

}  // namespace leukolens::smear
