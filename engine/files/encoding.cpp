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

std::string printable(const std::string& path) {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; };
  if (std::ranges::none_of(path, is_control) && valid_utf8(path) == path) return path;
  std::string out = "$'";
  for (const char c : path) {
    if (c == '\'' || c == '\\')
      out += {'\\', c};
    else if (is_control(c) || c < 0)
      out += std::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + "'";
}

}  // namespace leukolens::files
