// What the verbs of leukolens-train share: options, data, and the facts of a run.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/samples.h"
#include "leukolens/notice.h"
#include "training/history.h"
#include "training/recipe.h"

namespace leukolens::train {

struct Options {
  std::vector<std::string> data, leave_out;
  std::string recipe, out, model, json, csv, originals, boxes, models, report, crossval,
      precision = "f32", group = "auto", sheet;
  std::uint64_t seed = 1;
  int threads = 1, folds = 5;
  int only = 0;  // of crossval: the one fold to train; 0: all
  double acceptance = 1;
  int listed_folds = 0;  // of `data`; 0: a single split
  bool print_json = false, present_only = false;
  std::string command_line;  // as a person would type it again
};

/// Set by Ctrl-C or a termination signal.
inline std::atomic<bool> interrupted = false;

files::Dataset open_data(const std::vector<std::string>& paths);
Model load_model(const std::string& path);

/// SHA-256 of the list of images: sources, labels, groups and parts, not their bytes.
std::string hash_of(const files::Dataset& data);

/// Everything that training starts from.
struct Session {
  Recipe recipe;
  files::Dataset data;
  Model model;  // without weights
  Samples samples;
};

/// Reads recipe and data, groups the images as options.group says, and says what was left out, what is there
/// twice, and how much a split at random would leak.
Session open_session(const Options& options, Recipe recipe);

/// Puts into `json` what a person who finds the result wants to know: command, recipe, data, seed, machine,
/// versions, duration.
void add_facts(const Json& json, Json::Value to, const Options& options, const Session& session,
               double seconds);

void print_skipped(std::string_view what, const std::vector<files::Skipped>& skipped);
void print_metrics(const Metrics& metrics, std::span<const Label> labels);

}  // namespace leukolens::train
