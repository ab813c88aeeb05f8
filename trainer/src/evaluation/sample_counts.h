// The differential count of each sample, by the labels and by the model.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "files/dataset.h"
#include "leukolens/differential.h"

namespace leukolens::train {

/// The rule in one paragraph, for --help.
inline constexpr const char* kSampleRule =
    "By sample: the leukocytes of all pictures of a sample are counted by the labels and by the model. A "
    "picture with boxes is a field, of which every white cell that is found counts, whether or not a box "
    "says so: all its cells must have labels. A picture without boxes is one cell. What is unsure or "
    "rejected counts for nothing, as on the page. Samples are named in the column sample, or by the folders "
    "around those of the classes.";

struct SampleCount {
  std::string sample;
  Differential labelled, counted;
};

/// Throws std::runtime_error where an image has no sample, or a picture several.
void require_samples(const files::Dataset& data);

/// In the order of their names; of data for which require_samples() holds. `labels`, those of the model, must
/// outlive the result.
std::vector<SampleCount> count_samples(const files::Dataset& data,
                                       const std::vector<std::uint8_t>& model_file,
                                       std::span<const std::uint8_t> locator, std::span<const Label> labels,
                                       int threads);

}  // namespace leukolens::train
