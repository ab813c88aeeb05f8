// The only preprocessing there is: training, the command line and the browser all call it. In integers and in
// IEEE + - * / sqrt alone, for the same bits everywhere.
#include <algorithm>
#include <cmath>

#include "leukolens/classifier.h"
#include "locator/parts.h"

namespace leukolens {
namespace {

constexpr double kWhiteCell = 2.2;  // about so many red cells wide

// Diameter of a red cell here, px. Red cells alone would be the better measure if they were always in sight
// and never overlapped; from one microscope to another, the mean of both did better. A tight crop cuts them
// to pieces, which look smaller than they are.
double unit(const Located& cell, const Field& field) {
  constexpr double kWholeRedCell = 0.9;
  const double from_white = std::max(cell.diameter, 1.0f) / kWhiteCell;
  if (field.red_cell <= 0) return from_white;
  return std::sqrt(std::max<double>(field.red_cell, kWholeRedCell * from_white) * from_white);
}

// Along one axis: which of the output's positions the image covers, and from which of its own.
struct Span {
  int from = 0, length = 0, to = 0, out_length = 0;
};

Span overlap(int start, int side, int size, int out_size) {
  const int first = std::max(start, 0), end = std::min(start + side, size);
  if (end <= first) return {};
  const auto place = [&](int x) {
    return static_cast<int>((2 * std::int64_t(x - start) * out_size + side) / (2 * side));
  };
  return {first, end - first, place(first), place(end) - place(first)};
}

// The colour of empty glass where `square` is.
std::array<std::uint8_t, 3> background_at(Rect square, const Image& image, const Field& field) {
  std::array<std::uint8_t, 3> background = field.background;
  if (!field.light) return background;
  const double x = (2.0 * square.x + square.width) / image.width - 1;
  const double y = (2.0 * square.y + square.height) / image.height - 1;
  for (int channel = 0; channel < 3; ++channel) {
    const double value = background[channel] * field.light->at(channel, x, y);
    background[channel] = static_cast<std::uint8_t>(std::clamp(value, 1.0, 255.0));
  }
  return background;
}

}  // namespace

Rect square_around(const Located& cell, const Field& field, float extent) {
  const int side = std::clamp(static_cast<int>(extent * unit(cell, field) + 0.5), 1, 4 * kMaxSide);
  return {static_cast<int>(std::floor(cell.x - side / 2.0 + 0.5)),
          static_cast<int>(std::floor(cell.y - side / 2.0 + 0.5)), side, side};
}

Image cut(const Image& image, const Field& field, Rect square, int width, int height) {
  Image out{width, height, std::vector<std::uint8_t>(std::size_t(3) * width * height, 255)};
  const Span across = overlap(square.x, square.width, image.width, width);
  const Span down = overlap(square.y, square.height, image.height, height);
  if (across.out_length < 1 || down.out_length < 1) return out;
  const Image part =
      resize(image, {across.from, down.from, across.length, down.length}, across.out_length, down.out_length);
  const Gains white = gains(background_at(square, image, field));
  for (int y = 0; y < part.height; ++y) {
    const std::uint8_t* from = &part.rgb[std::size_t(3) * part.width * y];
    std::uint8_t* to = &out.rgb[(std::size_t(y + down.to) * width + across.to) * 3];
    for (int i = 0; i < 3 * part.width; ++i) to[i] = white[i % 3][from[i]];
  }
  return out;
}

void mask_disc(Image& image) {
  const std::int64_t width = image.width, height = image.height, limit = width * width * height * height;
  for (std::int64_t y = 0; y < height; ++y) {
    // Twice the distance from the middle, in units that make the image square. A row of the disc is one
    // stretch in its middle: whiten from both ends until it begins.
    const std::int64_t down = (2 * y + 1 - height) * width;
    std::uint8_t* row = &image.rgb[static_cast<std::size_t>(y * width) * 3];
    for (std::int64_t x = 0; 2 * x < width; ++x) {
      const std::int64_t across = (2 * x + 1 - width) * height;
      if (across * across + down * down <= limit) break;
      std::fill_n(row + 3 * x, 3, std::uint8_t{255});
      std::fill_n(row + 3 * (width - 1 - x), 3, std::uint8_t{255});
    }
  }
}

const Located* subject(const Image& image, const Field& field) {
  const int x = image.width / 2, y = image.height / 2;
  for (const Located& cell : field.cells)
    if (x >= cell.box.x && y >= cell.box.y && x < cell.box.x + cell.box.width &&
        y < cell.box.y + cell.box.height)
      return &cell;
  return field.cells.empty() ? nullptr : &field.cells.front();
}

const Located* nearest(const Field& field, Point point) {
  const auto away = [&](const Located& cell) {
    const float x = cell.x - point.x, y = cell.y - point.y;
    return x * x + y * y;
  };
  const auto found = std::ranges::min_element(field.cells, {}, away);
  return found == field.cells.end() ? nullptr : &*found;
}

void normalise(const Image& image, const Input& input, std::span<float> out) {
  // One table look-up a value: the same division gives the same float everywhere.
  float table[3][256];
  for (int c = 0; c < 3; ++c)
    for (int v = 0; v < 256; ++v)
      table[c][v] = (static_cast<float>(v) / 255.0f - input.mean[c]) / input.std[c];
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = table[i % 3][image.rgb[i]];
}

bool prepare(const Image& image, const Input& input, std::span<float> out) {
  if (input.region == Input::Region::whole) {
    normalise(resize(image, input.width, input.height), input, out);
    return true;
  }
  const Field field = locate(image);
  const Located* cell = subject(image, field);
  if (!cell) return false;
  Image view = cut(image, field, square_around(*cell, field, input.extent), input.width, input.height);
  mask_disc(view);
  normalise(view, input, out);
  return true;
}

}  // namespace leukolens
