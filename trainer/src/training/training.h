// Training: a recipe and samples in, weights and their history out.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/samples.h"
#include "data/split.h"
#include "leukolens/metrics.h"
#include "training/recipe.h"

namespace leukolens::train {

struct Epoch {
  int number = 0;  // from 1
  double loss = 0, accuracy = 0;
  double validation_loss = 0, validation_accuracy = 0;
  double seconds = 0;
};

/// A run that was given up, and why.
struct Restart {
  std::uint64_t seed = 0;
  int epochs = 0;
  std::string reason;
};

struct History {
  std::uint64_t seed = 0;  // of the run that was kept
  std::vector<Epoch> epochs;
  int best_epoch = 0;  // whose weights the model has
  bool stopped_early = false;
  std::vector<Restart> restarts;
};

/// Where training stands, after each batch.
struct Step {
  int epoch = 0, epochs = 0;
  std::size_t images = 0, total = 0;  // of this epoch
  double loss = 0, accuracy = 0;      // mean over this epoch so far
};

/// Watches a run; the defaults watch nothing.
struct Observer {
  std::function<void(const Step&)> on_step = [](const Step&) {};
  std::function<void(const Epoch&, bool best)> on_epoch = [](const Epoch&, bool) {};
  std::function<void(const Restart&)> on_restart = [](const Restart&) {};
};

struct Outcome {
  Model model;  // with the best weights
  History history;
  std::vector<Scored> validation;  // the best weights' answers, in the order of Split::validation
};

struct FitOptions {
  std::uint64_t seed = 1;
  int threads = 1;
  std::filesystem::path checkpoint;  // written after each epoch and on interruption; empty: nowhere
  std::string command;               // kept in the checkpoint, for whoever resumes
  std::string how_to_resume;         // said when interrupted
  bool resume = false;               // begin where the checkpoint ends
  const std::atomic<bool>* interrupted = nullptr;  // looked at after each batch
};

/// Thrown when FitOptions::interrupted became true, after the checkpoint was written.
struct Interrupted : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Trains `model` (made by model_of) on split.train; keeps the weights with the lowest loss on
/// split.validation. A run that diverges or collapses to chance is restarted with the next seed, at most
/// kMaxRestarts times, and then throws std::runtime_error. The same arguments give the same weights on the
/// same machine, whether or not the run was interrupted and resumed in between.
inline constexpr int kMaxRestarts = 5;
Outcome fit(const Recipe& recipe, const Model& model, const Samples& samples, const Split& split,
            const FitOptions& options, const Observer& observer);

/// Images in a second.
struct Throughput {
  double loading = 0;   // preparing batches, without learning from them
  double learning = 0;  // learning from one batch again and again: libtorch alone
  double training = 0;  // both, as in fit()
};

/// Measures each for about `seconds`, on the whole of `samples`.
Throughput measure_throughput(const Recipe& recipe, const Model& model, const Samples& samples,
                              const FitOptions& options, double seconds);

/// FitOptions::command of the run that wrote a checkpoint. Throws std::runtime_error if the file is none.
std::string checkpoint_command(const std::filesystem::path& path);

/// Whether the validation loss rose well above its best while the training loss went on falling.
bool overfits(const History& history);

/// What a network makes of one image.
struct Answer {
  int truth = 0;
  std::vector<float> logits, traits;  // traits: see feature_statistics_count()
};

/// The model's answers, by libtorch.
std::vector<Answer> answers(const Model& model, const Samples& samples, const Indices& indices);

/// Their probabilities at temperature 1.
std::vector<Scored> scored(std::span<const Answer> answers);

/// Both at once.
std::vector<Scored> score(const Model& model, const Samples& samples, const Indices& indices);

}  // namespace leukolens::train
