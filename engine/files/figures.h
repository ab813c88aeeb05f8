// How figures and their intervals are written, as JSON and for a terminal.
#pragma once

#include <span>
#include <string>

#include "files/json_writer.h"
#include "leukolens/metrics.h"
#include "leukolens/model.h"

namespace leukolens::files {

/// [low, high]
Json::Value to_json(const Json& json, const Interval& interval);
/// "low to high", with so many digits after the point.
std::string range(const Interval& interval, int digits = 3);

Json::Value to_json(const Json& json, const Metrics& metrics, std::span<const Label> labels);

/// What plots need beside the figures: `reliability`, the bins of ECE, and `roc`, for each label the corners
/// of its curve as [false positive rate, true positive rate]; what lies on a straight line between two
/// corners is left out.
Json::Value curves_to_json(const Json& json, const Metrics& metrics);

/// The same for a terminal: figures with intervals, a line a class, the confusion matrix.
std::string table(const Metrics& metrics, std::span<const Label> labels);

/// The bins of ECE for a terminal: how many images, how sure, how often right.
std::string reliability_table(const Metrics& metrics);

}  // namespace leukolens::files
