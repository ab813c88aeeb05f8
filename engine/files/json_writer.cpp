#include "files/json_writer.h"

#include <algorithm>

#include "model/utf8.h"

namespace leukolens::files {

std::string valid_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    out += length > 0 ? text.substr(0, length) : "\uFFFD";
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

}  // namespace leukolens::files
