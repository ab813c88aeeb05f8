#include "files/composition.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <system_error>

namespace leukolens::files {
namespace {

std::string in_form(std::string_view text, utf8proc_uint8_t* (*form)(const utf8proc_uint8_t*)) {
  std::string plain(text);
  if (plain.contains('\0')) return plain;  // it would end there
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(plain.c_str());
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> normal(form(bytes), std::free);
  return normal ? reinterpret_cast<const char*>(normal.get()) : plain;
}

}  // namespace

std::string composed(std::string_view text) { return in_form(text, utf8proc_NFC); }

std::string decomposed(std::string_view text) { return in_form(text, utf8proc_NFD); }

bool is_there(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

std::string spelt(const std::filesystem::path& root, const std::string& path) {
  std::string slashes = path;
  std::ranges::replace(slashes, '\\', '/');
  for (const std::string& spelling : {path, slashes, composed(slashes), decomposed(slashes)})
    if (is_there(root / spelling)) return spelling;
  return path;
}

}  // namespace leukolens::files
