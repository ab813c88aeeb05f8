// What the verbs share: how data and model are named, and what a run starts from. Every verb throws
// std::runtime_error with one sentence for a person.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "data/samples.h"
#include "files/json_writer.h"
#include "training/recipe.h"

namespace leukolens::train {

/// Of every verb that reads images.
struct DatasetOptions {
  std::vector<std::string> data;  // folders, zips, CSVs
  std::string locator;            // a model file; empty: the one that comes with Leukolens
  int threads = 1;
  std::string command_line;  // as a person would type it again
};

/// Of every verb that trains.
struct RecipeOptions : DatasetOptions {
  std::string recipe, group = "auto";  // group: see GroupRule
  std::vector<std::string> settings;   // KEY=VALUE, in place of what the recipe says
  std::string from;                    // model whose weights training begins with; empty: none
  std::vector<std::string> teachers;   // models whose answers are learnt too
  std::uint64_t seed = 1;
};

/// Set by Ctrl-C or a termination signal.
inline std::atomic<bool> interrupted = false;

/// The recipe for going on from a model, where none is named.
inline constexpr const char* kFineTuning = "fine-tuning";

/// By its path, or by the name of one that comes with Leukolens. `settings`: see parse_recipe().
Recipe open_recipe(const std::string& name_or_path, const std::vector<std::string>& settings = {});

/// The bytes of the model file that finds the cells.
std::vector<std::uint8_t> read_locator(const DatasetOptions& options);

/// Throws std::runtime_error if there is no fold `only`, from 1; 0 stands for all.
void check_fold(int only, int folds);

files::Dataset open_data(const std::vector<std::string>& paths);
/// With the SHA-256 of its file.
Model load_model(const std::string& path);

/// The models of options.teachers; in each path {fold} becomes `fold`, from 1.
std::vector<Model> load_teachers(const RecipeOptions& options, int fold = 0);

/// SHA-256 of the list of images: sources, labels, groups and parts, not their bytes.
std::string hash_of(const files::Dataset& data);

struct RunContext;
/// Of all that training and judging depend on: that list, boxes, soft labels, and the bytes of the images.
std::string hash_of(const RunContext& context);

/// The network that training starts from: the recipe's for these labels, or that of the model `from`.
Model model_to_begin_with(const Recipe& recipe, const files::Dataset& data, const std::string& from);

/// Everything that training starts from.
struct RunContext {
  Recipe recipe;
  files::Dataset data;
  Model model;  // with the weights to begin with where options.from names a model, else without
  Samples samples;
  bool forgets = false;  // data that the model to go on from has learnt is missing
};

/// Reads the data in one pass and groups it as options.group says. Network, input and labels are the
/// recipe's, or those of the model to go on from. Prints what was left out, near-duplicates, how many of them
/// a split at random would leak, and what of the data of the model to go on from is missing or measured
/// again.
RunContext open_run_context(const RecipeOptions& options, Recipe recipe);

/// Whether samples that were read for one recipe serve for the other, too.
bool read_alike(const Recipe& a, const Recipe& b);

/// SHA-256 of all that decides what a cross-validation finds. `teachers`: of each fold.
std::string crossval_id(const RecipeOptions& options, int folds, const RunContext& context,
                        const std::vector<std::vector<Model>>& teachers = {});

/// The names of the data sets, as facts have them.
std::vector<std::string> names_of(const std::vector<std::string>& paths);

/// Puts into `json` what a person who finds the result wants to know: command, machine, versions, duration.
void add_facts(const files::Json& json, files::Json::Value to, const std::string& command_line, int threads,
               double seconds);

/// These and the data.
void add_facts(const files::Json& json, files::Json::Value to, const DatasetOptions& options,
               const files::Dataset& data, std::size_t images, double seconds);

/// These, recipe and seed.
void add_facts(const files::Json& json, files::Json::Value to, const RecipeOptions& options,
               const RunContext& context, double seconds);

}  // namespace leukolens::train
