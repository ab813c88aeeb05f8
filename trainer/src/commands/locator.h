// locator: trains the network that finds white cells, and judges it.
#pragma once

#include "commands/run_context.h"

namespace leukolens::train {

struct LocatorOptions {
  std::string data;  // the folder that the recipe's sources lie below
  std::string recipe = "locator";
  std::string evaluate;     // a locator to judge instead of one that is trained here; empty: train
  std::string out;          // NAME.safetensors to write; empty: none
  std::string json;         // figures to write; empty: none
  std::string crossval;     // figures of folds, for the model file; empty: none
  int folds = 0, only = 0;  // only: train and judge this fold alone, from 1; 0: each
  std::uint64_t seed = 1;
  int threads = 1;
  std::string command_line;
};

void locator_command(const LocatorOptions& options);

}  // namespace leukolens::train
