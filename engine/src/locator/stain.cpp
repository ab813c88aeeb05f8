// White balance by the background of the image itself, then two differences of colour channels. Nuclei are
// stained blue to violet: they let blue pass, absorb green most and red much. Haemoglobin and eosin in red
// cells let red pass and absorb blue and green about alike.
#include <algorithm>
#include <array>

#include "locator/parts.h"

namespace leukolens {
namespace {

using Histogram = std::array<std::int64_t, 256>;

// The value below which `part` of `whole` of the entries lie.
int quantile(const Histogram& histogram, int part, int whole) {
  std::int64_t total = 0, below = 0;
  for (const std::int64_t count : histogram) total += count;
  int value = 0;
  while (value < 255 && (below += histogram[value]) * whole < total * part) ++value;
  return value;
}

// N. Otsu, A threshold selection method from gray-level histograms, IEEE Trans. SMC 9, 1979.
int otsu(const Histogram& histogram) {
  std::int64_t total = 0, sum = 0;
  for (int value = 0; value < 256; ++value) {
    total += histogram[value];
    sum += value * histogram[value];
  }
  std::int64_t low = 0, low_sum = 0;
  double best = 0;
  int threshold = 0;
  for (int value = 0; value < 255; ++value) {
    low += histogram[value];
    low_sum += value * histogram[value];
    if (low == 0 || low == total) continue;
    const double distance = double(low_sum) / low - double(sum - low_sum) / (total - low);
    const double between = distance * distance * low * (total - low);
    if (between > best) {
      best = between;
      threshold = value;
    }
  }
  return threshold;
}

}  // namespace

std::array<std::uint8_t, 3> measure_background(const Image& image) {
  Histogram green{};
  for (std::size_t i = 1; i < image.rgb.size(); i += 3) ++green[image.rgb[i]];
  const int bright = quantile(green, 9, 10);
  std::array<std::int64_t, 3> sum{};
  std::int64_t count = 0;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    if (image.rgb[i + 1] < bright) continue;
    for (int channel = 0; channel < 3; ++channel) sum[channel] += image.rgb[i + channel];
    ++count;
  }
  std::array<std::uint8_t, 3> background;
  for (int channel = 0; channel < 3; ++channel)
    background[channel] = static_cast<std::uint8_t>(
        std::max<std::int64_t>(sum[channel] / std::max<std::int64_t>(count, 1), kDarkestWhite));
  return background;
}

Gains gains(const std::array<std::uint8_t, 3>& background) {
  Gains gains;
  for (int channel = 0; channel < 3; ++channel)
    for (int value = 0; value < 256; ++value)
      gains[channel][value] = static_cast<std::uint8_t>(std::min(255, value * 255 / background[channel]));
  return gains;
}

namespace {

// A binomial filter over 3 x 3 px: lone pixels of noise do not make a threshold's edge ragged.
void smooth(Plane& plane) {
  const int width = plane.width, height = plane.height;
  std::vector<std::uint8_t> above(plane.values.begin(), plane.values.begin() + width), here(above);
  std::vector<std::uint16_t> column(width + 2);
  for (int y = 0; y < height; ++y) {
    std::uint8_t* row = &plane.values[plane.index(0, y)];
    const std::uint8_t* below = y + 1 < height ? row + width : row;
    std::copy(row, row + width, here.begin());
    for (int x = 0; x < width; ++x)
      column[x + 1] = static_cast<std::uint16_t>(above[x] + 2 * here[x] + below[x]);
    column.front() = column[1];
    column.back() = column[width];
    for (int x = 0; x < width; ++x)
      row[x] = static_cast<std::uint8_t>((column[x] + 2 * column[x + 1] + column[x + 2] + 8) >> 4);
    above.swap(here);
  }
}

// Otsu's threshold is kept between these: under the first lies everything in an image without nuclei (BCCD's
// palest nuclei reach 110, the red cells of BCCD and PBC stay under 65), above the second nuclei alone. In
// haze or a pale stain, whose red cells absorb less green than theirs (42 to 109), nuclei may be paler too.
constexpr int kPalestNucleus = 86, kSureNucleus = 170;
constexpr int kPalestInHaze = 40;  // above what a camera's noise looks like
constexpr double kNucleusToRedCell = 1.6;
constexpr int kRedCellEosin = 40;  // red - green of red cells: what exceeds it is an eosinophil's granule
constexpr int kDepthOfCells = 25;  // absorbs more green than the background does
// Dyes look red to violet; haemoglobin that eosin fails to cover is yellow, for two cells on each other
// absorb half of the blue and little else, and grey-green in a stain too alkaline. None of them looks greener
// than this, or yellower, or as red as a traffic light, or as blue as the sky.
constexpr int kGreener = 36, kYellower = 110, kRedder = 130, kBluer = 150;

bool is_off_colour(int red, int green, int blue) {
  return (int(green - red > kGreener) & int(green >= blue)) | int(green - blue > kYellower) |
         int(red - std::max(green, blue) > kRedder) | (int(blue - red > kBluer) & int(green > red));
}

int palest_nucleus(const Stain& stain) {
  Histogram depth{};  // of what is not violet
  std::size_t count = 0;
  for (std::size_t i = 0; i < stain.depth.values.size(); ++i) {
    const int here = stain.depth.values[i];
    if (here <= kDepthOfCells || stain.nucleus.values[i] * 4 >= here * 3) continue;
    ++depth[here];
    ++count;
  }
  constexpr std::size_t kEnough = 20;  // of the image at least this part, for there to be red cells
  if (count * kEnough < stain.depth.values.size()) return kPalestNucleus;
  return std::clamp(static_cast<int>(kNucleusToRedCell * quantile(depth, 1, 2)), kPalestInHaze,
                    kPalestNucleus);
}

}  // namespace

Stain measure_stain(const Image& image, const std::array<std::uint8_t, 3>& background) {
  const std::size_t size = std::size_t(image.width) * image.height;
  const Plane empty{image.width, image.height, std::vector<std::uint8_t>(size)};
  Stain stain{empty, empty, empty, background};
  const Gains white = gains(background);
  // In a register: the bytes written below might be the member's, for all a compiler knows.
  int off_colour = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const int red = white[0][image.rgb[3 * i]], green = white[1][image.rgb[3 * i + 1]];
    const int blue = white[2][image.rgb[3 * i + 2]], purple = std::max(blue - green, 0);
    stain.cell.values[i] = static_cast<std::uint8_t>(std::max(purple, red - green - kRedCellEosin));
    off_colour += is_off_colour(red, green, blue);
    // Bounded by purple, so that dirt, which absorbs everything, does not look like a nucleus.
    stain.nucleus.values[i] =
        static_cast<std::uint8_t>(std::min(purple + std::min((255 - red) / 2, purple), 255));
    // Nothing in a smear is black: that is the rim of an eyepiece.
    stain.depth.values[i] = static_cast<std::uint8_t>((red | green | blue) < 32 ? 0 : 255 - green);
  }
  stain.off_colour = static_cast<std::size_t>(off_colour);
  smooth(stain.cell);
  smooth(stain.nucleus);

  Histogram nucleus{}, red_cell{}, red_nucleus{};
  for (const std::uint8_t value : stain.nucleus.values) ++nucleus[value];
  stain.nucleus_threshold = std::clamp(otsu(nucleus), palest_nucleus(stain), kSureNucleus);
  for (std::size_t i = 0; i < size; ++i)
    if (stain.nucleus.values[i] < stain.nucleus_threshold * 3 / 4 && stain.depth.values[i] > kDepthOfCells) {
      ++red_cell[stain.cell.values[i]];
      ++red_nucleus[stain.nucleus.values[i]];
    }
  stain.nucleus_threshold =
      std::clamp(2 * quantile(red_nucleus, 1, 2), stain.nucleus_threshold, kSureNucleus);
  stain.cell_threshold = std::clamp(quantile(red_cell, 1, 2) + 8, 20, 80);
  return stain;
}

double red_cell_diameter(const Stain& stain) {
  constexpr int kStep = 2;  // every other pixel will do
  Plane mask{(stain.depth.width + 1) / kStep, (stain.depth.height + 1) / kStep, {}};
  for (int y = 0; y < stain.depth.height; y += kStep)
    for (int x = 0; x < stain.depth.width; x += kStep) {
      const std::size_t i = stain.depth.index(x, y);
      const bool red =
          stain.depth.values[i] > kDepthOfCells && stain.nucleus.values[i] < stain.nucleus_threshold;
      mask.values.push_back(red ? 255 : 0);
    }
  fill_holes(mask, mask.values.size() / 150);  // the pallor in the middle of a red cell
  constexpr int kMinArea = 8;
  const Lobes cells = find_lobes(mask, kMinArea, 4096);
  std::vector<Ranked> depths;
  double total = 0, below = 0;
  for (const Lobe& cell : cells.list) {
    depths.push_back({double(cell.depth)});
    total += double(cell.depth) * cell.depth;
  }
  sort(depths);
  // The lower quartile by area: clumps measure too large, and debris is many but small.
  for (const Ranked& depth : depths) {
    below += depth.key * depth.key;
    if (below * 4 >= total) return depth.key * (kStep * 2.0 / 3);
  }
  return 0;
}

}  // namespace leukolens
