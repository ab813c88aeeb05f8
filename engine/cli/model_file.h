// A model as a verb is given it.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "leukolens/model.h"

namespace leukolens::cli {

struct ModelFile {
  std::vector<std::uint8_t> bytes;
  Model model;
};

/// Or the sentence to complain with.
std::expected<ModelFile, std::string> read_model_file(const std::filesystem::path& path);

}  // namespace leukolens::cli
