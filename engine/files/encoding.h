// Texts of other encodings, in lower case, and names that a terminal may show.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leukolens::files {

/// `text` in UTF-8; nothing where it is none in `encoding`, a name that iconv knows.
std::optional<std::string> to_utf8(std::string_view text, const char* encoding);

/// A list's text in UTF-8 without a byte-order mark, of UTF-16 too, in which PowerShell and spreadsheets
/// write lists; nothing where that is damaged.
std::optional<std::string> list_in_utf8(std::string text);

/// The text with A to Z as a to z.
std::string lower(std::string_view text);

/// Whether a terminal may do something else than show it: control characters of ASCII, and those that Unicode
/// took over from ISO 6429, such as U+009B.
bool has_controls(std::string_view text);

/// A path for people: itself where it is UTF-8 without control characters, else as a shell reads it,
/// $'a\x0ab'.
std::string printable(const std::string& path);

/// A sentence for people, which may quote names from files: itself where it is UTF-8 without control
/// characters, else with them as \x0a.
std::string visible(std::string_view sentence);

}  // namespace leukolens::files
