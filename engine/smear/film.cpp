#include "film.h"

#include <array>

namespace leukolens::smear {
namespace {

/// Half of a normalised Gaussian kernel, the centre first, out to three standard deviations.
std::vector<float> gaussian(double deviation) {
  const int radius = std::clamp(static_cast<int>(3 * deviation + 0.5), 1, 24);
  std::vector<double> weight(static_cast<std::size_t>(radius) + 1);
  double sum = 0;
  for (int i = 0; i <= radius; ++i) {
    weight[i] = decay(i * i / (2 * deviation * deviation));
    sum += i == 0 ? weight[i] : 2 * weight[i];
  }
  std::vector<float> half;
  half.reserve(weight.size());
  for (const double w : weight) half.push_back(static_cast<float>(w / sum));
  return half;
}

/// The light that reaches row y, [0, 255].
void expose(const Film& film, const Optics& optics, int y, float* out) {
  const float* absorbance = film.row(y);
  const double v = 2 * (y + 0.5) / film.height() - 1;
  for (int x = 0; x < film.width(); ++x) {
    const double u = 2 * (x + 0.5) / film.width() - 1;
    const double even =
        1 + optics.gradient.x * u + optics.gradient.y * v - optics.vignette * 0.5 * (u * u + v * v);
    for (int c = 0; c < 3; ++c) {
      out[3 * x + c] = static_cast<float>(optics.light[c] * even * decay(absorbance[3 * x + c]));
    }
  }
}

void blur_row(const float* in, int width, const std::vector<float>& half, float* out) {
  const int radius = static_cast<int>(half.size()) - 1;
  for (int x = 0; x < width; ++x) {
    const bool inner = x >= radius && x + radius < width;
    for (int c = 0; c < 3; ++c) {
      float sum = in[3 * x + c] * half[0];
      for (int i = 1; i <= radius; ++i) {
        const int before = inner ? x - i : std::max(x - i, 0),
                  after = inner ? x + i : std::min(x + i, width - 1);
        sum += (in[3 * before + c] + in[3 * after + c]) * half[i];
      }
      out[3 * x + c] = sum;
    }
  }
}

/// Nearly normal, mean 0, standard deviation 1: the sum of four uniform numbers.
double bell(std::uint64_t bits) {
  double sum = 0;
  for (int shift = 0; shift < 64; shift += 16) sum += static_cast<double>((bits >> shift) & 0xffff) * 0x1p-16;
  return (sum - 2) * 1.7320508075688772;
}

/// Sensor noise, mostly of brightness, and rounding to bytes.
void read_out(const float* light, int y, int width, const Optics& optics, std::uint8_t* out) {
  for (int x = 0; x < width; ++x) {
    const std::uint64_t bits =
        mix(optics.seed + std::uint64_t{0x9e3779b97f4a7c15} * (std::uint64_t{1} * y * width + x));
    const double grey = optics.noise * bell(bits), chroma = 0.5 * optics.noise * bell(mix(bits + 1));
    const std::array<double, 3> extra{grey + chroma, grey - 0.3 * chroma, grey - chroma};
    for (int c = 0; c < 3; ++c) {
      out[3 * x + c] = static_cast<std::uint8_t>(std::clamp(light[3 * x + c] + extra[c], 0.0, 255.0) + 0.5);
    }
  }
}

}  // namespace

Image develop(const Film& film, const Optics& optics) {
  const int width = film.width(), height = film.height();
  const std::size_t stride = std::size_t{3} * width;
  const std::vector<float> half = gaussian(optics.blur);
  const int radius = static_cast<int>(half.size()) - 1, rows = 2 * radius + 1;

  // A ring of the rows that the vertical pass needs, each exposed and blurred along x once.
  std::vector<float> exposed(stride), ring(stride * rows), light(stride);
  const auto ring_row = [&](int y) { return ring.data() + stride * (std::clamp(y, 0, height - 1) % rows); };
  Image image{width, height, std::vector<std::uint8_t>(stride * height)};
  int ready = 0;
  for (int y = 0; y < height; ++y) {
    for (; ready < std::min(height, y + radius + 1); ++ready) {
      expose(film, optics, ready, exposed.data());
      blur_row(exposed.data(), width, half, ring_row(ready));
    }
    for (std::size_t i = 0; i < stride; ++i) light[i] = ring_row(y)[i] * half[0];
    for (int k = 1; k <= radius; ++k) {
      const float *above = ring_row(y - k), *below = ring_row(y + k);
      for (std::size_t i = 0; i < stride; ++i) light[i] += (above[i] + below[i]) * half[k];
    }
    read_out(light.data(), y, width, optics, image.rgb.data() + stride * y);
  }
  return image;
}

}  // namespace leukolens::smear
