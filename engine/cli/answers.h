// Formats answers about images and cells, as JSON and as text for a terminal.
#pragma once

#include <string>
#include <vector>

#include "files/json_writer.h"
#include "leukolens/classifier.h"
#include "leukolens/differential.h"

namespace leukolens::cli {

enum class Format { text, json, jsonl };

/// Prints one answer after another on standard output: as the items of a JSON array, as lines of JSON, or as
/// text. Flushes after each, so that a killed run leaves whole lines.
class Printer {
 public:
  explicit Printer(Format format);
  void print(const std::string& answer);
  /// Ends the array, or says beneath the text what it is for.
  void close();

 private:
  // Throws std::system_error where nothing can be written.
  static void flush();

  Format format_;
  bool first_ = true;
};

/// How answers are written; `top`: predictions to write, 0: all.
struct Style {
  Format format = Format::text;
  int top = 0;
};

/// What is said of a picture beside every answer about it.
struct About {
  int width = 0, height = 0;
  int page = 1, pages = 1;  // these and notes: see Image
  std::vector<std::string> notes;
};
About about(const Picture& picture);

std::string say(Style style, const std::string& source, const Error& error);
std::string say(Style style, const std::string& source, const About& about, const Classification& result,
                const Model& model);
std::string say(Style style, const std::string& source, const About& about, const FieldClassification& result,
                const Model& model);
std::string say(Style style, const std::string& source, const About& about, const Field& field,
                const Timings& timings);

/// The differential count as a table.
std::string text(const Differential& differential);

files::Json::Value to_json(const files::Json& json, const Timings& timings);
files::Json::Value to_json(const files::Json& json, const Rect& rect);

/// {"factors": [red, green, blue], "cells"}
files::Json::Value to_json(const files::Json& json, const StainScale& stain);

}  // namespace leukolens::cli
