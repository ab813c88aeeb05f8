// The picture as absorbed light: what lies in its way adds up (Beer and Lambert), so layers need no blending
// rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "leukolens/image.h"
#include "random.h"

namespace leukolens::smear {

inline constexpr double kPixelsPerMicrometre = 50 / 7.5;  // at scale 1: a red cell is 7.5 um wide

/// Absorbance in the red, green and blue of an sRGB image: value = light * e^-(density * absorbance).
struct Dye {
  double r = 0, g = 0, b = 0;
};

/// Absorbance of every pixel; three floats a pixel, rows from the top.
class Film {
 public:
  Film(int width, int height, double pixels_per_micrometre)
      : width_(width),
        height_(height),
        scale_(pixels_per_micrometre),
        absorbance_(std::size_t{3} * width * height) {}

  int width() const { return width_; }
  int height() const { return height_; }
  double scale() const { return scale_; }  // pixels per micrometre
  const float* row(int y) const { return absorbance_.data() + std::size_t{3} * width_ * y; }

  /// Calls paint(position in micrometres, x, y, pixel) for each pixel within `reach` of `centre`, a square.
  template <class Paint>
  void around(Vec centre, double reach, Paint paint) {
    const auto pixel = [](double v, int size) {
      return static_cast<int>(std::clamp(v, 0.0, static_cast<double>(size)));
    };
    const int left = pixel((centre.x - reach) * scale_, width_),
              right = pixel((centre.x + reach) * scale_ + 1, width_);
    const int top = pixel((centre.y - reach) * scale_, height_),
              bottom = pixel((centre.y + reach) * scale_ + 1, height_);
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x) {
        float* p = absorbance_.data() + (std::size_t{1} * width_ * y + x) * 3;
        paint(Vec{(x + 0.5) / scale_, (y + 0.5) / scale_}, x, y, p);
      }
    }
  }

 private:
  int width_, height_;
  double scale_;
  std::vector<float> absorbance_;
};

inline void add(float* pixel, const Dye& dye, double density) {
  pixel[0] += static_cast<float>(dye.r * density);
  pixel[1] += static_cast<float>(dye.g * density);
  pixel[2] += static_cast<float>(dye.b * density);
}

/// Takes away the share `part` of what lies at the pixel.
inline void clear(float* pixel, double part) {
  for (int c = 0; c < 3; ++c) pixel[c] *= static_cast<float>(1 - part);
}

/// The microscope and its camera.
struct Optics {
  double light[3];  // sRGB of the empty background, [0, 255]
  Vec gradient;     // relative change of the light from the centre to an edge
  double vignette;  // relative loss in the corners
  double blur;      // px, standard deviation
  double noise;     // grey levels, standard deviation
  std::uint64_t seed;
};

/// What the camera sees: the light that passes the film, blurred by the lens, with the sensor's noise.
Image develop(const Film& film, const Optics& optics);

}  // namespace leukolens::smear
