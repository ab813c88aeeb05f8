// The course of a training run: its epochs, and the runs that were given up before.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "files/json_writer.h"

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
  std::vector<float> class_weights;  // of each label; empty: all alike
};

/// What all epochs took, however often the run was interrupted.
double seconds_of(const History& history);

/// Whether the validation loss rose well above its best while the training loss went on falling.
bool overfits(const History& history);

/// What a reader of the run's figures must know, a sentence each: runs that were given up, overfitting.
std::vector<std::string> notes_on(const History& history);

files::Json::Value to_json(const files::Json& json, const History& history);

}  // namespace leukolens::train
