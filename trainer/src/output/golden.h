// Writes a model and checks that the engine computes what libtorch computes with the same weights.
#pragma once

#include <filesystem>
#include <vector>

#include "leukolens/model.h"

namespace leukolens::train {

/// The largest difference of a logit between libtorch and the engine.
inline constexpr double kGoldenTolerance = 1e-4;

/// The drawn smears of every golden file, in its order, as normalise() fills them for `input`.
std::vector<float> golden_inputs(const Input& input);

struct Agreement {
  std::size_t images = 0;
  double largest_difference = 0;  // of a logit
};

/// Compares what engine and libtorch compute of the drawn smears of golden files. Throws std::runtime_error
/// if they differ by more than kGoldenTolerance.
Agreement agreement_with_engine(const Model& model);

/// Writes the model to `path` in `precision` and, as NAME.golden.json beside it, drawn smears with libtorch's
/// logits and probabilities for the weights as written; then reads the model back and runs the engine on the
/// same smears. Throws std::runtime_error if a file cannot be written or the engine differs by more than
/// kGoldenTolerance.
Agreement write_with_golden(const Model& model, const std::filesystem::path& path,
                            Precision precision = Precision::f32);

}  // namespace leukolens::train
