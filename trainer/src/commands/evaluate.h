// evaluate: how good a model is on labelled images.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

struct EvaluateOptions : DatasetOptions {
  std::string model;
  std::string csv, report;    // what to write
  std::string by;             // "sample": also the differential count of each
  bool print_json = false;    // instead of tables
  bool present_only = false;  // choose among the labels that the data has
};

void evaluate_command(const EvaluateOptions& options);

}  // namespace leukolens::train
