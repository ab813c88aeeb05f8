// Model files taken apart and put together again, to be changed in between.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "leukolens/model.h"

namespace leukolens::test {

using File = std::vector<std::uint8_t>;

inline File container(const std::string& header, const File& data = {}) {
  File file(8);
  const std::uint64_t length = header.size();
  std::memcpy(file.data(), &length, 8);
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

/// How many bytes come before the tensors.
inline std::size_t header_end(const File& file) {
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  return 8 + static_cast<std::size_t>(length);
}

inline std::string header_of(const File& file) {
  return {file.begin() + 8, file.begin() + static_cast<std::ptrdiff_t>(header_end(file))};
}

inline File tensors_of(const File& file) {
  return {file.begin() + static_cast<std::ptrdiff_t>(header_end(file)), file.end()};
}

/// The file as it was written before there were checksums: what is changed in it is up to the reader's other
/// checks.
inline File without_checksum(const File& file) {
  std::string header = header_of(file);
  constexpr std::string_view kMember = R"("sha256":)";
  if (const auto at = header.find(kMember); at != std::string::npos)
    header.erase(at, kMember.size() + 67);  // 64 digits, quotation marks and a comma
  return container(header, tensors_of(file));
}

}  // namespace leukolens::test
