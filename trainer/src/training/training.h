// Training: recipe and samples in, weights and their history out.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/samples.h"
#include "data/split.h"
#include "leukolens/metrics.h"
#include "training/history.h"
#include "training/recipe.h"

namespace leukolens::train {

/// How far training has come, after each batch.
struct Step {
  int epoch = 0, epochs = 0;
  std::size_t images = 0, total = 0;  // of this epoch
  double loss = 0, accuracy = 0;      // mean over this epoch so far
};

/// Called as a run goes on.
struct Observer {
  std::function<void(const Step&)> on_step = [](const Step&) {};
  std::function<void(const Epoch&, bool best)> on_epoch = [](const Epoch&, bool) {};
  std::function<void(const Restart&)> on_restart = [](const Restart&) {};
  /// After each of the recipe's teachers, from 1; their epochs and restarts are not reported. `together`: the
  /// mean answers of those so far. Both on the validation images.
  std::function<void(int number, const History&, const Metrics& own, const Metrics& together)> on_teacher =
      [](int, const History&, const Metrics&, const Metrics&) {};
};

struct Outcome {
  Model model;  // with the best weights
  History history;
  std::vector<Scored> validation;  // by the best weights, in the order of Split::validation
};

struct RunOptions {
  std::uint64_t seed = 1;
  int threads = 1;
  std::filesystem::path checkpoint;  // written after each epoch and on interruption; empty: nowhere
  std::string command;               // kept in the checkpoint, for whoever resumes
  std::string how_to_resume;         // what Interrupted tells the user
  bool resume = false;               // begin where the checkpoint ends
  const std::atomic<bool>* interrupted = nullptr;  // read after each batch
  std::vector<Model> teachers;                     // beside those of the recipe
};

/// Thrown when RunOptions::interrupted became true, after the checkpoint was written.
struct Interrupted : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Trains `model` (made by model_of(), or one with weights, from which it goes on) on split.train; keeps the
/// weights with the lowest loss on split.validation. A run that diverges or collapses to chance is restarted
/// with the next seed, at most kMaxRestarts times, and then throws std::runtime_error. The recipe's teachers
/// are trained before, on the same split, each from a seed and with a checkpoint of its own. The same
/// arguments give the same weights on the same machine, whether or not the run was interrupted and resumed in
/// between.
inline constexpr int kMaxRestarts = 5;
Outcome fit(const Recipe& recipe, const Model& model, const Samples& samples, const Split& split,
            const RunOptions& options, const Observer& observer);

/// What a teacher begins with: its recipe's network, or `model` where that has weights to go on from.
Model teacher_model(const Recipe& teacher, const Model& model);

/// The run's, and its teachers'.
void remove_checkpoint(const std::filesystem::path& checkpoint);

}  // namespace leukolens::train
