// A small, strict JSON reader (RFC 8259) for model files: what readers disagree about is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leukolens {

struct Json {
  enum class Kind { null, boolean, number, string, array, object };

  Kind kind = Kind::null;
  double number =
      0;  // exact for integers below 2^53 and for decimals of up to 15 digits; also 0 or 1 for a boolean
  bool integer = false;           // written without fraction and exponent
  std::string string;             // decoded, valid UTF-8
  std::vector<Json> items;        // of an array, or the values of an object
  std::vector<std::string> keys;  // of an object, beside items; no two are equal
  std::string_view raw;  // the text that this value was read from; as long-lived as the argument of parse()

  /// The member `key` of an object; null if there is none or this is no object.
  const Json* find(std::string_view key) const;

  /// Nothing if `text` is not exactly one JSON value, repeats a key, nests deeper than 17, or has more than
  /// 4096 items in one place.
  static std::optional<Json> parse(std::string_view text);
};

}  // namespace leukolens
