// The state of a run on disk, complete enough to resume as if nothing had happened.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace torch::optim {
class Optimizer;
}

namespace leukolens::train {

struct RunState;

/// Writes atomically. `command`: the text that checkpoint_command() will give back. Throws
/// std::runtime_error.
void save_checkpoint(const std::filesystem::path& path, const std::string& command, const RunState& state,
                     const torch::optim::Optimizer& optimiser);

/// Fills `optimiser`, which must hold the same parameters in the same order. `weights`: of the network, as
/// TorchNetwork::state() gives them. Throws std::runtime_error if the file is no checkpoint, or one of
/// another network.
RunState load_checkpoint(const std::filesystem::path& path, const std::vector<at::Tensor>& weights,
                         torch::optim::Optimizer& optimiser);

/// RunOptions::command of the run that wrote a checkpoint. Throws std::runtime_error if the file is none.
std::string checkpoint_command(const std::filesystem::path& path);

}  // namespace leukolens::train
