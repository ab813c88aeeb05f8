// Reading JSON that the trainer wrote itself.
#pragma once

#include <yyjson.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace leukolens::train {

/// Values belong to their document.
class JsonDocument {
 public:
  /// `source` names the text in errors. Throws std::runtime_error if it is not JSON.
  JsonDocument(std::string_view text, const std::string& source);

  /// The value of a key of the root; nullptr where there is none.
  yyjson_val* find(const char* key) const;
  yyjson_val* root() const;

 private:
  struct Free {
    void operator()(yyjson_doc* document) const { yyjson_doc_free(document); }
  };
  std::unique_ptr<yyjson_doc, Free> document_;
};

/// A text's characters; empty where the value is no text.
std::string string_of(yyjson_val* value);

/// The elements of a list; none where the value is no list.
std::vector<yyjson_val*> elements_of(yyjson_val* value);

/// The value as JSON; "null" where there is none.
std::string json_of(yyjson_val* value);

}  // namespace leukolens::train
