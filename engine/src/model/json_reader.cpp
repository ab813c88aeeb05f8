#include "model/json_reader.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "model/utf8.h"

namespace leukolens {
namespace {

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxItems = 4096;  // the check for repeated keys is quadratic

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xC0 | point >> 6);
  } else if (point < 0x10000) {
    put(0xE0 | point >> 12);
    put(0x80 | (point >> 6 & 63));
  } else {
    put(0xF0 | point >> 18);
    put(0x80 | (point >> 12 & 63));
    put(0x80 | (point >> 6 & 63));
  }
  put(0x80 | (point & 63));
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  bool document(Json& out) {
    space();
    if (!value(out, 0)) return false;
    space();
    return at_ == text_.size();
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool accept(char c) { return peek() == c && (++at_, true); }
  bool accept(std::string_view word) {
    return text_.substr(at_).starts_with(word) && (at_ += word.size(), true);
  }
  void space() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') ++at_;
  }
  static bool digit(char c) { return c >= '0' && c <= '9'; }

  bool value(Json& out, int depth) {
    if (depth > kMaxDepth) return false;
    const std::size_t begin = at_;
    bool good = false;
    if (peek() == '{' || peek() == '[') {
      good = container(out, depth);
    } else if (peek() == '"') {
      out.kind = Json::Kind::string;
      good = string(out.string);
    } else if (accept("null")) {
      good = true;
    } else if (accept("true") || accept("false")) {
      out.kind = Json::Kind::boolean;
      out.number = text_[begin] == 't';
      good = true;
    } else {
      good = number(out);
    }
    out.raw = text_.substr(begin, at_ - begin);
    return good;
  }

  bool container(Json& out, int depth) {
    const bool object = text_[at_++] == '{';
    const char close = object ? '}' : ']';
    out.kind = object ? Json::Kind::object : Json::Kind::array;
    space();
    if (accept(close)) return true;
    do {
      if (out.items.size() == kMaxItems) return false;
      space();
      if (object && !key(out)) return false;
      if (!value(out.items.emplace_back(), depth + 1)) return false;
      space();
    } while (accept(','));
    return accept(close);
  }

  bool key(Json& out) {
    std::string name;
    if (!string(name) || std::ranges::find(out.keys, name) != out.keys.end()) return false;
    out.keys.push_back(std::move(name));
    space();
    if (!accept(':')) return false;
    space();
    return true;
  }

  bool string(std::string& out) {
    if (!accept('"')) return false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (accept('"')) return true;
      if (accept('\\')) {
        if (!escape(out)) return false;
        continue;
      }
      const std::size_t length = utf8_length(text_.substr(at_));
      if (length == 0) return false;
      out.append(text_, at_, length);
      at_ += length;
    }
    return false;
  }

  bool escape(std::string& out) {
    constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    const char c = peek();
    ++at_;
    if (const auto found = kFrom.find(c); c != '\0' && found != kFrom.npos) {
      out += kTo[found];
      return true;
    }
    std::uint32_t point = 0, low = 0;
    if (c != 'u' || !hex(point)) return false;
    if (point >= 0xD800 && point < 0xDC00) {
      if (!accept("\\u") || !hex(low) || low < 0xDC00 || low > 0xDFFF) return false;
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    } else if (point >= 0xDC00 && point <= 0xDFFF) {
      return false;
    }
    append_utf8(out, point);
    return true;
  }

  bool hex(std::uint32_t& out) {
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      const int nibble = digit(c)               ? c - '0'
                         : c >= 'a' && c <= 'f' ? c - 'a' + 10
                         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                : -1;
      if (nibble < 0) return false;
      out = out * 16 + static_cast<std::uint32_t>(nibble);
    }
    return true;
  }

  // One division or multiplication by an exact power of ten rounds correctly up to 15 digits and 10^22
  // (Clinger 1990).
  bool number(Json& out) {
    out.kind = Json::Kind::number;
    const bool negative = accept('-');
    double mantissa = 0;
    int exponent = 0;
    if (!digit(peek()) || (peek() == '0' && at_ + 1 < text_.size() && digit(text_[at_ + 1]))) return false;
    for (; digit(peek()); ++at_) mantissa = mantissa * 10 + (peek() - '0');
    out.integer = peek() != '.' && peek() != 'e' && peek() != 'E';
    if (accept('.')) {
      if (!digit(peek())) return false;
      for (; digit(peek()); ++at_, --exponent) mantissa = mantissa * 10 + (peek() - '0');
    }
    if (accept('e') || accept('E')) {
      const bool down = accept('-');
      if (!down) accept('+');
      if (!digit(peek())) return false;
      int written = 0;
      for (; digit(peek()); ++at_) written = std::min(written * 10 + (peek() - '0'), 1000);
      exponent += down ? -written : written;
    }
    for (; exponent > 0 && std::isfinite(mantissa); --exponent) mantissa *= 10;
    double divisor = 1;
    for (; exponent < 0 && divisor < 1e300; ++exponent) divisor *= 10;
    out.number = (negative ? -mantissa : mantissa) / divisor;
    for (; exponent < 0; ++exponent) out.number /= 10;
    return std::isfinite(out.number);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

const Json* Json::find(std::string_view key) const {
  const auto found = std::ranges::find(keys, key);
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

std::optional<Json> Json::parse(std::string_view text) {
  Json out;
  return Parser(text).document(out) ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace leukolens
