// What a person sees of a run in a terminal.
#pragma once

#include <span>
#include <string>

#include "training/training.h"

namespace leukolens::train {

/// One line that is redrawn in place on a terminal, at most ten times a second; silent elsewhere (logs,
/// pipes).
class ProgressLine {
 public:
  ProgressLine();
  void show(double share, const std::string& text);
  void clear();
  /// For what is counted: "reading 17/280 images". The line must outlive what it returns.
  OnProgress counter(const std::string& doing, const std::string& what);

 private:
  bool terminal_;
  double last_ = 0, start_ = 0;  // s
};

/// Prints epochs and restarts as they come, with a progress line in between.
Observer console_observer();

void print_class_counts(const Samples& samples, const Split& split, std::span<const Label> labels);

/// The network as Keras prints it: layer, output shape, parameters.
void print_summary(const Model& model);

}  // namespace leukolens::train
