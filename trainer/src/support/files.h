// Reads and writes files: failures become exceptions, and a file is written whole or not at all.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "leukolens/error.h"

namespace leukolens::train {

/// The value, or the error's sentence as a std::runtime_error.
template <class T>
T value_or_throw(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

/// The same bytes; valid as long as `bytes`.
inline std::string_view as_text(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Throws std::runtime_error if the file's name does not end in one of `known`, as in ".safetensors": it
/// would say that the file is something else.
void require_extension(const std::filesystem::path& path, std::initializer_list<std::string_view> known);

/// Writes `bytes` beside `path` and renames, so that a killed run leaves no half file. Throws
/// std::runtime_error.
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace leukolens::train
