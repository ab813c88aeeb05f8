// Writing JSON as text, for what the engine itself writes: model files and microscope profiles.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

namespace leukolens {

inline std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      constexpr std::string_view kHex = "0123456789abcdef";
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      c = kHex[c & 15];
    }
    out += c;
  }
  return out += '"';
}

// The shortest decimal that reads back as the same float.
inline std::string decimal(float number) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr};
}

// Builds one JSON object or array, in order.
class JsonList {
 public:
  explicit JsonList(std::string_view brackets) : brackets_(brackets) {}
  JsonList& item(std::string_view json) {
    text_ += text_.empty() ? "" : ",";
    text_ += json;
    return *this;
  }
  JsonList& member(std::string_view key, std::string_view json) {
    return item(quoted(key) + ":" + std::string(json));
  }
  JsonList& member(std::string_view key, int number) { return member(key, std::to_string(number)); }
  std::string json() const { return brackets_[0] + text_ + brackets_[1]; }

 private:
  std::string_view brackets_;
  std::string text_;
};
inline JsonList json_object() { return JsonList("{}"); }
inline JsonList json_array() { return JsonList("[]"); }

}  // namespace leukolens
