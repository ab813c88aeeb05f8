#include "leukolens/locator.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "locator/parts.h"
#include "network/ranked.h"

namespace leukolens {
namespace {

constexpr int kFirstSide = 160;    // px: the cells of an ordinary field, or of a crop, are large enough in it
constexpr int kSideOfLight = 320;  // px, at least: in which light and red cells are measured
constexpr int kLargestSide = 2048;  // px

int longer_side(const Image& image) { return std::max(image.width, image.height); }

Image reduce(const Image& image, int side) {
  const auto shorter = [&](int length) {
    return std::max(1, static_cast<int>(std::int64_t(length) * side / longer_side(image)));
  };
  return longer_side(image) <= side ? image : resize(image, shorter(image.width), shorter(image.height));
}

// An image of kLargestSide px at most, its half, the half of that, and so on.
class Halves {
 public:
  explicit Halves(const Image& image) {
    if (longer_side(image) > kLargestSide) reduced_ = reduce(image, kLargestSide);
    largest_ = reduced_.rgb.empty() ? &image : &reduced_;
    const Image* last = largest_;
    for (Image& half : halves_) {
      if (longer_side(*last) < 2 * kLocatorStep || std::min(last->width, last->height) < 2) break;
      half = halve(*last);
      last = &half;
    }
  }
  Halves(const Halves&) = delete;  // points into itself

  // The smallest that is not smaller than `side`, if there is one.
  const Image& at_least(int side) const {
    const Image* smallest = largest_;
    for (const Image& half : halves_)
      if (longer_side(half) >= side) smallest = &half;
    return *smallest;
  }

 private:
  Image reduced_;
  std::array<Image, 6> halves_;  // down to 32 px; empty where the one before is too small
  const Image* largest_;
};

// Training shows the network glass of at least this brightness in every channel: a dimmer picture, or one
// under a coloured lamp, is lit up to it.
Colour lit_up(Colour glass) {
  constexpr std::uint8_t kLeastLight = 160;
  for (std::uint8_t& channel : glass) channel = std::max(channel, kLeastLight);
  return glass;
}

void light_up(Image& image, const Colour& glass) {
  const Colour light = lit_up(glass);
  if (light == glass) return;
  Gains lit;
  for (std::size_t channel = 0; channel < 3; ++channel)
    for (int value = 0; value < 256; ++value)
      lit[channel][value] = static_cast<std::uint8_t>(std::min(255, value * light[channel] / glass[channel]));
  for (std::size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = lit[i % 3][image.rgb[i]];
}

// The median of those boxes that are surely white cells, or 0.
float usual_diameter(const std::vector<Box>& boxes, float min_score) {
  std::vector<Ranked> diameters;
  for (const Box& box : boxes)
    if (box.label == 0 && box.score >= min_score) diameters.push_back({box.diameter()});
  sort(diameters);
  return diameters.empty() ? 0 : static_cast<float>(diameters[diameters.size() / 2].key);
}

// An image in which to look next, when `diameter` is what its cells have in `side` px; an empty one where
// that will do.
Image look_closer(const Halves& halves, int side, float diameter) {
  // Training shows the network cells of 14 to 130 px; from kSmallest to kLargest it knows them best.
  constexpr float kSmallest = 22, kLargest = 110;
  constexpr float kBest =
      44 / 1.41421356f;  // and up to twice that: 44 px but for the half that comes closest
  constexpr int kStepWithoutCells = 3;
  if (diameter >= kSmallest && diameter <= kLargest) return {};
  const int wanted = side * kStepWithoutCells;
  Image next = diameter > 0 ? halves.at_least(static_cast<int>(float(side) * kBest / diameter))
                            : reduce(halves.at_least(wanted), wanted);
  return longer_side(next) == side ? Image() : next;
}

// A bound of what each layer can give, so that no image makes a locator's answer overflow.
bool may_overflow(const Model& model) {
  constexpr double kTooLarge = 1e30;
  double bound = 0;  // of the input
  for (int channel = 0; channel < 3; ++channel)
    bound = std::max({bound, double(std::abs(model.input.mean[channel]) / model.input.std[channel]),
                      std::abs(1 - double(model.input.mean[channel])) / model.input.std[channel]});
  std::vector<double> bounds;
  for (const Layer& layer : model.layers) {
    if (!layer.bias.empty()) {
      const std::size_t row = layer.weight.size() / layer.bias.size();
      double largest = 0;
      for (std::size_t filter = 0; filter < layer.bias.size(); ++filter) {
        double sum = std::abs(layer.bias[filter]);
        for (std::size_t i = 0; i < row; ++i) sum += std::abs(layer.weight[filter * row + i]) * bound;
        largest = std::max(largest, sum);
      }
      bound = largest;
    }
    if (const auto* sum = std::get_if<Add>(&layer.operation))
      bound += bounds[static_cast<std::size_t>(sum->from)];
    if (!(bound < kTooLarge)) return true;
    bounds.push_back(bound);
  }
  return false;
}

// What is seen in a smaller image, in px of the whole.
struct Scale {
  float x, y;
  Scale(const Image& whole, const Image& small)
      : x(float(whole.width) / float(small.width)), y(float(whole.height) / float(small.height)) {}
};

Located describe(const Box& box, Scale scale, const Image& image, const Field& field) {
  Located cell;
  const int left = static_cast<int>(box.left * scale.x), top = static_cast<int>(box.top * scale.y);
  const int right = std::min(static_cast<int>(std::ceil(box.right * scale.x)), image.width);
  const int bottom = std::min(static_cast<int>(std::ceil(box.bottom * scale.y)), image.height);
  cell.box = {left, top, right - left, bottom - top};
  const Point middle = middle_of(cell.box);
  cell.x = middle.x;
  cell.y = middle.y;
  // A side that the image cuts off says nothing.
  const float width = float(cell.box.width), height = float(cell.box.height);
  const bool cut_x = left == 0 || right == image.width, cut_y = top == 0 || bottom == image.height;
  cell.diameter = cut_x == cut_y ? (width + height) / 2 : std::max(width, height);
  if (auto nucleus = find_nucleus(image, cell.box, background_at(cell.box, image, field))) {
    cell.x = nucleus->centre.x;
    cell.y = nucleus->centre.y;
    cell.outline = std::move(nucleus->outline);
    cell.density = nucleus->density;
  }
  return cell;
}

// In px of the image; `boxes` are of cells in `view`.
float red_cell_diameter(const Image& image, const Halves& halves, const Field& field, const Image& view,
                        std::vector<Box> boxes) {
  const Image& closer = halves.at_least(std::clamp(longer_side(view), kSideOfLight, 2 * kSideOfLight));
  const Scale scale(closer, view);
  for (Box& box : boxes) {
    box.left *= scale.x;
    box.right *= scale.x;
    box.top *= scale.y;
    box.bottom *= scale.y;
  }
  const Image even = field.light ? make_even(closer, *field.light) : Image();
  return leukolens::red_cell_diameter(field.light ? even : closer, field.background, boxes) *
         Scale(image, closer).x;
}

// White cells measure 7 to 20 um: what is much smaller than the largest beside it is a platelet or dirt. An
// edge may cut off one side.
void drop_small(std::vector<Box>& cells) {
  constexpr float kOfLargest = 0.35f;
  float largest = 0;
  for (const Box& cell : cells) largest = std::max(largest, cell.longer_side());
  std::erase_if(cells, [&](const Box& cell) { return cell.longer_side() < kOfLargest * largest; });
}

bool is_in_middle(const Box& box, const Image& image) {
  const Point at = box.middle();
  const float width = float(image.width), height = float(image.height);
  return std::abs(at.x - width / 2) < 0.15f * width && std::abs(at.y - height / 2) < 0.15f * height;
}

// Whether the picture was cut around one cell: a white cell would fill a fifth of it.
bool is_crop(const std::vector<Box>& cells, const Image& image) {
  constexpr float kOfSide = 0.2f;
  return std::ranges::all_of(cells, [&](const Box& cell) {
    return cell.longer_side() >= kOfSide * float(std::max(image.width, image.height));
  });
}

// What may be a white cell, or something of another label in the middle: the likeliest. Where a crop shows
// white cells, none of them in the middle, what is there instead.
const Box* doubtful(const std::vector<Box>& boxes, const std::vector<Box>& cells, const Image& image) {
  const auto middle = [&](const Box& box) { return is_in_middle(box, image); };
  if (std::ranges::any_of(cells, middle) || !is_crop(cells, image)) return nullptr;
  const auto found = std::ranges::find_if(
      boxes, [&](const Box& box) { return middle(box) || (cells.empty() && box.label == 0); });
  return found == boxes.end() ? nullptr : &*found;
}

}  // namespace

Locator::Locator(Model model, Network network) : model_(std::move(model)), network_(std::move(network)) {}

Result<Locator> Locator::create(Model model) {
  if (!model.detection)
    return fail(ErrorCode::unsupported_model, "The model '" + model.name + "' is no locator: it classifies.");
  if (may_overflow(model))
    return fail(ErrorCode::corrupt_model,
                "The locator's weights are so large that its answers may overflow.");
  auto network = Network::create(model);
  if (!network) return std::unexpected(network.error());
  for (Layer& layer : model.layers) layer.weight = layer.bias = {};
  return Locator(std::move(model), std::move(*network));
}

Result<Locator> Locator::load(std::span<const std::uint8_t> model_file) {
  return read_model(model_file).and_then([](Model&& model) { return create(std::move(model)); });
}

Result<Field> Locator::locate(const Image& image, LocateOptions options) {
  if (image.rgb.empty()) return Field{};
  constexpr float kDoubt = 0.5f;  // of min_score: from here on it may be a white cell
  const float min_score = model_.detection->min_score;

  const Halves halves(image);
  const Image& small = halves.at_least(kSideOfLight);
  Field field;
  field.background = measure_background(small);
  field.light = measure_light(small, field.background);
  const Colour glass = field.background;
  if (field.light) field.background = measure_background(make_even(small, *field.light));

  const auto look = [&](Image& view) {
    light_up(view, glass);
    return detect(network_, model_, view, lit_up(glass), kDoubt * min_score);
  };
  Image view = reduce(halves.at_least(kFirstSide), kFirstSide);
  auto boxes = look(view);
  for (int looks = 1; boxes && looks < 3; ++looks) {
    const float diameter = usual_diameter(*boxes, min_score);
    Image closer = look_closer(halves, longer_side(view), diameter);
    if (closer.rgb.empty()) break;
    auto found = look(closer);
    const bool is_lost = found && diameter > 0 && usual_diameter(*found, min_score) == 0;
    if (is_lost) break;
    boxes = std::move(found);
    view = std::move(closer);
  }
  if (!boxes) return std::unexpected(boxes.error());

  std::vector<Box> cells;
  for (const Box& box : *boxes)
    if (box.label == 0 && box.score >= min_score) cells.push_back(box);
  drop_small(cells);
  field.red_cell = red_cell_diameter(image, halves, field, view, cells);
  const auto most = static_cast<std::size_t>(std::max(options.max_cells, 0));
  const Scale scale(image, view);
  const Box* other = doubtful(*boxes, cells, view);
  for (const Box& box : std::span(cells).first(std::min(cells.size(), most))) {
    field.cells.push_back(describe(box, scale, image, field));
    field.cells.back().score = 0.5f + 0.5f * (box.score - min_score) / (1 - min_score);
  }
  if (other && field.cells.size() < most) {
    field.cells.push_back(describe(*other, scale, image, field));
    field.cells.back().score = 0.49f * other->score;
  }
  return field;
}

}  // namespace leukolens
