#include "support/files.h"

#include <format>
#include <fstream>
#include <stdexcept>

namespace leukolens::train {
namespace fs = std::filesystem;

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
