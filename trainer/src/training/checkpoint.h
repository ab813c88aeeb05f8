// The state of a run on disk, complete enough to go on as if nothing had happened.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <string>
#include <vector>

#include "training/training.h"

namespace leukolens::train {

/// Where a run stands between two batches.
struct RunState {
  History history;                                 // of the epochs before this one
  int epoch = 1;                                   // the current one
  std::size_t batches = 0;                         // of it that are done
  double loss_sum = 0, right = 0, seconds = 0;     // over those
  std::vector<torch::Tensor> parameters, average;  // TorchNetwork::state(), and its mean
  std::vector<torch::Tensor> best;                 // parameters of history.best_epoch
  std::vector<Scored> validation;                  // what they answered
};

/// Writes atomically. `command`: the text that checkpoint_command() will give back. Throws
/// std::runtime_error.
void save_checkpoint(const std::filesystem::path& path, const std::string& command, const RunState& state,
                     const torch::optim::Optimizer& optimiser);

/// Fills `optimiser`, which must hold the same parameters in the same order.
RunState load_checkpoint(const std::filesystem::path& path, torch::optim::Optimizer& optimiser);

}  // namespace leukolens::train
