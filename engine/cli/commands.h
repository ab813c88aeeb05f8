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
/// Says on standard error that an output cannot be written; returns kSomeFailed.
int cannot_write(std::string_view verb, const std::filesystem::path& path);
/// Says on standard error what is wrong with an input; returns kSomeFailed.
int report(const std::string& source, const Error& error);

/// The files that answers rest on.
struct ModelPaths {
  std::filesystem::path model, locator, profile;  // empty: none
};

struct ClassifyOptions {
  Inputs inputs;
  ModelPaths paths;
  Style style;
  bool field = false;  // every white cell of each image, instead of its main cell
  int page = 1;        // of each image: see decode()
  int jobs = 1;
};
int classify(const ClassifyOptions& options);

struct LocateOptions {
  Inputs inputs;
  std::filesystem::path locator;
  Format format = Format::text;
  int page = 1;  // of each image: see decode()
  int jobs = 1;
};
int locate(const LocateOptions& options);

struct ExplainOptions {
  std::string image, label;  // label: an id of the model's; empty: the most probable one
  std::string at;            // "X,Y", a point beside a cell; empty: the main cell
  int page = 1;              // see decode()
  ModelPaths paths;
  std::filesystem::path out;  // a PNG of the image under the heatmap; empty: none
  float opacity = 0.5f;
  Format format = Format::text;
};
int explain(const ExplainOptions& options);

struct EvaluateOptions {
  std::filesystem::path data;
  ModelPaths paths;
  Format format = Format::text;
  int jobs = 1;
};
int evaluate(const EvaluateOptions& options);

struct AdaptOptions {
  std::filesystem::path data, out;
  ModelPaths paths;
  std::string name;    // of the microscope; empty: the file's
  bool stain = false;  // learn the stain alone, whatever the labels
  Format format = Format::text;
  int jobs = 1;
};
int adapt(const AdaptOptions& options);

struct JoinOptions {
  std::vector<std::string> shards;  // files of what classify or locate wrote with --jsonl
  std::string files_from;           // the list that the shards were given
  std::string missing;              // where to write what no shard answers, as such a list; empty: nowhere
};
/// Writes one answer an image in the list's order; kSomeFailed where any is missing, or the list does not
/// name what one is about.
int join(const JoinOptions& options);

struct InspectOptions {
  std::filesystem::path model;
  Format format = Format::text;
};
int inspect(const InspectOptions& options);

struct BenchOptions {
  ModelPaths paths;
  std::string image;  // empty: a drawn one
  int iterations = 200;
  Format format = Format::text;
};
int bench(const BenchOptions& options);

}  // namespace leukolens::cli
