// What the verbs print in a terminal.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "training/training.h"

namespace leukolens::train {

/// Prints epochs (unless `epochs` is false) and restarts as they come, with a progress line in between.
Observer console_observer(bool epochs = true);

/// How many images of each label train, and how many validate.
void print_class_counts(const Samples& samples, const Split& split, std::span<const Label> labels);

/// The network as Keras prints it: layer, output shape, parameters.
void print_summary(const Model& model);

/// Figures with intervals, a line a class, the confusion matrix, and the notice.
void print_metrics(const Metrics& metrics, std::span<const Label> labels);

/// "3 WHAT:" and the first five with their reasons; nothing where none was skipped.
void print_skipped(std::string_view what, const std::vector<files::Skipped>& skipped);

/// Which images could not be judged, and why.
void print_left_out(const Samples& samples);

}  // namespace leukolens::train
