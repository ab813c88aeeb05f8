#include "support/outputs.h"

#include <cerrno>
#include <format>
#include <fstream>
#include <set>
#include <stdexcept>
#include <system_error>

namespace leukolens::train {
namespace fs = std::filesystem;

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder, error))
    throw std::runtime_error(std::format("Cannot make the folder {}{}.", folder.string(),
                                         error ? ": " + error.message() : ", which is a file"));
}

void check_outputs(const std::vector<fs::path>& outputs, const std::vector<std::string>& inputs) {
  std::set<fs::path> read, written;
  for (const std::string& input : inputs)
    if (!input.empty()) read.insert(fs::weakly_canonical(fs::absolute(input)));
  for (const fs::path& path : outputs) {
    if (path.empty()) continue;
    std::error_code error;
    if (fs::is_directory(path, error))
      throw std::runtime_error(std::format("{} is a folder: name a file in it.", path.string()));
    const fs::path whole = fs::weakly_canonical(fs::absolute(path), error);
    if (read.contains(whole))
      throw std::runtime_error(
          std::format("{} is read here, and would be overwritten: write to another file.", path.string()));
    if (!written.insert(whole).second)
      throw std::runtime_error(std::format("Two things would be written to {}.", path.string()));
    if (path.has_parent_path()) make_folder(path.parent_path());
    const fs::path trial = path.string() + ".trial";
    errno = 0;
    if (!std::ofstream(trial, std::ios::app))
      throw std::runtime_error(
          std::format("Cannot write {}: {}.", path.string(), std::generic_category().message(errno)));
    fs::remove(trial, error);
  }
}

}  // namespace leukolens::train
