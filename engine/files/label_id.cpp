#include "files/label_id.h"

#include <algorithm>

#include "files/composition.h"

namespace leukolens::files {

std::string label_id(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::string whole = composed(text);
  std::string_view name = whole;
  name.remove_prefix(std::min(name.find_first_not_of(kBlank), name.size()));
  name = name.substr(0, name.find_last_not_of(kBlank) + 1);
  std::string id;
  bool replaces = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const auto byte = static_cast<unsigned char>(c);
    const bool is_sign = c == '\xc2';  // U+0080 to U+00BF: of two bytes, and no letters
    if (is_sign) ++i;
    const bool stays = (byte >= 0x80 && !is_sign) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-';
    if (stays && !id.empty() && id.back() == '\xc3' && byte >= 0x80 && byte <= 0x9e && byte != 0x97)
      id += static_cast<char>(byte + 0x20);  // from A with a grave accent to thorn
    else if (stays || !replaces)
      id += stays ? c : '_';
    replaces = !stays;
  }
  return id;
}

}  // namespace leukolens::files
