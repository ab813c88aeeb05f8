#include <algorithm>
#include <array>
#include <numeric>

#include "image/codec.h"
#include "locator/parts.h"

namespace leukolens {
namespace {

constexpr int kStep = 3, kDiagonal = 4;  // chamfer distances, G. Borgefors, CVGIP 34, 1986
constexpr int kFarthest = 3 * 4095;

// A mask with a margin of one pixel, so that every pixel has eight neighbours.
struct Margined {
  int stride, rows;                    // with the margin
  std::vector<std::int32_t> distance;  // three times the distance of each pixel to the edge of the mask

  explicit Margined(const Plane& mask);
  std::size_t index(int x, int y) const { return std::size_t(y + 1) * stride + x + 1; }
};

// By two neighbours beside a pixel, or above and below it, and two across corners.
std::int32_t nearest(std::int32_t a, std::int32_t b, std::int32_t corner_a, std::int32_t corner_b) {
  return std::min(std::min(a, b) + kStep, std::min(corner_a, corner_b) + kDiagonal);
}

Margined::Margined(const Plane& mask)
    : stride(mask.width + 2), rows(mask.height + 2), distance(std::size_t(stride) * rows, kFarthest) {
  for (int y = 0; y < mask.height; ++y)
    for (int x = 0; x < mask.width; ++x) {
      std::int32_t* here = &distance[index(x, y)];
      if (mask.values[mask.index(x, y)] == 0) {
        *here = 0;
        continue;
      }
      const std::int32_t* above = here - stride;
      *here = std::min(*here, nearest(here[-1], above[0], above[-1], above[1]));
    }
  for (int y = mask.height - 1; y >= 0; --y)
    for (int x = mask.width - 1; x >= 0; --x) {
      std::int32_t* here = &distance[index(x, y)];
      if (*here == 0) continue;
      const std::int32_t* below = here + stride;
      *here = std::min(*here, nearest(here[1], below[0], below[1], below[-1]));
    }
}

// Floods from the innermost pixels outwards. Where two basins meet, they are one unless the passage is a
// neck.
class Watershed {
 public:
  explicit Watershed(const Plane& mask)
      : mask_(mask),
        basin_(mask_.distance.size(), -1),
        steps_{-mask_.stride - 1, -mask_.stride, -mask_.stride + 1, -1, 1,
               mask_.stride - 1,  mask_.stride,  mask_.stride + 1} {
    for (const std::int32_t pixel : innermost_first(mask)) flood(pixel);
  }

  // Of those basins that have become part of no other.
  std::vector<Lobe> lobes() const {
    std::vector<Lobe> roots;
    for (int i = 0; i < std::ssize(lobes_); ++i)
      if (parent_[i] == i) roots.push_back(lobes_[i]);
    return roots;
  }

 private:
  // The pixels inside the mask by falling distance, by counting sort.
  std::vector<std::int32_t> innermost_first(const Plane& mask) const {
    std::vector<std::int32_t> start(kFarthest + 2);
    const auto each_pixel = [&](auto visit) {
      for (int y = 0; y < mask.height; ++y)
        for (int x = 0; x < mask.width; ++x)
          if (const std::size_t pixel = mask_.index(x, y); mask_.distance[pixel] > 0)
            visit(pixel, kFarthest - mask_.distance[pixel]);
    };
    each_pixel([&](std::size_t, int rank) { ++start[rank + 1]; });
    std::partial_sum(start.begin(), start.end(), start.begin());
    std::vector<std::int32_t> order(start.back());
    each_pixel([&](std::size_t pixel, int rank) { order[start[rank]++] = static_cast<std::int32_t>(pixel); });
    return order;
  }

  int root(int basin) {
    while (parent_[basin] != basin) basin = parent_[basin] = parent_[parent_[basin]];
    return basin;
  }

  // Basins are numbered as they are found, so the lower number has the higher peak.
  int join(int a, int b, int passage) {
    if (a < 0 || a == b) return b;
    const int deep = std::min(a, b), shallow = std::max(a, b);
    if (4 * passage < 3 * lobes_[shallow].depth) return deep;
    parent_[shallow] = deep;
    lobes_[deep].area += lobes_[shallow].area;
    return deep;
  }

  void flood(std::int32_t pixel) {
    const int distance = mask_.distance[pixel];
    int basin = -1, last = -1;
    for (const int step : steps_)
      if (const int neighbour = basin_[pixel + step]; neighbour != last && neighbour >= 0)
        basin = join(basin, root(last = neighbour), distance);
    if (basin < 0) {
      basin = static_cast<int>(lobes_.size());
      parent_.push_back(basin);
      lobes_.push_back({.depth = distance});
    }
    basin_[pixel] = basin;
    ++lobes_[basin].area;
  }

  const Margined mask_;
  std::vector<std::int32_t> basin_;
  const std::array<int, 8> steps_;  // to the neighbours
  std::vector<int> parent_;
  std::vector<Lobe> lobes_;
};

}  // namespace

std::vector<Lobe> find_lobes(const Plane& mask, int min_area) {
  std::vector<Lobe> lobes = Watershed(mask).lobes();
  std::erase_if(lobes, [&](const Lobe& lobe) { return lobe.area < min_area; });
  return lobes;
}

void fill_holes(Plane& mask, std::size_t max_area) {
  // 0: not known yet, or inside; 1: in a gap that is open or too large; 2: in the gap that is being looked
  // at.
  std::vector<std::uint8_t> state = zeros(mask.values.size());
  std::vector<std::size_t> gap;
  // Adds a pixel to the gap; false if that shows the gap to be open.
  const auto add = [&](int x, int y) {
    if (!mask.contains(x, y)) return false;
    const std::size_t pixel = mask.index(x, y);
    if (mask.values[pixel] != 0 || state[pixel] == 2) return true;
    if (state[pixel] == 1 || gap.size() == max_area) return false;
    state[pixel] = 2;
    gap.push_back(pixel);
    return true;
  };
  for (int y = 0; y < mask.height; ++y)
    for (int x = 0; x < mask.width; ++x) {
      const std::size_t start = mask.index(x, y);
      if (mask.values[start] != 0 || state[start] != 0) continue;
      gap.clear();
      bool closed = add(x, y);
      for (std::size_t next = 0; closed && next < gap.size(); ++next) {
        const int left = int(gap[next] % mask.width), top = int(gap[next] / mask.width);
        closed = add(left - 1, top) && add(left, top - 1) && add(left + 1, top) && add(left, top + 1);
      }
      for (const std::size_t pixel : gap) (closed ? mask.values[pixel] : state[pixel]) = closed ? 255 : 1;
    }
}

}  // namespace leukolens
