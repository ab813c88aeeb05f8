#include "data/samples.h"

#include <algorithm>
#include <format>
#include <set>
#include <stdexcept>

#include "leukolens/view.h"
#include "training/augment.h"

namespace leukolens::train {
namespace {

struct Resampled {
  Image image, source;  // the source only where it is wanted
  Frame frame;
};

/// Side of augment()'s source for a side of the network's input.
int source_side(int side, const Input& input) {
  return input.region == Input::Region::whole ? kSourceScale * side
                                              : static_cast<int>(kCellScale * kCellContext * side + 0.5);
}

/// What the label names: what was located in the annotated box, or the box itself, for fields hold platelets
/// that locate() passes over; without a box, the main cell.
Result<Located> cell_of(const files::Item& item, const Picture& picture) {
  if (!item.box) {
    const Located* found = main_cell(picture);
    if (!found) return fail(ErrorCode::empty_input, "no white cell was found in it");
    return *found;
  }
  const Rect& box = *item.box;
  const Point middle = middle_of(box);
  if (!contains({0, 0, picture.pixels().width, picture.pixels().height}, middle))
    return fail(ErrorCode::empty_input, "its box lies outside the image");
  if (const Located* found = cell_in(picture, box)) return *found;
  return Located{.box = box,
                 .x = middle.x,
                 .y = middle.y,
                 .diameter = static_cast<float>(box.width + box.height) / 2,
                 .outline = {},
                 .score = 0};
}

/// The view before the arithmetic: kept as bytes, an image takes a quarter of the memory.
Result<Resampled> resampled(const files::Dataset& data, const files::Item& item, const Input& input,
                            bool with_source) {
  const Result<std::vector<std::uint8_t>> bytes = data.read(item);
  if (!bytes) return std::unexpected(bytes.error());
  const Result<Picture> picture = open(*bytes);
  if (!picture) return std::unexpected(picture.error());
  const int width = source_side(input.width, input), height = source_side(input.height, input);
  if (input.region == Input::Region::whole) {
    const Image& pixels = picture->pixels();
    Resampled result{view_of(*picture, input), {}, {}};
    result.frame.aspect = static_cast<double>(pixels.width) / pixels.height;
    if (with_source) result.source = resize(pixels, width, height);
    return result;
  }
  const Result<Located> cell = cell_of(item, *picture);
  if (!cell) return std::unexpected(cell.error());
  Resampled result{view_of(*picture, *cell, input), {}, {.context = kCellContext, .disc = true}};
  if (with_source) result.source = surroundings_of(*picture, *cell, input, kCellContext, width, height);
  return result;
}

/// Decodes in parallel; results keep the order of `items`.
std::vector<Result<Resampled>> resample_all(const files::Dataset& data,
                                            const std::vector<const files::Item*>& items, const Input& input,
                                            const LoadOptions& options, const OnProgress& on_progress) {
  std::vector<Result<Resampled>> images(items.size());
  for_each_in_parallel(items.size(), options.threads, on_progress, [&](std::size_t i) {
    images[i] = resampled(data, *items[i], input, options.sources);
  });
  return images;
}

void append(std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace

Image Samples::image(std::uint32_t index) const {
  const auto first = pixels.begin() + static_cast<std::ptrdiff_t>(index * pixels_each());
  return {width, height, {first, first + static_cast<std::ptrdiff_t>(pixels_each())}};
}

Image Samples::source(std::uint32_t index) const {
  const std::size_t each = std::size_t(3) * source_width * source_height;
  const auto first = sources.begin() + static_cast<std::ptrdiff_t>(index * each);
  return {source_width, source_height, {first, first + static_cast<std::ptrdiff_t>(each)}};
}

std::vector<std::string> labels_in(const files::Dataset& data) {
  std::set<std::string> ids;
  for (const files::Item& item : data.items()) ids.insert(item.label);
  ids.erase(std::string(kNothingId));
  return {ids.begin(), ids.end()};
}

Samples load_samples(const files::Dataset& data, std::span<const Label> labels, const Input& input,
                     const LoadOptions& options, const OnProgress& on_progress) {
  Samples samples;
  samples.width = input.width;
  samples.height = input.height;
  samples.source_width = source_side(input.width, input);
  samples.source_height = source_side(input.height, input);
  std::vector<const files::Item*> items;
  const auto index_of = [&](const std::string& id) {
    const auto found = std::ranges::find(labels, id, &Label::id);
    return found == labels.end() ? kNothing : static_cast<int>(found - labels.begin());
  };
  for (const files::Item& item : data.items()) {
    if (item.label != kNothingId && index_of(item.label) == kNothing) {
      samples.unlabelled.push_back({item.source, std::format("the network has no label {}", item.label)});
    } else if (!item.doubt.empty() && index_of(item.doubt) == kNothing) {
      samples.unlabelled.push_back(
          {item.source, std::format("the network has no label {}, which it is in doubt of", item.doubt)});
    } else {
      items.push_back(&item);
    }
  }
  std::vector<Result<Resampled>> images = resample_all(data, items, input, options, on_progress);
  samples.pixels.reserve(items.size() * samples.pixels_each());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const files::Item& item = *items[i];
    if (!images[i]) {
      samples.unreadable.push_back({item.source, images[i].error().message});
      continue;
    }
    samples.list.push_back({item.source, item.group, item.part, index_of(item.label), item.origin,
                            images[i]->frame, index_of(item.doubt)});
    append(samples.pixels, images[i]->image.rgb);
    append(samples.sources, images[i]->source.rgb);
    images[i] = Resampled();  // the memory is needed only once
  }
  if (samples.list.empty())
    throw std::runtime_error("The data holds no readable image with a label of the network.");
  if (samples.unreadable.size() * 10 > items.size()) {
    throw std::runtime_error(std::format("{} of {} images cannot be read, the first being {}: {}",
                                         samples.unreadable.size(), items.size(),
                                         samples.unreadable[0].source, samples.unreadable[0].reason));
  }
  return samples;
}

}  // namespace leukolens::train
