// A white cell is a nucleus and what surrounds it: pixels of nuclear stain, parted at necks into lobes, lobes
// put together again where one cell holds them, then rays from the middle to where the cell ends. The
// constants were chosen on BCCD fields and PBC crops, and on pairs of PBC cells laid against each other.
#include "leukolens/locator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "locator/parts.h"

namespace leukolens {
namespace {

constexpr double kPi = 3.14159265358979;

struct Vector {
  double x = 0, y = 0;
};

constexpr int kRays = 32;
constexpr std::array<Vector, kRays> kDirections = [] {
  constexpr std::array kCosines{1.0,        0.98078528, 0.92387953, 0.83146961, 0.70710678,
                                0.55557023, 0.38268343, 0.19509032, 0.0};
  std::array<Vector, kRays> directions;
  for (int i = 0; i < kRays / 4; ++i) {
    const double cosine = kCosines[i], sine = kCosines[8 - i];
    directions[i] = {cosine, sine};
    directions[i + 8] = {-sine, cosine};
    directions[i + 16] = {-cosine, -sine};
    directions[i + 24] = {sine, -cosine};
  }
  return directions;
}();

// One lobe, or all lobes of one cell.
struct Nucleus {
  std::int64_t area = 0, sum_x = 0, sum_y = 0;  // area 0: has become part of another

  void add(const Nucleus& other) {
    area += other.area;
    sum_x += other.sum_x;
    sum_y += other.sum_y;
  }
  Vector centre() const { return {double(sum_x) / area + 0.5, double(sum_y) / area + 0.5}; }
  double diameter() const { return 2 * std::sqrt(area / kPi); }
};

double distance(Vector a, Vector b) {
  return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

// The median of a ray's length and those of its four neighbours, for a ray not to run off along a process of
// the cell, or into a stained red cell.
double median(const std::array<double, kRays>& lengths, int ray) {
  std::array<double, 5> sorted{};
  for (int count = 0; count < 5; ++count) {
    const double length = lengths[(ray + count + kRays - 2) % kRays];
    int place = count;
    for (; place > 0 && sorted[place - 1] > length; --place) sorted[place] = sorted[place - 1];
    sorted[place] = length;
  }
  return sorted[2];
}

// An image, reduced so that its longer side is `side` px at most, and the nuclei in it.
class Search {
 public:
  Search(const Image& image, int side);
  Field field(int max_cells) const;

  // The diameter of the largest nucleus in px of the reduced image, or 0.
  double largest() const { return largest_; }

 private:
  // Along each ray, how far the nucleus and the cell reach, and whether the image ended first.
  struct Reach {
    std::array<double, kRays> nucleus{}, cell{};
    std::array<bool, kRays> cut{};
  };

  bool contains(double x, double y) const {
    return x >= 0 && y >= 0 && x < stain_.cell.width && y < stain_.cell.height;
  }
  std::vector<Ranked> neighbours() const;
  bool one_cell(const Nucleus& a, const Nucleus& b) const;
  void join_lobes();
  int candidate() const;
  void follow(int ray, int nucleus, Reach& reach) const;
  Located describe(int nucleus) const;

  double scale_x_, scale_y_;  // px of the image for one of the reduced image
  std::optional<Light> light_;
  Stain stain_;
  Lobes lobes_;
  std::vector<int> owner_;       // for each lobe the index of its nucleus
  std::vector<Nucleus> nuclei_;  // one for each lobe
  double red_cell_ = 0;          // px, diameter
  double largest_ = 0;           // px, diameter of the largest nucleus
  double least_ = 0;             // px, diameter of the smallest nucleus that is no platelet
};

Search::Search(const Image& image, int side) {
  const int longest = std::max(image.width, image.height);
  const auto reduce = [&](int length) {
    return longest > side ? std::max(1, static_cast<int>(std::int64_t(length) * side / longest)) : length;
  };
  const int width = reduce(image.width), height = reduce(image.height);
  scale_x_ = double(image.width) / width;
  scale_y_ = double(image.height) / height;
  Image reduced = longest > side ? resize(image, width, height) : image;
  std::array<std::uint8_t, 3> background = measure_background(reduced);
  light_ = measure_light(reduced, background);
  if (light_) {
    reduced = make_even(reduced, *light_);
    background = measure_background(reduced);
  }
  stain_ = measure_stain(reduced, background);
  red_cell_ = red_cell_diameter(stain_);

  constexpr int kMinLobe = 12, kMaxHole = 30;  // px
  constexpr std::size_t kMaxLobes = 4096;
  // A bright field is bright, even where it shows one cell alone: the tightest crops of BCCD and PBC reach
  // 140 in green, which the stains take away and the tint of a lamp or a camera hardly does. An exposure may
  // be too short by more than half; no lamp lacks a colour.
  constexpr int kDimmestLight = 56;
  // A mark of a felt pen may lie on a picture.
  constexpr int kOffColourPart = 100;
  Plane mask = stain_.nucleus;
  const bool smear = stain_.background[1] >= kDimmestLight &&
                     std::ranges::min(stain_.background) > kDarkestWhite &&
                     stain_.off_colour * kOffColourPart <= mask.values.size();
  for (std::uint8_t& value : mask.values) value = smear && value > stain_.nucleus_threshold ? 255 : 0;
  fill_holes(mask, kMaxHole);
  lobes_ = find_lobes(mask, kMinLobe, kMaxLobes);
  join_lobes();

  for (const Nucleus& nucleus : nuclei_) largest_ = std::max(largest_, nucleus.diameter());
  // A platelet measures a third of a red cell, the nucleus of a small lymphocyte nearly a whole one.
  least_ = red_cell_ > 0 ? std::max(0.6 * red_cell_, 0.3 * largest_) : 0.45 * largest_;
}

// Two lobes, or what they have grown to, belong to one cell if the band between them lies in a cell; if both
// are as large as a whole nucleus, all but a twentieth of it must.
bool Search::one_cell(const Nucleus& a, const Nucleus& b) const {
  constexpr int kSamples = 16;
  const Vector from = a.centre(), to = b.centre(), along{to.x - from.x, to.y - from.y};
  const double smaller = std::min(a.diameter(), b.diameter());
  const double aside = 0.45 * smaller / std::max(distance(from, to), 1.0);
  int all = 0, inside = 0, between = 0, open = 0;
  for (int line = -1; line <= 1; ++line)
    for (int i = 0; i <= kSamples; ++i) {
      const double t = double(i) / kSamples, shift = aside * line;
      const double x = from.x + along.x * t - along.y * shift, y = from.y + along.y * t + along.x * shift;
      if (!contains(x, y)) continue;
      const std::size_t pixel = stain_.cell.index(int(x), int(y));
      const bool cell = stain_.cell.values[pixel] * 5 > stain_.cell_threshold * 3;
      const bool middle = line == 0 && lobes_.map[pixel] < 0;
      ++all;
      inside += cell;
      between += middle;
      open += middle && !cell;
    }
  // A platelet beside a cell is small enough to pass for a lobe, but for the gap.
  if (open > (smaller < 0.45 * red_cell_ ? 0.35 : 0.7) * between) return false;
  return inside >=
         (red_cell_ > 0 ? std::clamp(0.6 + 0.6 * (smaller / red_cell_ - 0.6), 0.6, 0.95) : 0.95) * all;
}

// Pairs of lobes that are near each other for their size, the nearest first.
std::vector<Ranked> Search::neighbours() const {
  std::vector<Ranked> pairs;
  const int count = static_cast<int>(nuclei_.size());
  for (int a = 0; a < count; ++a) {
    const Vector centre = nuclei_[a].centre();
    const double diameter = nuclei_[a].diameter();
    for (int b = a + 1; b < count; ++b) {
      const double apart = distance(centre, nuclei_[b].centre());
      const double touching = (diameter + nuclei_[b].diameter()) / 2;
      if (apart < 2.2 * touching) pairs.push_back({apart - touching, a, b});
    }
  }
  sort(pairs);
  return pairs;
}

void Search::join_lobes() {
  for (const Lobe& lobe : lobes_.list) {
    owner_.push_back(static_cast<int>(owner_.size()));
    nuclei_.push_back({lobe.area, lobe.sum_x, lobe.sum_y});
  }
  const auto root = [this](int lobe) {
    while (owner_[lobe] != lobe) lobe = owner_[lobe] = owner_[owner_[lobe]];
    return lobe;
  };
  for (const Ranked& pair : neighbours()) {
    const int a = root(pair.first), b = root(pair.second);
    if (a == b || !one_cell(nuclei_[a], nuclei_[b])) continue;
    owner_[b] = a;
    nuclei_[a].add(std::exchange(nuclei_[b], {}));
  }
  for (int lobe = 0; lobe < std::ssize(owner_); ++lobe) owner_[lobe] = root(lobe);
}

void Search::follow(int ray, int nucleus, Reach& reach) const {
  constexpr double kFar = 1e9;
  constexpr int kGap = 3;  // px of something else that end a cell, but for lobes of its own nucleus
  const Vector centre = nuclei_[nucleus].centre(), direction = kDirections[ray];
  // Cytoplasm is thinner than a red cell, and seldom wider than the nucleus is.
  const double diameter = nuclei_[nucleus].diameter();
  const double farthest =
      std::min(1.2 * diameter + 4, red_cell_ > 0 ? diameter / 2 + 0.75 * red_cell_ : kFar);
  int missed = 0;
  for (int r = 0; r < farthest; ++r) {
    const double x = centre.x + direction.x * r, y = centre.y + direction.y * r;
    if (!contains(x, y)) {
      reach.cut[ray] = missed < kGap;
      return;
    }
    const std::size_t pixel = stain_.cell.index(int(x), int(y));
    const int owner = lobes_.map[pixel] < 0 ? -1 : owner_[lobes_.map[pixel]];
    if (owner == nucleus) {
      reach.nucleus[ray] = reach.cell[ray] = r;
      missed = 0;
    } else if (owner >= 0 && nuclei_[owner].diameter() >= least_) {
      return;
    } else if (missed < kGap && stain_.cell.values[pixel] > stain_.cell_threshold) {
      reach.cell[ray] = r;
      missed = 0;
    } else {
      ++missed;
    }
  }
}

Located Search::describe(int nucleus) const {
  const Vector centre = nuclei_[nucleus].centre();
  Reach reach;
  for (int ray = 0; ray < kRays; ++ray) follow(ray, nucleus, reach);

  Located cell;
  cell.x = float(centre.x * scale_x_);
  cell.y = float(centre.y * scale_y_);
  double left = centre.x, right = centre.x, top = centre.y, bottom = centre.y, sum = 0;
  int whole = 0;
  for (int ray = 0; ray < kRays; ++ray) {
    const Vector direction = kDirections[ray];
    // The pale rim of a cell stays under the threshold: a tenth of the radius, and the blur of the edge.
    const double radius = std::max(median(reach.cell, ray), reach.nucleus[ray]) * 1.1 + 1.5;
    left = std::min(left, centre.x + direction.x * radius);
    right = std::max(right, centre.x + direction.x * radius);
    top = std::min(top, centre.y + direction.y * radius);
    bottom = std::max(bottom, centre.y + direction.y * radius);
    sum += reach.cut[ray] ? 0 : radius;
    whole += !reach.cut[ray];
    const double edge = reach.nucleus[ray];
    cell.outline.push_back({float((centre.x + direction.x * edge) * scale_x_),
                            float((centre.y + direction.y * edge) * scale_y_)});
  }
  cell.diameter = float((whole > 0 ? 2 * sum / whole : nuclei_[nucleus].diameter()) * scale_x_);
  cell.box.x = int(std::max(left, 0.0) * scale_x_);
  cell.box.y = int(std::max(top, 0.0) * scale_y_);
  cell.box.width = int(std::min(right, double(stain_.cell.width)) * scale_x_) - cell.box.x;
  cell.box.height = int(std::min(bottom, double(stain_.cell.height)) * scale_y_) - cell.box.y;
  const double size = nuclei_[nucleus].diameter() / least_;
  cell.score = float(size * size / (1 + size * size));
  return cell;
}

// Where no nucleus is large enough: one that nearly is, for red cells in clumps measure too large; else the
// largest object near the middle, for a crop may show a platelet; else -1.
int Search::candidate() const {
  const double width = stain_.cell.width, height = stain_.cell.height;
  const auto larger = [this](int a, int b) { return b < 0 || nuclei_[a].area > nuclei_[b].area; };
  int largest = -1, central = -1;
  for (int i = 0; i < std::ssize(nuclei_); ++i) {
    if (nuclei_[i].area == 0) continue;
    const Vector centre = nuclei_[i].centre();
    const bool middle =
        std::abs(centre.x - width / 2) < 0.15 * width && std::abs(centre.y - height / 2) < 0.15 * height;
    if (larger(i, largest)) largest = i;
    if (middle && larger(i, central)) central = i;
  }
  return largest >= 0 && nuclei_[largest].diameter() > 0.7 * least_ ? largest : central;
}

Field Search::field(int max_cells) const {
  std::vector<Ranked> ranked;
  for (int i = 0; i < std::ssize(nuclei_); ++i)
    if (nuclei_[i].area > 0 && nuclei_[i].diameter() >= least_) ranked.push_back({-nuclei_[i].diameter(), i});
  if (const int nucleus = candidate(); ranked.empty() && nucleus >= 0) ranked.push_back({0, nucleus});
  sort(ranked);
  Field field{{}, float(red_cell_ * scale_x_), stain_.background, light_};
  for (int i = 0; i < std::min(max_cells, static_cast<int>(ranked.size())); ++i)
    field.cells.push_back(describe(ranked[i].first));  // the largest nuclei first
  return field;
}

}  // namespace

Field locate(const Image& image, LocateOptions options) {
  if (image.rgb.empty()) return {};
  // On 320 px the cells of an ordinary field are large enough; where the nuclei come out smaller than
  // kCoarse, the image is a wide view, or empty, and is looked at again so that they come out at about kFine.
  constexpr int kSide = 320, kLargestSide = 2048;
  constexpr double kCoarse = 12, kFine = 30;
  Search search(image, kSide);
  if (std::max(image.width, image.height) > kSide && search.largest() < kCoarse) {
    const double side = kSide * kFine / std::max(search.largest(), 1.0);
    search = Search(image, static_cast<int>(std::min(side, double(kLargestSide))));
  }
  return search.field(options.max_cells);
}

}  // namespace leukolens
