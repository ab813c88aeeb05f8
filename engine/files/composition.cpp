#include "files/composition.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace leukolens::files {
namespace {

std::string mapped(std::string_view text, utf8proc_option_t form) {
  utf8proc_uint8_t* bytes = nullptr;
  const utf8proc_ssize_t length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                               static_cast<utf8proc_ssize_t>(text.size()), &bytes,
                                               static_cast<utf8proc_option_t>(UTF8PROC_STABLE | form));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(bytes, std::free);
  if (length < 0) return std::string(text);
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length)};
}

}  // namespace

std::string composed(std::string_view text) { return mapped(text, UTF8PROC_COMPOSE); }

std::string decomposed(std::string_view text) { return mapped(text, UTF8PROC_DECOMPOSE); }

}  // namespace leukolens::files
