#include "data/annotations.h"

#include <algorithm>
#include <array>
#include <format>
#include <stdexcept>

#include "data/samples.h"
#include "leukolens/locator.h"
#include "support/random.h"

namespace leukolens::train {
namespace {

enum class Kind { white, red, platelet };

/// By the names of BCCD's annotations and the labels of Leukolens's models, in lower case; `labels` are those
/// of the data.
std::optional<Kind> kind_named(std::string_view name, const std::vector<std::string>& labels) {
  static constexpr std::array<std::string_view, 8> kWhite{"wbc", "basophil",   "eosinophil", "erythroblast",
                                                          "ig",  "lymphocyte", "monocyte",   "neutrophil"};
  if (name == "rbc") return Kind::red;
  if (name == "platelet" || name == "platelets") return Kind::platelet;
  if (std::ranges::contains(kWhite, name) || std::ranges::contains(labels, name)) return Kind::white;
  return std::nullopt;
}

bool touch(const Rect& a, const Rect& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

bool touches_any(const Rect& box, const std::vector<Rect>& others) {
  return std::ranges::any_of(others, [&](const Rect& other) { return touch(box, other); });
}

/// Paints over a box, a sixth wider on each side: a cell's halo goes with it.
void erase(Image& image, const Rect& box, const std::array<std::uint8_t, 3>& background) {
  const int margin = std::max(box.width, box.height) / 6;
  const int left = std::max(0, box.x - margin), right = std::min(image.width, box.x + box.width + margin);
  const int top = std::max(0, box.y - margin), bottom = std::min(image.height, box.y + box.height + margin);
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x)
      std::ranges::copy(background, &image.rgb[3 * (std::size_t(y) * image.width + x)]);
}

}  // namespace

AnnotationFinder::AnnotationFinder(const files::Dataset& data, const files::Dataset& boxes,
                                   LocatorPool& locators, std::uint64_t seed)
    : data_(data), locators_(locators), seed_(seed), found_(data.items().size()) {
  const std::vector<std::string> labels = labels_in(data);
  for (const files::Item& item : boxes.items()) {
    if (!item.box) continue;
    const std::optional<Kind> kind = kind_named(item.label, labels);
    if (!kind)
      throw std::runtime_error(
          std::format("\"{}\", a box of {}, is no kind of box: it must be WBC, RBC, Platelets or a label of "
                      "the cells.",
                      item.label, item.source));
    Boxes& image = boxes_[boxes.location(item).lexically_normal()];
    (*kind == Kind::white ? image.white
     : *kind == Kind::red ? image.red
                          : image.platelets)
        .push_back(*item.box);
  }
}

void AnnotationFinder::add(const OpenedFile& file) {
  if (!file.picture) return;
  const std::uint32_t first = file.items.front();
  const auto known = boxes_.find(data_.location(data_.items()[first]).lexically_normal());
  if (known != boxes_.end()) found_[first] = search(*file.picture, known->second, first);
}

std::vector<Annotation> AnnotationFinder::search(const Picture& picture, Boxes known, std::uint32_t item) {
  if (!locators_.locate(picture)) return {};
  for (const Located& cell : picture.field().cells) known.white.push_back(cell.box);
  std::vector<Annotation> result;
  for (const Rect& box : known.platelets)
    if (!touches_any(box, known.white)) result.push_back({"platelet", box});

  Image bare = picture.pixels();
  for (const Rect& box : known.white) erase(bare, box, picture.field().background);
  const Picture without(std::move(bare));
  if (!locators_.locate(without)) return {};
  for (const Located& decoy : without.field().cells)
    if (!touches_any(decoy.box, known.white) && !touches_any(decoy.box, known.platelets))
      result.push_back({std::string(kBackgroundId), decoy.box});

  Random(seed_, item).shuffle(known.red);
  for (const Rect& box : known.red) {
    if (touches_any(box, known.white) || touches_any(box, known.platelets)) continue;
    result.push_back({std::string(kBackgroundId), box});
    break;
  }
  return result;
}

}  // namespace leukolens::train
