// k-fold cross-validation: every image is judged by a network that saw neither it nor another image of its
// group.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "data/split.h"
#include "training/training.h"

namespace leukolens::train {

struct Fold {
  Model model;                            // what was trained, with its rejection statistics
  Indices test, background;               // of the fold: cells, and places without one
  std::size_t train = 0, validation = 0;  // images
  History history;
  Metrics metrics;               // on `test`
  std::vector<Metrics> sources;  // of each data set by itself
};

/// What depends on all folds. Temperature, thresholds and distances give each data set the same weight.
struct CrossValidation {
  std::vector<Fold> folds;
  std::vector<Scored> scored;           // of all folds' test cells, fold by fold, uncalibrated
  std::vector<Scored> background;       // likewise
  float temperature = 1;                // fitted on `scored`
  float min_confidence = 0;             // calibrated confidence that 95 % of the cells reach
  float reject_confidence = 0;          // that 98.5 % reach
  std::size_t background_rejected = 0;  // how many of `background` stay below it
  std::vector<float> distances;         // quantiles of the cells' distances from what their networks learned
  Metrics metrics;                      // of `scored`
  Metrics calibrated;                   // the same at `temperature`, fitted on these very predictions
  std::vector<Metrics> sources;         // `calibrated`, of each data set by itself
};

struct FoldObserver {
  Observer run;  // of each fold's training
  std::function<void(int fold, const Split& split, std::size_t test)> on_fold =
      [](int, const Split&, std::size_t) {};  // before training
  std::function<void(int fold, const Fold& done)> on_done = [](int, const Fold&) {};
};

struct CrossOptions {
  int folds = 5;
  std::vector<std::vector<Model>>
      teachers;             // of each fold, which must not have seen its test cells; or empty
  std::optional<int> only;  // train this one alone, from 0, and leave its checkpoint for a later call
  RunOptions run;  // checkpoint: fold N keeps its state in CHECKPOINT-N, from which a later call with
                   // the same `command` resumes; remove_checkpoints() deletes them
};

/// Trains a network for each fold, stopped early on a validation part of its own training groups, never on
/// its test fold. With `only` the result has that fold alone. Throws std::runtime_error if a checkpoint
/// belongs to another command.
CrossValidation cross_validate(const Recipe& recipe, const Model& model, const Samples& samples,
                               const CrossOptions& options, const FoldObserver& observer);

void remove_checkpoints(const CrossOptions& options);

}  // namespace leukolens::train
