#include "data/samples.h"

#include <algorithm>
#include <format>
#include <set>
#include <stdexcept>

#include "data/provenance.h"
#include "leukolens/view.h"

namespace leukolens::train {
namespace {

/// Side of augment()'s source for a side of the network's input.
int source_side(int side, const Input& input) {
  return input.region == Input::Region::whole ? kSourceScale * side
                                              : static_cast<int>(kCellScale * kCellContext * side + 0.5);
}

std::optional<int> index_of(std::span<const Label> labels, std::string_view id) {
  const auto found = std::ranges::find(labels, id, &Label::id);
  if (found == labels.end()) return std::nullopt;
  return static_cast<int>(found - labels.begin());
}

/// What the label names: the cell that was located in the annotated box, or the box itself, for a locator
/// passes over platelets; without a box, the main cell.
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

struct Views {
  Image view, source;  // what the network sees, and what augment() needs where it is wanted
  std::optional<std::array<float, 3>> nucleus;
};

Result<Views> views_of(const files::Item& item, const Picture& picture, const Input& input,
                       bool with_source) {
  const int width = source_side(input.width, input), height = source_side(input.height, input);
  if (input.region == Input::Region::whole)
    return Views{
        view_of(picture, input), with_source ? resize(picture.pixels(), width, height) : Image(), {}};
  const Result<Located> cell = cell_of(item, picture);
  if (!cell) return std::unexpected(cell.error());
  Views views{view_of(picture, *cell, input),
              with_source ? surroundings_of(picture, *cell, input, kCellContext, width, height) : Image(),
              {}};
  if (!cell->outline.empty()) views.nucleus = cell->density;
  return views;
}

Frame frame_of(const Picture& picture, const Input& input) {
  if (input.region == Input::Region::cell) return {.context = kCellContext, .disc = true};
  return {.aspect = static_cast<double>(picture.pixels().width) / picture.pixels().height};
}

Image part_of(const std::vector<std::uint8_t>& pixels, std::uint32_t index, int width, int height) {
  const std::size_t each = std::size_t(3) * width * height;
  const auto first = pixels.begin() + static_cast<std::ptrdiff_t>(index * each);
  return {width, height, {first, first + static_cast<std::ptrdiff_t>(each)}};
}

void write(std::vector<std::uint8_t>& pixels, std::size_t slot, const Image& image) {
  std::ranges::copy(image.rgb, pixels.begin() + static_cast<std::ptrdiff_t>(slot * image.rgb.size()));
}

/// Closes the gaps of the slots that are not `kept`. `each`: bytes of a slot.
void close_gaps(std::vector<std::uint8_t>& pixels, const std::vector<std::size_t>& kept, std::size_t each) {
  if (pixels.empty()) return;
  for (std::size_t to = 0; to < kept.size(); ++to)
    if (kept[to] != to)
      std::copy_n(pixels.begin() + static_cast<std::ptrdiff_t>(kept[to] * each), each,
                  pixels.begin() + static_cast<std::ptrdiff_t>(to * each));
  pixels.resize(kept.size() * each);
}

}  // namespace

Image Samples::image(std::uint32_t index) const { return part_of(pixels, index, width, height); }

Image Samples::source(std::uint32_t index) const {
  return part_of(sources, index, source_width, source_height);
}

std::vector<std::string> labels_in(const files::Dataset& data) {
  std::set<std::string> ids;
  for (const files::Item& item : data.items()) ids.insert(item.label);
  ids.erase(std::string(kBackgroundId));
  return {ids.begin(), ids.end()};
}

SampleLoader::SampleLoader(const files::Dataset& data, std::span<const Label> labels, const Input& input,
                           bool with_sources, LocatorPool* locators)
    : data_(data), labels_(labels.begin(), labels.end()), input_(input), locators_(locators) {
  for (std::uint32_t i = 0; i < data.items().size(); ++i) {
    const files::Item& item = data.items()[i];
    if (item.label != kBackgroundId && !index_of(labels_, item.label)) {
      samples_.unlabelled.push_back({item.source, std::format("the network has no label {}", item.label)});
    } else if (!item.soft_label.empty() && !index_of(labels_, item.soft_label)) {
      samples_.unlabelled.push_back(
          {item.source, std::format("the network has no label {}, its soft label", item.soft_label)});
    } else {
      items_.push_back(i);
    }
  }
  errors_.resize(items_.size());
  samples_.width = input.width;
  samples_.height = input.height;
  samples_.source_width = source_side(input.width, input);
  samples_.source_height = source_side(input.height, input);
  samples_.list.resize(items_.size());
  samples_.pixels.resize(items_.size() * samples_.pixels_each());
  if (with_sources) samples_.sources.resize(items_.size() * samples_.source_each());
}

void SampleLoader::add(const OpenedFile& file) {
  const std::string content = content_of(file.bytes);
  for (const std::uint32_t index : file.items) {
    const auto found = std::ranges::lower_bound(items_, index);
    if (found == items_.end() || *found != index) continue;
    const auto slot = static_cast<std::size_t>(found - items_.begin());
    const files::Item& item = data_.items()[index];
    const Result<Views> views = file.picture.and_then([&](const Picture& picture) -> Result<Views> {
      if (input_.region == Input::Region::cell)
        if (const Result<void> located = locators_->locate(picture); !located)
          return std::unexpected(located.error());
      return views_of(item, picture, input_, !samples_.sources.empty());
    });
    if (!views) {
      errors_[slot] = views.error().message;
      continue;
    }
    write(samples_.pixels, slot, views->view);
    write(samples_.sources, slot, views->source);
    samples_.list[slot] = {item.source,
                           item.group,
                           item.part,
                           index_of(labels_, item.label).value_or(kBackground),
                           item.origin,
                           frame_of(*file.picture, input_),
                           index_of(labels_, item.soft_label),
                           index,
                           content,
                           item.fold,
                           views->nucleus};
  }
}

Samples SampleLoader::take() {
  Samples samples = std::move(samples_);
  std::vector<std::size_t> kept;
  for (std::size_t slot = 0; slot < items_.size(); ++slot) {
    if (errors_[slot].empty())
      kept.push_back(slot);
    else
      samples.unreadable.push_back({data_.items()[items_[slot]].source, errors_[slot]});
  }
  if (kept.empty()) throw std::runtime_error("The data holds no readable image with a label of the network.");
  if (samples.unreadable.size() * 10 > items_.size()) {
    throw std::runtime_error(std::format("{} of {} images cannot be read, the first being {}: {}",
                                         samples.unreadable.size(), items_.size(),
                                         samples.unreadable[0].source, samples.unreadable[0].reason));
  }
  for (std::size_t to = 0; to < kept.size(); ++to)
    if (kept[to] != to) samples.list[to] = std::move(samples.list[kept[to]]);
  samples.list.resize(kept.size());
  close_gaps(samples.pixels, kept, samples.pixels_each());
  close_gaps(samples.sources, kept, samples.source_each());
  return samples;
}

Samples load_samples(const files::Dataset& data, std::span<const Label> labels, const Input& input,
                     const LoadOptions& options, const OnProgress& on_progress) {
  SampleLoader loader(data, labels, input, options.sources, options.locators);
  for_each_picture(data, loader.items(), options.threads, on_progress,
                   [&](const OpenedFile& file) { loader.add(file); });
  return loader.take();
}

}  // namespace leukolens::train
