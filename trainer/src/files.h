// Writing files so that nobody ever finds half of one.
#pragma once

#include <filesystem>
#include <string_view>

namespace leukolens::train {

/// Writes `bytes` beside `path` and renames, so that a killed run leaves no half file. Throws
/// std::runtime_error.
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace leukolens::train
