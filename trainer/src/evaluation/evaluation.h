// What finished models say of labelled images: by the engine, from the image's bytes to calibrated
// probabilities, as everybody who uses the model will see them.
#pragma once

#include <span>
#include <vector>

#include "commands/run_context.h"
#include "files/evaluation.h"
#include "leukolens/metrics.h"

namespace leukolens::train {

struct Evaluation {
  Samples samples;  // the images that were answered, without their pixels, and those that were left out
  std::vector<std::vector<Scored>> scored;  // [model][image]
  files::VerdictCounts verdicts;            // of the first model
};

/// Judges by files::kEvaluationRule. `files`: model files with the same labels, those of `labels`. Each image
/// is decoded once. Throws std::runtime_error if a model cannot be loaded, or no image has a label that it
/// knows.
Evaluation evaluate(const files::Dataset& data, std::span<const std::vector<std::uint8_t>> files,
                    std::span<const Label> labels, int threads);

/// Prints which images were left out, and why.
void print_left_out(const Samples& samples);

}  // namespace leukolens::train
