// How finished models judge labelled images, by the engine: from the bytes of a file to calibrated
// probabilities, as everybody who uses the model will see them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/samples.h"
#include "files/evaluation.h"
#include "leukolens/metrics.h"

namespace leukolens::train {

struct Evaluation {
  Samples samples;  // the images that were judged, without their pixels, and those that were left out
  std::vector<std::vector<Scored>> scored;  // [model][image]
  files::VerdictCounts verdicts;            // of the first model
};

/// Judges by files::kEvaluationRule. `files`: model files with the same labels, those of `labels`. Each image
/// is decoded once. Throws std::runtime_error if a model cannot be loaded, or no image has a label that it
/// knows.
Evaluation evaluate(const files::Dataset& data, std::span<const std::vector<std::uint8_t>> files,
                    std::span<const std::uint8_t> locator, std::span<const Label> labels, int threads);

}  // namespace leukolens::train
