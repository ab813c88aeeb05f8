// What writing and reading ONNX share: versions, and the keys of the metadata in which our files keep what
// the format itself has no place for.
#pragma once

#include <bit>

namespace leukolens::train::schema {

inline constexpr int kOpset = 13, kIrVersion = 7;  // as written: every runtime since 2020 reads them

// Of metadata_props.
inline constexpr const char *kLabels = "labels", *kInput = "input", *kTemperature = "temperature",
                            *kMinConfidence = "min_confidence", *kTraining = "training",
                            *kMetrics = "metrics", *kNotice = "notice";

// Of our graphs.
inline constexpr const char *kImage = "image", *kLogits = "logits", *kProbabilities = "probabilities";

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

}  // namespace leukolens::train::schema
