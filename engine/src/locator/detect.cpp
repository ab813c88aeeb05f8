// From an image to boxes: the network in tiles, then the places whose score no neighbour's exceeds, as in
// X. Zhou et al., Objects as Points, arXiv 1904.07850; boxes by the distances to their edges, as in Z. Tian
// et al., FCOS, ICCV 2019.
#include <algorithm>
#include <cmath>

#include "leukolens/view.h"
#include "locator/parts.h"
#include "network/ranked.h"

namespace leukolens {
namespace {

constexpr int kTile = 512, kMargin = 96;  // px: of what a tile adds to the grid, and what it sees around it

// What the network gives at each place, in whole steps: the order of sums differs between platforms.
struct Grid {
  static constexpr float kStepsPerUnit = 64;

  int width = 0, height = 0, channels = 0, stride = 0;
  std::vector<std::int16_t> values;

  Grid(int image_width, int image_height, int channels_, int stride_)
      : width(image_width / stride_),
        height(image_height / stride_),
        channels(channels_),
        stride(stride_),
        values(std::size_t(width) * height * channels) {}

  const std::int16_t* at(int x, int y) const { return &values[(std::size_t(y) * width + x) * channels]; }

  // Of a tile whose first place is (x, y), the places in `keep`, given in places of the grid.
  void put(std::span<const float> tile, int tile_width, int x, int y, Rect keep) {
    for (int row = keep.y; row < keep.y + keep.height; ++row) {
      const float* from = &tile[(std::size_t(row - y) * tile_width + keep.x - x) * channels];
      std::int16_t* to = &values[(std::size_t(row) * width + keep.x) * channels];
      for (int i = 0; i < keep.width * channels; ++i) {
        constexpr float kLargest = 32000;
        to[i] = static_cast<std::int16_t>(
            std::clamp(std::floor(from[i] * kStepsPerUnit + 0.5f), -kLargest, kLargest));
      }
    }
  }

  // Whether nothing around has a higher value, or as high a one and comes first.
  bool is_peak(int x, int y, int channel) const {
    const int here = at(x, y)[channel];
    for (int down = -1; down <= 1; ++down)
      for (int across = -1; across <= 1; ++across) {
        const int column = x + across, row = y + down;
        if ((across == 0 && down == 0) || column < 0 || row < 0 || column >= width || row >= height) continue;
        const int there = at(column, row)[channel];
        if (there > here || (there == here && (down < 0 || (down == 0 && across < 0)))) return false;
      }
    return true;
  }
};

int round_up(int length) { return (length + kLocatorStep - 1) / kLocatorStep * kLocatorStep; }

// width x height px from (x, y) on; what lies beyond the image is background.
Image crop(const Image& image, Rect region, const Colour& background) {
  Image out{region.width, region.height, {}};
  out.rgb.reserve(std::size_t(3) * region.width * region.height);
  const int inside = std::clamp(image.width - region.x, 0, region.width);
  for (int y = region.y; y < region.y + region.height; ++y) {
    int x = 0;
    if (y < image.height) {
      const auto row = image.rgb.begin() + 3 * (std::ptrdiff_t(y) * image.width + region.x);
      out.rgb.insert(out.rgb.end(), row, row + 3 * std::ptrdiff_t(inside));
      x = inside;
    }
    for (; x < region.width; ++x) out.rgb.insert(out.rgb.end(), background.begin(), background.end());
  }
  return out;
}

// Where a tile begins and ends, and what of it is kept: all of it where the image ends.
struct Span {
  int begin, end, keep_begin, keep_end;
};
Span span_of(int tile, int length) {
  const int begin = tile * kTile, end = std::min(begin + kTile, length);
  return {std::max(begin - kMargin, 0), std::min(end + kMargin, length), begin, end};
}

Result<Grid> look(Network& network, const Model& model, const Image& image, const Colour& background) {
  const int width = round_up(image.width), height = round_up(image.height);
  const int channels = static_cast<int>(model.labels.size()) + kBoxEdges;
  const auto shapes = infer_shapes(model);
  if (!shapes) return std::unexpected(shapes.error());
  const int stride = model.input.height / shapes->back().height;
  Grid grid(width, height, channels, stride);
  for (int row = 0; row * kTile < height; ++row)
    for (int column = 0; column * kTile < width; ++column) {
      const Span x = span_of(column, width), y = span_of(row, height);
      const Rect region{x.begin, y.begin, x.end - x.begin, y.end - y.begin};
      if (auto status = network.resize(region.height, region.width); !status)
        return std::unexpected(status.error());
      normalise(crop(image, region, background), model.input, network.input());
      const auto output = network.run();
      if (!output) return std::unexpected(output.error());
      grid.put(*output, region.width / stride, x.begin / stride, y.begin / stride,
               {x.keep_begin / stride, y.keep_begin / stride, (x.keep_end - x.keep_begin) / stride,
                (y.keep_end - y.keep_begin) / stride});
    }
  return grid;
}

Box box_at(const Grid& grid, int x, int y, int label, const Model& model, const Image& image) {
  const std::int16_t* values = grid.at(x, y);
  const std::int16_t* edges = values + grid.channels - kBoxEdges;
  const auto reach = [&](int edge) {
    constexpr float kFarthest = 4;  // e^4 = 55 radii: beyond any image
    return model.detection->diameter / 2 *
           std::exp(std::min(float(edges[edge]) / Grid::kStepsPerUnit, kFarthest));
  };
  const float column = (float(x) + 0.5f) * float(grid.stride), row = (float(y) + 0.5f) * float(grid.stride);
  const float width = float(image.width), height = float(image.height);
  return {std::clamp(column - reach(0), 0.0f, width),
          std::clamp(row - reach(1), 0.0f, height),
          std::clamp(column + reach(2), 0.0f, width),
          std::clamp(row + reach(3), 0.0f, height),
          1 / (1 + std::exp(float(-values[label]) / Grid::kStepsPerUnit)),
          label};
}

bool is_same(const Box& a, const Box& b) {
  const Point from = a.middle(), to = b.middle();
  const float x = to.x - from.x, y = to.y - from.y, near = std::max(a.diameter(), b.diameter()) / 2;
  return x * x + y * y < near * near;
}

}  // namespace

Result<std::vector<Box>> detect(Network& network, const Model& model, const Image& image,
                                const Colour& background, float least) {
  const auto grid = look(network, model, image, background);
  if (!grid) return std::unexpected(grid.error());
  std::vector<Box> boxes;
  std::vector<Ranked> ranked;
  for (int y = 0; y < grid->height; ++y)
    for (int x = 0; x < grid->width; ++x)
      for (int label = 0; label < grid->channels - kBoxEdges; ++label) {
        if (!grid->is_peak(x, y, label)) continue;
        const Box box = box_at(*grid, x, y, label, model, image);
        if (box.score < least || box.right - box.left < 1 || box.bottom - box.top < 1) continue;
        ranked.push_back({-double(box.score), static_cast<std::int32_t>(boxes.size())});
        boxes.push_back(box);
      }
  sort(ranked);
  std::vector<Box> kept;
  for (const Ranked& item : ranked) {
    const Box& box = boxes[static_cast<std::size_t>(item.number)];
    if (std::ranges::none_of(kept, [&](const Box& other) { return is_same(box, other); }))
      kept.push_back(box);
  }
  return kept;
}

}  // namespace leukolens
