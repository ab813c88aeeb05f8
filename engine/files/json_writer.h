// Building JSON with yyjson.
#pragma once

#include <yyjson.h>

#include <cmath>
#include <cstdlib>
#include <format>
#include <memory>
#include <string>
#include <string_view>

namespace leukolens::files {

/// The text with U+FFFD for each byte that is not part of valid UTF-8 (RFC 3629): a file's name may be any
/// bytes, JSON may not.
std::string valid_utf8(std::string_view text);

/// A JSON document whose root is an object. Values belong to the document that made them.
class Json {
 public:
  using Value = yyjson_mut_val*;

  Json() : document_(yyjson_mut_doc_new(nullptr)), root_(object()) {
    yyjson_mut_doc_set_root(document_.get(), root_);
  }

  Value root() const { return root_; }
  Value object() const { return yyjson_mut_obj(document_.get()); }
  Value array() const { return yyjson_mut_arr(document_.get()); }

  // JSON has no word for infinity and not-a-number: null.
  Value value(double number) const {
    return std::isfinite(number) ? yyjson_mut_real(document_.get(), number) : null();
  }
  Value value(float number) const {  // the shortest text that reads back as the same float
    return std::isfinite(number) ? raw(std::format("{}", number)) : null();
  }
  Value value(bool flag) const { return yyjson_mut_bool(document_.get(), flag); }
  Value value(int number) const { return yyjson_mut_sint(document_.get(), number); }
  Value value(std::int64_t number) const { return yyjson_mut_sint(document_.get(), number); }
  Value value(std::size_t number) const { return yyjson_mut_uint(document_.get(), number); }
  Value value(std::string_view text) const {
    const std::string valid = valid_utf8(text);
    return yyjson_mut_strncpy(document_.get(), valid.data(), valid.size());
  }
  Value value(const std::string& text) const { return value(std::string_view(text)); }
  Value value(const char* text) const { return value(std::string_view(text)); }
  Value value(Value made) const { return made; }
  Value null() const { return yyjson_mut_null(document_.get()); }
  /// Text that is JSON already.
  Value raw(std::string_view json) const {
    return yyjson_mut_rawncpy(document_.get(), json.data(), json.size());
  }

  template <class T>
  void set(Value to, std::string_view key, const T& what) const {
    yyjson_mut_obj_add(to, value(key), value(what));
  }
  template <class T>
  void add(Value to, const T& what) const {
    yyjson_mut_arr_append(to, value(what));
  }
  template <class Range, class Make>
  Value list(const Range& range, Make make) const {
    const Value result = array();
    for (const auto& one : range) add(result, make(one));
    return result;
  }

  std::string text(bool pretty) const {
    const std::unique_ptr<char, decltype(&std::free)> text(
        yyjson_mut_write(document_.get(), pretty ? YYJSON_WRITE_PRETTY_TWO_SPACES : 0, nullptr), &std::free);
    return text.get();
  }

 private:
  struct Free {
    void operator()(yyjson_mut_doc* document) const { yyjson_mut_doc_free(document); }
  };
  std::unique_ptr<yyjson_mut_doc, Free> document_;
  Value root_;
};

}  // namespace leukolens::files
