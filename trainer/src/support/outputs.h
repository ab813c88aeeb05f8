// What a run will write is looked at before it runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace leukolens::train {

/// Throws std::runtime_error unless each of `outputs` can be written, before work is done for it: none may be
/// a folder, two of them the same file, or one of `inputs`. Empty ones are none.
void check_outputs(const std::vector<std::filesystem::path>& outputs, const std::vector<std::string>& inputs);

/// The folder, made where it is missing. Throws std::runtime_error.
void make_folder(const std::filesystem::path& folder);

}  // namespace leukolens::train
