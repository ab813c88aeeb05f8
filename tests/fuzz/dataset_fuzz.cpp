// Zip archives and lists of any bytes: images with labels, each of which can be asked for, or a typed error.
// Both are read from files.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "files/dataset.h"
#include "fuzz.h"

using namespace leukolens;
using leukolens::fuzz::require;
namespace fs = std::filesystem;

namespace {

// In a folder of this process, which is removed at its end.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("leukolens-fuzz-" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

void try_open(const fs::path& path, std::span<const std::uint8_t> bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  const auto data = files::Dataset::open(path);
  if (!data) return fuzz::require_sound(data.error());
  require(!data->items().empty());
  for (const files::Item& item : data->items()) {
    require(!item.source.empty() && !item.label.empty());
    if (const auto read = data->read(item); !read) fuzz::require_sound(read.error());
  }
  for (const files::Skipped& skipped : data->skipped()) require(!skipped.reason.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  if (size > 2 && data[0] == 'P' && data[1] == 'K') {
    try_open(folder.path / "data.zip", {data, size});
    return 0;
  }
  std::string list = "image,label,group,split,xmin,ymin,xmax,ymax,soft_label\n";
  list.append(reinterpret_cast<const char*>(data), size);
  try_open(folder.path / "list.csv", {data, size});
  try_open(folder.path / "list.csv", {reinterpret_cast<const std::uint8_t*>(list.data()), list.size()});
  return 0;
}
