#include "support/json_document.h"

#include <cstdlib>
#include <format>
#include <stdexcept>

namespace leukolens::train {

JsonDocument::JsonDocument(std::string_view text, const std::string& source)
    : document_(yyjson_read(text.data(), text.size(), 0)) {
  if (!document_) throw std::runtime_error(std::format("{} is not JSON.", source));
}

yyjson_val* JsonDocument::root() const { return yyjson_doc_get_root(document_.get()); }

yyjson_val* JsonDocument::find(const char* key) const { return yyjson_obj_get(root(), key); }

std::string string_of(yyjson_val* value) { return yyjson_is_str(value) ? yyjson_get_str(value) : ""; }

std::vector<yyjson_val*> elements_of(yyjson_val* value) {
  std::vector<yyjson_val*> result;
  std::size_t i, count;
  yyjson_val* element;
  yyjson_arr_foreach(value, i, count, element) result.push_back(element);
  return result;
}

std::string json_of(yyjson_val* value) {
  const std::unique_ptr<char, decltype(&std::free)> text(yyjson_val_write(value, 0, nullptr), &std::free);
  return text ? text.get() : "null";
}

}  // namespace leukolens::train
