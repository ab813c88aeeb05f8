// What a data set looks like: one picture for a person.
#pragma once

#include <cstdint>

#include "output/data_summary.h"

namespace leukolens::train {

/// Thumbnails of each class, drawn at random, and of the pairs that a person should look at: at most twelve
/// in a block. Reads these images once more.
Image data_sheet(const DataSummary& summary, std::uint64_t seed);

}  // namespace leukolens::train
