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

/// "1 ONE:" or "3 MANY:", and the first five with their reasons; nothing where none was skipped.
void print_skipped(std::string_view one, std::string_view many, const std::vector<files::Skipped>& skipped);

/// Which files, and rows of lists, are no labelled images.
void print_not_labelled(const files::Dataset& data);

/// Which images could not be judged, and why.
void print_left_out(const Samples& samples);

}  // namespace leukolens::train
