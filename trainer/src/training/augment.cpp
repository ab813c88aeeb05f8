#include "training/augment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>
#include <span>

#include "encode.h"
#include "leukolens/view.h"

// Compiled for wider vectors too, which are used where the processor has them. The pixels are the same.
#if defined(__x86_64__)
#define LEUKOLENS_WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LEUKOLENS_WIDE
#endif

namespace leukolens::train {
namespace {

using Matrix = std::array<std::array<double, 3>, 3>;
using Colour = std::array<double, 3>;

double either_way(double range, Random& random) { return range > 0 ? random.uniform(-range, range) : 0; }
double factor(double range, Random& random) { return 1 + either_way(range, random); }
double radians(double degrees) { return degrees * std::numbers::pi / 180; }

Matrix operator*(const Matrix& a, const Matrix& b) {
  Matrix result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t k = 0; k < 3; ++k) result[i][j] += a[i][k] * b[k][j];
    }
  }
  return result;
}

/// Takes a point of the new frame to the old one. Lengths are in heights of the frame, the origin is its
/// centre.
struct Affine {
  double xx = 1, xy = 0, yx = 0, yy = 1, x = 0, y = 0;
};

Affine draw_geometry(const Augmentation& wanted, double aspect, Random& random) {
  const double angle = radians(either_way(wanted.rotation, random)),
               shear = std::tan(radians(either_way(wanted.shear, random)));
  const double size = 1 / factor(wanted.scale, random);
  const double across = wanted.flip_horizontal && random.uniform() < 0.5 ? -size : size;
  const double down = wanted.flip_vertical && random.uniform() < 0.5 ? -size : size;
  const double c = std::cos(angle), s = std::sin(angle);
  Affine map{across * c, across * (shear * c - s), down * s, down * (shear * s + c), 0, 0};
  const double dx = either_way(wanted.shift, random) * aspect, dy = either_way(wanted.shift, random);
  map.x = -(map.xx * dx + map.xy * dy);
  map.y = -(map.yx * dx + map.yy * dy);
  return map;
}

/// A stretch of pixels, each channel by itself: what compilers turn into vector instructions.
constexpr std::size_t kStretch = 128;

/// Where samples lie in the source, px with 16 bits of fraction.
struct Places {
  std::array<std::int32_t, kStretch> x, y;
};
using Sums = std::array<std::array<std::uint32_t, kStretch>, 3>;

/// Adds the colour between four pixels, times 2^16, for each of the first `count` places; or nothing for
/// black outside.
LEUKOLENS_WIDE void add_samples(const Image& source, Places& at, std::size_t count, Augmentation::Fill fill,
                                Sums& sums) {
  constexpr std::int32_t kOne = 1 << 16, kHalf = kOne / 2;
  const std::int32_t right = (source.width - 1) * kOne, bottom = (source.height - 1) * kOne;
  std::array<std::uint32_t, kStretch> shown;
  for (std::size_t i = 0; i < kStretch; ++i) {
    const std::int32_t x = at.x[i], y = at.y[i];
    const bool outside = (x < -kHalf) | (y < -kHalf) | (x > right + kHalf) | (y > bottom + kHalf);
    shown[i] = fill == Augmentation::Fill::black && outside ? 0 : 1;
    at.x[i] = std::clamp(x, 0, right - 1);
    at.y[i] = std::clamp(y, 0, bottom - 1);
  }
  // Of both rows the bytes 0 to 3 and 2 to 5: red, green and blue of two pixels.
  std::array<std::array<std::uint32_t, kStretch>, 4> bytes{};
  const std::size_t stride = std::size_t(3) * static_cast<std::size_t>(source.width);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* first = source.rgb.data() + static_cast<std::size_t>(at.y[i] >> 16) * stride +
                                static_cast<std::size_t>(at.x[i] >> 16) * 3;
    std::memcpy(&bytes[0][i], first, 4);
    std::memcpy(&bytes[1][i], first + 2, 4);
    std::memcpy(&bytes[2][i], first + stride, 4);
    std::memcpy(&bytes[3][i], first + stride + 2, 4);
  }
  for (std::size_t c = 0; c < 3; ++c) {
    const std::uint32_t left_shift = 8 * static_cast<std::uint32_t>(c),
                        right_shift = c == 0 ? 24 : left_shift + 8;
    const auto *upper_right = bytes[c == 0 ? 0 : 1].data(), *lower_right = bytes[c == 0 ? 2 : 3].data();
    for (std::size_t i = 0; i < kStretch; ++i) {
      const auto across = static_cast<std::uint32_t>(at.x[i] & (kOne - 1)) >> 8,
                 down = static_cast<std::uint32_t>(at.y[i] & (kOne - 1)) >> 8;
      const std::uint32_t upper = (bytes[0][i] >> left_shift & 255) * (256 - across) +
                                  (upper_right[i] >> right_shift & 255) * across,
                          lower = (bytes[2][i] >> left_shift & 255) * (256 - across) +
                                  (lower_right[i] >> right_shift & 255) * across;
      sums[c][i] += shown[i] * (upper * (256 - down) + lower * down);
    }
  }
}

/// Each pixel is the mean of as many samples as a finer source has pixels for it.
Image warp(const Image& source, const Frame& frame, int width, int height, const Affine& map,
           Augmentation::Fill fill) {
  Image image{width, height, std::vector<std::uint8_t>(std::size_t(3) * width * height)};
  const int parts = std::max(1, static_cast<int>(source.width / (width * frame.context)));
  // From a column or row of samples to the source's pixels, with 32 bits of fraction: rounded once, and added
  // up without error.
  const auto fixed = [](double value) { return std::llround(value * 0x1p32); };
  const double across = source.width / (frame.aspect * frame.context), down = source.height / frame.context;
  const double column = frame.aspect / (width * parts), row = 1.0 / (height * parts);
  const std::int64_t x_right = fixed(map.xx * column * across), x_down = fixed(map.xy * row * across),
                     y_right = fixed(map.yx * column * down), y_down = fixed(map.yy * row * down);
  // The centre of the first sample.
  const double left = 0.5 * column - 0.5 * frame.aspect, top = 0.5 * row - 0.5;
  std::int64_t x_row = fixed((map.xx * left + map.xy * top + map.x) * across + source.width / 2.0 - 0.5),
               y_row = fixed((map.yx * left + map.yy * top + map.y) * down + source.height / 2.0 - 0.5);
  const auto share = static_cast<std::uint32_t>(parts * parts);
  std::uint8_t* out = image.rgb.data();
  Places at{};
  for (int y = 0; y < height; ++y, x_row += parts * x_down, y_row += parts * y_down) {
    for (std::size_t begin = 0, count; begin < static_cast<std::size_t>(width); begin += count) {
      count = std::min(kStretch, static_cast<std::size_t>(width) - begin);
      Sums sums{};
      for (int i = 0; i < parts; ++i) {
        for (int j = 0; j < parts; ++j) {
          const std::int64_t first = static_cast<std::int64_t>(begin) * parts + j;
          std::int64_t x_sample = x_row + i * x_down + first * x_right,
                       y_sample = y_row + i * y_down + first * y_right;
          for (std::size_t k = 0; k < count; ++k, x_sample += parts * x_right, y_sample += parts * y_right) {
            at.x[k] = static_cast<std::int32_t>(x_sample >> 16);
            at.y[k] = static_cast<std::int32_t>(y_sample >> 16);
          }
          add_samples(source, at, count, fill, sums);
        }
      }
      for (std::size_t k = 0; k < count; ++k)
        for (std::size_t c = 0; c < 3; ++c)
          *out++ = static_cast<std::uint8_t>(((share == 1 ? sums[c][k] : sums[c][k] / share) + 32768) >> 16);
    }
  }
  return image;
}

/// Saturation and hue as one matrix.
Matrix draw_tint(const Augmentation& wanted, Random& random) {
  const double saturation = factor(wanted.saturation, random), hue = radians(either_way(wanted.hue, random));
  // Rotation about (1, 1, 1) by Rodrigues' formula.
  const double c = std::cos(hue), s = std::sin(hue), third = (1 - c) / 3, root = s / std::numbers::sqrt3;
  const Matrix turn{{{c + third, third - root, third + root},
                     {third + root, c + third, third - root},
                     {third - root, third + root, c + third}}};
  Matrix grey{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) grey[i][j] = (1 - saturation) / 3 + (i == j ? saturation : 0);
  }
  return grey * turn;
}

Matrix draw_gains(const Augmentation& wanted, Random& random) {
  const double gain = factor(wanted.gain, random);
  Matrix gains{};
  for (std::size_t i = 0; i < 3; ++i) gains[i][i] = gain * factor(wanted.white_balance, random);
  return gains;
}

/// Optical densities of haematoxylin, eosin and the rest, as rows (Ruifrok & Johnston, Anal. Quant. Cytol.
/// Histol. 2001): near enough to azure and eosin to move along what differs between stainings.
constexpr Matrix kStains{{{0.65, 0.70, 0.29}, {0.07, 0.99, 0.11}, {0.27, 0.57, 0.78}}};

Matrix inverse(const Matrix& m) {
  Matrix result{};
  double determinant = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t a = (i + 1) % 3, b = (i + 2) % 3;
    determinant += m[0][i] * (m[1][a] * m[2][b] - m[1][b] * m[2][a]);
    for (std::size_t j = 0; j < 3; ++j) {
      const std::size_t p = (j + 1) % 3, q = (j + 2) % 3;
      result[i][j] = m[p][a] * m[q][b] - m[p][b] * m[q][a];
    }
  }
  for (auto& row : result) {
    for (double& value : row) value /= determinant;
  }
  return result;
}

/// Acts on densities, a column: unmix, scale each stain, mix again.
Matrix draw_stain_matrix(const Augmentation& wanted, Random& random) {
  Matrix mix{}, scaled{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) mix[i][j] = kStains[j][i];
  }
  const Matrix unmix = inverse(mix);
  for (std::size_t i = 0; i < 3; ++i) {
    const double density = factor(wanted.stain, random);
    for (std::size_t j = 0; j < 3; ++j) scaled[i][j] = density * unmix[i][j];
  }
  return mix * scaled;
}

using Rows = std::array<std::array<float, 3>, 3>;

Rows to_float(const Matrix& m) {
  Rows result{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) result[i][j] = static_cast<float>(m[i][j]);
  return result;
}

std::uint8_t to_byte(double value) { return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0)); }

/// As std::clamp(), but by value, which compilers turn into vector instructions.
inline float within(float value, float low, float high) {
  value = value < low ? low : value;
  return high < value ? high : value;
}

/// Densities (Beer-Lambert: minus the logarithm of what light is let through) and back, in steps of 1 / 256.
struct Densities {
  static constexpr int kSteps = 256, kMost = 8 * kSteps;
  std::array<float, 256> of;
  std::array<float, kMost + 1> light;
  Densities() {
    for (std::size_t v = 0; v < 256; ++v)
      of[v] = static_cast<float>(-std::log((static_cast<double>(v) + 1) / 256));
    for (std::size_t i = 0; i <= kMost; ++i)
      light[i] = static_cast<float>(256 * std::exp(-static_cast<double>(i) / kSteps) - 1);
  }
};

/// What recolour_pixels() does to each pixel.
struct Recolouring {
  bool stains = false, two_tones = false;
  Rows stain, dark_stain, dark_tint, colours;
  std::array<std::uint8_t, 256> power;
};

using Channel = std::array<float, kStretch>;
using Channels = std::array<Channel, 3>;

inline void multiply(const Rows& matrix, Channels& channels) {
  for (std::size_t i = 0; i < kStretch; ++i) {
    const float red = channels[0][i], green = channels[1][i], blue = channels[2][i];
    for (std::size_t c = 0; c < 3; ++c)
      channels[c][i] = matrix[c][0] * red + matrix[c][1] * green + matrix[c][2] * blue;
  }
}

using Steps = std::array<std::array<int, kStretch>, 3>;

/// Of `factor` * value + `plus`, from 0 to `most`.
inline void round_down(const Channels& channels, float factor, float plus, float most, Steps& result) {
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < kStretch; ++i)
      result[c][i] = static_cast<int>(within(channels[c][i] * factor + plus, 0, most));
}

/// Not compiled for wide vectors: their instructions for it are slower than one load after the other.
[[gnu::noinline]] void look_up(std::span<const float> table, const Steps& at, Channels& result) {
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < kStretch; ++i) result[c][i] = table[static_cast<std::size_t>(at[c][i])];
}

/// The colours that are left when densities are multiplied by `matrix`.
inline void multiply_densities(const Densities& densities, const Rows& matrix, Channels& channels) {
  Steps at;
  round_down(channels, 1, 0, 255, at);
  look_up(densities.of, at, channels);
  multiply(matrix, channels);
  round_down(channels, Densities::kSteps, 0.5f, Densities::kMost, at);
  look_up(densities.light, at, channels);
}

/// From 0, where plasma would be (five sixths of the light comes through), to 1, where a nucleus is (half).
/// Returns whether any pixel is above 0.
inline bool darkness(const Channels& channels, Channel& result) {
  unsigned above = 0;
  for (std::size_t i = 0; i < kStretch; ++i) {
    result[i] = within((210 - (channels[0][i] + channels[1][i] + channels[2][i]) / 3) / 95, 0, 1);
    above |= static_cast<unsigned>(result[i] > 0);
  }
  return above != 0;
}

LEUKOLENS_WIDE void recolour_stretch(const Recolouring& how, const Densities& densities, std::uint8_t* pixels,
                                     std::size_t count) {
  Channels colour;
  Channel share;
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t i = 0; i < count; ++i) colour[c][i] = pixels[3 * i + c];
    std::fill(colour[c].begin() + static_cast<std::ptrdiff_t>(count), colour[c].end(), 255.0f);
  }
  const bool is_dark = how.two_tones && darkness(colour, share);
  if (how.stains) multiply_densities(densities, how.stain, colour);
  if (is_dark) {
    Channels dark = colour;
    multiply_densities(densities, how.dark_stain, dark);
    multiply(how.dark_tint, dark);
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t i = 0; i < kStretch; ++i) colour[c][i] += share[i] * (dark[c][i] - colour[c][i]);
  }
  multiply(how.colours, colour);
  Steps at;
  round_down(colour, 1, 0.5f, 255, at);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < 3; ++c) pixels[3 * i + c] = how.power[static_cast<std::size_t>(at[c][i])];
}

void recolour_pixels(Image& image, const Augmentation& wanted, Random& random) {
  static const Densities densities;
  Recolouring how{.stains = wanted.stain > 0, .two_tones = wanted.two_tone > 0};
  how.stain = to_float(draw_stain_matrix(wanted, random));
  const Matrix tint = draw_tint(wanted, random);
  how.colours = to_float(draw_gains(wanted, random) * tint);
  const double exponent = std::exp(either_way(wanted.gamma, random));
  for (std::size_t v = 0; v < 256; ++v)
    how.power[v] = to_byte(255 * std::pow(static_cast<double>(v) / 255, exponent));
  const Augmentation dark{.saturation = std::min(1.0, wanted.two_tone * wanted.saturation),
                          .hue = wanted.two_tone * wanted.hue,
                          .stain = std::min(1.0, wanted.two_tone * wanted.stain)};
  how.dark_stain = to_float(draw_stain_matrix(dark, random));
  how.dark_tint = to_float(draw_tint(dark, random));
  const std::size_t pixels = image.rgb.size() / 3;
  for (std::size_t first = 0; first < pixels; first += kStretch)
    recolour_stretch(how, densities, &image.rgb[3 * first], std::min(kStretch, pixels - first));
}

/// As many values as are added up at a time.
using Wide = float __attribute__((vector_size(16)));
constexpr std::size_t kWide = 4, kAtOnce = 8;

/// out[i] = first + the sum of weights[t] * rows[t][i], in the order of t, for i below `count`. The rows have
/// kAtOnce * kWide values more than that, which may be anything.
LEUKOLENS_WIDE void add_rows(std::span<const float> weights, std::span<const float* const> rows, float first,
                             float* out, std::size_t count) {
  for (std::size_t begin = 0; begin < count; begin += kAtOnce * kWide) {
    Wide sum[kAtOnce];
    for (Wide& part : sum) part = Wide{} + first;
    for (std::size_t tap = 0; tap < weights.size(); ++tap) {
      for (std::size_t part = 0; part < kAtOnce; ++part) {
        Wide values;
        std::memcpy(&values, rows[tap] + begin + part * kWide, sizeof values);
        sum[part] += weights[tap] * values;
      }
    }
    std::memcpy(out + begin, sum, sizeof sum);
  }
}

/// A Gaussian along both axes; edges are repeated.
void blur(Image& image, double deviation) {
  const auto reach = static_cast<std::size_t>(std::ceil(3 * deviation));
  const auto width = static_cast<std::size_t>(image.width), height = static_cast<std::size_t>(image.height);
  const std::size_t stride = 3 * width, roomy = (stride / (kAtOnce * kWide) + 1) * kAtOnce * kWide;
  std::vector<float> weights;
  float sum = 0;
  for (std::size_t i = 0; i <= 2 * reach; ++i) {
    const double away = (static_cast<double>(i) - static_cast<double>(reach)) / deviation;
    sum += weights.emplace_back(static_cast<float>(std::exp(-away * away / 2)));
  }
  for (float& weight : weights) weight /= sum;

  std::vector<float> across(roomy * height), padded(roomy + 6 * reach), row(roomy);
  std::vector<const float*> rows(weights.size());
  for (std::size_t tap = 0; tap < rows.size(); ++tap) rows[tap] = &padded[3 * tap];
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint8_t* from = &image.rgb[y * stride];
    for (std::size_t i = 0; i < 3 * reach; ++i) {
      padded[i] = from[i % 3];
      padded[3 * reach + stride + i] = from[stride - 3 + i % 3];
    }
    std::copy_n(from, stride, &padded[3 * reach]);
    add_rows(weights, rows, 0, &across[y * roomy], stride);
  }
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t tap = 0; tap < rows.size(); ++tap)
      rows[tap] = &across[(std::clamp(y + tap, reach, height + reach - 1) - reach) * roomy];
    add_rows(weights, rows, 0.5f, row.data(), stride);  // to round
    std::transform(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(stride), &image.rgb[y * stride],
                   [](float value) { return static_cast<std::uint8_t>(value); });
  }
}

LEUKOLENS_WIDE void add_noise(Image& image, double deviation, Random& random) {
  // The sum of four bytes has a standard deviation of 148 and is about normal; one random number serves two
  // values.
  const auto times = static_cast<float>(deviation / 147.8);
  std::array<std::uint64_t, kStretch / 2> two;
  std::array<std::uint32_t, kStretch> bits;
  Random own = random;  // a copy can stay in registers
  for (std::size_t begin = 0; begin < image.rgb.size(); begin += kStretch) {
    const std::size_t count = std::min(kStretch, image.rgb.size() - begin), draws = (count + 1) / 2;
    for (std::size_t i = 0; i < draws; ++i) two[i] = own();
    for (std::size_t i = 0; i < draws; ++i) {
      bits[2 * i] = static_cast<std::uint32_t>(two[i]);
      bits[2 * i + 1] = static_cast<std::uint32_t>(two[i] >> 32);
    }
    std::uint8_t* values = &image.rgb[begin];
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t sum =
          (bits[i] & 255) + (bits[i] >> 8 & 255) + (bits[i] >> 16 & 255) + (bits[i] >> 24);
      const float noise = times * static_cast<float>(static_cast<std::int32_t>(sum) - 510);
      values[i] = static_cast<std::uint8_t>(
          static_cast<int>(within(static_cast<float>(values[i]) + noise + 0.5f, 0, 255)));
    }
  }
  random = own;
}

void compress(Image& image, int quality) {
  if (Result<Image> again = decode(smear::encode_jpeg(image, quality))) image = std::move(*again);
}

/// Colour and camera at `strength` of their ranges.
Augmentation weakened(Augmentation one, double strength) {
  for (double* range : {&one.gain, &one.white_balance, &one.gamma, &one.saturation, &one.hue, &one.stain,
                        &one.blur, &one.noise, &one.erasing})
    *range *= strength;
  return one;
}

/// A rectangle of 2 to 20 % of the area.
void erase(Image& image, Random& random) {
  const double area = random.uniform(0.02, 0.2), ratio = std::exp(random.uniform(-1, 1));
  const int width = std::clamp(static_cast<int>(image.width * std::sqrt(area * ratio)), 1, image.width);
  const int height = std::clamp(static_cast<int>(image.height * std::sqrt(area / ratio)), 1, image.height);
  const auto left = random.below(static_cast<std::size_t>(image.width - width) + 1);
  const auto top = random.below(static_cast<std::size_t>(image.height - height) + 1);
  for (int y = 0; y < height; ++y) {
    std::uint8_t* row =
        image.rgb.data() +
        ((top + static_cast<std::size_t>(y)) * static_cast<std::size_t>(image.width) + left) * 3;
    std::generate_n(row, 3 * width, [&] { return static_cast<std::uint8_t>(random.below(256)); });
  }
}

}  // namespace

void recolour(Image& image, const Augmentation& full, Random& random) {
  const Augmentation wanted = full.varied_strength > 0 && random.uniform() < full.varied_strength
                                  ? weakened(full, std::pow(random.uniform(), 3))
                                  : full;
  if (wanted.gain > 0 || wanted.white_balance > 0 || wanted.gamma > 0 || wanted.saturation > 0 ||
      wanted.hue > 0 || wanted.stain > 0)
    recolour_pixels(image, wanted, random);
  // Below a third of a pixel a Gaussian changes nothing that eight bits hold.
  if (const double deviation = wanted.blur * random.uniform(); deviation > 0.3) blur(image, deviation);
  if (wanted.noise > 0) add_noise(image, wanted.noise * random.uniform(), random);
  if (wanted.jpeg < 100 && random.uniform() < 0.25)
    compress(image,
             wanted.jpeg + static_cast<int>(random.below(static_cast<std::size_t>(101 - wanted.jpeg))));
  if (random.uniform() < wanted.erasing) erase(image, random);
}

Image augment(const Image& source, const Frame& frame, int width, int height, const Augmentation& wanted,
              Random random) {
  Image image = warp(source, frame, width, height, draw_geometry(wanted, frame.aspect, random), wanted.fill);
  recolour(image, wanted, random);
  if (frame.disc) mask_disc(image);
  return image;
}

double beta(double alpha, Random& random) {
  for (;;) {
    const double a = std::pow(random.uniform(), 1 / alpha), b = std::pow(random.uniform(), 1 / alpha);
    if (a + b > 0 && a + b <= 1) return a / (a + b);
  }
}

}  // namespace leukolens::train
