#include "shipped.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

namespace leukolens::test {

Locator& shipped_locator() {
  static std::optional<Locator> shipped;
  if (shipped) return *shipped;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(LEUKOLENS_MODELS "/locator.safetensors", "rb"), std::fclose);
  REQUIRE(file);
  std::vector<std::uint8_t> bytes(1 << 20);
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
  auto loaded = Locator::load(bytes);
  REQUIRE(loaded.has_value());
  return shipped.emplace(std::move(*loaded));
}

}  // namespace leukolens::test
