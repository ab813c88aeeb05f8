// A folder that is there for one test, and drawn images to put into it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "encode.h"
#include "smear.h"

namespace leukolens::train {

/// Of its own, for tests run side by side.
struct Scratch {
  std::filesystem::path path;
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "leukolens-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
    path = name;
  }
  ~Scratch() { std::filesystem::remove_all(path); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void write(const std::filesystem::path& file, std::string_view content) const {
    std::filesystem::create_directories((path / file).parent_path());
    std::ofstream(path / file, std::ios::binary) << content;
  }
  void write(const std::filesystem::path& file, const smear::Bytes& bytes) const {
    write(file, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
};

/// One white cell among red ones, 320 x 240.
inline Image drawn_field(std::uint64_t seed, smear::Cell cell = smear::Cell::neutrophil) {
  smear::Scene scene;
  scene.seed = seed;
  scene.cells = {cell};
  return smear::draw(scene).image;
}

}  // namespace leukolens::train
