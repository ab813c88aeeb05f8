#include "data/annotations.h"

#include <algorithm>
#include <map>

#include "data/samples.h"
#include "leukolens/locator.h"
#include "support/random.h"

namespace leukolens::train {
namespace {

struct Annotated {
  std::vector<Rect> white, red, platelets;
};

bool touch(const Rect& a, const Rect& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

bool touches_any(const Rect& box, const std::vector<Rect>& others) {
  return std::ranges::any_of(others, [&](const Rect& other) { return touch(box, other); });
}

/// A sixth wider on each side: a cell's halo goes with it.
void erase(Image& image, const Rect& box, const std::array<std::uint8_t, 3>& background) {
  const int margin = std::max(box.width, box.height) / 6;
  const int left = std::max(0, box.x - margin), right = std::min(image.width, box.x + box.width + margin);
  const int top = std::max(0, box.y - margin), bottom = std::min(image.height, box.y + box.height + margin);
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x)
      std::ranges::copy(background, &image.rgb[3 * (std::size_t(y) * image.width + x)]);
}

std::vector<Place> places_in(const Image& image, Annotated known, Random random) {
  const Field field = locate(image);
  for (const Located& cell : field.cells) known.white.push_back(cell.box);
  std::vector<Place> result;
  for (const Rect& box : known.platelets)
    if (!touches_any(box, known.white)) result.push_back({"platelet", box});

  Image bare = image;
  for (const Rect& box : known.white) erase(bare, box, field.background);
  for (const Located& decoy : locate(bare).cells)
    if (!touches_any(decoy.box, known.white) && !touches_any(decoy.box, known.platelets))
      result.push_back({std::string(kNothingId), decoy.box});

  random.shuffle(known.red);
  for (const Rect& box : known.red) {
    if (touches_any(box, known.white) || touches_any(box, known.platelets)) continue;
    result.push_back({std::string(kNothingId), box});
    break;
  }
  return result;
}

}  // namespace

std::vector<std::vector<Place>> other_places(const files::Dataset& data, const files::Dataset& boxes,
                                             std::uint64_t seed, int threads, const OnProgress& on_progress) {
  std::map<std::filesystem::path, Annotated> annotated;
  for (const files::Item& item : boxes.items()) {
    if (!item.box) continue;
    Annotated& image = annotated[boxes.location(item).lexically_normal()];
    (item.label == "rbc"                  ? image.red
     : item.label.starts_with("platelet") ? image.platelets
                                          : image.white)
        .push_back(*item.box);
  }
  std::vector<std::vector<Place>> result(data.items().size());
  for_each_in_parallel(result.size(), threads, on_progress, [&](std::size_t i) {
    const files::Item& item = data.items()[i];
    const auto known = annotated.find(data.location(item).lexically_normal());
    if (known == annotated.end()) return;
    const auto bytes = data.read(item);
    const Result<Image> image = bytes ? decode(*bytes) : std::unexpected(bytes.error());
    if (image) result[i] = places_in(*image, known->second, Random(seed, i));
  });
  return result;
}

}  // namespace leukolens::train
