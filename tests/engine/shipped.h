// The repository's models.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "leukolens/locator.h"

namespace leukolens::test {

/// The bytes of models/NAME.safetensors. Fails the test that asks for it where the file cannot be read.
std::vector<std::uint8_t> shipped_file(std::string_view name);

/// Made once a process. Fails the test that first asks for it where the file cannot be read.
Locator& shipped_locator();

}  // namespace leukolens::test
