#include "duplicates/keypoints.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "support/random.h"

namespace leukolens::train {
namespace {

constexpr std::size_t kMost = 160;
constexpr int kRadius = 15;      // px, of the patch
constexpr int kBorder = 12;      // grey levels: darker is the fill of an augmented image, never a smear
constexpr int kWorst = 72;       // of 256 bits that may differ between counterparts
constexpr double kRatio = 0.85;  // nearest to second nearest (Lowe, IJCV 2004)
constexpr float kReach = 5;      // px between a keypoint and where its counterpart should be
constexpr int kTrials = 120;
constexpr int kTallest = 16;  // times as high as wide: a picture beyond it is a strip

/// Grey values as floats, 0 to 255.
struct Plane {
  int width, height;
  std::vector<float> values;
  float& at(int x, int y) { return values[static_cast<std::size_t>(y) * width + x]; }
  float at(int x, int y) const { return values[static_cast<std::size_t>(y) * width + x]; }
};

Plane grey(const Image& image) {
  Plane plane{image.width, image.height, {}};
  plane.values.reserve(image.rgb.size() / 3);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3)
    plane.values.push_back((image.rgb[i] + 2.0f * image.rgb[i + 1] + image.rgb[i + 2]) / 4);
  return plane;
}

/// Convolution with the binomial 1 4 6 4 1 along both axes; edges are repeated.
Plane smooth(const Plane& in) {
  Plane across = in, out = in;
  const auto blend = [](float a, float b, float c, float d, float e) {
    return (a + 4 * b + 6 * c + 4 * d + e) / 16;
  };
  for (int y = 0; y < in.height; ++y) {
    const auto tap = [&](int x) { return in.at(std::clamp(x, 0, in.width - 1), y); };
    const auto at_edge = [&](int x) {
      across.at(x, y) = blend(tap(x - 2), tap(x - 1), tap(x), tap(x + 1), tap(x + 2));
    };
    for (int x = 0; x < std::min(2, in.width); ++x) at_edge(x);
    for (int x = std::max(2, in.width - 2); x < in.width; ++x) at_edge(x);
    const float* row = &in.values[static_cast<std::size_t>(y) * in.width];
    for (int x = 2; x < in.width - 2; ++x)
      across.at(x, y) = blend(row[x - 2], row[x - 1], row[x], row[x + 1], row[x + 2]);
  }
  for (int y = 0; y < in.height; ++y) {
    const auto row = [&](int dy) { return &across.at(0, std::clamp(y + dy, 0, in.height - 1)); };
    const float *a = row(-2), *b = row(-1), *c = row(0), *d = row(1), *e = row(2);
    for (int x = 0; x < in.width; ++x) out.at(x, y) = blend(a[x], b[x], c[x], d[x], e[x]);
  }
  return out;
}

/// The smaller eigenvalue of the structure tensor (Shi & Tomasi, CVPR 1994).
Plane corners(const Plane& in) {
  Plane xx = in, xy = in, yy = in, out{in.width, in.height, std::vector<float>(in.values.size())};
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; ++x) {
      const int left = std::max(x - 1, 0), right = std::min(x + 1, in.width - 1);
      const int up = std::max(y - 1, 0), down = std::min(y + 1, in.height - 1);
      const float dx = in.at(right, y) - in.at(left, y), dy = in.at(x, down) - in.at(x, up);
      xx.at(x, y) = dx * dx, xy.at(x, y) = dx * dy, yy.at(x, y) = dy * dy;
    }
  }
  xx = smooth(xx), xy = smooth(xy), yy = smooth(yy);
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    const float mean = (xx.values[i] + yy.values[i]) / 2, half = (xx.values[i] - yy.values[i]) / 2;
    out.values[i] = mean - std::sqrt(half * half + xy.values[i] * xy.values[i]);
  }
  return out;
}

bool is_peak(const Plane& plane, int x, int y) {
  for (int dy = -2; dy <= 2; ++dy) {
    for (int dx = -2; dx <= 2; ++dx) {
      if (plane.at(x + dx, y + dy) > plane.at(x, y)) return false;
    }
  }
  return true;
}

struct Pair {
  float x0, y0, x1, y1;
};

/// The comparisons: pairs drawn near the middle of the patch, as BRIEF draws them, then their mirror images
/// about the patch's direction.
const std::array<Pair, 256>& pairs() {
  static const std::array<Pair, 256> kPairs = [] {
    Random random(2011);
    const auto draw = [&] {  // about normal, within the patch
      double sum = 0;
      for (int i = 0; i < 4; ++i) sum += random.uniform(-1, 1);
      return static_cast<float>(sum / 4 * kRadius);
    };
    std::array<Pair, 256> result;
    for (std::size_t i = 0; i < result.size() / 2; ++i) {
      const Pair pair{draw(), draw(), draw(), draw()};
      result[i] = pair;
      result[i + result.size() / 2] = {pair.x0, -pair.y0, pair.x1, -pair.y1};
    }
    return result;
  }();
  return kPairs;
}

/// Halves away from zero, as std::lround, but without a call.
int nearest(float value) { return static_cast<int>(value + std::copysign(0.5f, value)); }

/// The keypoint at (x, y); false where the patch reaches the black border.
bool describe(const Plane& plane, int x, int y, Keypoint& keypoint) {
  float mx = 0, my = 0;
  for (int dy = -kRadius; dy <= kRadius; ++dy) {
    for (int dx = -kRadius; dx <= kRadius; ++dx) {
      if (dx * dx + dy * dy > kRadius * kRadius) continue;
      const float value = plane.at(x + dx, y + dy);
      if (value < kBorder) return false;
      mx += static_cast<float>(dx) * value;
      my += static_cast<float>(dy) * value;
    }
  }
  const float length = std::max(std::hypot(mx, my), 1e-6f), c = mx / length, s = my / length;
  const auto value = [&](float px, float py) {
    return plane.at(x + nearest(c * px - s * py), y + nearest(s * px + c * py));
  };
  keypoint = {static_cast<float>(x), static_cast<float>(y), {}};
  for (std::size_t i = 0; i < pairs().size(); ++i) {
    const Pair& pair = pairs()[i];
    if (value(pair.x0, pair.y0) < value(pair.x1, pair.y1))
      keypoint.bits[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  return true;
}

/// Descriptors, word by word: what compilers turn into vector instructions.
using Words = std::array<std::array<std::uint64_t, kMost>, 4>;
using Distances = std::array<std::uint64_t, kMost>;

/// By the distance of the nearest descriptor, that up to which another is nearly as near.
constexpr std::array<std::uint64_t, kWorst + 1> kNearlyAsNear = [] {
  std::array<std::uint64_t, kWorst + 1> result{};
  for (int nearest = 0; nearest <= kWorst; ++nearest) {
    int other = nearest;
    while (nearest >= kRatio * (other + 1)) ++other;
    result[static_cast<std::size_t>(nearest)] = static_cast<std::uint64_t>(other);
  }
  return result;
}();

/// Which of the first `count` descriptors is nearest to `one`; `count` if none is near, or others nearly as
/// near.
[[gnu::always_inline]] inline std::size_t counterpart(const Keypoint& one, const Words& words,
                                                      std::size_t count) {
  Distances distances;
  std::uint64_t nearest = kWorst + 1;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t sum = 0;
    for (std::size_t w = 0; w < words.size(); ++w)
      sum += static_cast<std::uint64_t>(std::popcount(one.bits[w] ^ words[w][i]));
    distances[i] = sum;
    nearest = sum < nearest ? sum : nearest;
  }
  if (nearest > kWorst) return count;
  const std::uint64_t limit = kNearlyAsNear[nearest];
  std::uint64_t near = 0;
  for (std::size_t i = 0; i < count; ++i) near += static_cast<std::uint64_t>(distances[i] <= limit);
  if (near > 1) return count;
  return static_cast<std::size_t>(std::ranges::find(distances, nearest) - distances.begin());
}

using Counterpart = std::size_t (*)(const Keypoint& one, const Words& words, std::size_t count);

Counterpart fastest_counterpart() {
#ifdef __x86_64__
  // Where the processor counts the bits of several words at once.
  if (__builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vpopcntdq"))
    return [](const Keypoint& one, const Words& words, std::size_t count)
               __attribute__((target("avx512f,avx512vl,avx512vpopcntdq"))) {
                 return counterpart(one, words, count);
               };
#endif
  return [](const Keypoint& one, const Words& words, std::size_t count) {
    return counterpart(one, words, count);
  };
}

struct Match {
  float ax, ay, bx, by;
};

std::vector<Match> matches(std::span<const Keypoint> a, std::span<const Keypoint> b) {
  static const Counterpart find = fastest_counterpart();
  b = b.first(std::min(b.size(), kMost));
  Words words;
  for (std::size_t i = 0; i < b.size(); ++i)
    for (std::size_t w = 0; w < words.size(); ++w) words[w][i] = b[i].bits[w];
  std::vector<Match> result;
  for (const Keypoint& one : a)
    if (const std::size_t i = find(one, words, b.size()); i < b.size())
      result.push_back({one.x, one.y, b[i].x, b[i].y});
  return result;
}

}  // namespace

std::vector<Keypoint> mirrored(std::span<const Keypoint> points) {
  std::vector<Keypoint> result;
  result.reserve(points.size());
  for (const Keypoint& point : points) result.push_back(mirrored(point));
  return result;
}

std::vector<Keypoint> keypoints(const Image& image) {
  if (image.height > kTallest * image.width) return {};  // which, so wide, would fill the memory
  const int height = std::max(1, image.height * kKeypointWidth / image.width);
  const Plane plane = smooth(grey(resize(image, kKeypointWidth, height)));
  const Plane strength = corners(plane);
  constexpr int kMargin = kRadius * 3 / 2;  // a pair's corner, turned, may lie at sqrt(2) times the radius
  struct Candidate {
    float strength;
    int x, y;
  };
  std::vector<Candidate> candidates;
  for (int y = kMargin; y < plane.height - kMargin; ++y) {
    for (int x = kMargin; x < plane.width - kMargin; ++x) {
      if (is_peak(strength, x, y)) candidates.push_back({strength.at(x, y), x, y});
    }
  }
  std::ranges::stable_sort(candidates, std::greater{}, &Candidate::strength);
  std::vector<Keypoint> result;
  Keypoint keypoint;
  for (const Candidate& candidate : candidates) {
    if (result.size() == kMost) break;
    if (describe(plane, candidate.x, candidate.y, keypoint)) result.push_back(keypoint);
  }
  return result;
}

int agreement(std::span<const Keypoint> a, std::span<const Keypoint> b) {
  const std::vector<Match> found = matches(a, b);
  if (found.size() < 4) return 0;
  Random random(1, found.size());
  int best = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const Match &p = found[random.below(found.size())], &q = found[random.below(found.size())];
    // The similarity that takes b's two points to a's, as a complex factor.
    const float ux = q.bx - p.bx, uy = q.by - p.by, vx = q.ax - p.ax, vy = q.ay - p.ay;
    const float norm = ux * ux + uy * uy;
    if (norm < 100) continue;
    const float c = (ux * vx + uy * vy) / norm, s = (ux * vy - uy * vx) / norm;
    if (const float scale = c * c + s * s; scale < 0.4f || scale > 2.5f) continue;
    const auto inside = std::ranges::count_if(found, [&](const Match& m) {
      const float dx = m.bx - p.bx, dy = m.by - p.by;
      const float x = p.ax + c * dx - s * dy - m.ax, y = p.ay + s * dx + c * dy - m.ay;
      return x * x + y * y <= kReach * kReach;
    });
    best = std::max(best, static_cast<int>(inside));
  }
  return best;
}

}  // namespace leukolens::train
