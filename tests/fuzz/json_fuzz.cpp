// Text of any bytes is strict JSON or nothing; each of its values is read alone as it was read in its place.
#include "fuzz.h"
#include "model/json_reader.h"
#include "model/utf8.h"

using namespace leukolens;
using leukolens::fuzz::require;

namespace {

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void check(const Json& value) {
  require(std::isfinite(value.number) && is_utf8(value.string));
  const auto again = Json::parse(value.raw);
  require(again && again->kind == value.kind && again->number == value.number &&
          again->string == value.string && again->items.size() == value.items.size());
  for (const Json& item : value.items) check(item);
  if (value.kind == Json::Kind::object) require(value.keys.size() == value.items.size());
  for (const std::string& key : value.keys)
    require(value.find(key) == &value.items[&key - value.keys.data()]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto value = Json::parse(text)) check(*value);
  return 0;
}
