#include "shipped.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace leukolens::test {

std::vector<std::uint8_t> shipped_file(std::string_view name) {
  const std::string path = LEUKOLENS_MODELS "/" + std::string(name) + ".safetensors";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  REQUIRE(file);
  std::vector<std::uint8_t> bytes(1 << 20);
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
  return bytes;
}

Locator& shipped_locator() {
  static std::optional<Locator> shipped;
  if (shipped) return *shipped;
  auto loaded = Locator::load(shipped_file("locator"));
  REQUIRE(loaded.has_value());
  return shipped.emplace(std::move(*loaded));
}

}  // namespace leukolens::test
