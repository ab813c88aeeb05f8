// The course of a training as TensorBoard reads it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "training/training.h"

namespace leukolens::train {

/// Also writes an event file into `folder`, which is made: at each epoch's end the scalars loss/training,
/// loss/validation, accuracy/training, accuracy/validation and seconds, with the epoch as their step. What an
/// earlier run left there by this function is removed, as is that of a run that is given up; `goes_on`: it
/// stays, of a run that is resumed. Throws std::runtime_error if a file cannot be written.
Observer with_events(const Observer& observer, const std::filesystem::path& folder, bool goes_on);

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4), with which event files guard each record.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace leukolens::train
