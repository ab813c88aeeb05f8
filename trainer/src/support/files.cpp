#include "support/files.h"

#include <format>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "support/outputs.h"

namespace leukolens::train {
namespace fs = std::filesystem;
namespace {

/// What is written before it gets its name.
fs::path partial(const fs::path& path) { return path.string() + ".partial"; }

}  // namespace

void require_extension(const fs::path& path, std::initializer_list<std::string_view> known) {
  std::string list;
  for (const std::string_view one : known) {
    if (path.extension() == one) return;
    list += std::format("{}{}", list.empty() ? "" : " or ", one);
  }
  throw std::runtime_error(
      std::format("The name of {} must end in {}, the format that is written.", path.string(), list));
}

void write_atomically(const fs::path& path, std::string_view bytes) {
  if (path.has_parent_path()) make_folder(path.parent_path());
  const fs::path temporary = partial(path);
  std::ofstream stream(temporary, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  std::error_code error, ignored;
  if (!stream) {
    fs::remove(temporary, ignored);  // what a full disk needs most is room
    throw std::runtime_error(std::format("Cannot write {}: is the disk full, or read-only?", path.string()));
  }
  fs::rename(temporary, path, error);
  if (!error) return;
  fs::remove(temporary, ignored);
  throw std::runtime_error(std::format("Cannot write {}: {}.", path.string(), error.message()));
}

}  // namespace leukolens::train
