// The model in ONNX, for other runtimes.
#pragma once

#include <string>

#include "leukolens/model.h"

namespace leukolens::train {

/// The bytes of an ONNX file (opset 13, IR version 7: every runtime since 2020 reads them), F32.
///
/// Input `image`: [batch, height, width, 3], the numbers that normalise() makes, rows from the top: pixels
/// need not be transposed. Outputs: `logits` [batch, labels], and `probabilities` = softmax(logits /
/// temperature). metadata_props has, as JSON, `labels` ([{"id", "name"}], in the order of the outputs),
/// `input` (width, height, colour, region, mean, std, and how they are used), `temperature`, `min_confidence`
/// (a probability below it means "unsure"), `training`, `metrics` and the `notice`. Throws std::runtime_error
/// if ONNX's own checker refuses the file.
std::string to_onnx(const Model& model);

}  // namespace leukolens::train
