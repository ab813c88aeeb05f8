// What the verbs of `leukolens` do, once their options are known. Each returns the exit status.
#pragma once

#include <filesystem>
#include <print>
#include <string>
#include <string_view>
#include <vector>

#include "answers.h"
#include "leukolens/notice.h"

namespace leukolens::cli {

inline constexpr int kDone = 0, kSomeFailed = 1, kUsage = 2, kInterrupted = 130;

/// Says on standard error what is wrong with how a verb was called.
inline int complain(std::string_view verb, const std::string& message) {
  std::println(stderr, "leukolens {}: {}", verb, message);
  return kUsage;
}

struct ClassifyOptions {
  std::vector<std::string> images;
  std::string files_from;  // a file of paths, one a line; "-" is standard input; empty: none
  std::filesystem::path model;
  Style style;
  bool field = false;  // every white cell of each image, instead of the one it is about
  int jobs = 1;
  std::string shard = "1/1";
};
int classify(const ClassifyOptions& options);

struct LocateOptions {
  std::vector<std::string> images;
  Format format = Format::text;
  int jobs = 1;
};
int locate(const LocateOptions& options);

struct ExplainOptions {
  std::string image, label;          // label: an id of the model's; empty: the most probable one
  std::vector<float> at;             // x, y of a cell; empty: the one that the image is about
  std::filesystem::path model, out;  // out: a PNG of the image under the map; empty: none
  float opacity = 0.5f;
  bool json = false;
};
int explain(const ExplainOptions& options);

struct EvaluateOptions {
  std::filesystem::path data, model;
  bool json = false;
  int jobs = 1;
};
int evaluate(const EvaluateOptions& options);

int inspect(const std::filesystem::path& model, bool json);

struct BenchOptions {
  std::filesystem::path model;
  std::string image;  // empty: a drawn one
  int iterations = 200;
  bool json = false;
};
int bench(const BenchOptions& options);

}  // namespace leukolens::cli
