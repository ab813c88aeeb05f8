#include "support/files.h"

#include <format>
#include <fstream>
#include <stdexcept>

namespace leukolens::train {
namespace fs = std::filesystem;

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
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  fs::path temporary = path;
  temporary += ".partial";
  std::ofstream stream(temporary, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream)
    throw std::runtime_error(std::format("Cannot write {}: is the disk full, or read-only?", path.string()));
  fs::rename(temporary, path);
}

}  // namespace leukolens::train
