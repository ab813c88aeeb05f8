#include "training/augment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "encode.h"
#include "leukolens/view.h"

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

/// Adds the colour between four pixels, times 2^16; or nothing for black outside. x and y have 16 bits of
/// fraction.
void add_sample(const Image& source, std::int32_t x, std::int32_t y, Augmentation::Fill fill,
                std::array<std::uint32_t, 3>& sum) {
  constexpr std::int32_t kOne = 1 << 16, kHalf = kOne / 2;
  const std::int32_t right = (source.width - 1) * kOne, bottom = (source.height - 1) * kOne;
  if (x < 0 || y < 0 || x >= right || y >= bottom) {
    if (fill == Augmentation::Fill::black &&
        (x < -kHalf || y < -kHalf || x > right + kHalf || y > bottom + kHalf))
      return;
    x = std::clamp(x, 0, right - 1);
    y = std::clamp(y, 0, bottom - 1);
  }
  const auto across = static_cast<std::uint32_t>(x & (kOne - 1)) >> 8,
             down = static_cast<std::uint32_t>(y & (kOne - 1)) >> 8;
  const std::size_t stride = std::size_t(3) * static_cast<std::size_t>(source.width);
  const std::uint8_t* a =
      source.rgb.data() + static_cast<std::size_t>(y >> 16) * stride + static_cast<std::size_t>(x >> 16) * 3;
  const std::uint8_t* c = a + stride;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::uint32_t upper = a[i] * (256 - across) + a[i + 3] * across,
                        lower = c[i] * (256 - across) + c[i + 3] * across;
    sum[i] += upper * (256 - down) + lower * down;
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
  for (int y = 0; y < height; ++y, x_row += parts * x_down, y_row += parts * y_down) {
    std::int64_t x_pixel = x_row, y_pixel = y_row;
    for (int x = 0; x < width; ++x, x_pixel += parts * x_right, y_pixel += parts * y_right, out += 3) {
      std::array<std::uint32_t, 3> sum{};
      for (int i = 0; i < parts; ++i) {
        for (int j = 0; j < parts; ++j) {
          add_sample(source, static_cast<std::int32_t>((x_pixel + i * x_down + j * x_right) >> 16),
                     static_cast<std::int32_t>((y_pixel + i * y_down + j * y_right) >> 16), fill, sum);
        }
      }
      for (std::size_t i = 0; i < 3; ++i) out[i] = static_cast<std::uint8_t>((sum[i] / share + 32768) >> 16);
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

std::uint8_t to_byte(double value) { return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0)); }

/// Three values and one that counts for nothing: what processors add and multiply at once.
using Row = float __attribute__((vector_size(16)));
using Columns = std::array<Row, 3>;

Columns to_float(const Matrix& m) {
  Columns result{};
  for (int i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) result[j][i] = static_cast<float>(m[static_cast<std::size_t>(i)][j]);
  return result;
}

Row times(const Columns& matrix, Row values) {
  return matrix[0] * values[0] + matrix[1] * values[1] + matrix[2] * values[2];
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
  /// The colour that is left when the densities of `colour` are multiplied by `matrix`.
  Row multiply(const Columns& matrix, Row colour) const {
    for (int c = 0; c < 3; ++c) colour[c] = of[static_cast<std::size_t>(std::clamp(colour[c], 0.0f, 255.0f))];
    colour = times(matrix, colour);
    for (int c = 0; c < 3; ++c) {
      colour[c] = light[static_cast<std::size_t>(
          std::clamp(colour[c] * kSteps + 0.5f, 0.0f, static_cast<float>(kMost)))];
    }
    return colour;
  }
};

/// From 0, where plasma would be (five sixths of the light comes through), to 1, where a nucleus is (half).
float darkness(Row colour) {
  return std::clamp((210 - (colour[0] + colour[1] + colour[2]) / 3) / 95, 0.0f, 1.0f);
}

void recolour_pixels(Image& image, const Augmentation& wanted, Random& random) {
  static const Densities densities;
  const auto stain = to_float(draw_stain_matrix(wanted, random));
  const Matrix tint = draw_tint(wanted, random);
  const auto colours = to_float(draw_gains(wanted, random) * tint);
  const double exponent = std::exp(either_way(wanted.gamma, random));
  std::array<std::uint8_t, 256> power;
  for (std::size_t v = 0; v < 256; ++v)
    power[v] = to_byte(255 * std::pow(static_cast<double>(v) / 255, exponent));
  const Augmentation dark{.saturation = std::min(1.0, wanted.two_tone * wanted.saturation),
                          .hue = wanted.two_tone * wanted.hue,
                          .stain = std::min(1.0, wanted.two_tone * wanted.stain)};
  const auto dark_stain = to_float(draw_stain_matrix(dark, random)),
             dark_tint = to_float(draw_tint(dark, random));
  for (std::size_t at = 0; at < image.rgb.size(); at += 3) {
    std::uint8_t* pixel = image.rgb.data() + at;
    Row colour{static_cast<float>(pixel[0]), static_cast<float>(pixel[1]), static_cast<float>(pixel[2])};
    const float share = wanted.two_tone > 0 ? darkness(colour) : 0;
    if (wanted.stain > 0) colour = densities.multiply(stain, colour);
    if (share > 0) colour += share * (times(dark_tint, densities.multiply(dark_stain, colour)) - colour);
    colour = times(colours, colour);
    for (int c = 0; c < 3; ++c)
      pixel[c] = power[static_cast<std::size_t>(std::clamp(colour[c] + 0.5f, 0.0f, 255.0f))];
  }
}

/// A Gaussian along both axes; edges are repeated. Each tap is added to whole rows at once, which compilers
/// turn into vector instructions.
void blur(Image& image, double deviation) {
  const auto reach = static_cast<std::size_t>(std::ceil(3 * deviation));
  const auto width = static_cast<std::size_t>(image.width), height = static_cast<std::size_t>(image.height);
  const std::size_t stride = 3 * width;
  std::vector<float> weights;
  float sum = 0;
  for (std::size_t i = 0; i <= 2 * reach; ++i) {
    const double away = (static_cast<double>(i) - static_cast<double>(reach)) / deviation;
    sum += weights.emplace_back(static_cast<float>(std::exp(-away * away / 2)));
  }
  for (float& weight : weights) weight /= sum;

  std::vector<float> across(stride * height), padded(stride + 6 * reach), row(stride);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t i = 0; i < padded.size(); ++i) {
      const std::size_t column = std::clamp(i / 3, reach, width + reach - 1) - reach;
      padded[i] = image.rgb[y * stride + 3 * column + i % 3];
    }
    for (std::size_t tap = 0; tap < weights.size(); ++tap)
      for (std::size_t i = 0; i < stride; ++i) across[y * stride + i] += weights[tap] * padded[i + 3 * tap];
  }
  for (std::size_t y = 0; y < height; ++y) {
    std::ranges::fill(row, 0.5f);  // to round
    for (std::size_t tap = 0; tap < weights.size(); ++tap) {
      const float* from = &across[(std::clamp(y + tap, reach, height + reach - 1) - reach) * stride];
      for (std::size_t i = 0; i < stride; ++i) row[i] += weights[tap] * from[i];
    }
    for (std::size_t i = 0; i < stride; ++i) image.rgb[y * stride + i] = static_cast<std::uint8_t>(row[i]);
  }
}

void add_noise(Image& image, double deviation, Random& random) {
  // The sum of four bytes has a standard deviation of 148 and is about normal; one random number serves two
  // values.
  const auto times = static_cast<float>(deviation / 147.8);
  const auto normal = [](std::uint32_t bits) {
    return static_cast<float>((bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24)) - 510.0f;
  };
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < image.rgb.size(); ++i) {
    bits = i % 2 == 0 ? random() : bits >> 32;
    image.rgb[i] = static_cast<std::uint8_t>(
        std::clamp(static_cast<float>(image.rgb[i]) + times * normal(static_cast<std::uint32_t>(bits)) + 0.5f,
                   0.0f, 255.0f));
  }
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
