#include "augment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "encode.h"

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

Colour operator*(const Matrix& m, const Colour& v) {
  Colour result{};
  for (std::size_t i = 0; i < 3; ++i) result[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
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

/// Adds the colour between four pixels, or nothing for black outside.
void add_sample(const Image& source, double x, double y, Augmentation::Fill fill, Colour& sum) {
  if (fill == Augmentation::Fill::edge) {
    x = std::clamp(x, 0.0, source.width - 1.0);
    y = std::clamp(y, 0.0, source.height - 1.0);
  } else if (x < -0.5 || y < -0.5 || x > source.width - 0.5 || y > source.height - 0.5) {
    return;
  }
  const int left = static_cast<int>(std::floor(x)), top = static_cast<int>(std::floor(y));
  const double right_share = x - left, bottom_share = y - top;
  const auto pixel = [&](int column, int row) {
    column = std::clamp(column, 0, source.width - 1);
    row = std::clamp(row, 0, source.height - 1);
    return source.rgb.data() + (std::size_t(row) * source.width + column) * 3;
  };
  const std::uint8_t *a = pixel(left, top), *b = pixel(left + 1, top), *c = pixel(left, top + 1),
                     *d = pixel(left + 1, top + 1);
  for (std::size_t i = 0; i < 3; ++i) {
    const double upper = a[i] + right_share * (b[i] - a[i]), lower = c[i] + right_share * (d[i] - c[i]);
    sum[i] += upper + bottom_share * (lower - upper);
  }
}

/// Each pixel is the mean of kSourceScale squared samples, as the source is that much finer.
Image warp(const Image& source, double aspect, int width, int height, const Affine& map,
           Augmentation::Fill fill) {
  Image image{width, height, std::vector<std::uint8_t>(std::size_t(3) * width * height)};
  const int columns = width * kSourceScale, rows = height * kSourceScale;
  std::uint8_t* out = image.rgb.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, out += 3) {
      Colour sum{};
      for (int part = 0; part < kSourceScale * kSourceScale; ++part) {
        const double fx = ((x * kSourceScale + part % kSourceScale + 0.5) / columns - 0.5) * aspect;
        const double fy = (y * kSourceScale + part / kSourceScale + 0.5) / rows - 0.5;
        const double sx = (map.xx * fx + map.xy * fy + map.x) / aspect + 0.5,
                     sy = map.yx * fx + map.yy * fy + map.y + 0.5;
        add_sample(source, sx * source.width - 0.5, sy * source.height - 0.5, fill, sum);
      }
      for (int i = 0; i < 3; ++i)
        out[i] =
            static_cast<std::uint8_t>(sum[static_cast<std::size_t>(i)] / (kSourceScale * kSourceScale) + 0.5);
    }
  }
  return image;
}

/// Gains, saturation and hue as one matrix.
Matrix draw_colour_matrix(const Augmentation& wanted, Random& random) {
  const double saturation = factor(wanted.saturation, random), hue = radians(either_way(wanted.hue, random));
  const double gain = factor(wanted.gain, random);
  // Rotation about (1, 1, 1) by Rodrigues' formula.
  const double c = std::cos(hue), s = std::sin(hue), third = (1 - c) / 3, root = s / std::numbers::sqrt3;
  const Matrix turn{{{c + third, third - root, third + root},
                     {third + root, c + third, third - root},
                     {third - root, third + root, c + third}}};
  Matrix grey{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) grey[i][j] = (1 - saturation) / 3 + (i == j ? saturation : 0);
  }
  Matrix gains{};
  for (std::size_t i = 0; i < 3; ++i) gains[i][i] = gain * factor(wanted.white_balance, random);
  return gains * grey * turn;
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

void recolour_pixels(Image& image, const Augmentation& wanted, Random& random) {
  const Matrix stain = draw_stain_matrix(wanted, random), matrix = draw_colour_matrix(wanted, random);
  const double exponent = std::exp(either_way(wanted.gamma, random));
  std::array<double, 256> density, power;
  for (std::size_t v = 0; v < 256; ++v) {
    density[v] = -std::log((static_cast<double>(v) + 1) / 256);
    power[v] = 255 * std::pow(static_cast<double>(v) / 255, exponent);
  }
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    std::uint8_t* pixel = image.rgb.data() + i;
    Colour colour{static_cast<double>(pixel[0]), static_cast<double>(pixel[1]),
                  static_cast<double>(pixel[2])};
    if (wanted.stain > 0) {
      colour = stain * Colour{density[pixel[0]], density[pixel[1]], density[pixel[2]]};
      for (double& value : colour) value = std::clamp(256 * std::exp(-value) - 1, 0.0, 255.0);
    }
    colour = matrix * colour;
    for (std::size_t c = 0; c < 3; ++c) pixel[c] = to_byte(power[to_byte(colour[c])]);
  }
}

/// A Gaussian along both axes; edges are repeated.
void blur(Image& image, double deviation) {
  const int reach = static_cast<int>(std::ceil(3 * deviation));
  std::vector<double> weights;
  double sum = 0;
  for (int i = -reach; i <= reach; ++i)
    sum += weights.emplace_back(std::exp(-i * i / (2 * deviation * deviation)));
  for (const bool across : {true, false}) {
    const Image from = image;
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        Colour colour{};
        for (int i = -reach; i <= reach; ++i) {
          const int column = across ? std::clamp(x + i, 0, image.width - 1) : x,
                    row = across ? y : std::clamp(y + i, 0, image.height - 1);
          const std::uint8_t* pixel = from.rgb.data() + (std::size_t(row) * image.width + column) * 3;
          for (std::size_t c = 0; c < 3; ++c)
            colour[c] += weights[static_cast<std::size_t>(i + reach)] * pixel[c];
        }
        std::uint8_t* pixel = image.rgb.data() + (std::size_t(y) * image.width + x) * 3;
        for (std::size_t c = 0; c < 3; ++c) pixel[c] = to_byte(colour[c] / sum);
      }
    }
  }
}

void add_noise(Image& image, double deviation, Random& random) {
  for (std::uint8_t& value : image.rgb) {
    // Twice the sum of three numbers in [-1/2, 1/2) has a standard deviation of 1 and is about normal.
    const double normal = 2 * (random.uniform() + random.uniform() + random.uniform() - 1.5);
    value = to_byte(value + deviation * normal);
  }
}

void compress(Image& image, int quality) {
  if (Result<Image> again = decode(smear::encode_jpeg(image, quality))) image = std::move(*again);
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

void recolour(Image& image, const Augmentation& wanted, Random& random) {
  if (wanted.gain > 0 || wanted.white_balance > 0 || wanted.gamma > 0 || wanted.saturation > 0 ||
      wanted.hue > 0 || wanted.stain > 0)
    recolour_pixels(image, wanted, random);
  // Below a third of a pixel a Gaussian changes nothing that eight bits hold.
  if (const double deviation = wanted.blur * random.uniform(); deviation > 0.3) blur(image, deviation);
  if (wanted.noise > 0) add_noise(image, wanted.noise * random.uniform(), random);
  if (wanted.jpeg < 100)
    compress(image,
             wanted.jpeg + static_cast<int>(random.below(static_cast<std::size_t>(101 - wanted.jpeg))));
  if (random.uniform() < wanted.erasing) erase(image, random);
}

Image augment(const Image& source, double aspect, int width, int height, const Augmentation& wanted,
              Random random) {
  Image image = warp(source, aspect, width, height, draw_geometry(wanted, aspect, random), wanted.fill);
  recolour(image, wanted, random);
  return image;
}

double beta(double alpha, Random& random) {
  for (;;) {
    const double a = std::pow(random.uniform(), 1 / alpha), b = std::pow(random.uniform(), 1 / alpha);
    if (a + b > 0 && a + b <= 1) return a / (a + b);
  }
}

}  // namespace leukolens::train
