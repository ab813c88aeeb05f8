// What a locator learns from: pictures, and what is known of what they show.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "leukolens/image.h"
#include "locator/locator_recipe.h"

namespace leukolens::train {

/// In pixels, from the upper left corner of the image.
struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;

  double width() const { return right - left; }
  double height() const { return bottom - top; }
  double x() const { return (left + right) / 2; }
  double y() const { return (top + bottom) / 2; }
  double area() const { return std::max(0.0, width()) * std::max(0.0, height()); }
  Box scaled(double across, double down) const {
    return {left * across, top * down, right * across, bottom * down};
  }
  Box moved(double dx, double dy) const { return {left + dx, top + dy, right + dx, bottom + dy}; }
};

Box intersection(const Box& a, const Box& b);
/// Area of the intersection by area of the union (Jaccard).
double overlap(const Box& a, const Box& b);
inline Box to_box(const Rect& rect) {
  return {double(rect.x), double(rect.y), double(rect.x + rect.width), double(rect.y + rect.height)};
}

/// Something of which it is known that it is there.
struct Mark {
  Found what = Found::white_cell;
  Box box;
  bool sized = true;  // false: only the middle of the box is right
};

/// A place of which it is not known whether one of `what` is there.
struct Doubt {
  Found what = Found::white_cell;
  Box box;
};

struct MarkedImage {
  std::string name;     // for people
  std::string folder;   // that the image lies in, lower case: of crops the class of their cell
  int source = 0;       // index into LocatorTraining::sources; the number of those for a drawn smear
  bool is_seen = true;  // false: kept back to be judged by
  Image pixels;         // of fields, which are few; of crops none, but
  std::vector<std::uint8_t> file;  // what decode() takes, and has taken before
  std::vector<Mark> marks;
  std::vector<Doubt> doubts;
  std::array<bool, 2> complete{true, false};  // of each label: nothing is there but what is marked
  Box truth;                                  // of a crop with a mask: its cell, to be judged by
};

/// Whether it is a crop of a platelet.
inline bool shows_platelet(const MarkedImage& marked) { return marked.folder == kFoundIds[1]; }

/// Decodes a crop.
Image pixels_of(const MarkedImage& image);

/// One part in `folds` is kept back; 0: none. Counted over the names of each source, in order.
struct FoldChoice {
  int folds = 0, fold = 0;
};

/// All pictures of the recipe's sources below `data`. Throws std::runtime_error if a source has none, an
/// image or a mask cannot be read, or a box is of another kind than WBC, RBC or Platelets.
std::vector<MarkedImage> load_marked_images(const LocatorTraining& recipe, const std::filesystem::path& data,
                                            FoldChoice choice);

/// Drawn smears, of which everything is known.
std::vector<MarkedImage> draw_marked_smears(int count, int source, std::uint64_t seed);

}  // namespace leukolens::train
