// A model as a verb is given it, with the locator and the profile of a microscope beside it.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "commands.h"
#include "leukolens/classifier.h"

namespace leukolens::cli {

struct ModelFile {
  std::vector<std::uint8_t> bytes, locator;  // locator: none where the model sees whole pictures
  Model model;
  std::optional<Profile> profile;

  /// A classifier that answers by the profile. Errors: those of Classifier::load() and Locator::load().
  Result<Classifier> classifier() const;
};

/// Or the sentence to complain with.
std::expected<ModelFile, std::string> read_model_file(const ModelPaths& paths);

/// A locator, or the sentence to complain with.
std::expected<Locator, std::string> read_locator(const std::filesystem::path& path);

}  // namespace leukolens::cli
