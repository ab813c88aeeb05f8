// How a model is judged on labelled images. Both `leukolens evaluate` and `leukolens-train evaluate` follow
// it.
#pragma once

#include <span>
#include <vector>

#include "files/dataset.h"
#include "files/json_writer.h"
#include "leukolens/classifier.h"

namespace leukolens::files {

/// The rule in one paragraph, for --help.
inline constexpr const char* kEvaluationRule =
    "Where a row has a box, its cell is the one whose nucleus lies in that box, the nearest to its middle; "
    "elsewhere it is the image's main cell. A cell that is not found counts as wrong. A model that sees the "
    "whole image is judged by the whole image. The answer is the most probable label, whatever the verdict. "
    "Files that cannot be read and images of labels that the model does not have are listed, not counted.";

/// An image whose label the model has.
struct Labelled {
  const Item* item = nullptr;
  int label = 0;  // its index
};

/// What can be judged of a data set, in its order, and what cannot.
struct LabelledImages {
  std::vector<Labelled> known;      // point into the data set
  std::vector<Skipped> unlabelled;  // of labels that the model does not have
};
LabelledImages labelled_images(const Dataset& data, std::span<const Label> labels);

/// The cell that an item is about (see kEvaluationRule), nullptr where it is not found. Valid as long as the
/// picture. Errors: those of Classifier::locate().
Result<const Located*> cell_of(Classifier& classifier, const Picture& picture, const Item& item);

/// What a model says of the cell that an item is about (see kEvaluationRule). Without cells and
/// probabilities where a model that looks at cells does not find it. Errors: those of Classifier::classify().
Result<Classification> classify_item(Classifier& classifier, const Picture& picture, const Item& item);

/// How many images have which verdict; a cell that was not found has none.
struct VerdictCounts {
  std::size_t classified = 0, unsure = 0, rejected = 0, not_found = 0;

  void add(const Classification& answer);
};

/// {"classified", "unsure", "rejected", "notFound"}
Json::Value to_json(const Json& json, const VerdictCounts& counts);

/// [{"source", "reason"}]
Json::Value to_json(const Json& json, std::span<const Skipped> skipped);

}  // namespace leukolens::files
