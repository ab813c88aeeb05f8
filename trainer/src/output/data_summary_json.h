// What is in a data set, before any training: for programs.
#pragma once

#include <string>
#include <vector>

#include "output/data_summary.h"

namespace leukolens::train {

/// What `data --json` writes. `sources`: the data sets as the user named them.
std::string to_json(const DataSummary& summary, const std::vector<std::string>& sources);

}  // namespace leukolens::train
