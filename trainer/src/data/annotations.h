// What the images of a data set show beside the cells that their labels name: platelets and background.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "data/locator_pool.h"
#include "data/picture_pass.h"

namespace leukolens::train {

/// A row to add to a list: `label` names what is in `box`, or is kBackgroundId.
struct Annotation {
  std::string label;
  Rect box;
};

/// Collects, in one pass, what could be listed besides. Background is what a locator would take for a cell if
/// the white cells were not there, and one red cell of each image.
class AnnotationFinder {
 public:
  /// `boxes`: the same images with all that is annotated in them, by kind: RBC, Platelets, and WBC or a label
  /// of a white cell. Data sets and locators must outlive this. Throws std::runtime_error at another kind.
  AnnotationFinder(const files::Dataset& data, const files::Dataset& boxes, LocatorPool& locators,
                   std::uint64_t seed);

  /// Adds nothing for an image that cannot be read or has no boxes. Several threads may call this.
  void add(const OpenedFile& file);

  /// For each row of the data; those of a file with the first row that names it.
  const std::vector<std::vector<Annotation>>& found() const { return found_; }

 private:
  struct Boxes {
    std::vector<Rect> white, red, platelets;
  };
  std::vector<Annotation> search(const Picture& picture, Boxes known, std::uint32_t item);

  const files::Dataset& data_;
  LocatorPool& locators_;
  std::uint64_t seed_;
  std::map<std::filesystem::path, Boxes> boxes_;  // by where the image lies
  std::vector<std::vector<Annotation>> found_;
};

}  // namespace leukolens::train
