// The state of a run on disk, complete enough to resume as if nothing had happened.
#pragma once

#include <filesystem>
#include <string>

namespace torch::optim {
class Optimizer;
}

namespace leukolens::train {

class Learner;
struct RunState;

/// Writes atomically. `command`: the text that checkpoint_command() will give back. Throws
/// std::runtime_error.
void save_checkpoint(const std::filesystem::path& path, const std::string& command, const RunState& state,
                     const torch::optim::Optimizer& optimiser);

/// Fills the learner's optimiser; its network keeps the weights that it has. Throws std::runtime_error if the
/// file is no checkpoint, or one of another network.
RunState load_checkpoint(const std::filesystem::path& path, Learner& learner);

/// RunOptions::command of the run that wrote a checkpoint. Throws std::runtime_error if the file is none.
std::string checkpoint_command(const std::filesystem::path& path);

}  // namespace leukolens::train
