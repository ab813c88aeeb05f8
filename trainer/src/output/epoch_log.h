// The course of a training as CSV, for other programs.
#pragma once

#include <filesystem>

#include "training/training.h"

namespace leukolens::train {

/// Also writes a line for each epoch, as it ends: epoch,loss,accuracy,validation_loss,validation_accuracy,
/// seconds,kept. A run that is given up leaves no lines behind; `goes_on`: what is there stays, of a run that
/// is resumed. Throws std::runtime_error if the file cannot be written.
Observer with_log(const Observer& observer, const std::filesystem::path& path, bool goes_on);

}  // namespace leukolens::train
