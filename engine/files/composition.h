// One name in two spellings: an accented letter as one sign, as most write it, or as a letter and a mark, as
// macOS names files (Unicode's forms C and D, UAX #15).
#pragma once

#include <string>
#include <string_view>

namespace leukolens::files {

/// `text` in form C, by utf8proc. What is no UTF-8 stays as it is.
std::string composed(std::string_view text);

/// In form D.
std::string decomposed(std::string_view text);

}  // namespace leukolens::files
