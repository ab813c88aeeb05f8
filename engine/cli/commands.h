// The verbs of `leukolens` and their options. Each returns the exit status.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "answers.h"
#include "inputs.h"
#include "leukolens/notice.h"

namespace leukolens::cli {

inline constexpr int kDone = 0, kSomeFailed = 1, kUsage = 2, kInterrupted = 130;

/// Says on standard error what is wrong with how a verb was called; returns kUsage.
int complain(std::string_view verb, const std::string& message);
/// Says on standard error what is wrong with an input; returns kSomeFailed.
int report(const std::string& source, const Error& error);

struct ClassifyOptions {
  Inputs inputs;
  std::filesystem::path model, profile;
  Style style;
  bool field = false;  // every white cell of each image, instead of its main cell
  int jobs = 1;
};
int classify(const ClassifyOptions& options);

struct LocateOptions {
  Inputs inputs;
  Format format = Format::text;
  int jobs = 1;
};
int locate(const LocateOptions& options);

struct ExplainOptions {
  std::string image, label;  // label: an id of the model's; empty: the most probable one
  std::vector<float> at;     // x, y of a cell; empty: the main cell
  std::filesystem::path model, profile;
  std::filesystem::path out;  // a PNG of the image under the heatmap; empty: none
  float opacity = 0.5f;
  Format format = Format::text;
};
int explain(const ExplainOptions& options);

struct EvaluateOptions {
  std::filesystem::path data, model, profile;
  Format format = Format::text;
  int jobs = 1;
};
int evaluate(const EvaluateOptions& options);

struct AdaptOptions {
  std::filesystem::path data, model, out;
  std::string name;  // of the microscope; empty: the file's
  Format format = Format::text;
  int jobs = 1;
};
int adapt(const AdaptOptions& options);

struct InspectOptions {
  std::filesystem::path model;
  Format format = Format::text;
};
int inspect(const InspectOptions& options);

struct BenchOptions {
  std::filesystem::path model;
  std::string image;  // empty: a drawn one
  int iterations = 200;
  Format format = Format::text;
};
int bench(const BenchOptions& options);

}  // namespace leukolens::cli
