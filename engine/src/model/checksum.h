// What tells a damaged model file from a whole one. The member "sha256" of its metadata is the SHA-256 of the
// file, taken while zeros stood in place of these digits.
#pragma once

#include <string_view>

namespace leukolens {

inline constexpr std::string_view kChecksum = "sha256";
inline constexpr std::size_t kChecksumDigits = 64;

}  // namespace leukolens
