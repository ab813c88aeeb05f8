// One name in several spellings: an accented letter as one sign, as most write it, or as a letter and a mark,
// as macOS names files (Unicode's forms C and D, UAX #15); folders parted by slashes or, on Windows, by
// backslashes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace leukolens::files {

/// `text` in form C, by utf8proc. What is no UTF-8 stays as it is.
std::string composed(std::string_view text);

/// In form D.
std::string decomposed(std::string_view text);

/// False too where no file can have this name, which std::filesystem::exists() alone would throw for.
bool is_there(const std::filesystem::path& path);

/// The path below `root`, empty for the current folder, as it is there; itself where there is none.
std::string spelt(const std::filesystem::path& root, const std::string& path);

}  // namespace leukolens::files
