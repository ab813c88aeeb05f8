// Reading checked values out of JSON objects.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/json_reader.h"

namespace leukolens {

inline constexpr std::size_t kMaxName = 64;  // bytes, of every text that is not for people alone

inline bool is(const Json* value, Json::Kind kind) { return value && value->kind == kind; }

/// The items of an array; none if it is something else.
inline std::span<const Json> array(const Json* value) {
  return is(value, Json::Kind::array) ? std::span<const Json>(value->items) : std::span<const Json>();
}

// Reads the members of one JSON object and refuses those that nobody asked for. Keeps the first error, so
// that a reader can ask for everything and check once.
class Members {
 public:
  Members(const Json* object, std::string where, std::string& error)
      : object_(is(object, Json::Kind::object) ? object : nullptr), where_(std::move(where)), error_(error) {
    if (!object_) complain("is not an object");
  }

  const Json* get(std::string_view key) {
    const Json* value = object_ ? object_->find(key) : nullptr;
    found_ += value != nullptr;
    return value;
  }

  int integer(const char* key, int low, int high, std::optional<int> missing = std::nullopt) {
    const Json* value = get(key);
    if (!value && missing) return *missing;
    if (is(value, Json::Kind::number) && value->integer && value->number >= low && value->number <= high)
      return static_cast<int>(value->number);
    complain(std::string("needs an integer '") + key + "' from " + std::to_string(low) + " to " +
             std::to_string(high));
    return low;
  }

  float number(const char* key, double low, double high, float missing) {
    const Json* value = get(key);
    return value ? checked(*value, key, low, high) : missing;
  }

  std::string string(const char* key) {
    const Json* value = get(key);
    const auto printable = [](char c) { return static_cast<unsigned char>(c) >= 0x20; };
    if (is(value, Json::Kind::string) && !value->string.empty() && value->string.size() <= kMaxName &&
        std::ranges::all_of(value->string, printable))
      return value->string;
    complain(std::string("needs a short text '") + key + "'");
    return {};
  }

  void numbers(const char* key, double low, double high, std::span<float> out) {
    const Json* value = get(key);
    if (!value) return;
    if (array(value).size() != out.size())
      return complain(std::string("needs ") + std::to_string(out.size()) + " numbers '" + key + "'");
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = checked(value->items[i], key, low, high);
  }

  /// The index of the word that was chosen; 0 if none was.
  int choice(const char* key, std::initializer_list<std::string_view> words) {
    const Json* value = get(key);
    if (!value) return 0;
    const auto found = std::ranges::find(words, std::string_view(value->string));
    if (is(value, Json::Kind::string) && found != words.end()) return static_cast<int>(found - words.begin());
    complain(std::string("has an unknown '") + key + "'");
    return 0;
  }

  /// Call when all known members have been asked for.
  void done() {
    if (object_ && found_ != object_->items.size()) complain("has a member that this version does not know");
  }

  void complain(const std::string& what) {
    if (error_.empty()) error_ = where_ + " " + what + ".";
  }

 private:
  float checked(const Json& value, const char* key, double low, double high) {
    if (value.kind == Json::Kind::number && value.number >= low && value.number <= high)
      return static_cast<float>(value.number);
    complain(std::string("has a '") + key + "' that is out of range");
    return static_cast<float>(low);
  }

  const Json* object_;
  std::string where_;
  std::string& error_;
  std::size_t found_ = 0;
};

}  // namespace leukolens
