// Files, pipes and standard input as bytes.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "leukolens/error.h"

namespace leukolens::files {

/// Bytes; decode() takes twice as many, which only large pictures without compression have.
inline constexpr std::uint64_t kMaxFile = 512 << 20;

/// Once set, reading from pipes that nobody writes to ends.
inline std::atomic<bool> reading_cancelled = false;

/// All bytes of a file, or of what a pipe gives to its end; "-" is standard input. Of regular files the size
/// is looked at first. Errors: unreadable_file, image_too_large beyond kMaxFile, out_of_memory.
Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& path);

}  // namespace leukolens::files
