// export: a trained model in another precision or as ONNX, or calibrated by a cross-validation of its recipe.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

/// `data` may be empty: it is for measuring what each precision costs.
struct ExportOptions : DatasetOptions {
  std::string model, out, precision = "f32";
  std::string crossval;   // JSON file of crossval; empty: none
  double acceptance = 1;  // with crossval: share of its cells that are typical enough not to be rejected
};

void export_command(const ExportOptions& options);

}  // namespace leukolens::train
