// A model as a verb is given it, and the profile of a microscope beside it.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "leukolens/classifier.h"

namespace leukolens::cli {

struct ModelFile {
  std::vector<std::uint8_t> bytes;
  Model model;
  std::optional<Profile> profile;

  /// A classifier that answers by the profile. Errors: those of Classifier::load().
  Result<Classifier> classifier() const;
};

/// Or the sentence to complain with. `profile`: a NAME.microscope.json, or empty.
std::expected<ModelFile, std::string> read_model_file(const std::filesystem::path& path,
                                                      const std::filesystem::path& profile = {});

}  // namespace leukolens::cli
