#include "files/encoding.h"

#include <iconv.h>

#include <algorithm>
#include <format>

#include "files/json_writer.h"

namespace leukolens::files {

std::optional<std::string> to_utf8(std::string_view text, const char* encoding) {
  std::string out(4 * text.size(), '\0');
  const iconv_t conversion = iconv_open("UTF-8", encoding);
  if (conversion == reinterpret_cast<iconv_t>(-1))  // NOLINT(performance-no-int-to-ptr): as POSIX has it
    return std::nullopt;
  char *from = const_cast<char*>(text.data()), *to = out.data();
  std::size_t left = text.size(), room = out.size();
  const bool converted = iconv(conversion, &from, &left, &to, &room) == 0 && left == 0;
  iconv_close(conversion);
  if (!converted) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

std::optional<std::string> list_in_utf8(std::string text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return to_utf8(text, "UTF-16");
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

namespace {

bool is_control(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }

}  // namespace

bool has_controls(std::string_view text) {
  if (std::ranges::any_of(text, is_control)) return true;
  for (std::size_t at = 0; (at = text.find('\xc2', at)) < text.size(); ++at)  // U+0080 to U+009F
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0) return true;
  return false;
}

namespace {

bool is_visible(std::string_view text) { return !has_controls(text) && valid_utf8(text) == text; }

// A backslash before those of `signs`, and \x0a for what is no printable ASCII.
std::string escaped(std::string_view text, std::string_view signs) {
  std::string out;
  for (const char c : text) {
    if (signs.contains(c))
      out += {'\\', c};
    else if (is_control(c) || c < 0)
      out += std::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string printable(const std::string& path) {
  return is_visible(path) ? path : "$'" + escaped(path, "'\\") + "'";
}

std::string visible(std::string_view sentence) {
  return is_visible(sentence) ? std::string(sentence) : escaped(sentence, "\\");
}

}  // namespace leukolens::files
